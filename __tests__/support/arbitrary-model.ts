import fc from "fast-check";
import type { RouteConditions } from "../../config/routes/route";
import { shellQuoted } from "../../config/servers/run/shell-words";
import { CPU_IMAGES, SERVER_IMAGES } from "./server-images";
import type { WrittenFile } from "./serving-file";

type WrittenModel = WrittenFile["models"][string];
type WrittenVariant = NonNullable<WrittenModel["variants"]>[string];
type WrittenCapacity = NonNullable<WrittenModel["capacity"]>;

/** Properties of the deployment that limit its models. */
export interface ModelSurroundings {
  /** Whether all entries are encrypted, as HTTP/2 and gRPC need. */
  readonly https: boolean;
  /** Whether images come from Amazon ECR, as a network without NAT needs. */
  readonly ecr: boolean;
  /** Whether a single instance is enough: no zone loss has to be survived. */
  readonly fragile: boolean;
  /** Whether instances send metrics to CloudWatch in every region. */
  readonly observed: boolean;
}

/** A value, or nothing. */
export const sometimes = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined, freq: 2 });

/** The same object without the fields that are undefined. */
export function compact<T extends object>(fields: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;
}

const seconds = (min: number, max: number) => fc.integer({ min, max });
const text = (amount: number) => `${amount}s`;
const maybeText = (amount: number | undefined) => (amount === undefined ? undefined : `${amount}s`);

const servers = fc.constantFrom<WrittenModel["server"]>(
  "vllm",
  "sglang",
  "tgi",
  "tei",
  "trtllm-serve",
  "triton",
  "nim",
  "ollama",
  "llama.cpp",
  "ray-serve",
  "custom",
);

/** Server presets that support it without an argument. */
const SPEAKERS: Readonly<Record<"http1" | "http2" | "grpc", ReadonlySet<WrittenModel["server"]>>> = {
  http1: new Set(),
  http2: new Set(["nim", "custom"]),
  grpc: new Set(["triton", "nim", "ray-serve", "custom"]),
};

/** Server presets with TLS of their own over HTTP. */
const TLS_SERVERS: ReadonlySet<WrittenModel["server"]> = new Set([
  "vllm",
  "sglang",
  "nim",
  "llama.cpp",
  "custom",
]);

type Hardware = Pick<WrittenModel, "instanceTypes" | "instanceRequirements" | "memory"> & {
  /** The minimum size of the weights, if the number of parameters gives one. */
  readonly weightsGiB?: number;
};

/** GPUs, and a memory that all of them have. */
const hardware = fc.constantFrom<Hardware>(
  { instanceTypes: ["g6.xlarge"] },
  { instanceTypes: ["g6.2xlarge", "g5.2xlarge"], memory: { parameters: "8B" }, weightsGiB: 15 },
  {
    instanceTypes: ["g5.xlarge", "g6.xlarge", "g6e.xlarge"],
    weightsGiB: 13,
    memory: { parameters: "7B", layers: 32, kvHeads: 8, headDim: 128, contextLength: 4096, concurrency: 2 },
  },
  {
    instanceTypes: ["g6.12xlarge", "g5.12xlarge"],
    weightsGiB: 37,
    memory: { parameters: "70B", precision: "int4", tensorParallel: 4, utilization: 0.9 },
  },
  {
    instanceTypes: ["g6.12xlarge"],
    weightsGiB: 26,
    memory: { parameters: "14B", tensorParallel: 2, pipelineParallel: 2, layers: 48 },
  },
  {
    instanceTypes: ["p5.48xlarge"],
    weightsGiB: 400,
    memory: { parameters: "405B", precision: "fp8", tensorParallel: 8 },
  },
  {
    instanceTypes: ["g6.*", "g5.*"],
    instanceRequirements: { gpus: { min: 1, max: 4 }, gpuMemory: "22GiB", vcpus: 8, memory: "32GiB" },
  },
);

