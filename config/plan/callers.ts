import { OIDC_SESSION } from "../../aws/limits";
import type { CallersFile, ModelCallersFile } from "../schema/callers";
import type { ServingFile } from "../schema/deployment";
import type { EntryFile } from "../schema/entry";
import { entrySetting, isServed } from "./overrides";

/** A claim that a token has to have. */
export interface Claim {
  readonly name: string;
  readonly format: "single-string" | "string-array" | "space-separated-values";
  readonly values: readonly string[];
}

/** An object in S3. */
export interface StoredFile {
  readonly bucket: string;
  readonly key: string;
}

/** Tokens that the load balancer checks. */
export interface TokenCallers {
  readonly kind: "jwt";
  readonly issuer: string;
  readonly jwksEndpoint: string;
  /** By name. */
  readonly claims: readonly Claim[];
}

/** People who sign in with browsers. */
export interface BrowserCallers {
  readonly kind: "oidc";
  readonly issuer: string;
  readonly authorizationEndpoint: string;
  readonly tokenEndpoint: string;
  readonly userInfoEndpoint: string;
  readonly clientId: string;
  readonly scope: string;
  /** In seconds. */
  readonly sessionTimeout: number;
}

/** Certificates of clients, which the listener asks for. */
export interface CertificateCallers {
  readonly kind: "mtls";
  readonly bundle: StoredFile;
  readonly revocations: readonly StoredFile[];
}

/** How callers of a load balancer show who they are. */
export type Callers =
  | TokenCallers
  | BrowserCallers
  | CertificateCallers
  /** Each server asks for its key. */
  | { readonly kind: "apiKey" }
  | { readonly kind: "unauthenticated" };

/** What the load balancer asks before it answers a request, in a rule. */
export type Authentication = TokenCallers | BrowserCallers;

/** The callers of a region's entry. Nothing written lets everybody in; a check says so. */
export function resolveCallers(callers: EntryFile["callers"]): Callers {
  if (callers === undefined || typeof callers === "string") {
    return { kind: callers ?? "unauthenticated" };
  }
  const { jwt, mtls, oidc } = callers;
  if (jwt !== undefined) {
    const { issuer, jwks, claims = {} } = jwt;
    return { kind: "jwt", issuer, jwksEndpoint: jwks, claims: claimsOf(claims) };
  }
  if (mtls !== undefined) {
    const { bundle, revocations = [] } = mtls;
    return { kind: "mtls", bundle: storedFile(bundle), revocations: [...revocations].sort().map(storedFile) };
  }
  if (oidc !== undefined) {
    const { clientSecretInState: _, scope = "openid", sessionTimeout = OIDC_SESSION.default, ...rest } = oidc;
    return { kind: "oidc", scope, sessionTimeout, ...rest };
  }
  // A check refuses callers without any of them.
  return { kind: "unauthenticated" };
}

type Claims = Extract<ModelCallersFile, object>["claims"];

function claimsOf(claims: Claims): readonly Claim[] {
  return Object.entries(claims)
    .map(([name, { format, values }]) => ({ name, format, values: [...values] }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function storedFile(uri: string): StoredFile {
  const [, bucket = "", key = ""] = /^s3:\/\/([^/]+)\/(.*)$/.exec(uri) ?? [];
  return { bucket, key };
}

/** The claims that a model asks for beside those of the entry, by name. */
export function ownClaims(callers: ModelCallersFile | undefined): readonly Claim[] {
  return typeof callers === "object" ? claimsOf(callers.claims) : [];
}

/**
 * What the load balancer asks before it forwards to a model, or, without a model, before it answers for itself.
 * Undefined: nothing.
 */
export function authenticationFor(callers: Callers, model?: ModelCallersFile): Authentication | undefined {
  if (model === "unauthenticated") {
    return undefined;
  }
  switch (callers.kind) {
    case "jwt":
      return { ...callers, claims: [...callers.claims, ...ownClaims(model)] };
    case "oidc":
      return callers;
    default:
      return undefined;
  }
}

/** Whether the load balancer asks others who callers are, and so has to reach them. */
export function asksIdentityProvider({ kind }: Callers): boolean {
  return kind === "jwt" || kind === "oidc";
}

/**
 * Whether the key of a model's server is all that stands before it, in some region. One answer for all of them keeps the
 * model's routes alike.
 */
export function keyAloneGuards(file: ServingFile, name: string): boolean {
  return (
    file.models[name]?.callers !== "unauthenticated" &&
    Object.keys(file.regions).some(
      (region) => isServed(file, region, name) && entrySetting(file, region, "callers").value === "apiKey",
    )
  );
}

/** The words by which a file has a way of showing who calls. */
export function waysIn(callers: CallersFile): readonly ("jwt" | "mtls" | "oidc")[] {
  return typeof callers === "string"
    ? []
    : (["jwt", "mtls", "oidc"] as const).filter((way) => callers[way] !== undefined);
}
