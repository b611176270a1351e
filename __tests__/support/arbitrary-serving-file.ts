import fc from "fast-check";
import { zoneId, zonesOffering } from "../../aws/offerings";
import { withCallers } from "./arbitrary-callers";
import { rawGlobalEndpoints, SHIFTED_WEIGHT, withGlobalEndpoint } from "./arbitrary-global-endpoint";
import {
  arbitraryModel,
  compact,
  type ModelSurroundings,
  publicPathsFor,
  sizes,
  sometimes,
} from "./arbitrary-model";
import type { WrittenFile } from "./serving-file";

type WrittenModel = WrittenFile["models"][string];
type WrittenRegion = WrittenFile["regions"][string];
type WrittenNetwork = WrittenRegion["network"];
type WrittenOverride = NonNullable<WrittenRegion["models"]>[string];

/** Maximum size of a deployment. */
export interface Largest {
  /** @default 4 */
  readonly regions?: number;
  /** @default 6 */
  readonly models?: number;
}

/** The kind of the deployment. */
interface Kind extends ModelSurroundings {
  readonly domain: boolean;
}

/** What is reserved: until when a Capacity Block lasts, or how reservations are used. */
interface Bought {
  readonly until?: string;
  readonly preference?: "capacity-reservations-first" | "capacity-reservations-only";
}

const kinds: fc.Arbitrary<Kind> = fc.record({
  https: fc.boolean(),
  ecr: fc.boolean(),
  fragile: fc.boolean(),
  observed: fc.boolean(),
  domain: fc.boolean(),
});

/** Names with common prefixes, digits and hyphens, of the minimum and the maximum length. */
export const modelNames = fc.oneof(
  { weight: 3, arbitrary: fc.stringMatching(/^[a-z][a-z0-9]{0,3}(-[a-z0-9]{1,3}){0,2}$/) },
  { weight: 1, arbitrary: fc.constantFrom("this", "llama-3", "llama-3-8b", "llama", "alb", "rule") },
  { weight: 1, arbitrary: fc.stringMatching(/^llama-3-8b-instruct-[a-z0-9]{12}$/) },
);

/** Made once: fast-check needs 20 ms to read a pattern. */
const deploymentNames = fc.stringMatching(/^[a-z][a-z0-9]{2,8}$/);

/**
 * Valid deployments, small ones first: 1–4 regions with networks of both kinds, 1–6 models over all presets, with
 * variants, routes of every kind of condition, overrides by region, and all other fields of the file.
 */
export function arbitraryServingFile(largest: Largest = {}): fc.Arbitrary<WrittenFile> {
  return kinds.chain((kind) =>
    fc
      .uniqueArray(modelNames, { minLength: 1, maxLength: largest.models ?? 6 })
      .chain((models) =>
        fc.record({
          models: recordOf(models, (name) => arbitraryModel(name, kind)),
          regions: fc
            .subarray(REGIONS, { minLength: 1, maxLength: largest.regions ?? 4 })
            .chain((regions) => recordOf(regions, (region) => arbitraryRegion(region, models, kind))),
          rest: rest(kind),
          fallback: sometimes(fc.constantFrom(...models)),
          fallbackSaidBy: fc.constantFrom("file" as const, "regions" as const),
          prioritized: sometimes(fc.constantFrom(...models)),
          shifted: fc.boolean(),
          lossProof: fc.boolean(),
          signsIn: fc.boolean(),
          bought: fc.constantFrom<Bought>(
            {},
            { until: "2027-03-12T11:30:00Z", preference: "capacity-reservations-first" },
            { until: "2031-01-01T00:00+05:30", preference: "capacity-reservations-only" },
          ),
          globalEndpoint: sometimes(rawGlobalEndpoints),
        }),
      )
      .map(
        ({ models: plain, regions: bare, rest: others, fallback, fallbackSaidBy, prioritized, ...drawn }) => {
          const { shifted, lossProof, globalEndpoint, bought, signsIn } = drawn;
          const served = withAllModelsFirst(bare);
          const regions = shifted ? withShiftedWeights(served, plain) : served;
          const surviving = lossProof && !kind.fragile ? survivingRegions(plain, regions) : plain;
          const models = withDefault(
            kind.fragile
              ? withBlock(surviving, regions, bought)
              : withSchedules(withReservations(surviving, regions, bought), regions, bought),
            fallback,
          );
          const file: WrittenFile = compact({
            ...others,
            survive: kind.fragile ? ("nothing" as const) : undefined,
            entry: compact({
              ...others.entry,
              default: fallbackSaidBy === "file" ? fallback : undefined,
            }),
            regions: withLogins(
              fallback === undefined
                ? regions
                : servingEverywhere(regions, fallback, fallbackSaidBy === "regions"),
              signsIn && !kind.ecr ? models : {},
            ),
            models: prioritized === undefined ? models : withPriorities(models, prioritized),
          });
          const asking = withCallers(file);
          return globalEndpoint === undefined ? asking : withGlobalEndpoint(asking, globalEndpoint);
        },
      ),
  );
}