/** Instances without GPUs, with memory for any {@link weights}. */
const withoutGpus = fc.constantFrom<Hardware>(
  { instanceTypes: ["m7i.24xlarge", "m7a.24xlarge"] },
  { instanceTypes: ["r8g.16xlarge"], memory: { parameters: "500M", contextLength: 512 }, weightsGiB: 1 },
);

/** Sizes that survive the loss of a zone, whatever the zones. */
export const sizes: fc.Arbitrary<WrittenCapacity> = fc
  .record({ min: fc.integer({ min: 3, max: 12 }), more: fc.nat(12) })
  .map(({ min, more }) => ({ min, max: min + more }));

const capacity: fc.Arbitrary<WrittenCapacity> = fc.oneof(
  sizes,
  fc.record({ min: fc.integer({ min: 3, max: 12 }) }),
  fc.record({
    peakRequestsPerMinute: fc.integer({ min: 1, max: 2000 }),
    requestsPerMinutePerInstance: fc.integer({ min: 200, max: 1000 }),
    max: sometimes(fc.integer({ min: 20, max: 30 })),
  }),
  fc.record({
    min: fc.integer({ min: 20, max: 22 }),
    peakRequestsPerMinute: fc.integer({ min: 1, max: 2000 }),
    requestsPerMinutePerInstance: fc.integer({ min: 200, max: 1000 }),
  }),
);

/** No more than the smallest instance of {@link capacity} serves. */
const scaling = fc.record({
  requestsPerMinutePerInstance: fc.integer({ min: 1, max: 200 }),
  scaleIn: sometimes(fc.boolean()),
});

const purchase = fc.oneof(
  fc.constant({}),
  fc.record({
    spot: fc
      .record({
        share: fc.integer({ min: 1, max: 100 }),
        onDemandBase: sometimes(fc.nat(2)),
        strategy: sometimes(fc.constantFrom("capacity-optimized" as const, "lowest-price" as const)),
      })
      .map(compact),
  }),
  fc.record({
    warmPool: fc
      .record({
        state: sometimes(fc.constantFrom("Stopped" as const, "Running" as const)),
        min: sometimes(fc.nat(3)),
        maxPrepared: sometimes(fc.integer({ min: 3, max: 20 })),
        reuse: sometimes(fc.boolean()),
      })
      .map(compact),
  }),
  fc.record({
    capacityReservation: fc.constantFrom<NonNullable<WrittenModel["capacityReservation"]>>(
      {},
      { preference: "none" },
      { preference: "capacity-reservations-first", id: "cr-0123456789abcdef0" },
      { preference: "capacity-reservations-only" },
    ),
  }),
);

const variableName = fc
  .stringMatching(/^[A-Z][A-Z0-9_]{0,8}$/)
  .filter((name) => !/KEY|TOKEN|SECRET|PASS|CRED/.test(name));
/** Anything but NUL: the boot script has to keep quotes, dollars, line ends and other alphabets. */
const words = fc.string({ unit: fc.constantFrom(..."ab $'\"\\{}%\n=-é語"), maxLength: 12 });

const software = fc.record({
  arguments: sometimes(
    fc.array(
      words.map((word) => `--flag=${word}`),
      { maxLength: 3 },
    ),
  ),
  env: sometimes(fc.dictionary(variableName, words, { maxKeys: 3, noNullPrototype: true })),
  command: sometimes(
    fc.array(
      // A first word with = in it would be refused as a variable of a shell.
      words.map((word) => `./x${word}`),
      { minLength: 1, maxLength: 3 },
    ),
  ),
  sharedMemory: sometimes(fc.constantFrom("64MiB", "1.5GiB", "16GiB")),
  stopSignal: sometimes(fc.constantFrom("SIGINT" as const, "SIGRTMIN+3" as const)),
  init: sometimes(fc.boolean()),
});

/** The same software, its image, arguments, variables and command in one `docker run` line. */
function asRun(
  image: string,
  { arguments: words = [], env = {}, command, ...beside }: Partial<Software>,
): Partial<WrittenModel> {
  const options = Object.entries(env).flatMap(([name, value]) => ["-e", `${name}=${value}`]);
  const [entrypoint, ...rest] = command ?? [];
  const line = [
    ...["docker", "run", ...options],
    ...(entrypoint === undefined ? [] : ["--entrypoint", entrypoint]),
    ...[image, ...rest, ...words],
  ];
  return { ...beside, run: line.map(shellQuoted).join(" ") };
}

