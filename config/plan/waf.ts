import { FEWEST_RULES, RATE_LIMIT, type VersionedGroup } from "../../aws/waf";
import { conditionsIn } from "../routes/condition-table";
import type { ServingFile } from "../schema/deployment";
import type { RouteFile } from "../schema/route";
import { SECONDS_PER_DAY } from "../units";
import { clamp, type Derived, orWritten } from "./derived";
import type { Model } from "./model";
import { entrySetting } from "./overrides";
import { asksForKey } from "./public-paths";

/** The web ACL of a region that is made here. */
export interface Waf {
  /** Requests a minute of one client; absent when it is neither written, nor known what the instances serve. */
  readonly requestsOfAddress?: Derived;
  readonly requestsOfKey?: Derived;
  /** Where a POST has to have a key: everywhere, or under these paths, which may be none. */
  readonly keyed: "everywhere" | readonly string[];
  /** Rules of managed groups that block, of those that count by default; sorted. */
  readonly block: readonly string[];
  /** Versions of managed groups that are written. */
  readonly versions: { readonly [group in VersionedGroup]?: string };
  readonly retentionDays: number;
}

/** @returns undefined for a region without one */
export function wafOf(file: ServingFile, region: string, models: readonly Model[]): Waf | undefined {
  const { value: written } = entrySetting(file, region, "waf");
  if (written === undefined || written === false) {
    return undefined;
  }
  const served = requestsOfAllInstances(models);
  const limit = (value: number | undefined): Derived | undefined =>
    served !== undefined ? orWritten(served, value) : value === undefined ? undefined : asWritten(value);
  return {
    requestsOfAddress: limit(written.requestsPerMinute.address),
    requestsOfKey: limit(written.requestsPerMinute.key),
    keyed: keyedPaths(file, models),
    block: [...new Set(written.block)].sort(),
    versions: written.versions,
    retentionDays: written.logRetention / SECONDS_PER_DAY,
  };
}

/** Rules and managed rule groups of a web ACL, each of which AWS charges; what asks for a key is one more. */
export function ruleCount({ keyed }: Waf): number {
  return FEWEST_RULES + (keyed.length > 0 ? 1 : 0);
}

const SOURCE = "WAF developer guide, Using rate-based rule statements";

function asWritten(value: number): Derived {
  return { value, unit: "requests/min", rule: "as written", inputs: {}, source: SOURCE };
}

/** No client needs more than all instances serve. Undefined when one model's requests are not known. */
function requestsOfAllInstances(models: readonly Model[]): Derived | undefined {
  const ofVariants = models.flatMap(({ variants }) =>
    variants.map(({ capacity: { max, requestsPerInstance, scalingTarget } }) => {
      const each = requestsPerInstance ?? scalingTarget;
      return each && max.value * each.value;
    }),
  );
  const known = ofVariants.filter((each) => each !== undefined);
  const served = Math.ceil(known.reduce((sum, each) => sum + each, 0));
  return known.length < ofVariants.length
    ? undefined
    : {
        value: clamp(served, RATE_LIMIT),
        unit: "requests/min",
        rule: `what all instances serve at max, at least ${RATE_LIMIT.min}: more of one client than that is no use of the models`,
        inputs: { served },
        source: SOURCE,
      };
}

/**
 * Where a POST has to have a key. When every model asks for one: everywhere. Otherwise under the prefixes of those that
 * do, where no other model has a route: the rest is left to the servers.
 */
function keyedPaths(file: ServingFile, models: readonly Model[]): Waf["keyed"] {
  const asks = ({ name }: Model) => asksForKey(file, name);
  if (models.every(asks)) {
    return "everywhere";
  }
  const others = models.filter((model) => !asks(model)).flatMap(({ routes }) => routes);
  return models
    .filter(asks)
    .flatMap(({ routes }) => routes.flatMap((route) => prefixOf(route) ?? []))
    .filter((prefix) => !others.some((route) => mayBeUnder(route, prefix)))
    .sort();
}

/** `/llama/` of a route that has nothing but the path `/llama/*`. */
function prefixOf({
  rewrite: _rewrite,
  priority: _priority,
  path = [],
  ...others
}: RouteFile): string | undefined {
  const [only = "", ...more] = path;
  return more.length === 0 && conditionsIn(others).length === 0
    ? /^(\/[^*?]+\/)\*$/.exec(only)?.[1]
    : undefined;
}

/** Whether a route may take requests under a prefix. One for all paths takes what no other route does. */
function mayBeUnder({ path = [], ...others }: RouteFile, prefix: string): boolean {
  const isRest = path.join() === "/*" && conditionsIn(others).length === 0;
  const begins = (glob: string) => glob.replace(/[*?].*$/s, "");
  return (
    !isRest &&
    (path.length === 0 ||
      path.some(
        (glob) => begins(glob).startsWith(prefix) || (/[*?]/.test(glob) && prefix.startsWith(begins(glob))),
      ))
  );
}