/** The models. Where there is one region, that sells blocks of P5, the first of those with GPUs runs in one. */
function withBlock(
  models: Readonly<Record<string, WrittenModel>>,
  regions: Readonly<Record<string, WrittenRegion>>,
  { until }: Bought,
): Readonly<Record<string, WrittenModel>> {
  const [[region = "", { network }] = ["", { network: {} }], ...others] = Object.entries(regions);
  const zones = network.create?.zones;
  const named = Array.isArray(zones) ? zones[0] : zoneId(region, zonesOffering(P5, region)?.[0] ?? "1");
  const [name, model] =
    Object.entries(models).find(
      ([, { instanceTypes }]) => !instanceTypes.some((type) => /^[mr]/.test(type)),
    ) ?? [];
  if (until === undefined || others.length > 0 || name === undefined || model === undefined) {
    return models;
  }
  const { spot, warmPool, capacityReservation, instanceRequirements, ...alone } = model;
  const capacityBlock = { id: "cr-0123456789abcdef0", zone: named ?? "", until };
  return { ...models, [name]: { ...alone, instanceTypes: [P5], capacityBlock } };
}

/** The models. Where there is one region, and the zones of its network are known, the first of those with GPUs has reservations. */
function withReservations(
  models: Readonly<Record<string, WrittenModel>>,
  regions: Readonly<Record<string, WrittenRegion>>,
  { preference }: Bought,
): Readonly<Record<string, WrittenModel>> {
  const [[region = "", { network }] = ["", { network: {} }], ...others] = Object.entries(regions);
  const [name, model] =
    Object.entries(models).find(
      ([, { instanceTypes }]) => !instanceTypes.some((type) => /^[mr]/.test(type)),
    ) ?? [];
  if (preference === undefined || others.length > 0 || name === undefined || model === undefined) {
    return models;
  }
  const zones = network.create?.zones;
  const [type = ""] = model.instanceTypes;
  const named = Array.isArray(zones)
    ? zones
    : (zonesOffering(type, region) ?? []).map((id) => zoneId(region, id));
  const { spot, warmPool, instanceRequirements, ...alone } = model;
  const reservations = named
    .slice(0, 2)
    .map((zone, index) => ({ id: `cr-0123456789abcdef${index}`, zone, count: 900 }));
  return type.includes("*") || reservations.length < 2
    ? models
    : {
        ...models,
        [name]: { ...alone, instanceTypes: [type], capacityReservation: { preference, reservations } },
      };
}

