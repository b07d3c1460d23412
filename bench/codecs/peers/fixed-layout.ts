/**
 * What a person writes by hand for these messages alone: fixed widths at known places, no field can
 * ever be added. It shows how far below it any self-describing codec must stay.
 */
import type { Contender } from "../contender.ts";
import { type Form, OUR_FORM } from "../form.ts";
import type { MessageName } from "../messages.ts";
import { LAYOUTS, type Layout } from "./fixed-layout-messages.ts";

const FORM: Form = { ...OUR_FORM, enumeration: "number" };
const SCRATCH_BYTES = 1 << 20;
const SLAB_BYTES = 64 * 1024;
/** Above this, bytes of their own. */
const IN_SLAB_MAX = 4 * 1024;

export function contenders(message: MessageName): Contender[] {
  return [limit(LAYOUTS[message])];
}

function limit({ bound, write, read }: Layout): Contender {
  const target = Buffer.alloc(SCRATCH_BYTES);
  const targetView = new DataView(target.buffer, target.byteOffset, SCRATCH_BYTES);
  let slab: Buffer = Buffer.alloc(SLAB_BYTES);
  let slabView: DataView<ArrayBufferLike> = new DataView(slab.buffer, slab.byteOffset, SLAB_BYTES);
  let used = 0;
  let chunkView: DataView = targetView;
  let chunkBytes: Uint8Array = target;
  return {
    name: "fixed layout by hand",
    group: "limit",
    way: "tuned",
    form: FORM,
    plainInput: true,
    note: "a bound, not a peer: nothing in it can ever change",
    owned: (value) => {
      const most = bound(value);
      if (most > IN_SLAB_MAX) {
        const length = write(value, target, targetView, 0);
        const bytes = Buffer.allocUnsafe(length);
        bytes.set(new Uint8Array(target.buffer, target.byteOffset, length));
        return bytes;
      }
      if (used + most > SLAB_BYTES) {
        slab = Buffer.alloc(SLAB_BYTES);
        slabView = new DataView(slab.buffer, slab.byteOffset, SLAB_BYTES);
        used = 0;
      }
      const end = write(value, slab, slabView, used);
      const bytes = new Uint8Array(slab.buffer, slab.byteOffset + used, end - used);
      used = end;
      return bytes;
    },
    into: (value) => write(value, target, targetView, 0),
    target: () => target,
    decode: (bytes: Uint8Array) =>
      read(bytes, new DataView(bytes.buffer, bytes.byteOffset, bytes.length), 0),
    range: (chunk: Uint8Array, start) => {
      if (chunkBytes !== chunk) {
        chunkBytes = chunk;
        chunkView = new DataView(chunk.buffer, chunk.byteOffset, chunk.length);
      }
      return read(chunk, chunkView, start);
    },
  };
}
