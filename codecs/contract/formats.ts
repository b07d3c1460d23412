/** The formats that the contract holds for: a new one is added here and must pass everything. */
import { bilrost } from "../bilrost/index.ts";
import type { Format } from "../format.ts";
import { messagepack } from "../messagepack/format.ts";
import { protobuf } from "../protobuf/format.ts";

export const FORMATS: readonly Format[] = [messagepack, protobuf, bilrost];