const volume = fc
  .record({
    size: sometimes(fc.integer({ min: 1200, max: 2000 }).map((gib) => `${gib}GiB`)),
    iops: fc.constant(4000),
    throughput: fc.integer({ min: 125, max: 1000 }),
  })
  .map(compact);

/** Weights that fit into a derived volume, and into memory. */
const weights = fc
  .record({
    // S3 refuses names that begin as those of other alphabets do.
    bucket: fc.stringMatching(/^[a-z][a-z0-9-]{2,12}[a-z0-9]$/).filter((name) => !name.startsWith("xn--")),
    moreGiB: fc.integer({ min: 1, max: 3 }),
    mirrors: sometimes(fc.subarray(["one", "two"])),
    sha256: sometimes(fc.constant("0a".repeat(32))),
  })
  .map(({ bucket, moreGiB, mirrors, sha256 }) =>
    compact({
      uri: `s3://${bucket}/weights/v1/`,
      moreGiB,
      mirrors: mirrors?.map((name) => `s3://${bucket}/${name}/v1/`),
      sha256,
    }),
  );

const readable = fc.constantFrom<NonNullable<WrittenModel["reads"]>>(
  ["s3://streamed/v1/"],
  ["s3://streamed/a/", "s3://streamed/b"],
  ["arn:aws:s3:::streamed/c/*", "arn:aws:s3:::corpus"],
);

/** The server's model, and weights where it has to have them: without NAT no instance reaches the hub. */
function served(
  server: WrittenModel["server"],
  model: string | undefined,
  stored: RawModel["weights"],
  hub: boolean,
): Pick<WrittenModel, "model"> & Pick<RawModel, "weights"> {
  const weights = stored ?? { uri: "s3://models/weights/v1/", moreGiB: 1 };
  switch (server) {
    case "custom":
    case "ray-serve":
      return { weights: stored };
    case "triton":
    case "ollama":
      return { weights };
    case "nim":
      return hub || stored !== undefined ? { model, weights: stored } : {};
    case "llama.cpp":
      return hub && stored === undefined
        ? { model: model ?? "acme/model" }
        : { model: "model.gguf", weights };
    default:
      return hub && stored === undefined ? { model: model ?? "acme/model" } : { model, weights };
  }
}

const mounts = fc.constantFrom<WrittenModel["mounts"]>(
  { "/workspace/output": {} },
  { "/cache": { size: "20GiB" }, "/a folder/b": {} },
);

const files = fc.constantFrom<WrittenModel["files"]>(
  { "/etc/app/config.yaml": { text: ["a: '$", "{b}'\n"].join("") } },
  { "/empty": { text: "" }, "/cache/settings.json": { text: '{"é": "\\\\"}' } },
);

const adapters = fc.constantFrom<NonNullable<WrittenModel["adapters"]>>(
  { sql: "s3://adapters/sql/v1/" },
  {
    "adapter-b": "s3://adapters/b",
    "a.1": { uri: "s3://adapters/a/", mirrors: ["s3://copies/a/"], size: "1GiB" },
  },
);

/** Adapters as a server takes them; absent where it takes none. */
function adaptersFor(server: WrittenModel["server"], given: WrittenModel["adapters"]) {
  if (server === "llama.cpp" && given !== undefined) {
    return { sql: { uri: "s3://adapters/sql/", file: "sql.gguf" } };
  }
  return ["vllm", "sglang", "tgi", "nim", "custom"].includes(server) ? given : undefined;
}

