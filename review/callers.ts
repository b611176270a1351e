import { isDeepStrictEqual } from "node:util";
import type { AuthenticationModel, RegionModel, RuleModel } from "../simulation/model";
import { isHealthCheckPath } from "../testing/terraform/health-check-path";
import { keysLostOf } from "./keys";
import { modelsOfTargets, type RegionSides } from "./sides";

/** Who may call what that could not before. */
export interface OpenedToCallers {
  readonly address: string;
  readonly says: string;
}

/** A way to something that is served, and what its callers show to the load balancer. */
interface Way {
  readonly address: string;
  readonly serves: string;
  readonly shows: AuthenticationModel | undefined;
}

/**
 * What callers no longer have to show: to the load balancer for what is served, by any rule that leads there, and to a
 * server, whose key is among its secrets. Something new that asks for nothing counts where all else asked.
 */
export function openedToCallers({ before, after }: RegionSides): readonly OpenedToCallers[] {
  if (before === undefined || after === undefined) {
    return [];
  }
  return [...openedWays(waysIn(before), waysIn(after)), ...keysLostOf(before.groups, after.groups)];
}

function openedWays(allOld: readonly Way[], allNow: readonly Way[]): readonly OpenedToCallers[] {
  const [old, now] = [different(allOld), different(allNow)];
  const knownOf = new Map<string, Way[]>();
  for (const way of old) {
    knownOf.set(way.serves, [...(knownOf.get(way.serves) ?? []), way]);
  }
  const opened = now.flatMap(({ address, serves, shows }) => {
    const others = knownOf.get(serves) ?? old;
    const isAsStrict = others.some((way) => covers(shows, way.shows));
    return others.length === 0 || isAsStrict ? [] : [{ address, serves, says: lost(shows, others) }];
  });
  const said = new Map<string, { address: string; serves: Set<string> }>();
  for (const { address, serves, says } of opened) {
    const same = said.get(says) ?? { address, serves: new Set() };
    same.serves.add(serves);
    said.set(says, same);
  }
  return [...said].map(([says, { address, serves }]) => ({
    address,
    says: `${says} to reach ${[...serves].sort().join(", ")}`,
  }));
}

/** Ways that differ in what they serve or in what is shown there: the first of each. A plan may have thousands of the same. */
function different(ways: readonly Way[]): readonly Way[] {
  const found = new Map<string, Way>();
  for (const way of ways) {
    const key = JSON.stringify([way.serves, way.shows]);
    if (!found.has(key)) {
      found.set(key, way);
    }
  }
  return [...found.values()];
}

/** The ways to targets, but for those of health checks, which lead to the server's health path alone. */
function waysIn(region: RegionModel): readonly Way[] {
  const listeners = region.loadBalancers.flatMap((each) => each.listeners);
  return listeners
    .flatMap(({ address, defaultAction: action, rules }) => [
      { address, action },
      ...rules.filter((rule) => !isOfHealthChecks(rule)),
    ])
    .flatMap(({ address, action }) =>
      action.type !== "forward"
        ? []
        : action.targetGroups.flatMap(({ targetGroup }) =>
            modelsOfTargets(region, targetGroup).map((serves) => ({
              ...{ address, serves, shows: action.authentication },
            })),
          ),
    );
}

function isOfHealthChecks({ conditions }: RuleModel): boolean {
  return conditions.some(
    (condition) =>
      condition.field === "path" && condition.values.length > 0 && condition.values.every(isHealthCheckPath),
  );
}

/** Whether whoever shows `a` could show `b` too. */
export function covers(a: AuthenticationModel | undefined, b: AuthenticationModel | undefined): boolean {
  if (b === undefined) {
    return true;
  }
  if (a === undefined || a.type === "unknown" || b.type === "unknown") {
    return isDeepStrictEqual(a, b);
  }
  return (
    a.issuer === b.issuer &&
    a.jwksEndpoint === b.jwksEndpoint &&
    b.claims.every((claim) =>
      a.claims.some(
        ({ name, format, values }) =>
          name === claim.name &&
          format === claim.format &&
          values.every((value) => claim.values.includes(value)),
      ),
    )
  );
}

/** What is no longer asked for, of the first way that asked. */
function lost(shows: AuthenticationModel | undefined, others: readonly Way[]): string {
  const before = others.find(({ shows: each }) => each !== undefined)?.shows;
  return shows === undefined
    ? `clients need ${thingOf(before)} no longer`
    : shows.type === "jwt" && before?.type === "jwt" && shows.issuer === before.issuer
      ? "tokens with fewer or other claims are enough"
      : `clients show ${thingOf(shows, true)} instead of ${thingOf(before, true)}`;
}

function thingOf(shows: AuthenticationModel | undefined, isWhole = false): string {
  if (shows === undefined) {
    return "nothing";
  }
  if (shows.type === "jwt") {
    return isWhole ? `a token of ${shows.issuer}` : "a token";
  }
  return /mutual_authentication/.test(shows.name)
    ? "a certificate"
    : /oidc|cognito/.test(shows.name)
      ? "a sign-in"
      : `what ${shows.name} asks for`;
}
