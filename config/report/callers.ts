import { listed, together } from "../diagnostics/text";
import { keyVariable, likelyKeys } from "../plan/api-key";
import { type Authentication, authenticationFor, type Callers } from "../plan/callers";
import type { Deployment, Region } from "../plan/deployment";
import type { Model } from "../plan/model";

/** Who may have requests of one kind answered. */
export interface CallersRow {
  readonly region: string;
  /** What is asked for: a model, or what the load balancer answers. */
  readonly what: string;
  /** From where. */
  readonly from: string;
  /** What a caller shows, and who looks at it. */
  readonly shows: string;
}

/** Who can call what in a deployment: each model, and each request that gets an answer without a model's callers. */
export function callersRows({ regions }: Deployment): readonly CallersRow[] {
  return regions.flatMap((region) => {
    const { name, entry, models, modelList, globalEndpoint } = region;
    const from = clientsOf(region);
    const checkers = globalEndpoint?.allowsHealthCheckers ? `${from}, and Route 53's health checkers` : from;
    return [
      ...models.map((model) => ({
        region: name,
        what: model.name,
        from,
        shows: shown(entry.callers, model),
      })),
      ...(modelList === undefined
        ? []
        : [
            {
              region: name,
              what: "GET /v1/models",
              from,
              shows: atBalancer(entry.callers, authenticationFor(entry.callers)),
            },
          ]),
      ...(globalEndpoint?.rules ?? []).map(({ conditions: { path = [] } }) => ({
        region: name,
        what: `GET ${path.join()}`,
        from: checkers,
        shows: "nothing; it leads to the health check of the server alone",
      })),
    ];
  });
}

function clientsOf({ entry }: Region): string {
  const { allowedCidrs, allowedPrefixLists, allowedSecurityGroups } = entry;
  return entry.allow === "anyone-on-the-internet"
    ? "anyone on the internet"
    : [...allowedCidrs, ...allowedPrefixLists, ...allowedSecurityGroups].join(", ");
}

function shown(callers: Callers, model: Model): string {
  const balancer = atBalancer(callers, authenticationFor(callers, model.callers));
  const key = model.variants.every(({ secrets, settings }) => {
    const variable = keyVariable(model.server, settings);
    return variable !== undefined && secrets[variable] !== undefined;
  });
  const likely = model.server === "custom" ? likelyKeys(model.variants[0]?.settings.secrets ?? {}) : [];
  if (!key && likely.length === 0) {
    return balancer;
  }
  const own = key ? "its API key, to the server" : `what the server asks by ${listed(likely)}`;
  return balancer === NOTHING ? own : `${balancer}; ${own}`;
}

const NOTHING = "nothing";

/** What the load balancer looks at. */
function atBalancer(callers: Callers, authentication: Authentication | undefined): string {
  if (callers.kind === "mtls") {
    const { bucket, key } = callers.bundle;
    return `a certificate of s3://${bucket}/${key}`;
  }
  switch (authentication?.kind) {
    case "jwt": {
      const claims = authentication.claims.map(({ name, values }) => `${name} ${values.join(", ")}`);
      return `a token of ${authentication.issuer}${claims.length === 0 ? "" : ` with ${together(claims)}`}`;
    }
    case "oidc":
      return `a sign-in at ${authentication.issuer}`;
    default:
      return NOTHING;
  }
}

/** The rows as a table. */
export function callersTable(rows: readonly CallersRow[]): string {
  const head: CallersRow = { region: "region", what: "to call", from: "from", shows: "a caller shows" };
  const all = [head, ...rows];
  const width = (field: keyof CallersRow) => Math.max(...all.map((row) => row[field].length));
  const widths = { region: width("region"), what: width("what"), from: width("from") };
  return all
    .map(({ region, what, from, shows }) =>
      [region.padEnd(widths.region), what.padEnd(widths.what), from.padEnd(widths.from), shows].join("  "),
    )
    .join("\n");
}
