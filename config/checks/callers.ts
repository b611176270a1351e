import { JWT_CLAIMS_PER_ACTION } from "../../aws/limits";
import {
  bothGiven,
  type Diagnostic,
  error,
  formatPath,
  keyError,
  type Path,
  warning,
} from "../diagnostics/diagnostic";
import { listed } from "../diagnostics/text";
import { likelyKeys } from "../plan/api-key";
import { asksIdentityProvider, authenticationFor, ownClaims, waysIn } from "../plan/callers";
import type { Region } from "../plan/deployment";
import type { Model } from "../plan/model";
import { entrySetting } from "../plan/overrides";
import { asksForKey } from "../plan/public-paths";
import type { CallersFile, ModelCallersFile } from "../schema/callers";
import type { ServingFile } from "../schema/deployment";
import { presetOf } from "../servers/presets";
import { type Check, repetitions } from "./check";

/** Who may call: said in words, possible with AWS, and asked before every forward. */
export const checkCallers: Check = ({ file, deployment }) =>
  deployment.regions.flatMap((region) => {
    const { value, path } = entrySetting(file, region.name, "callers");
    return value === undefined
      ? [...chosenDiagnostics(file, region), ...modelDiagnostics(file, region)]
      : [
          ...oneWayDiagnostics(waysIn(value), path),
          ...revocationDiagnostics(value, path),
          ...sharedClaimDiagnostics(region, path),
          ...claimFileDiagnostics((typeof value === "object" ? value.jwt : undefined)?.claims, [
            ...path,
            "jwt",
            "claims",
          ]),
          ...reachDiagnostics(region, path),
          ...modelDiagnostics(file, region),
        ];
  });

const WAYS =
  "write entry.callers: jwt, mtls or oidc, which the load balancer checks; apiKey, where each model asks for its own; or unauthenticated";

/** Nothing says who may call. */
function chosenDiagnostics(file: ServingFile, { name, entry, models }: Region): readonly Diagnostic[] {
  const { path } = entrySetting(file, name, "allow");
  return entry.allow === "anyone-on-the-internet"
    ? [
        error(
          "callers-not-chosen",
          path,
          `anyone may connect, and nothing says how callers show who they are; ${WAYS}`,
        ),
      ]
    : [
        warning(
          "callers-unauthenticated",
          path,
          models.every((model) => asksForKey(file, model.name))
            ? `whoever connects from there may call, and nothing but the key of each model is asked for; ${WAYS}`
            : `whoever connects from there may call every model, and nobody asks who it is; ${WAYS}`,
        ),
      ];
}

function oneWayDiagnostics([first, second]: readonly string[], path: Path): readonly Diagnostic[] {
  return first === undefined || second === undefined
    ? []
    : [
        bothGiven(
          [...path, second],
          [...path, first],
          `${first} and ${second} are two ways to show who calls; keep one of them`,
        ),
      ];
}

/** A list of revoked certificates counts once. */
function revocationDiagnostics(callers: CallersFile, path: Path): readonly Diagnostic[] {
  const { revocations = [] } = (typeof callers === "object" ? callers.mtls : undefined) ?? {};
  return revocations.flatMap((_uri, index) =>
    repetitions(revocations, index, [...path, "mtls", "revocations", index], {
      called: (first) => `revocations[${first}]`,
    }),
  );
}

/**
 * An internal load balancer in a network made here is in subnets whose way out needs public addresses, which it has not.
 * Source: ELB user guide, "Authenticate users using an Application Load Balancer", "Prepare to use".
 */
function reachDiagnostics({ entry, network }: Region, path: Path): readonly Diagnostic[] {
  return entry.callers.kind === "oidc" && entry.scheme === "internal" && network.kind === "created"
    ? [
        keyError(
          "identity-provider-not-reached",
          [...path, "oidc"],
          "an internal load balancer in a network that is made here has no way to an identity provider; use an existing network whose albSubnetIds have a NAT gateway, or callers: { mtls: … }",
        ),
      ]
    : [];
}

function modelDiagnostics(file: ServingFile, region: Region): readonly Diagnostic[] {
  return region.models.flatMap((model) => {
    const at: Path = ["models", model.name, "callers"];
    return [
      ...exceptionDiagnostics(region, model, at),
      ...claimDiagnostics(file, region, model, at),
      ...claimFileDiagnostics(typeof model.callers === "object" ? model.callers.claims : undefined, [
        ...at,
        "claims",
      ]),
      ...(model.callers === "unauthenticated"
        ? []
        : [...checkedDiagnostics(file, region, model), ...keyDiagnostics(file, region, model)]),
    ];
  });
}

/** Words of a model that its entry gives no sense. */
function exceptionDiagnostics({ name, entry }: Region, model: Model, at: Path): readonly Diagnostic[] {
  const { kind } = entry.callers;
  if (model.callers === "unauthenticated" && kind === "mtls") {
    return [
      error(
        "field-without-effect",
        at,
        `means nothing in ${name}: the listener asks every client for its certificate, whatever the model; remove it, or use another way than mtls`,
      ),
    ];
  }
  return typeof model.callers === "object" && kind !== "jwt"
    ? [
        error(
          "field-without-effect",
          [...at, "claims"],
          `claims mean nothing in ${name}, whose callers show no token; remove them, or write entry.callers: { jwt: … }`,
        ),
      ]
    : [];
}

