/** Certificates for tests: an authority and members signed by it, as PEM files in a folder. */
import "reflect-metadata";
import { randomBytes, webcrypto } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  type X509Certificate,
  X509CertificateGenerator,
} from "@peculiar/x509";
import type { TlsFiles } from "../configuration.ts";

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const DAY_MS = 24 * 60 * 60 * 1000;
type KeyPair = webcrypto.CryptoKeyPair;

export interface MemberOptions {
  readonly folder: string;
  readonly name: string;
  /** Addresses that the certificate names; loopback when absent. */
  readonly addresses?: readonly string[];
  /** Negative: it has expired. */
  readonly daysLeft?: number;
}

export class Authority {
  readonly #keys: KeyPair;
  readonly #certificate: X509Certificate;

  private constructor(keys: KeyPair, certificate: X509Certificate) {
    this.#keys = keys;
    this.#certificate = certificate;
  }

  static async create(name = "wirespan test authority"): Promise<Authority> {
    const keys = await makeKeys();
    const certificate = await X509CertificateGenerator.createSelfSigned({
      serialNumber: serialNumber(),
      name: `CN=${name}`,
      ...validity(30),
      signingAlgorithm: ALGORITHM,
      keys,
      extensions: [
        new BasicConstraintsExtension(true, undefined, true),
        new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      ],
    });
    return new Authority(keys, certificate);
  }

  /** Signs a new member and writes its files. */
  async issue({
    folder,
    name,
    addresses = ["127.0.0.1"],
    daysLeft = 30,
  }: MemberOptions): Promise<TlsFiles> {
    const keys = await makeKeys();
    const certificate = await X509CertificateGenerator.create({
      serialNumber: serialNumber(),
      subject: `CN=${name}`,
      issuer: this.#certificate.subject,
      ...validity(daysLeft),
      signingAlgorithm: ALGORITHM,
      publicKey: keys.publicKey,
      signingKey: this.#keys.privateKey,
      extensions: [
        new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth, ExtendedKeyUsage.clientAuth]),
        new SubjectAlternativeNameExtension(addresses.map((value) => ({ type: "ip", value }))),
      ],
    });
    mkdirSync(folder, { recursive: true });
    const files: TlsFiles = {
      key: join(folder, `${name}.key`),
      certificate: join(folder, `${name}.crt`),
      authority: join(folder, `${name}.authority.crt`),
    };
    writeFileSync(files.key, await privatePem(keys));
    writeFileSync(files.certificate, certificate.toString("pem"));
    writeFileSync(files.authority, this.#certificate.toString("pem"));
    return files;
  }
}

async function makeKeys(): Promise<KeyPair> {
  return (await webcrypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"])) as KeyPair;
}

async function privatePem({ privateKey }: KeyPair): Promise<string> {
  const bytes = Buffer.from(await webcrypto.subtle.exportKey("pkcs8", privateKey));
  const lines = bytes.toString("base64").match(/.{1,64}/g) ?? [];
  return `-----BEGIN PRIVATE KEY-----\n${lines.join("\n")}\n-----END PRIVATE KEY-----\n`;
}

function validity(daysLeft: number): { notBefore: Date; notAfter: Date } {
  const now = Date.now();
  return { notBefore: new Date(now - 60 * DAY_MS), notAfter: new Date(now + daysLeft * DAY_MS) };
}

function serialNumber(): string {
  return `01${randomBytes(8).toString("hex")}`;
}