/** The models. Where something is reserved, the last of those with a written size has fewer instances at night. */
function withSchedules(
  models: Readonly<Record<string, WrittenModel>>,
  regions: Readonly<Record<string, WrittenRegion>>,
  { preference }: Bought,
): Readonly<Record<string, WrittenModel>> {
  const sizedElsewhere = (name: string) =>
    Object.values(regions).some(({ models: overrides = {} }) => {
      const override = overrides[name];
      return override !== undefined && override !== false && override.capacity !== undefined;
    });
  const [name, model] =
    Object.entries(models)
      .filter(([each, { capacity, survive, variants = {}, suspend = [] }]) => {
        const isSized = capacity?.min !== undefined && capacity.min > NIGHT && survive !== "region";
        const isSizedOnce =
          !sizedElsewhere(each) && Object.values(variants).every((variant) => variant.capacity === undefined);
        return isSized && isSizedOnce && !suspend.includes("ScheduledActions");
      })
      .at(-1) ?? [];
  return preference === undefined || name === undefined || model === undefined
    ? models
    : {
        ...models,
        [name]: {
          ...model,
          schedules: [
            { cron: "0 20 * * MON-FRI", timeZone: "Asia/Kolkata", min: NIGHT },
            { cron: "*/30 6 * * 1-5", timeZone: "Asia/Kolkata" },
          ],
        },
      };
}

/** As few instances as any model may have. */
const NIGHT = 3;

const P5 = "p5.48xlarge";

/** The models, of which one answers what no route matches: by public paths that are known. */
function withDefault(
  models: Readonly<Record<string, WrittenModel>>,
  name: string | undefined,
): Readonly<Record<string, WrittenModel>> {
  const model = name === undefined ? undefined : models[name];
  return name === undefined || model === undefined
    ? models
    : { ...models, [name]: compact({ ...model, publicPaths: publicPathsFor(model, true) }) };
}

/** The routes of a model with priorities of their own, if none of them is more general than the others. */
function withPriorities(
  models: Readonly<Record<string, WrittenModel>>,
  name: string,
): Record<string, WrittenModel> {
  const model = models[name];
  const routes = model?.routes ?? [];
  const general = routes.some(({ path }) => path === `/${name}/*`);
  return model === undefined || general || routes.length === 0
    ? { ...models }
    : {
        ...models,
        [name]: { ...model, routes: routes.map((route, index) => ({ ...route, priority: 10 + 20 * index })) },
      };
}

/** The regions. The first one leaves no model out, so each is served somewhere. */
function withAllModelsFirst(regions: Readonly<Record<string, WrittenRegion>>): Record<string, WrittenRegion> {
  const [name = ""] = Object.keys(regions);
  const overrides = Object.entries(regions[name]?.models ?? {}).filter(([, expected]) => expected !== false);
  return {
    ...regions,
    [name]: { ...(regions[name] as WrittenRegion), models: Object.fromEntries(overrides) },
  };
}

/** The models. Those in several regions with their demand written everywhere survive the loss of a region. */
function survivingRegions(
  models: Readonly<Record<string, WrittenModel>>,
  regions: Readonly<Record<string, WrittenRegion>>,
): Record<string, WrittenModel> {
  const saysDemand = (capacity: WrittenModel["capacity"]) =>
    capacity?.requestsPerMinutePerInstance !== undefined;
  return Object.fromEntries(
    Object.entries(models).map(([name, model]) => {
      const overrides = Object.values(regions).map((region) => region.models?.[name]);
      const capacities = [
        model.capacity,
        ...Object.values(model.variants ?? {}).flatMap(({ capacity }) => capacity ?? []),
        ...overrides.flatMap((override) => (override ? (override.capacity ?? []) : [])),
      ];
      const served = overrides.filter((override) => override !== false).length;
      return [name, served > 1 && capacities.every(saysDemand) ? { ...model, survive: "region" } : model];
    }),
  );
}

