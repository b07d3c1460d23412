import type { MemberAddress } from "../../raft/replica/index.ts";

export const CLUSTER_ID = "00112233445566778899aabbccddeeff";

/** The virtual network tells the sides apart by how an address begins. */
export function addressOf(id: number): MemberAddress {
  return { id, peerAddress: `peer-${id}:1`, clientAddress: `client-${id}:1` };
}
