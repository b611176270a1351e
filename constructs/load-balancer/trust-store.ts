import { LbTrustStore } from "@cdktf/provider-aws/lib/lb-trust-store";
import { LbTrustStoreRevocation } from "@cdktf/provider-aws/lib/lb-trust-store-revocation";
import { Construct } from "constructs";
import { OBJECT_KEY, REVOCATION_LISTS_PER_TRUST_STORE, TRUST_STORE_NAME } from "../../aws/limits";
import { requireText, requireWithin } from "../require-within";
import { requireBucketName } from "../storage/bucket-name";

/** An object in S3. */
export interface StoredFile {
  /** The bucket, to which whoever deploys has read access. */
  readonly bucket: string;

  /** The key, up to 1024 characters. */
  readonly key: string;
}

/** Props of {@link TrustStore}. */
export interface TrustStoreProps {
  /**
   * Name, unique among the trust stores of the account in the region: at most 32 letters, digits and single inner
   * hyphens. A change replaces the trust store.
   */
  readonly name: string;

  /** Certificates of the authorities whose clients may connect, as PEM: up to 25, of 16 KB each. */
  readonly bundle: StoredFile;

  /**
   * Lists of revoked certificates, each once, up to 30. A new list is a new key: AWS reads an object once.
   *
   * @default none
   */
  readonly revocations?: readonly StoredFile[];

  /**
   * Tags of the trust store.
   *
   * @default none
   */
  readonly tags?: { readonly [key: string]: string };
}

/**
 * Whom a listener for HTTPS lets in by certificate: authorities, and certificates of theirs that no longer count.
 *
 * Source: ELB user guide, "Mutual authentication with TLS in Application Load Balancer".
 *
 * @example
 * const clients = new TrustStore(this, "clients", {
 *   name: "chat",
 *   bundle: { bucket: "example-authorities", key: "clients/2026-11.pem" },
 *   revocations: [{ bucket: "example-authorities", key: "clients/2026-11.crl" }],
 * });
 */
export class TrustStore extends Construct {
  /** The ARN, for `mutualTls` of a listener. */
  public readonly arn: string;

  /**
   * @throws RangeError when there are too many lists
   * @throws Error when AWS would refuse the name, a bucket or a key
   */
  constructor(scope: Construct, id: string, props: TrustStoreProps) {
    super(scope, id);
    const { name, bundle, revocations = [], tags } = props;
    requireText("name", name, TRUST_STORE_NAME);
    requireWithin("the number of revocation lists", revocations.length, {
      min: 0,
      ...REVOCATION_LISTS_PER_TRUST_STORE,
    });
    for (const { bucket, key } of [bundle, ...revocations]) {
      requireBucketName("bucket", bucket);
      requireText("key", key, OBJECT_KEY);
    }
    const store = new LbTrustStore(this, "Resource", {
      name,
      caCertificatesBundleS3Bucket: bundle.bucket,
      caCertificatesBundleS3Key: bundle.key,
      tags,
      lifecycle: { createBeforeDestroy: true },
    });
    this.arn = store.arn;
    for (const { bucket, key } of revocations) {
      new LbTrustStoreRevocation(this, `revoked-${idOf(`${bucket}/${key}`)}`, {
        trustStoreArn: store.arn,
        revocationsS3Bucket: bucket,
        revocationsS3Key: key,
        lifecycle: { createBeforeDestroy: true },
      });
    }
  }
}

/** A part of an address in the Terraform state: the same for the same object, whatever the order of the lists. */
function idOf(object: string): string {
  return [...object]
    .map((character) =>
      /[A-Za-z0-9]/.test(character) ? character : `-${character.codePointAt(0)?.toString(16)}-`,
    )
    .join("");
}
