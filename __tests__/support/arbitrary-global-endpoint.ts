import fc from "fast-check";
import { compact, sometimes } from "./arbitrary-model";
import type { WrittenFile } from "./serving-file";

/** The weight of a model's first variant in a region that overrides weights. */
export const SHIFTED_WEIGHT = 500;

type WrittenGlobalEndpoint = NonNullable<WrittenFile["globalEndpoint"]>;

/** The settings of a global endpoint that do not depend on its regions. */
interface RawGlobalEndpoint {
  readonly routing: WrittenGlobalEndpoint["routing"];
  readonly health?: WrittenGlobalEndpoint["health"];
  readonly minimum?: number;
  readonly affinity?: "none" | "source-ip";
  readonly flowLogs: boolean;
  readonly namesModels: boolean;
  readonly numbers: readonly number[];
  readonly leaving?: "served" | "drained" | "removed";
  readonly backwards: boolean;
}

/** A global endpoint of any kind. */
export const rawGlobalEndpoints: fc.Arbitrary<RawGlobalEndpoint> = fc
  .record({
    routing: fc.constantFrom<WrittenGlobalEndpoint["routing"]>(
      "latency",
      "failover",
      "weighted",
      "accelerator",
    ),
    health: sometimes(
      fc.constantFrom<NonNullable<WrittenGlobalEndpoint["health"]>>(
        {},
        { interval: "30s", failureThreshold: 2 },
        { requests: false },
      ),
    ),
    minimum: sometimes(fc.integer({ min: 1, max: 6 })),
    affinity: sometimes(fc.constantFrom("none" as const, "source-ip" as const)),
    flowLogs: fc.boolean(),
    namesModels: fc.boolean(),
    numbers: fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 4, maxLength: 4 }),
    leaving: sometimes(fc.constantFrom("served" as const, "drained" as const, "removed" as const)),
    backwards: fc.boolean(),
  })
  .map(compact);

/** The file with a global endpoint over its regions; unchanged if the regions have no model in common. */
export function withGlobalEndpoint(file: WrittenFile, raw: RawGlobalEndpoint): WrittenFile {
  const names = Object.keys(file.regions).sort();
  const everywhere = Object.keys(file.models).filter((model) =>
    names.every((name) => file.regions[name]?.models?.[model] !== false),
  );
  if (file.entry.domain === undefined || everywhere.length === 0) {
    return file;
  }
  const all = everywhere.length === Object.keys(file.models).length;
  const accelerated = raw.routing === "accelerator";
  const globalEndpoint: WrittenGlobalEndpoint = compact({
    routing: raw.routing,
    order: raw.routing === "failover" ? (raw.backwards ? [...names].reverse() : names) : undefined,
    models: all && !raw.namesModels ? undefined : everywhere,
    minimumHealthyModels:
      accelerated || raw.minimum === undefined ? undefined : Math.min(raw.minimum, everywhere.length),
    health: accelerated ? undefined : raw.health,
    accelerator: accelerated
      ? compact({
          clientAffinity: raw.affinity,
          flowLogs: raw.flowLogs ? { bucket: "example-flow-logs", prefix: "globalEndpoint" } : undefined,
        })
      : undefined,
  });
  const last = names.length > 1 ? names.at(-1) : undefined;
  const leaving = raw.leaving === "removed" && leavesOneAlone(file, last) ? "drained" : raw.leaving;
  const regions = names.map((name, index) => [
    name,
    compact({
      ...file.regions[name],
      traffic: name === last ? leaving : undefined,
      weight: raw.routing === "weighted" ? raw.numbers[index] : undefined,
      dial: accelerated ? raw.numbers[index] : undefined,
    }),
  ]);
  const { minimumHealthyModels = everywhere.length } = globalEndpoint;
  return {
    ...file,
    globalEndpoint,
    regions: Object.fromEntries(regions),
    models: accelerated
      ? withoutDnsThresholds(file.models)
      : minimumHealthyModels < everywhere.length
        ? withoutTies(file.models)
        : file.models,
  };
}

/** Whether a model that survives a region would be served in a single region without this one. */
function leavesOneAlone(file: WrittenFile, gone: string | undefined): boolean {
  return Object.entries(file.models)
    .filter(([, { survive }]) => survive === "region")
    .some(([model]) => {
      const serving = Object.entries(file.regions).filter(([, { models }]) => models?.[model] !== false);
      return serving.filter(([name]) => name !== gone).length < 2;
    });
}

/** The models. All variants of a model have different weights, also from the one that a region may give to the first. */
function withoutTies(models: WrittenFile["models"]): WrittenFile["models"] {
  return Object.fromEntries(
    Object.entries(models).map(([name, { variants, ...model }]) => {
      const taken = new Set([SHIFTED_WEIGHT]);
      const apart = Object.entries(variants ?? {}).map(([variant, { weight, ...more }]) => {
        const own = [weight, 1, 2, 3, 4].find((each) => !taken.has(each)) ?? weight;
        taken.add(own);
        return [variant, { ...more, weight: own }];
      });
      return [name, { ...model, ...(variants && { variants: Object.fromEntries(apart) }) }];
    }),
  );
}

function withoutDnsThresholds(models: WrittenFile["models"]): WrittenFile["models"] {
  return Object.fromEntries(
    Object.entries(models).map(([name, model]) => {
      const { dnsFailover: _, ...healthyTargets } = model.healthyTargets ?? {};
      return [name, { ...model, healthyTargets }];
    }),
  );
}
