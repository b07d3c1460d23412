/** The client of the stand-in node; the interface is that of a frozen `client.mjs`. */
export const CLIENT_VERSION = 1;

export function createClient({ addresses, timeoutMs }) {
  const name = crypto.randomUUID();
  let calls = 0;
  let server = 0;

  async function call(op) {
    const id = `${name} ${calls++}`;
    const deadline = Date.now() + timeoutMs;
    while (Date.now() < deadline) {
      try {
        const response = await fetch(`http://${addresses[server % addresses.length]}/call`, {
          method: "POST",
          body: JSON.stringify({ id, op }),
          signal: AbortSignal.timeout(1_000),
        });
        return { kind: "done", value: (await response.json()).value, index: 0 };
      } catch {
        server++;
        await new Promise((wake) => setTimeout(wake, 20));
      }
    }
    return { kind: "unknown", code: "timeout", message: `no answer within ${timeoutMs} ms` };
  }

  return {
    async get(key) {
      const outcome = await call({ kind: "get", key });
      const isFound = outcome.kind === "done" && outcome.value !== undefined;
      return isFound ? { ...outcome, value: new TextEncoder().encode(outcome.value) } : outcome;
    },
    put: (key, value) => call({ kind: "put", key, value }),
    append: (key, value) => call({ kind: "append", key, value }),
    delete: (key) => call({ kind: "delete", key }),
    compareAndSwap: (key, expected, value) =>
      call({ kind: "compareAndSwap", key, expected, value }),
    close: async () => {},
  };
}