/** Claims that ask for nothing, or for the same twice. */
function claimFileDiagnostics(
  claims: Extract<ModelCallersFile, object>["claims"] | undefined,
  path: Path,
): readonly Diagnostic[] {
  const named = Object.entries(claims ?? {});
  return claims !== undefined && named.length === 0
    ? [error("field-without-effect", path, "names no claim, so it asks for none; name one, or remove it")]
    : named.flatMap(([name, { values }]) =>
        values.flatMap((_value, index) =>
          repetitions(values, index, [...path, name, "values", index], {
            called: (first) => `values[${first}]`,
          }),
        ),
      );
}

/** Claims of the entry, which every model asks for. */
function sharedClaimDiagnostics({ entry: { callers } }: Region, path: Path): readonly Diagnostic[] {
  const count = callers.kind === "jwt" ? callers.claims.length : 0;
  const { max } = JWT_CLAIMS_PER_ACTION;
  return count > max
    ? [
        error(
          "too-many-claims",
          [...path, "jwt", "claims"],
          `has ${count} claims, and AWS checks ${max}; leave some out`,
        ),
      ]
    : [];
}

function claimDiagnostics(file: ServingFile, region: Region, model: Model, at: Path): readonly Diagnostic[] {
  const { name: place, entry } = region;
  const authentication = authenticationFor(entry.callers, model.callers);
  if (authentication?.kind !== "jwt" || entry.callers.kind !== "jwt") {
    return [];
  }
  const { max } = JWT_CLAIMS_PER_ACTION;
  const shared = entry.callers.claims.map(({ name }) => name);
  const own = ownClaims(model.callers);
  const count = authentication.claims.length;
  return [
    ...own
      .filter(({ name }) => shared.includes(name))
      .map(({ name }) =>
        keyError(
          "duplicate-item",
          [...at, "claims", name],
          `${name} is among the claims of ${formatPath([...entrySetting(file, place, "callers").path, "jwt"])}, which each model asks for; write it in one of the two places`,
        ),
      ),
    ...(count > max && shared.length <= max
      ? [
          error(
            "too-many-claims",
            [...at, "claims"],
            `${model.name} would ask for ${count} claims, with those of the entry, and AWS checks ${max}; leave some out`,
          ),
        ]
      : []),
  ];
}

const OR_OPEN = "or write callers: unauthenticated for the model, which opens it to all who may connect";

/** What the load balancer cannot check before a model. */
function checkedDiagnostics(
  file: ServingFile,
  { entry: { callers } }: Region,
  { name, protocol, server, variants }: Model,
): readonly Diagnostic[] {
  if (!asksIdentityProvider(callers)) {
    return [];
  }
  const likely =
    presetOf(server) === undefined ? variants.flatMap(({ settings }) => likelyKeys(settings.secrets)) : [];
  return [
    ...(protocol === "grpc"
      ? [
          error(
            "callers-of-grpc",
            ["models", name, "protocol"],
            `a load balancer forwards gRPC without asking for anything before, so ${callers.kind} cannot stand there; use callers: { mtls: … }, ${OR_OPEN}`,
          ),
        ]
      : []),
    ...(callers.kind === "jwt" && asksForKey(file, name)
      ? [
          error(
            "token-meets-api-key",
            keyPath(file, name),
            `the load balancer passes the token on as it is, and the server takes it for a wrong key; remove the key, or write callers: unauthenticated for the model, whose key then stands alone`,
          ),
        ]
      : []),
    ...(callers.kind === "jwt" && likely.length > 0
      ? [
          warning(
            "token-may-meet-key",
            keyPath(file, name),
            `by ${listed([...new Set(likely)])} the server seems to ask its callers for a key, and the load balancer passes the token on as it is: the server would take it for a wrong key; write callers: unauthenticated for the model, whose key then stands alone, or accept this where the server takes tokens`,
          ),
        ]
      : []),
  ];
}

/** Where the key of a model is written, as far as that is the model itself. */
function keyPath({ models }: ServingFile, name: string): Path {
  const model = models[name];
  return model?.apiKey !== undefined
    ? ["models", name, "apiKey"]
    : model?.secrets !== undefined && Object.keys(model.secrets).length > 0
      ? ["models", name, "secrets"]
      : ["models", name];
}

/** Models that answer anybody, where a key of their own is all that guards them. */
function keyDiagnostics(
  file: ServingFile,
  { entry: { callers } }: Region,
  { name, server, protocol }: Model,
): readonly Diagnostic[] {
  if (callers.kind !== "apiKey") {
    return [];
  }
  const taken = presetOf(server)?.apiKey;
  const found = (at: Path, what: string) => [
    error("model-without-api-key", at, `${what}; use callers: { jwt: … } at the entry, ${OR_OPEN}`, "key"),
  ];
  if (taken === undefined || taken.by === "none") {
    return found(
      ["models", name, "server"],
      taken === undefined
        ? "which paths of a custom server its key guards is not known"
        : `${server} asks its callers for no key: ${taken.instead}`,
    );
  }
  if (protocol === "grpc") {
    return found(["models", name, "protocol"], `${server} asks for its key over HTTP, not over gRPC`);
  }
  return asksForKey(file, name)
    ? []
    : [
        error(
          "model-without-api-key",
          ["models", name],
          `nothing gives ${name} a key to ask for; write apiKey: with the ARN of its secret, ${OR_OPEN}`,
          "key",
        ),
      ];
}
