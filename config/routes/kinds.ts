import { headers } from "./kinds/headers";
import { host, hostRegex } from "./kinds/hosts";
import type { ConditionKind, KindName } from "./kinds/kind";
import { method } from "./kinds/method";
import { path, pathRegex } from "./kinds/paths";
import { query } from "./kinds/query";
import { sourceIp } from "./kinds/source-ip";
import type { RouteConditions } from "./route";

/** What a route has under the key of a kind. */
type Given<Name extends KindName> = NonNullable<RouteConditions[Name]>;

/**
 * All kinds of conditions, in the order in which a rule lists them. All code that compares, checks, splits, orders or
 * describes conditions, or turns them into rules, reads this table. None of it treats a kind as a special case.
 *
 * To add a kind, add its key to {@link RouteConditions}. The compiler then requires its entry here, its field in the
 * schema of routes, and what the tests need: a matcher, and generators of conditions and of routes.
 */
export const KINDS: { readonly [Name in KindName]: ConditionKind<Given<Name>> } = {
  host,
  hostRegex,
  path,
  pathRegex,
  headers,
  method,
  query,
  sourceIp,
};

/** The keys of {@link KINDS}, in their order. */
export const KIND_NAMES = Object.keys(KINDS) as readonly KindName[];

/** Calls a function for every kind of condition that a route has, in the order of {@link KINDS}. */
export function ofEachKind<T>(
  conditions: RouteConditions,
  use: <G>(kind: ConditionKind<G>, given: G, name: KindName) => readonly T[],
): readonly T[] {
  const ofOne = <Name extends KindName>(name: Name): readonly T[] => {
    const given = conditions[name];
    return given === undefined ? [] : use<Given<Name>>(KINDS[name], given, name);
  };
  return KIND_NAMES.flatMap(ofOne);
}