const health = fc
  .record({
    path: sometimes(fc.constantFrom("/healthz", "/ready?deep=1")),
    port: sometimes(fc.constantFrom(8080, 9100)),
    interval: sometimes(seconds(5, 300)),
    share: fc.double({ min: 0.1, max: 0.9, noNaN: true }),
    writesTimeout: fc.boolean(),
    healthyThreshold: sometimes(fc.integer({ min: 2, max: 10 })),
    unhealthyThreshold: sometimes(fc.integer({ min: 2, max: 10 })),
  })
  .map(({ interval, share, writesTimeout, ...others }) => {
    const timeout = Math.min(120, Math.max(2, Math.floor((interval ?? 10) * share)));
    return compact({
      ...others,
      interval: maybeText(interval),
      timeout: writesTimeout ? text(timeout) : undefined,
    });
  });

/** Requests over HTTP, to a port of their own, so that gRPC is none. */
const probe = fc.oneof(
  fc.constant("health" as const),
  fc
    .record({
      path: fc.constantFrom("/v1/embeddings", "/v2/models/a/ready"),
      body: sometimes(words.map((input) => JSON.stringify({ model: "{model}", input }))),
      expect: sometimes(words.filter((text) => text !== "")),
      port: fc.integer({ min: 1024, max: 65_535 }),
      timeout: sometimes(seconds(1, 3600).map(text)),
    })
    .map(compact),
);

/** Valid times: none is shorter than the ones it has to outlast. */
const times = fc
  .record({
    loadTime: seconds(60, 3600),
    longestRequest: seconds(1, 3600),
    silence: sometimes(fc.double({ min: 0, max: 1, noNaN: true })),
    more: fc.record({
      launchHook: sometimes(seconds(0, 3600)),
      gracePeriod: sometimes(seconds(0, 3600)),
      warmUp: sometimes(seconds(0, 3600)),
      drain: sometimes(seconds(0, 3600)),
      serverDrain: sometimes(seconds(0, 600)),
      serverKeepAlive: sometimes(seconds(0, 3600)),
      terminateHook: sometimes(seconds(0, 600)),
      refreshWarmUp: sometimes(seconds(0, 3600)),
      slowStart: sometimes(fc.constantFrom(0, 30, 900)),
    }),
  })
  .map(({ loadTime, longestRequest, silence, more }) => {
    const over = (least: number, extra: number | undefined, most = Number.POSITIVE_INFINITY) =>
      extra === undefined ? undefined : text(Math.min(most, least + extra));
    const serverDrain = longestRequest + (more.serverDrain ?? 0);
    return {
      loadTime: text(loadTime),
      longestRequest: text(longestRequest),
      longestSilence:
        silence === undefined ? undefined : text(Math.max(1, Math.floor(longestRequest * silence))),
      timing: compact({
        launchHook: over(Math.max(30, loadTime + 15), more.launchHook, 7200),
        gracePeriod: over(loadTime, more.gracePeriod),
        warmUp: over(0, more.warmUp),
        drain: over(longestRequest, more.drain, 3600),
        serverDrain: more.serverDrain === undefined ? undefined : text(serverDrain),
        serverKeepAlive: over(4001, more.serverKeepAlive),
        terminateHook: over(serverDrain + 30, more.terminateHook, 7200),
        refreshWarmUp: over(0, more.refreshWarmUp),
        slowStart: maybeText(more.slowStart),
      }),
    };
  });

const rollout = fc.constantFrom<NonNullable<WrittenModel["rollout"]>>(
  {},
  { minHealthy: 90, maxHealthy: 190 },
  { minHealthy: 50 },
  { autoRollback: false, skipMatching: false },
  { checkpoints: [10, 50, 100], checkpointDelay: "30m", alarms: ["too-slow"] },
  { stopOnAlarms: false },
  { stopOnAlarms: false, alarms: ["too-slow"] },
);

const balancing = fc.constantFrom<
  Pick<WrittenModel, "algorithm" | "anomalyMitigation" | "stickiness" | "crossZone" | "targetOptimizer">
>(
  {},
  { algorithm: "round_robin", stickiness: { instance: "1h", variant: "1d" } },
  { algorithm: "weighted_random", anomalyMitigation: true },
  { algorithm: "least_outstanding_requests", crossZone: false },
  { algorithm: "weighted_random", crossZone: true },
  {
    targetOptimizer: {
      maxConcurrency: 8,
      image: "public.ecr.aws/aws-elb/target-optimizer/target-control-agent:1.0",
    },
  },
  {
    algorithm: "round_robin",
    stickiness: { variant: "1h" },
    targetOptimizer: { maxConcurrency: 1, image: "example/agent:1.0", port: 1001, controlPort: 1002 },
  },
  { stickiness: { variant: "7d" } },
);