/** The first of the regions with another weight for the first variant of each model that has several. */
function withShiftedWeights(
  regions: Readonly<Record<string, WrittenRegion>>,
  models: Readonly<Record<string, WrittenModel>>,
): Record<string, WrittenRegion> {
  const [name = ""] = Object.keys(regions);
  const region = regions[name];
  const overrides = Object.entries(models).flatMap(([model, { variants }]): [string, WrittenOverride][] => {
    const [first] = Object.keys(variants ?? {});
    const expected = region?.models?.[model];
    return first === undefined || expected === false
      ? []
      : [[model, { ...expected, variants: { [first]: { weight: SHIFTED_WEIGHT } } }]];
  });
  return region === undefined || overrides.length === 0
    ? { ...regions }
    : { ...regions, [name]: { ...region, models: { ...region.models, ...Object.fromEntries(overrides) } } };
}

/** One of each, by name. */
export function recordOf<T>(
  keys: readonly string[],
  value: (key: string) => fc.Arbitrary<T>,
): fc.Arbitrary<Record<string, T>> {
  return fc
    .tuple(...keys.map(value))
    .map((values) => Object.fromEntries(keys.map((key, index) => [key, values[index] as T])));
}

/** Regions with all the GPUs of these models. */
const REGIONS = ["us-east-1", "eu-west-2", "us-west-2", "ap-northeast-1", "ap-south-1"];

const subnets = (count: number, kind: string) =>
  Array.from({ length: count }, (_, index) => `subnet-0123456789abc${kind}${index}${index}${index}`);

function createdNetwork(region: string, { ecr }: Kind): fc.Arbitrary<WrittenNetwork> {
  return fc
    .record({
      cidr: fc.constantFrom("10.0.0.0/16", "172.31.0.0/18", "192.168.16.0/20"),
      zones: sometimes(
        fc.oneof(
          fc.integer({ min: 2, max: 6 }),
          fc.subarray(["c", "a", "b", "f"], { minLength: 2 }).map((all) => all.map((zone) => region + zone)),
        ),
      ),
      // Without a route to the internet, images come from the region's own registry.
      nat:
        ecr && region === "us-east-1"
          ? sometimes(fc.constantFrom("none" as const, "per-zone" as const))
          : fc.constant(undefined),
      endpoints: sometimes(fc.constant(true)),
      flowLogs: sometimes(fc.constantFrom(false as const, "30d", "365d")),
    })
    .map(({ zones = 3, ...network }) => ({ create: compact({ ...network, zones }) }));
}

function existingNetwork({ fragile }: Kind): fc.Arbitrary<WrittenNetwork> {
  const common = { vpcId: "vpc-0123456789abcdef0" };
  const byIds = fc
    .record({ zones: fc.integer({ min: fragile ? 1 : 2, max: 4 }), publicAddresses: fc.boolean() })
    .map(({ zones, publicAddresses }) => ({
      existing: {
        ...common,
        albSubnetIds: subnets(Math.max(2, zones), "a"),
        instanceSubnetIds: subnets(zones, "b"),
        publicAddresses,
      },
    }));
  const byTags = fc.record({ zones: fc.integer({ min: 2, max: 6 }) }).map(({ zones }) => ({
    existing: {
      ...common,
      albSubnetTags: { tier: "public" },
      instanceSubnetTags: { tier: "private" },
      zones,
    },
  }));
  return fc.oneof(byIds, byTags);
}

