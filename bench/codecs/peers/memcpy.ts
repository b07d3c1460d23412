/** Copies bytes that are ready already: what no encoder can beat without handing out references. */
import { bilrost, DEFAULT_LIMITS } from "../../../codecs/index.ts";
import type { Contender } from "../contender.ts";
import { OUR_FORM } from "../form.ts";
import { type MessageName, shapeOf } from "../messages.ts";

const SLAB_BYTES = 64 * 1024;
/** Above this, bytes of their own: a slab of a few messages is mostly left behind. */
const IN_SLAB_MAX = 4 * 1024;
const SCRATCH_BYTES = 1 << 20;

interface Ready {
  readonly ready: Uint8Array;
}

export function contenders(message: MessageName): Contender[] {
  const codec = bilrost.compile(shapeOf(message), DEFAULT_LIMITS);
  const target = new Uint8Array(SCRATCH_BYTES);
  let slab = new Uint8Array(SLAB_BYTES);
  let used = 0;
  return [
    {
      name: "memcpy",
      group: "limit",
      way: "tuned",
      form: OUR_FORM,
      prepare: (value) => ({ ready: codec.encode(value as never) }),
      owned: ({ ready }: Ready) => {
        if (ready.length > IN_SLAB_MAX) {
          const bytes = Buffer.allocUnsafe(ready.length);
          bytes.set(ready);
          return bytes;
        }
        if (used + ready.length > SLAB_BYTES) {
          slab = new Uint8Array(SLAB_BYTES);
          used = 0;
        }
        slab.set(ready, used);
        const bytes = new Uint8Array(slab.buffer, used, ready.length);
        used += ready.length;
        return bytes;
      },
      into: ({ ready }: Ready) => {
        target.set(ready);
        return ready.length;
      },
      target: () => target,
    },
  ];
}
