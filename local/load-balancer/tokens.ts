import { createRemoteJWKSet, customFetch, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from "jose";
import type { AuthenticationModel, ClaimModel } from "../../simulation/model";

/** Bytes of a key set. Source: ELB user guide, "Verify JWTs using an Application Load Balancer". */
const LARGEST_KEY_SET = 150 * 1024;

/** Keys of a key set. Source: as above. */
const MOST_KEYS = 10;

/** Why a request is turned away. */
export interface Refusal {
  readonly status: 401 | 500;
  readonly why: string;
}

/**
 * Checks the tokens of clients. Keys are fetched when the first token comes, and kept.
 *
 * - Signature (RS256 alone), issuer and expiry; the time of issue and that before which it is not valid, where there are
 *   any; other claims as told. Source: ELB user guide, "Verify JWTs using an Application Load Balancer".
 * - A token that fails is answered with 401. Nothing is let through without keys: with 500, which AWS does not document.
 * - All values that are told have to be in a claim with several; AWS does not say whether one is enough.
 */
export class Tokens {
  readonly #keys = new Map<string, JWTVerifyGetKey>();

  /** @param keySet the keys at an address. Default: they are fetched from there */
  constructor(private readonly keySet: (endpoint: string) => JWTVerifyGetKey = remoteKeySet) {}

  /** @returns `undefined`: the request may go on */
  async check(
    authorization: string | undefined,
    { issuer, jwksEndpoint, claims }: Extract<AuthenticationModel, { readonly type: "jwt" }>,
  ): Promise<Refusal | undefined> {
    const [, token] = /^Bearer +(\S+)$/i.exec(authorization ?? "") ?? [];
    if (token === undefined) {
      return { status: 401, why: "the request has no token" };
    }
    try {
      const { payload } = await jwtVerify(token, this.#keysAt(jwksEndpoint), {
        ...{ issuer, algorithms: ["RS256"], requiredClaims: ["exp"] },
      });
      const missing = claims.find((claim) => !hasClaim(payload, claim));
      if (missing !== undefined) {
        return { status: 401, why: `the token has another ${missing.name}` };
      }
      return (payload.iat ?? 0) > Date.now() / 1000
        ? { status: 401, why: "the token is from the future" }
        : undefined;
    } catch (error) {
      return refusalFor(error as Error & { readonly code?: string });
    }
  }

  #keysAt(endpoint: string): JWTVerifyGetKey {
    const known = this.#keys.get(endpoint);
    if (known !== undefined) {
      return known;
    }
    const keys = this.keySet(endpoint);
    this.#keys.set(endpoint, keys);
    return keys;
  }
}

/** The keys that are published at an address, within the limits of AWS. */
export function remoteKeySet(endpoint: string): JWTVerifyGetKey {
  return createRemoteJWKSet(new URL(endpoint), { [customFetch]: fetchKeySet });
}

/** Errors that lie with the token; all others lie with the keys. */
const OF_TOKEN = /^ERR_(?:JWT|JWS|JOSE_ALG|JOSE_NOT_SUPPORTED|JWKS_NO_MATCHING|JWKS_MULTIPLE)/;

function refusalFor({ code, message }: Error & { readonly code?: string }): Refusal {
  return OF_TOKEN.test(code ?? "")
    ? { status: 401, why: `the token is not valid: ${message}` }
    : { status: 500, why: `the keys for tokens are not known: ${message}` };
}

async function fetchKeySet(url: string, options: object): Promise<Response> {
  const response = await fetch(url, options);
  const body = await response.text();
  if (body.length > LARGEST_KEY_SET || (JSON.parse(body).keys?.length ?? 0) > MOST_KEYS) {
    throw new Error(`the key set has more than ${LARGEST_KEY_SET} bytes or ${MOST_KEYS} keys`);
  }
  return new Response(body, { status: response.status });
}

function hasClaim(payload: JWTPayload, { name, format, values }: ClaimModel): boolean {
  const claim = payload[name];
  switch (format) {
    case "single-string":
      return typeof claim === "string" && values.includes(claim);
    case "string-array":
      return Array.isArray(claim) && values.every((value) => claim.includes(value));
    case "space-separated-values":
      return typeof claim === "string" && values.every((value) => claim.split(" ").includes(value));
  }
}
