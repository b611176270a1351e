/** A version of TLS, from oldest to newest. */
export type TlsVersion = "1.0" | "1.1" | "1.2" | "1.3";

/** What a security policy of an Application Load Balancer allows. */
export interface TlsPolicy {
  readonly name: string;
  /** The oldest version of TLS that clients may use. */
  readonly oldest: TlsVersion;
  /** Uses cryptographic modules validated under FIPS 140-3. */
  readonly fips: boolean;
  /** Offers hybrid post-quantum key exchange (ML-KEM) to clients that support it. */
  readonly postQuantum: boolean;
}

/**
 * The policy that AWS recommends and that is the default here: TLS 1.2 and 1.3, ciphers with forward secrecy only,
 * post-quantum key exchange for clients that offer it. The API's own default is 2016-08, which allows TLS 1.0.
 */
export const DEFAULT_TLS_POLICY = "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09";

/** By oldest version of TLS. Source: "Security policies for your Application Load Balancer". */
const NAMES: Readonly<Record<TlsVersion, readonly string[]>> = {
  "1.0": [
    "ELBSecurityPolicy-2016-08",
    "ELBSecurityPolicy-FS-2018-06",
    "ELBSecurityPolicy-TLS13-1-0-2021-06",
    "ELBSecurityPolicy-TLS13-1-0-FIPS-2023-04",
    "ELBSecurityPolicy-TLS13-1-0-FIPS-PQ-2025-09",
    "ELBSecurityPolicy-TLS13-1-0-PQ-2025-09",
  ],
  "1.1": [
    "ELBSecurityPolicy-FS-1-1-2019-08",
    "ELBSecurityPolicy-TLS-1-1-2017-01",
    "ELBSecurityPolicy-TLS13-1-1-2021-06",
    "ELBSecurityPolicy-TLS13-1-1-FIPS-2023-04",
  ],
  "1.2": [
    "ELBSecurityPolicy-FS-1-2-2019-08",
    "ELBSecurityPolicy-FS-1-2-Res-2019-08",
    "ELBSecurityPolicy-FS-1-2-Res-2020-10",
    "ELBSecurityPolicy-TLS-1-2-2017-01",
    "ELBSecurityPolicy-TLS-1-2-Ext-2018-06",
    "ELBSecurityPolicy-TLS13-1-2-2021-06",
    "ELBSecurityPolicy-TLS13-1-2-Ext0-FIPS-2023-04",
    "ELBSecurityPolicy-TLS13-1-2-Ext0-FIPS-PQ-2025-09",
    "ELBSecurityPolicy-TLS13-1-2-Ext1-2021-06",
    "ELBSecurityPolicy-TLS13-1-2-Ext1-FIPS-2023-04",
    "ELBSecurityPolicy-TLS13-1-2-Ext1-FIPS-PQ-2025-09",
    "ELBSecurityPolicy-TLS13-1-2-Ext1-PQ-2025-09",
    "ELBSecurityPolicy-TLS13-1-2-Ext2-2021-06",
    "ELBSecurityPolicy-TLS13-1-2-Ext2-FIPS-2023-04",
    "ELBSecurityPolicy-TLS13-1-2-Ext2-FIPS-PQ-2025-09",
    "ELBSecurityPolicy-TLS13-1-2-Ext2-PQ-2025-09",
    "ELBSecurityPolicy-TLS13-1-2-FIPS-2023-04",
    "ELBSecurityPolicy-TLS13-1-2-FIPS-PQ-2025-09",
    "ELBSecurityPolicy-TLS13-1-2-PQ-2025-09",
    "ELBSecurityPolicy-TLS13-1-2-Res-2021-06",
    "ELBSecurityPolicy-TLS13-1-2-Res-FIPS-2023-04",
    "ELBSecurityPolicy-TLS13-1-2-Res-FIPS-PQ-2025-09",
    "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09",
  ],
  "1.3": [
    "ELBSecurityPolicy-TLS13-1-3-2021-06",
    "ELBSecurityPolicy-TLS13-1-3-FIPS-2023-04",
    "ELBSecurityPolicy-TLS13-1-3-FIPS-PQ-2025-09",
    "ELBSecurityPolicy-TLS13-1-3-PQ-2025-09",
  ],
};

const POLICIES: ReadonlyMap<string, TlsPolicy> = new Map(
  (["1.0", "1.1", "1.2", "1.3"] as const).flatMap((oldest) =>
    NAMES[oldest].map((name) => [
      name,
      { name, oldest, fips: name.includes("-FIPS-"), postQuantum: name.includes("-PQ-") },
    ]),
  ),
);

/** Every supported policy, sorted by name. The RFC 9151 policies are left out: few clients support their ciphers. */
export const tlsPolicyNames: readonly string[] = [...POLICIES.keys()].sort();

/** The policy with a name; `undefined` when it is not supported. */
export function tlsPolicy(name: string): TlsPolicy | undefined {
  return POLICIES.get(name);
}

/** Whether a policy allows TLS 1.0 or 1.1, which no client of a new service needs (RFC 8996). */
export function allowsOldTls(policy: TlsPolicy): boolean {
  return policy.oldest === "1.0" || policy.oldest === "1.1";
}
