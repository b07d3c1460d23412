import type { AddressInfo, Server } from "node:net";
import { type Address, writeAddress } from "./address.ts";
import { StartRefused } from "./refusal.ts";

/** Starts listening; the result has the port that the system chose when 0 was asked for. */
export async function listenOn(server: Server, name: string, address: Address): Promise<Address> {
  await new Promise<void>((fulfil, reject) => {
    const onError = (error: Error & { code?: string }): void => {
      const place = writeAddress(address);
      const reason = error.code === "EADDRINUSE" ? "the address is in use" : error.message;
      reject(new StartRefused("cannot_listen", `Cannot listen on ${name} ${place}: ${reason}`));
    };
    server.once("error", onError);
    server.listen(address.port, address.host, () => {
      server.off("error", onError);
      // Running out of descriptors fails a single accept; the listener itself goes on.
      server.on("error", () => {});
      fulfil();
    });
  });
  return { host: address.host, port: (server.address() as AddressInfo).port };
}

/** Resolves when the last connection is gone; a listener that never listened is closed already. */
export function closeListener(server: Server): Promise<void> {
  return new Promise((fulfil) => {
    server.close(() => fulfil());
  });
}
