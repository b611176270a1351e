import { webcrypto } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { isIP } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";

/** A certificate with its key, both as PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** A certificate authority that lives as long as a run. */
export interface Authority {
  /** Its certificate, as PEM: whoever trusts it trusts all that it issues. */
  readonly certificate: string;
  /** Where its certificate lies. Its key lies nowhere. */
  readonly file: string;
  /** Where files of a run may lie; it goes with the authority. */
  readonly folder: string;
  /** @param names DNS names and addresses that it is for; at least one */
  issue(names: readonly string[]): Promise<Certificate>;
  /** Removes the folder. */
  close(): void;
}

/** Names by which this machine reaches itself. */
export const OWN_NAMES: readonly string[] = ["localhost", "127.0.0.1", "::1"];

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;

const AUTHORITY = "CN=npm run local";

/** Days for which a certificate is valid: longer than a run. */
const DAYS = 365;

/** Makes an authority, and a folder with its certificate. */
export async function makeAuthority(): Promise<Authority> {
  // A run without TLS does not wait for it.
  await import("reflect-metadata");
  const x509 = await import("@peculiar/x509");
  const keys = await newKeys();
  const own = await x509.X509CertificateGenerator.createSelfSigned({
    ...{ name: AUTHORITY, keys, signingAlgorithm: ALGORITHM, ...validity() },
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  const folder = mkdtempSync(path.join(tmpdir(), "local-"));
  const file = path.join(folder, "ca.pem");
  const certificate = own.toString("pem");
  writeFileSync(file, certificate);
  return {
    certificate,
    file,
    folder,
    issue: async (names) => {
      const { publicKey, privateKey } = await newKeys();
      const leaf = await x509.X509CertificateGenerator.create({
        ...{ subject: `CN=${names[0]}`, issuer: AUTHORITY, publicKey, signingKey: keys.privateKey },
        ...{ signingAlgorithm: ALGORITHM, ...validity() },
        extensions: [
          new x509.BasicConstraintsExtension(false, undefined, true),
          new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
          new x509.ExtendedKeyUsageExtension([
            x509.ExtendedKeyUsage.serverAuth,
            x509.ExtendedKeyUsage.clientAuth,
          ]),
          new x509.SubjectAlternativeNameExtension(
            names.map((value) => ({ type: isIP(value) ? "ip" : "dns", value }) as const),
          ),
          await x509.SubjectKeyIdentifierExtension.create(publicKey),
          await x509.AuthorityKeyIdentifierExtension.create(keys.publicKey),
        ],
      });
      const pkcs8 = await webcrypto.subtle.exportKey("pkcs8", privateKey);
      return { cert: leaf.toString("pem"), key: x509.PemConverter.encode(pkcs8, "PRIVATE KEY") };
    },
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function newKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
}

/** The clock of a client may be a little late. */
function validity(): { readonly notBefore: Date; readonly notAfter: Date } {
  const now = Date.now();
  return { notBefore: new Date(now - 3_600_000), notAfter: new Date(now + DAYS * 86_400_000) };
}