function arbitraryRegion(region: string, names: readonly string[], kind: Kind): fc.Arbitrary<WrittenRegion> {
  const override: fc.Arbitrary<WrittenOverride> = fc.oneof(
    fc.constant(false as const),
    fc.record({ capacity: sometimes(sizes), env: sometimes(fc.constant({ REGION: region })) }).map(compact),
  );
  return fc
    .record({
      network: fc.oneof(createdNetwork(region, kind), existingNetwork(kind)),
      egress: sometimes(
        fc.constantFrom<NonNullable<WrittenNetwork["egress"]>>(
          { redis: { to: "sg-0123456789abcdef0", port: 6379 } },
          { postgres: { to: "10.20.0.0/16", port: 5432 }, lists: { to: "pl-0123456789abcdef0", port: 1 } },
        ),
      ),
      overrides: sometimes(recordOf(names, () => sometimes(override))),
      tags: sometimes(fc.constant({ place: region, team: "another" })),
      observability: sometimes(
        fc.constantFrom<WrittenRegion["observability"]>(
          kind.observed ? {} : false,
          { logRetention: "7d" },
          { kmsKeyArn: `arn:aws:kms:${region}:123456789012:key/1234` },
        ),
      ),
      vcpuQuotas: sometimes(fc.constant({ onDemandG: 1_000_000, onDemandP: 1_000_000, spotG: 1_000_000 })),
      entry: sometimes(fc.constant({ zonalShift: false, logs: { retention: "30d" } })),
    })
    .map(({ overrides = {}, entry, egress, ...withoutEgress }) => {
      const others = egress
        ? { ...withoutEgress, network: { ...withoutEgress.network, egress } }
        : withoutEgress;
      const [first = "", ...rest] = names;
      // One model at least is served.
      const kept = rest.length === 0 || rest.every((name) => overrides[name] === false) ? [first] : [];
      const expected = Object.entries(compact(overrides)).filter(
        ([name, value]) => value !== false || !kept.includes(name),
      );
      const certificate = kind.https && !kind.domain;
      const models = Object.fromEntries(expected) as Record<string, WrittenOverride>;
      const all = kind.ecr ? withImageOf(region, names, models) : models;
      return compact({
        ...others,
        models: Object.keys(all).length > 0 ? all : undefined,
        entry: certificate
          ? { ...entry, certificateArn: `arn:aws:acm:${region}:123456789012:certificate/1234` }
          : entry,
      });
    });
}

/** A region's overrides of its models, with the image in its own registry, which instances without NAT can reach. */
function withImageOf(
  region: string,
  names: readonly string[],
  overrides: Readonly<Record<string, WrittenOverride>>,
): Record<string, WrittenOverride> {
  const image = `123456789012.dkr.ecr.${region}.amazonaws.com/serving-llm:1.0`;
  return Object.fromEntries(
    names.map((name) => {
      const expected = overrides[name];
      return [name, expected === false ? false : { ...expected, image }];
    }),
  );
}

/** The regions, with a login to the registry of each of these models whose image is not in Amazon ECR. */
function withLogins(
  regions: Readonly<Record<string, WrittenRegion>>,
  models: Readonly<Record<string, WrittenModel>>,
): Record<string, WrittenRegion> {
  const signedIn = Object.keys(models).filter((name) => !/^$|\.ecr\./.test(models[name]?.image ?? ""));
  return Object.fromEntries(
    Object.entries(regions).map(([name, region]) => {
      const secret = `arn:aws:secretsmanager:${name}:123456789012:secret:registry-AbCdEf:token::`;
      const overrides = signedIn
        .filter((model) => region.models?.[model] !== false)
        .map((model) => {
          // It has one user for all.
          const user = models[model]?.image?.startsWith("nvcr.io/") ? undefined : "example";
          const registry = compact({ user, secret });
          return [model, { ...region.models?.[model], registry }];
        });
      return overrides.length === 0
        ? [name, region]
        : [name, { ...region, models: { ...region.models, ...Object.fromEntries(overrides) } }];
    }),
  );
}

/** The regions without the override that leaves a model out. Each may name that model as its default. */
function servingEverywhere(
  regions: Readonly<Record<string, WrittenRegion>>,
  model: string,
  byDefault: boolean,
): Record<string, WrittenRegion> {
  return Object.fromEntries(
    Object.entries(regions).map(([name, region]) => {
      const overrides = Object.entries(region.models ?? {}).filter(
        ([each, value]) => each !== model || value !== false,
      );
      const entry = byDefault ? { entry: { ...region.entry, default: model } } : {};
      return [name, { ...region, ...entry, models: Object.fromEntries(overrides) }];
    }),
  );
}

