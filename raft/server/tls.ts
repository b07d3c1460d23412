/**
 * Mutual TLS of the peer side. Whoever holds a certificate of the cluster's authority is a member;
 * the one who dials also checks that the certificate names the host it dialled.
 */
import { readFileSync } from "node:fs";
import { createSecureContext, type SecureContextOptions } from "node:tls";
import type { TlsFiles } from "./configuration.ts";
import { StartRefused } from "./refusal.ts";

export interface TlsMaterial extends SecureContextOptions {
  readonly key: Buffer;
  readonly cert: Buffer;
  readonly ca: Buffer;
  readonly minVersion: "TLSv1.3";
}

/** Throws `StartRefused` when a file is missing, or key and certificate do not belong together. */
export function loadTls(paths: TlsFiles): TlsMaterial {
  const material: TlsMaterial = {
    key: readPem(paths, "key"),
    cert: readPem(paths, "certificate"),
    ca: readPem(paths, "authority"),
    minVersion: "TLSv1.3",
  };
  try {
    createSecureContext(material);
  } catch (error) {
    throw new StartRefused(
      "bad_certificate",
      `Cannot use the certificate ${paths.certificate} with the key ${paths.key} and the authority ${paths.authority}: ${textOf(error)}`,
    );
  }
  return material;
}

/** Reason labels of the counter, and what the log says to a person. */
const PROBLEMS: readonly (readonly [code: RegExp, reason: string, text: string])[] = [
  [/CERT_HAS_EXPIRED|CERTIFICATE_EXPIRED/, "expired", "a certificate has expired"],
  [/CERT_NOT_YET_VALID/, "not_yet_valid", "a certificate is not valid yet: compare the clocks"],
  [
    /ALTNAME_INVALID/,
    "wrong_host",
    "the certificate does not name the dialled host: list it as a subject alternative name",
  ],
  [
    /CERTIFICATE_REQUIRED|PEER_DID_NOT_RETURN_A_CERTIFICATE|UNSPECIFIED/,
    "no_certificate",
    "the other side shows no certificate",
  ],
  [
    /SELF_SIGNED|UNABLE_TO_(?:VERIFY|GET)|UNKNOWN_CA|SIGNATURE_FAILURE|BAD_CERTIFICATE|DECRYPT_ERROR/,
    "unknown_authority",
    "the certificate is not signed by the cluster's authority",
  ],
  [
    /WRONG_VERSION_NUMBER|HTTP_REQUEST|PACKET_LENGTH|RECORD|NO_PROTOCOLS|UNSUPPORTED_PROTOCOL|PROTOCOL_VERSION/,
    "no_tls",
    "the other side does not speak TLS 1.3: all members need the same tls setting",
  ],
];

export interface TlsProblem {
  readonly reason: string;
  readonly text: string;
}

/** Undefined when the error is none of TLS but of the network. */
export function tlsProblemOf(error: {
  readonly code?: string;
  readonly message: string;
}): TlsProblem | undefined {
  const code = error.code ?? "";
  const known = PROBLEMS.find(([pattern]) => pattern.test(code));
  if (known) return { reason: known[1], text: known[2] };
  return code.startsWith("ERR_SSL") || code.startsWith("ERR_TLS")
    ? { reason: "other", text: error.message }
    : undefined;
}

function readPem(paths: TlsFiles, name: keyof TlsFiles): Buffer {
  try {
    return readFileSync(paths[name]);
  } catch (error) {
    throw new StartRefused("bad_certificate", `Cannot read the ${name} of "tls": ${textOf(error)}`);
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
