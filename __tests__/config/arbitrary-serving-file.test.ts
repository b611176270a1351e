import fc from "fast-check";
import { KINDS } from "../../config/routes/kinds";
import { instanceFieldNames } from "../../config/schema/instance";
import { serverPresets } from "../../config/servers/presets";
import { arbitraryServingFile } from "../support/arbitrary-serving-file";
import { loadFile, type WrittenFile } from "../support/serving-file";

const files: readonly WrittenFile[] = fc.sample(arbitraryServingFile(), { numRuns: 200, seed: 1 });
const models = files.flatMap((file) => Object.values(file.models));
const regions = files.flatMap((file) => Object.values(file.regions));
const routes = models.flatMap((model) => model.routes ?? []);

/** What other properties hold of nothing but what is generated. */
describe("the deployments that properties are tried on", () => {
  test("are valid, all of them", () => {
    const refused = files.map(loadFile).filter(({ ok }) => !ok);
    expect(refused).toEqual([]);
  });

  test("have from one to six models in one to four regions", () => {
    const counts = (field: "models" | "regions") =>
      [...new Set(files.map((file) => Object.keys(file[field]).length))].sort();
    expect(counts("models")).toEqual([1, 2, 3, 4, 5, 6]);
    expect(counts("regions")).toEqual([1, 2, 3, 4]);
  });

  test("run every model server", () => {
    expect(new Set(models.map(({ server }) => server))).toEqual(
      new Set([...Object.keys(serverPresets), "custom"]),
    );
  });

  test("say everything that can be said of a model's instances", () => {
    // Few deployments ask their callers for keys.
    const keyed = arbitraryServingFile().filter((file) =>
      Object.values(file.models).some(({ apiKey }) => apiKey !== undefined),
    );
    const rare = fc.sample(keyed, { numRuns: 1, seed: 1 }).flatMap((file) => Object.values(file.models));
    const expected = new Set([...models, ...rare].flatMap((model) => Object.keys(model)));
    // Secrets and keys lie in one region, and the models here are served in several. Not every server takes a revision.
    expect(instanceFieldNames.filter((field) => !expected.has(field))).toEqual([
      "registry",
      "revision",
      "secrets",
      "kmsKeyArns",
      "ami",
    ]);
  });

  test("sign in to registries by the secrets of each region", () => {
    const overrides = regions.flatMap((region) => Object.values(region.models ?? {}));
    expect(
      overrides.filter((model) => model !== false && model.registry !== undefined).length,
    ).toBeGreaterThan(20);
  });

  test("say everything else that can be said of a model", () => {
    const expected = new Set(models.flatMap((model) => Object.keys(model)));
    const fields = [
      "routes",
      "publicPaths",
      "variants",
      "protocol",
      "health",
      "metrics",
      "timing",
      "rollout",
      "longestSilence",
      "suspend",
    ];
    const more = [
      "maxInstanceLifetime",
      "algorithm",
      "anomalyMitigation",
      "stickiness",
      "crossZone",
      "healthyTargets",
      "survive",
      "port",
    ];
    expect([...fields, ...more].filter((field) => !expected.has(field))).toEqual([]);
  });

  test("survive a zone, a region, or nothing", () => {
    const expected = new Set(models.map(({ survive }) => survive));
    expect(["zone", "region", "nothing"].filter((loss) => !expected.has(loss as "zone"))).toEqual([]);
  });

  test("have global endpoints of every kind, or none", () => {
    const globalEndpoints = files.flatMap(({ globalEndpoint }) => globalEndpoint ?? []);
    expect(new Set(files.map(({ globalEndpoint }) => globalEndpoint?.routing))).toEqual(
      new Set([undefined, "latency", "failover", "weighted", "accelerator"]),
    );
    for (const field of ["order", "models", "minimumHealthyModels", "health", "accelerator"] as const) {
      expect(globalEndpoints.some((globalEndpoint) => globalEndpoint[field] !== undefined)).toBe(true);
    }
    for (const field of ["traffic", "weight", "dial"] as const) {
      expect(regions.some((region) => region[field] !== undefined)).toBe(true);
    }
  });

  test("are reached by every kind of condition", () => {
    const expected = new Set(routes.flatMap((route) => Object.keys(route)));
    const kinds = [...Object.keys(KINDS), "prefix", "priority", "rewrite"];
    expect(kinds.filter((kind) => !expected.has(kind))).toEqual([]);
  });

  test("stand in networks of both kinds, with one zone or several", () => {
    expect(regions.some(({ network }) => network.create !== undefined)).toBe(true);
    const zones = regions.map(({ network }) => network.existing?.instanceSubnetIds?.length);
    expect([1, 2, 3, 4].filter((count) => !zones.includes(count))).toEqual([]);
    expect(regions.some(({ network }) => network.existing?.instanceSubnetTags !== undefined)).toBe(true);
  });

  test("are overridden by regions", () => {
    const overrides = regions.flatMap((region) => Object.values(region.models ?? {}));
    expect(overrides.some((override) => override === false)).toBe(true);
    expect(overrides.some((override) => override !== false && override.capacity !== undefined)).toBe(true);
    expect(overrides.some((override) => override !== false && override.variants !== undefined)).toBe(true);
    expect(regions.some(({ entry }) => entry !== undefined)).toBe(true);
  });

  test("are encrypted or not, named or not, with a default model or without", () => {
    const entries = files.map(({ entry }) => entry);
    for (const field of [
      "domain",
      "protocol",
      "default",
      "dualStack",
      "idleTimeout",
      "scheme",
      "logs",
    ] as const) {
      expect(entries.some((entry) => entry[field] !== undefined)).toBe(true);
      expect(entries.some((entry) => entry[field] === undefined)).toBe(true);
    }
  });
});
