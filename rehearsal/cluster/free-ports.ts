import { createServer, type Server } from "node:net";

/** Loopback addresses that the system had free a moment ago, all different. */
export async function freeAddresses(count: number): Promise<string[]> {
  const servers = await Promise.all(Array.from({ length: count }, listen));
  const addresses = servers.map((server) => {
    const address = server.address();
    return `127.0.0.1:${address !== null && typeof address === "object" ? address.port : 0}`;
  });
  await Promise.all(servers.map((server) => new Promise((done) => server.close(done))));
  return addresses;
}

function listen(): Promise<Server> {
  return new Promise((fulfil, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => fulfil(server));
  });
}