const healthyTargets = fc.constantFrom<NonNullable<WrittenModel["healthyTargets"]>>(
  {},
  { dnsFailover: "off" },
  { dnsFailover: { count: 1 }, routing: { count: 1 } },
  { dnsFailover: { percentage: 50 }, routing: { percentage: 10 } },
);

const token = fc.stringMatching(/^[a-z][a-z0-9]{0,5}$/);
const someOf = <T>(value: fc.Arbitrary<T>, maxLength: number) =>
  fc.uniqueArray(value, { minLength: 1, maxLength });

/** Routes of every kind of condition, which match only requests for the model of this name. No two are equal. */
function routesOf(model: string): fc.Arbitrary<NonNullable<WrittenModel["routes"]>> {
  const within = (prefix: string, end: string) =>
    someOf(token, 7).map((some) => some.map((each) => `${prefix}${each}${end}`));
  type Route = NonNullable<WrittenModel["routes"]>[number];
  const byKind: {
    readonly [Kind in keyof RouteConditions | "prefix"]-?: readonly fc.Arbitrary<Route>[];
  } = {
    path: [
      within(`/${model}/p-`, "/*").map((path) => ({
        path,
        rewrite: { path: { regex: `^/${model}/`, replace: "/" } },
      })),
    ],
    prefix: [token.map((each) => ({ prefix: `/${model}/pre-${each}` }))],
    method: [within(`/${model}/exact-`, "").map((path) => ({ path, method: ["GET", "POST"] }))],
    pathRegex: [token.map((each) => ({ pathRegex: `^/${model}/re-${each}/[0-9]+$` }))],
    host: [
      within(`${model}.`, ".example.com").map((host) => ({
        host,
        rewrite: { host: { regex: "^.*$", replace: "inner.example.com" } },
      })),
    ],
    hostRegex: [token.map((each) => ({ hostRegex: `^${model}-${each}\\.example\\.com$` }))],
    headers: [
      within("h-", `-${model}`).map((values) => ({ headers: { "x-model": values } })),
      token.map((each) => ({ headers: { "x-tier": `${model}-${each}`, "x-user": "a*" }, method: "POST" })),
    ],
    query: [
      within("q-", `-${model}`).map((values) => ({
        query: values.map((value) => ({ key: "model", value })),
      })),
    ],
    sourceIp: [fc.constant({ path: `/${model}/from-within/*`, sourceIp: ["10.0.0.0/8", "192.168.0.0/16"] })],
  };
  // More general than the others, so none of them gets a written priority.
  const kinds = [...Object.values(byKind).flat(), fc.constant<Route>({ path: `/${model}/*` })];
  return fc
    .subarray([...kinds.keys()], { minLength: 1, maxLength: 3 })
    .chain((chosen) => fc.tuple(...chosen.map((index) => kinds[index] as fc.Arbitrary<Route>)));
}

const publicPaths = fc.constantFrom<NonNullable<WrittenModel["publicPaths"]>>(
  ["preset", "/v1/models/{id}/state"],
  [{ path: "/inference/*", method: ["OPTIONS", "POST"] }, "/version"],
  "every-path-of-the-server",
);

/** The public paths of a model: those of some gRPC services have to be written, and no route may have them for nothing. */
export function publicPathsFor(
  {
    server,
    protocol,
    routes,
    publicPaths: drawn,
  }: Pick<WrittenModel, "server" | "protocol" | "routes" | "publicPaths">,
  isDefault = false,
): WrittenModel["publicPaths"] {
  const narrows =
    routes?.some(({ path, pathRegex }) => path === undefined && pathRegex === undefined) ?? true;
  if (!narrows && !isDefault) {
    return undefined;
  }
  return protocol === "grpc" && server !== "triton" && drawn !== "every-path-of-the-server"
    ? ["/inference.Inference/*"]
    : drawn;
}

