/** Rows were made with xxd and hexdump of util-linux; the bytes are those of the first example of the Bilrost specification (§26). */
import { expect, test } from "vitest";
import { HexError, readHexText } from "./hex-text.ts";

const BYTES = "0507666f6f2e7478740401050e7075626c69632f666f6f2e747874";

test.for([
  { text: BYTES, why: "digits alone" },
  { text: BYTES.toUpperCase(), why: "capital letters" },
  { text: `0x${BYTES}\n`, why: "a prefix, and the line end that echo adds" },
  { text: BYTES.replace(/../g, "$& "), why: "spaces" },
  { text: BYTES.replace(/..(?=.)/g, "$&:"), why: "colons, as in certificates" },
  { text: `[${BYTES.replace(/../g, "0x$&, ")}]`, why: "an array in source code" },
  { text: BYTES.replace(/../g, "\\x$&"), why: "a string in source code" },
  {
    text: "00000000: 0507 666f 6f2e 7478 7404 0105 0e70 7562  ..foo.txt....pub\n00000010: 6c69 632f 666f 6f2e 7478 74              lic/foo.txt\n",
    why: "xxd",
  },
  {
    text: "00000000: 05 07 66 6f 6f 2e 74 78 74 04 01 05 0e 70 75 62  ..foo.txt....pub\n00000010: 6c 69 63 2f 66 6f 6f 2e 74 78 74                 lic/foo.txt\n",
    why: "xxd -g 1",
  },
  {
    text: "00000000  05 07 66 6f 6f 2e 74 78  74 04 01 05 0e 70 75 62  |..foo.txt....pub|\n00000010  6c 69 63 2f 66 6f 6f 2e  74 78 74                 |lic/foo.txt|\n0000001b\n",
    why: "hexdump -C",
  },
])("readHexText() reads $why", ({ text }) => {
  expect(Buffer.from(readHexText(text) ?? []).toString("hex")).toBe(BYTES);
});

test.for([
  { text: "", why: "nothing" },
  { text: "append.bin", why: "a file name" },
  { text: "0507 zz", why: "other letters" },
  { text: '{"a": 1}', why: "JSON" },
])("readHexText() leaves alone what is no hex: $why", ({ text }) => {
  expect(readHexText(text)).toBeUndefined();
});

test.for([
  { text: "050", says: "3 digits", why: "half a byte" },
  {
    text: "00000000: 0507 666f  ..fo\n00000010: 6f2e 7478  o.tx\n",
    says: "a line begins at byte 16, 4 needed",
    why: "a dump with a line cut out",
  },
  {
    text: "00000000  00 00 00 00 00 00 00 00  00 00 00 00 00 00 00 00  |................|\n*\n00000040\n",
    says: "hexdump -v",
    why: "a dump that leaves out repeated lines",
  },
])("readHexText() refuses hex that cannot be bytes: $why", ({ text, says }) => {
  expect(() => readHexText(text)).toThrow(HexError);
  expect(() => readHexText(text)).toThrow(says);
});
