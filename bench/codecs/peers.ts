/**
 * The codecs people use today, each in its fastest known way: writers and encoders are made once
 * and reused. Each gets the value in its own shape before the clock runs, and gives bytes that the
 * caller may keep.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as msgpack from "@msgpack/msgpack";
import avro from "avsc";
import { Packr } from "msgpackr";
import { PbfReader, PbfWriter } from "pbf";
import { compile } from "pbf/compile";
import protobufjs from "protobufjs";
import resolveProto from "resolve-protobuf-schema";
import { toProto } from "../../codecs/index.ts";
import type { VersionDescription } from "../../compat-matrix/index.ts";
import { avroSchema } from "./avro-schema.ts";
import { convertMessage, type Style } from "./convert.ts";

export interface Peer {
  readonly name: string;
  /** From value JSON to what `encode` takes. */
  prepare(value: unknown): unknown;
  encode(prepared: unknown): Uint8Array;
  decode(bytes: Uint8Array): unknown;
}

type Maker = (version: VersionDescription, message: string) => Peer;

const PLAIN: Style = { enumeration: "name", map: "object", oneof: "flat", absent: "omit" };
const PROTOBUF: Style = { ...PLAIN, enumeration: "number" };
const AVRO: Style = { enumeration: "name", map: "object", oneof: "union", absent: "null" };

const json: Maker = (version, message) => ({
  name: "JSON",
  prepare: (value) => convertMessage(version, message, value, PLAIN),
  encode: (prepared) => Buffer.from(JSON.stringify(prepared, bytesAsBase64)),
  decode: (bytes) =>
    JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString()),
});

/** A Buffer has already become `{ type, data }` when the replacer sees it, so ask the holder. */
function bytesAsBase64(this: Record<string, unknown>, key: string, value: unknown): unknown {
  const original = this[key];
  return Buffer.isBuffer(original) ? original.toString("base64") : value;
}

const rawMessagePack: Maker = (version, message) => {
  const encoder = new msgpack.Encoder();
  const decoder = new msgpack.Decoder();
  return {
    name: "@msgpack/msgpack",
    prepare: (value) => convertMessage(version, message, value, PLAIN),
    encode: (prepared) => encoder.encode(prepared),
    decode: (bytes) => decoder.decode(bytes),
  };
};

const packr: Maker = (version, message) => {
  const packer = new Packr({ useRecords: false });
  return {
    name: "msgpackr",
    prepare: (value) => convertMessage(version, message, value, PLAIN),
    encode: (prepared) => packer.pack(prepared),
    decode: (bytes) => packer.unpack(bytes),
  };
};

const rawProtobuf: Maker = (version, message) => {
  const { root } = protobufjs.parse(toProto(version), { keepCase: true });
  const type = root.lookupType(message);
  const writer = protobufjs.Writer.create();
  return {
    name: "protobufjs",
    prepare: (value) => type.fromObject(convertMessage(version, message, value, PROTOBUF)),
    encode: (prepared) => type.encode(prepared as Record<string, unknown>, writer.reset()).finish(),
    decode: (bytes) => type.decode(bytes),
  };
};

type PbfFunctions = Readonly<Record<string, (...args: unknown[]) => unknown>>;

const mapboxPbf: Maker = (version, message) => {
  const functions = compile(parseForPbf(toProto(version))) as PbfFunctions;
  const write = functions[`write${message}`];
  const read = functions[`read${message}`];
  if (!write || !read) throw new Error(`pbf made no code for ${message}`);
  const output = new PbfWriter(new Uint8Array(1024));
  return {
    name: "pbf",
    prepare: (value) => convertMessage(version, message, value, PROTOBUF),
    encode: (prepared) => {
      output.pos = 0;
      write(prepared, output);
      return output.buf.slice(0, output.pos);
    },
    decode: (bytes) => read(new PbfReader(bytes)),
  };
};

/** Its parser reads files only. */
function parseForPbf(text: string): unknown {
  const folder = mkdtempSync(join(tmpdir(), "wirespan-bench-"));
  try {
    const file = join(folder, "schema.proto");
    writeFileSync(file, text);
    return resolveProto.sync(file);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const avsc: Maker = (version, message) => {
  const type = avro.Type.forSchema(avroSchema(version, message));
  return {
    name: "avsc",
    prepare: (value) => convertMessage(version, message, value, AVRO),
    encode: (prepared) => type.toBuffer(prepared),
    decode: (bytes) => type.fromBuffer(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)),
  };
};

const MAKERS: readonly Maker[] = [json, rawMessagePack, packr, rawProtobuf, mapboxPbf, avsc];

export function makePeers(version: VersionDescription, message: string): Peer[] {
  return MAKERS.map((make) => make(version, message));
}