const variant = fc.record({
  weight: fc.integer({ min: 1, max: 999 }),
  capacity: sometimes(capacity),
  scaling: sometimes(scaling),
  env: sometimes(fc.constant({ VARIANT: "another" })),
  ami: sometimes(fc.constantFrom({ release: "2" }, {})),
});

const variants = fc.dictionary(
  token,
  variant.map((fields): WrittenVariant => compact(fields)),
  {
    minKeys: 1,
    maxKeys: 3,
    noNullPrototype: true,
  },
);

/** A valid model of this name. */
export function arbitraryModel(name: string, around: ModelSurroundings): fc.Arbitrary<WrittenModel> {
  return fc
    .record({
      server: servers,
      hardware,
      withoutGpus: sometimes(withoutGpus),
      capacity,
      scaling: sometimes(scaling),
      queue: sometimes(fc.integer({ min: 1, max: 20 })),
      purchase,
      software,
      byRun: fc.integer({ min: 0, max: 4 }).map((chance) => chance === 0),
      volume: sometimes(volume),
      weights: sometimes(weights),
      model: sometimes(fc.constantFrom("acme/model", "/models/v2")),
      reads: sometimes(readable),
      adapters: sometimes(adapters),
      mounts: sometimes(mounts),
      files: sometimes(files),
      health,
      times,
      probe: sometimes(probe),
      gpuWatch: sometimes(fc.boolean()),
      rollout: sometimes(rollout),
      balancing,
      healthyTargets: sometimes(healthyTargets),
      targetTls: sometimes(fc.boolean()),
      protocol: sometimes(fc.constantFrom("http2" as const, "grpc" as const)),
      metrics: sometimes(
        fc.constantFrom<WrittenModel["metrics"]>(
          { port: 9400, path: "/metrics" },
          { port: 9400, path: "/metrics", gauges: ["queue:waiting", "busy"] },
          { port: 9400, path: "/metrics", gauges: [] },
        ),
      ),
      routes: sometimes(routesOf(name)),
      publicPaths: sometimes(publicPaths),
      variants: sometimes(variants),
      suspend: sometimes(fc.constantFrom<WrittenModel["suspend"]>(["AZRebalance"], [])),
      maxInstanceLifetime: sometimes(fc.constantFrom("0s", "1d", "30d")),
      port: sometimes(fc.integer({ min: 4000, max: 65_535 })),
      survive: sometimes(fc.constantFrom("zone" as const, "nothing" as const)),
    })
    .map((raw) => assembled(raw, around));
}

type Software = Pick<WrittenModel, "arguments" | "env" | "command" | "sharedMemory" | "stopSignal" | "init">;

type RawModel = Omit<WrittenModel, "image" | "loadTime" | "longestRequest" | "weights"> & {
  readonly hardware: Hardware;
  /** Instead, for a server that works without GPUs. */
  readonly withoutGpus?: Hardware;
  /** The size of the weights beyond the minimum. */
  readonly weights?: Omit<NonNullable<WrittenModel["weights"]>, "size"> & { readonly moreGiB: number };
  readonly purchase: Pick<WrittenModel, "spot" | "warmPool" | "capacityReservation">;
  readonly software: Software;
  /** Whether the software is written as a `docker run` line. */
  readonly byRun: boolean;
  readonly times: Pick<WrittenModel, "loadTime" | "longestRequest" | "longestSilence" | "timing">;
  /** Waiting requests at which the group grows. */
  readonly queue?: number;
  readonly balancing: Pick<
    WrittenModel,
    "algorithm" | "anomalyMitigation" | "stickiness" | "crossZone" | "targetOptimizer"
  >;
};

/** The route by the one method of gRPC, if it has some. */
function postedTo(
  route: NonNullable<WrittenModel["routes"]>[number],
): NonNullable<WrittenModel["routes"]>[number] {
  return route.method === undefined ? route : { ...route, method: "POST" };
}

