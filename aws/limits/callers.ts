import type { ChoiceLimit, NumberLimit, QuotaLimit, TextLimit } from "./limit";

const JWT = "ELBv2 API, JwtValidationActionConfig";
const CLAIM = "ELBv2 API, JwtValidationActionAdditionalClaim";

/** Whom a token is from. */
export const JWT_ISSUER = {
  minLength: 1,
  maxLength: 256,
  source: JWT,
} as const satisfies TextLimit;

/** Where the public keys of an issuer are. AWS fetches them over the internet. */
export const JWKS_ENDPOINT = {
  minLength: 1,
  maxLength: 256,
  pattern: /^https:\/\/[^/\s]+\/\S+$/,
  characters: "characters of a URL with https, a domain and a path",
  source: JWT,
} as const satisfies TextLimit;

/** Claims of one action, beside those that AWS always checks. */
export const JWT_CLAIMS_PER_ACTION = {
  max: 10,
  adjustable: false,
  source: JWT,
} as const satisfies QuotaLimit;

/** Claims that AWS always checks, so that they cannot be among the others. */
export const JWT_CLAIMS_CHECKED = {
  names: ["exp", "iat", "iss", "nbf"],
  source: CLAIM,
} as const;

/** Forms of a claim. */
export const JWT_CLAIM_FORMATS = {
  values: ["single-string", "string-array", "space-separated-values"],
  source: CLAIM,
} as const satisfies ChoiceLimit;

/** Values of one claim. */
export const JWT_VALUES_PER_CLAIM = {
  max: 10,
  adjustable: false,
  source: CLAIM,
} as const satisfies QuotaLimit;

/** A value of a claim. */
export const JWT_CLAIM_VALUE = { minLength: 1, maxLength: 256, source: CLAIM } as const satisfies TextLimit;

/** An address of an identity provider. AWS writes no longest one. */
export const OIDC_ENDPOINT = {
  minLength: 1,
  maxLength: 2048,
  pattern: /^https:\/\/[^/\s]+(\/\S*)?$/,
  characters: "characters of a URL with https",
  source: "ELBv2 API, AuthenticateOidcActionConfig; RFC 9110, URI References, for the length",
} as const satisfies TextLimit;

/** Seconds for which a browser is known after it has signed in. */
export const OIDC_SESSION = {
  min: 1,
  max: 604_800,
  default: 604_800,
  unit: "s",
  source:
    "ELBv2 API, AuthenticateOidcActionConfig; ELB user guide, Authenticate users using an Application Load Balancer, Session timeout",
} as const satisfies NumberLimit;

/** Name of a trust store. */
export const TRUST_STORE_NAME = {
  minLength: 1,
  maxLength: 32,
  pattern: /^([a-zA-Z0-9]+-)*[a-zA-Z0-9]+$/,
  characters: "letters, digits and single inner hyphens",
  source: "ELBv2 API, CreateTrustStore",
} as const satisfies TextLimit;

/** Revocation lists of one trust store. */
export const REVOCATION_LISTS_PER_TRUST_STORE = {
  max: 30,
  adjustable: false,
  source: "ALB quotas",
} as const satisfies QuotaLimit;

/** Key of an object in S3. */
export const OBJECT_KEY = {
  minLength: 1,
  maxLength: 1024,
  source: "S3 user guide, Naming Amazon S3 objects",
} as const satisfies TextLimit;