/** All but the regions and the models. */
function rest({ https, domain, observed }: Kind): fc.Arbitrary<Omit<WrittenFile, "regions" | "models">> {
  const encrypted = fc.record({
    tlsPolicy: sometimes(fc.constant("ELBSecurityPolicy-TLS13-1-2-2021-06")),
    redirectHttp: sometimes(fc.boolean()),
  });
  const named = fc.constantFrom(
    { domain: "models.example.com", hostedZone: "example.com" },
    { domain: "example.com" },
    { domain: "models.example.com", hostedZoneId: "Z0123456789EXAMPLE" },
  );
  const common = fc.record({
    scheme: sometimes(fc.constantFrom("internal" as const, "internet-facing" as const)),
    allow: fc.constantFrom<WrittenFile["entry"]["allow"]>(
      "anyone-on-the-internet",
      ["203.0.113.0/24"],
      ["203.0.113.0/24", "198.51.100.7/32"],
    ),
    idleTimeout: sometimes(fc.constantFrom("1h", "4000s")),
    clientKeepAlive: sometimes(fc.constantFrom("60s", "7d")),
    dualStack: sometimes(fc.boolean()),
    deletionProtection: sometimes(fc.boolean()),
    dropInvalidHeaders: sometimes(fc.boolean()),
    desyncMitigation: sometimes(fc.constant("strictest" as const)),
    waf: sometimes(
      fc.constantFrom<WrittenFile["entry"]["waf"]>(
        false,
        { requestsPerMinute: { address: 600, key: 60 } },
        {
          requestsPerMinute: { address: 10, key: 10 },
          block: ["HostingProviderIPList", "Log4JRCE_BODY"],
          versions: { core: "Version_1.22" },
          logRetention: "7d",
        },
      ),
    ),
    reservedCapacityUnits: sometimes(fc.integer({ min: 100, max: 1500 })),
    logs: sometimes(
      fc.constantFrom<WrittenFile["entry"]["logs"]>(
        { access: false },
        { prefix: "alb", retention: "7d" },
        { access: false, connections: false },
      ),
    ),
  });
  return fc
    .record({
      name: deploymentNames,
      survive: fc.constant(undefined),
      observability: sometimes(
        fc.constantFrom<WrittenFile["observability"]>(observed ? {} : false, { logRetention: "365d" }),
      ),
      tags: sometimes(
        fc.constantFrom<Record<string, string>>(
          { team: "serving" },
          { team: "serving", "cost-center": "4711" },
        ),
      ),
      alarms: sometimes(
        fc.constantFrom<WrittenFile["alarms"]>(
          { email: "on-call@example.com" },
          { email: "on-call@example.com", scalingActivities: true },
          { accept: { "no-alarm-recipient": "we watch a dashboard" } },
          {
            topicArns: ["us-east-1", "us-west-2"].map((place) => `arn:aws:sns:${place}:123456789012:on-call`),
          },
        ),
      ),
      kmsKeyArn: sometimes(fc.constant("arn:aws:kms:eu-west-1:123456789012:key/1234")),
      account: sometimes(
        fc.constantFrom<NonNullable<WrittenFile["account"]>>(
          { id: "123456789012" },
          { id: "123456789012", assumeRole: "arn:aws:iam::123456789012:role/deploy", rolePath: "/serving/" },
          { id: "123456789012", permissionsBoundary: "arn:aws:iam::aws:policy/PowerUserAccess" },
        ),
      ),
      encrypted,
      named,
      common,
    })
    .map(({ kmsKeyArn, encrypted: tls, named: host, common: entry, ...others }) =>
      compact({
        ...others,
        state: compact({ bucket: "example-tfstate", region: "eu-west-1", kmsKeyArn }),
        entry: compact({
          ...entry,
          ...(https ? compact(tls) : { protocol: "unencrypted-http" as const }),
          ...(https && domain ? host : {}),
        }),
      }),
    );
}
