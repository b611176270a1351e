import { createHash } from "node:crypto";
import type { WrittenFile } from "./serving-file";

type WrittenCallers = NonNullable<WrittenFile["entry"]["callers"]>;
type WrittenModel = WrittenFile["models"][string];

export const ISSUER = "https://login.example.com/";

const LOGIN = "https://login.example.com";
const CLAIM = { format: "space-separated-values" as const, values: ["models.invoke"] };

/** Ways in which callers show who they are. */
const WAYS: readonly WrittenCallers[] = [
  "unauthenticated",
  "apiKey",
  { jwt: { issuer: ISSUER, jwks: `${LOGIN}/keys` } },
  { jwt: { issuer: ISSUER, jwks: `${LOGIN}/keys`, claims: { scope: CLAIM } } },
  "unauthenticated",
  {
    mtls: {
      bundle: "s3://example-authorities/clients/1.pem",
      revocations: ["s3://example-authorities/clients/1.crl", "s3://example-authorities/clients/2.crl"],
    },
  },
  {
    oidc: {
      issuer: LOGIN,
      authorizationEndpoint: `${LOGIN}/authorize`,
      tokenEndpoint: `${LOGIN}/token`,
      userInfoEndpoint: `${LOGIN}/userinfo`,
      clientId: "models",
      clientSecretInState: "accepted",
      sessionTimeout: "8h",
    },
  },
];

/** What one of several regions says instead: callers of the same kind, or nobody. */
const ELSEWHERE = {
  jwt: { jwt: { issuer: `${LOGIN}/elsewhere`, jwks: `${LOGIN}/other-keys` } },
  oidc: "unauthenticated",
} as const;

/** Servers that take a key by `apiKey`, whatever their image. */
const KEYED: ReadonlySet<WrittenModel["server"]> = new Set(["vllm", "llama.cpp"]);

/** One of the ways, which follows from the rest of the file: so what else is drawn stays as it is. */
function wayOf(file: WrittenFile): WrittenCallers {
  const [byte = 0] = createHash("sha256").update(JSON.stringify(file)).digest();
  return WAYS[byte % WAYS.length] ?? "unauthenticated";
}

/**
 * The file with callers that show who they are as far as the rest of it allows: models of which AWS cannot ask that, or
 * that have no key where one is needed, are open.
 */
export function withCallers(file: WrittenFile): WrittenFile {
  const drawn = wayOf(file);
  const callers = isPossible(file, drawn) ? drawn : "unauthenticated";
  const models = Object.entries(file.models).map(([name, model], index) => [
    name,
    callers === "unauthenticated" || isOf(callers, "mtls")
      ? model
      : guarded(file, name, model, callers, index),
  ]);
  return {
    ...file,
    entry: { ...file.entry, callers },
    regions: withOther(file.regions, callers),
    models: Object.fromEntries(models),
  };
}

/** The regions, of which the second, where there is one, has callers of its own. */
function withOther(regions: WrittenFile["regions"], callers: WrittenCallers): WrittenFile["regions"] {
  const other = isOf(callers, "jwt") ? ELSEWHERE.jwt : isOf(callers, "oidc") ? ELSEWHERE.oidc : undefined;
  return Object.fromEntries(
    Object.entries(regions).map(([name, region], index) => [
      name,
      index === 1 && other !== undefined ? { ...region, entry: { ...region.entry, callers: other } } : region,
    ]),
  );
}

function isOf(callers: WrittenCallers, way: "jwt" | "mtls" | "oidc"): boolean {
  return typeof callers === "object" && callers[way] !== undefined;
}

function isPossible({ entry, regions, globalEndpoint }: WrittenFile, callers: WrittenCallers): boolean {
  const isInternal = entry.scheme === "internal";
  if (entry.protocol === "unencrypted-http") {
    return (
      callers === "unauthenticated" ||
      (callers === "apiKey" && isInternal && globalEndpoint?.routing !== "accelerator")
    );
  }
  const isMade = Object.values(regions).some(({ network }) => network.create !== undefined);
  return !(isOf(callers, "oidc") && isInternal && isMade);
}

function guarded(
  file: WrittenFile,
  name: string,
  model: WrittenModel,
  callers: WrittenCallers,
  index: number,
): WrittenModel {
  const open: WrittenModel = { ...model, callers: "unauthenticated" };
  if (callers === "apiKey") {
    return canHaveKey(file, name, model) ? { ...model, apiKey: SECRET } : open;
  }
  if (model.protocol === "grpc" || hasKey(model)) {
    return open;
  }
  // One in three asks for more.
  return isOf(callers, "jwt") && index % 3 === 1
    ? { ...model, callers: { claims: { aud: { format: "single-string", values: [name] } } } }
    : model;
}

const SECRET = "arn:aws:secretsmanager:us-east-1:123456789012:secret:chat-key-AbCdEf";

/** Whether a key reaches the server, and covers all that is open. */
function canHaveKey({ regions }: WrittenFile, name: string, model: WrittenModel): boolean {
  const overrides = Object.values(regions).flatMap(({ models }) => models?.[name] || []);
  const places = [model, ...Object.values(model.variants ?? {}), ...overrides];
  return (
    Object.keys(regions).every((region) => region === "us-east-1") &&
    KEYED.has(model.server) &&
    model.protocol !== "grpc" &&
    model.publicPaths === undefined &&
    (model.routes ?? []).every(({ path, pathRegex }) => path === undefined && pathRegex === undefined) &&
    places.every(({ secrets, env }) => [secrets, env].every((each) => !Object.keys(each ?? {}).some(isKey)))
  );
}

function hasKey(model: WrittenModel): boolean {
  return [model, ...Object.values(model.variants ?? {})].some(
    ({ apiKey, secrets }) => apiKey !== undefined || Object.keys(secrets ?? {}).some(isKey),
  );
}

function isKey(variable: string): boolean {
  return variable.includes("API_KEY");
}