/** An image of the same name in Amazon ECR. */
function mirrored(image: string): string {
  return image.replace(/^.*\//, "123456789012.dkr.ecr.us-east-1.amazonaws.com/");
}

/** Weights of the minimum size, and some more. */
function sized(
  { moreGiB, ...stored }: NonNullable<RawModel["weights"]>,
  weightsGiB: number,
): WrittenModel["weights"] {
  return { ...stored, size: `${weightsGiB + moreGiB}GiB` };
}

/** Puts the parts together, and leaves out those that exclude one another. */
function assembled(
  raw: Omit<RawModel, "instanceTypes">,
  { https, ecr, fragile, observed }: ModelSurroundings,
): WrittenModel {
  const {
    hardware: gpus,
    withoutGpus: cpus,
    weights: stored,
    purchase: bought,
    software: started,
    byRun,
    times: lengths,
    balancing: balanced,
    queue,
    ...plain
  } = raw;
  const { model, weights: copied } = served(raw.server, raw.model, stored, !ecr);
  const cpuImage = cpus && CPU_IMAGES[raw.server];
  const { weightsGiB = 0, ...instances } = (cpuImage === undefined ? undefined : cpus) ?? gpus;
  const published = cpuImage ?? SERVER_IMAGES[raw.server];
  const image = ecr ? mirrored(published) : published;
  const launched = compact({
    ...started,
    arguments: [
      ...(raw.server === "ray-serve" ? ["serve", "run", "app"] : []),
      ...(started.arguments ?? []),
      ...(raw.reads ?? []).map((address) => `--streamed=${address}`),
    ],
  });
  const steady = balanced.anomalyMitigation === true;
  const custom = raw.server === "custom";
  // A region without NAT would need the agent's image in a registry of its own.
  const targetOptimizer = ecr ? undefined : balanced.targetOptimizer;
  const health =
    targetOptimizer === undefined || raw.health === undefined
      ? raw.health
      : compact({ ...raw.health, port: undefined });
  const protocol = https && raw.protocol && SPEAKERS[raw.protocol].has(raw.server) ? raw.protocol : undefined;
  const speaksTls =
    targetOptimizer !== undefined ||
    (raw.server === "triton" ? protocol === "grpc" : TLS_SERVERS.has(raw.server));
  return compact({
    ...plain,
    ...instances,
    memory:
      raw.server === "tgi" && instances.memory
        ? compact({ ...instances.memory, pipelineParallel: undefined })
        : instances.memory,
    ...compact(bought),
    ...(byRun ? asRun(image, launched) : { ...launched, image }),
    ...lengths,
    ...balanced,
    targetOptimizer,
    ...(observed && queue !== undefined ? growingByQueue(raw, queue) : {}),
    model,
    weights: copied && sized(copied, weightsGiB),
    adapters: adaptersFor(raw.server, raw.adapters),
    protocol,
    routes: protocol === "grpc" ? raw.routes?.map(postedTo) : raw.routes,
    publicPaths: publicPathsFor({ ...raw, protocol }),
    targetTls: speaksTls ? raw.targetTls : undefined,
    port: custom || protocol === "grpc" ? (raw.port ?? 9000) : raw.port,
    health: custom ? { ...health, path: "/healthz" } : health,
    timing:
      balanced.algorithm === "round_robin" && targetOptimizer === undefined
        ? lengths.timing
        : compact({ ...lengths.timing, slowStart: undefined }),
    capacity: steady ? { min: 3, max: 5 } : raw.capacity && compact(raw.capacity),
    variants: steady ? undefined : raw.variants,
    survive: fragile ? undefined : raw.survive,
  });
}

/** A model whose group also scales on a gauge of its server: the preset's, or one in the file. */
function growingByQueue(
  { scaling: expected, metrics }: Pick<RawModel, "scaling" | "metrics">,
  waitingRequestsPerInstance: number,
): Pick<WrittenModel, "scaling" | "metrics"> {
  return {
    scaling: { ...expected, waitingRequestsPerInstance },
    metrics: { ...(metrics ?? { port: 9400, path: "/metrics" }), waiting: "queue:waiting" },
  };
}
