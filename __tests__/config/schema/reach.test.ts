import type { Deployment } from "../../../config/plan/deployment";
import { schemaFields } from "../../support/schema-fields";
import { loadFile, valid, validFile, validModel, type WrittenFile } from "../../support/serving-file";
import { synthesized } from "../../support/synthesis";

/** Fields set in both files that are compared, and then the one that differs. */
interface Change {
  readonly given?: Readonly<Record<string, unknown>>;
  readonly to: unknown;
}

const claim = { format: "single-string", values: ["chat"] };
const jwt = {
  issuer: "https://login.example.com/",
  jwks: "https://login.example.com/keys",
  claims: { NAME: claim },
};
const mtls = { bundle: "s3://example-authorities/clients.pem" };
const oidc = {
  issuer: "https://login.example.com",
  authorizationEndpoint: "https://login.example.com/authorize",
  tokenEndpoint: "https://login.example.com/token",
  userInfoEndpoint: "https://login.example.com/userinfo",
  clientId: "models",
  clientSecretInState: "accepted",
};
const withClaim = {
  "entry.callers": { jwt: { issuer: jwt.issuer, jwks: jwt.jwks } },
  "models.*.callers": { claims: { NAME: claim } },
};
const oneRoute = { "models.*.routes": [{ path: "/llama/*" }] };
const oneRewrite = {
  "models.*.routes": [
    {
      path: "/llama/*",
      rewrite: { path: { regex: "^/a$", replace: "/b" }, host: { regex: "^a$", replace: "b" } },
    },
  ],
};
const existing = {
  "regions.*.network": {
    existing: {
      vpcId: "vpc-0123456789abcdef0",
      albSubnetIds: ["subnet-0aaaaaaaaaaaaaaa1", "subnet-0bbbbbbbbbbbbbbb2", "subnet-0ccccccccccccccc3"],
      instanceSubnetIds: ["subnet-0123456789abcde01", "subnet-0123456789abcde02", "subnet-0123456789abcde03"],
    },
  },
};
const byTags = {
  "regions.*.network": {
    existing: {
      vpcId: "vpc-0123456789abcdef0",
      albSubnetTags: { tier: "public" },
      instanceSubnetTags: { tier: "private" },
      zones: 3,
    },
  },
};
const byRequirements = {
  instanceRequirements: { gpus: { min: 1 }, gpuMemory: "22GiB" },
  instanceTypes: ["g6.*"],
};
const sizedByModel = {
  "models.*.weights": undefined,
  "models.*.model": "acme/llama",
  memory: { parameters: "8B" },
  instanceTypes: ["g6e.xlarge"],
};
const onLlamaCpp = {
  "models.*.server": "llama.cpp",
  image: "ghcr.io/ggml-org/llama.cpp:server-cuda-b10573",
  model: "model.gguf",
};
const GHCR = "ghcr.io/example/vllm-openai:v0.28.0";
const LOGIN = { user: "a", secret: "arn:aws:secretsmanager:us-east-1:123456789012:secret:registry-AbCdEf" };
const roundRobin = { "models.*.algorithm": "round_robin" };
const twoVariants = { "models.*.variants": { blue: { weight: 1 }, green: { weight: 1 } } };
const AGENT = "public.ecr.aws/aws-elb/target-optimizer/target-control-agent";
const optimized = { "models.*.targetOptimizer": { maxConcurrency: 8, image: `${AGENT}:1` } };
const spot = { spot: { share: 50 } };
const warmPool = { warmPool: {} };
const block = {
  "models.*.survive": "nothing",
  instanceTypes: ["p5.48xlarge"],
  capacityBlock: { id: "cr-0123456789abcdef0", zone: "us-east-1a", until: "2027-03-12T11:30:00Z" },
};
const estimated = (typicalRequest: object) => ({
  memory: { parameters: "8B", layers: 32, kvHeads: 8, headDim: 128, contextLength: 8192 },
  capacity: { peakRequestsPerMinute: 600, typicalRequest },
  scaling: {},
});
const scheduled = {
  capacity: { peakRequestsPerMinute: 500, requestsPerMinutePerInstance: 100 },
  schedules: [{ cron: "0 20 * * *", peakRequestsPerMinute: 100 }, { cron: "0 7 * * *" }],
};
const reserved = {
  instanceTypes: ["g6.2xlarge"],
  capacity: { min: 3 },
  capacityReservation: {
    preference: "capacity-reservations-only",
    reservations: ["us-east-1a", "us-east-1b"].map((zone, index) => ({
      id: `cr-0123456789abcdef${index}`,
      zone,
      count: 2,
    })),
  },
};
const checkpoints = { "models.*.rollout.checkpoints": [50, 100] };
const manyInstances = {
  "models.*.capacity": { peakRequestsPerMinute: 100, requestsPerMinutePerInstance: 10 },
  "models.*.scaling": {},
};
const memory = { memory: { parameters: "8B" } };

/** The config.json of a model with so many layers. */
const configOf = (layers: number) =>
  JSON.stringify({
    model_type: "llama",
    num_hidden_layers: layers,
    hidden_size: 4096,
    num_attention_heads: 32,
    num_key_value_heads: 8,
    intermediate_size: 14336,
    vocab_size: 128256,
    max_position_embeddings: 8192,
  });
const thresholds = {
  "models.*.healthyTargets": { dnsFailover: { count: 2, percentage: 50 }, routing: { percentage: 1 } },
};

const TWO_REGIONS = {
  "regions.eu-west-1.network": { create: { cidr: "10.1.0.0/16" } },
  "models.*.instanceTypes": ["g5.2xlarge"],
};
const globalEndpoint = (routing: string, more: object = {}) => ({
  ...TWO_REGIONS,
  globalEndpoint: { routing, ...more },
});
const ACCELERATOR = {
  ...globalEndpoint("accelerator", {
    accelerator: { flowLogs: { bucket: "example-flow-logs", prefix: "globalEndpoint" } },
  }),
};

const waf = { waf: {} };

/** Fields at the entry, of the deployment or of a region. */
const ENTRY: Readonly<Record<string, Change>> = {
  scheme: { to: "internal" },
  protocol: { to: "unencrypted-http" },
  domain: { to: "other.example.com" },
  hostedZone: { to: "example.com" },
  hostedZoneId: { to: "Z0123456789EXAMPLE" },
  certificateArn: { to: "arn:aws:acm:us-east-1:123456789012:certificate/1234" },
  tlsPolicy: { to: "ELBSecurityPolicy-TLS13-1-2-2021-06" },
  redirectHttp: { to: false },
  allow: { to: ["198.51.100.0/24"] },
  "callers.jwt.issuer": { given: { callers: { jwt } }, to: "https://other.example.com/" },
  "callers.jwt.jwks": { given: { callers: { jwt } }, to: "https://other.example.com/keys" },
  "callers.jwt.claims.*.format": { given: { callers: { jwt } }, to: "string-array" },
  "callers.jwt.claims.*.values": { given: { callers: { jwt } }, to: ["embed"] },
  "callers.mtls.bundle": { given: { callers: { mtls } }, to: "s3://example-authorities/other.pem" },
  "callers.mtls.revocations": { given: { callers: { mtls } }, to: ["s3://example-authorities/a.crl"] },
  "callers.oidc.issuer": { given: { callers: { oidc } }, to: "https://other.example.com" },
  "callers.oidc.authorizationEndpoint": { given: { callers: { oidc } }, to: "https://other.example.com/a" },
  "callers.oidc.tokenEndpoint": { given: { callers: { oidc } }, to: "https://other.example.com/t" },
  "callers.oidc.userInfoEndpoint": { given: { callers: { oidc } }, to: "https://other.example.com/u" },
  "callers.oidc.clientId": { given: { callers: { oidc } }, to: "others" },
  "callers.oidc.scope": { given: { callers: { oidc } }, to: "openid email" },
  "callers.oidc.sessionTimeout": { given: { callers: { oidc } }, to: "8h" },
  webAclArn: {
    to: "arn:aws:wafv2:us-east-1:123456789012:regional/webacl/chat/1234abcd-12ab-34cd-56ef-1234567890ab",
  },
  "waf.requestsPerMinute.address": { given: waf, to: 100 },
  "waf.requestsPerMinute.key": { given: waf, to: 100 },
  "waf.block": { given: waf, to: ["Log4JRCE_BODY"] },
  "waf.versions.core": { given: waf, to: "Version_1.22" },
  "waf.versions.knownBadInputs": { given: waf, to: "Version_1.25" },
  "waf.logRetention": { given: waf, to: "30d" },
  default: { to: "llama" },
  idleTimeout: { to: "1h" },
  clientKeepAlive: { to: "2h" },
  dualStack: { to: true },
  deletionProtection: { to: false },
  zonalShift: { to: false },
  dropInvalidHeaders: { to: false },
  desyncMitigation: { to: "strictest" },
  reservedCapacityUnits: { to: 100 },
  "logs.bucket": { to: "example-logs" },
  "logs.prefix": { to: "llama" },
  "logs.retention": { to: "30d" },
  "logs.access": { to: false },
  "logs.connections": { to: false },
};

/** Fields of a model's instances: of the model, a variant, a region's model or a region's variant. */
const INSTANCE: Readonly<Record<string, Change>> = {
  image: { to: "vllm/vllm-openai:v0.18.1" },
  instanceTypes: { to: ["g6e.xlarge"] },
  model: { to: "acme/llama" },
  revision: { given: sizedByModel, to: "abc123" },
  apiKey: { to: "arn:aws:secretsmanager:us-east-1:123456789012:secret:chat-key-AbCdEf" },
  "registry.secret": {
    given: { image: GHCR, registry: LOGIN },
    to: `${LOGIN.secret.replace("registry", "b")}:token::`,
  },
  "registry.user": { given: { image: GHCR, registry: LOGIN }, to: "b" },
  "registry.server": { given: { image: GHCR, registry: LOGIN }, to: "nvcr.io" },
  reads: { to: ["s3://example-weights/streamed/"] },
  run: {
    given: { image: undefined, run: "docker run vllm/vllm-openai:v0.28.0" },
    to: "docker run vllm/vllm-openai:v0.18.1 --enable-prefix-caching",
  },
  command: { to: ["vllm", "serve"] },
  sharedMemory: { to: "16GiB" },
  stopSignal: { to: "SIGINT" },
  init: { to: false },
  arguments: { to: ["--enable-prefix-caching"] },
  "env.*": { to: "1" },
  "secrets.*": { to: "arn:aws:secretsmanager:us-east-1:123456789012:secret:token-AbCdEf" },
  kmsKeyArns: { to: ["arn:aws:kms:us-east-1:123456789012:key/1234"] },
  "weights.uri": { given: { "weights.uri": "s3://example-weights/a/" }, to: "s3://example-weights/b/" },
  "weights.mirrors": {
    given: { "weights.uri": "s3://example-weights/a/" },
    to: ["s3://example-weights-eu/a/"],
  },
  "weights.sha256": { given: { "weights.uri": "s3://example-weights/a/" }, to: "0a".repeat(32) },
  "weights.size": {
    given: { "weights.uri": "s3://example-weights/a/", arguments: ["--cpu-offload-gb", "90"] },
    to: "90GiB",
  },
  "adapters.*": { to: "s3://example-adapters/b/" },
  "adapters.*.uri": {
    given: { "adapters.*": { uri: "s3://example-adapters/a/" } },
    to: "s3://example-adapters/b/",
  },
  "adapters.*.mirrors": {
    given: { "adapters.*": { uri: "s3://example-adapters/a/" } },
    to: ["s3://example-adapters-eu/a/"],
  },
  "adapters.*.sha256": { given: { "adapters.*": { uri: "s3://example-adapters/a/" } }, to: "0a".repeat(32) },
  "adapters.*.size": { given: { "adapters.*": { uri: "s3://example-adapters/a/" } }, to: "90GiB" },
  "adapters.*.file": {
    given: { ...onLlamaCpp, "adapters.*": { uri: "s3://example-adapters/a/", file: "a.gguf" } },
    to: "b.gguf",
  },
  "mounts.*": { to: { size: "1GiB" } },
  "mounts.*.size": { given: { "mounts.*": { size: "1GiB" } }, to: "90GiB" },
  "files.*": { to: { text: "a: 1" } },
  "files.*.text": { given: { "files.*": { text: "a: 1" } }, to: "a: 2" },
  "memory.config.text": {
    given: { ...sizedByModel, memory: { config: { text: configOf(32) } } },
    to: configOf(64),
  },
  "memory.size": { given: sizedByModel, to: "36GiB" },
  "memory.parameters": { given: sizedByModel, to: "14B" },
  "memory.precision": { given: sizedByModel, to: "fp8" },
  "memory.tensorParallel": { given: { ...memory, instanceTypes: ["g6.12xlarge"] }, to: 2 },
  "memory.pipelineParallel": { given: { ...memory, instanceTypes: ["g6.12xlarge"] }, to: 2 },
  "memory.contextLength": { given: memory, to: 4096 },
  "memory.utilization": { given: memory, to: 0.95 },
  "instanceRequirements.gpus.min": { given: byRequirements, to: 2 },
  "instanceRequirements.gpus.max": { given: byRequirements, to: 2 },
  "instanceRequirements.gpuMemory": { given: byRequirements, to: "44GiB" },
  "instanceRequirements.vcpus": { given: byRequirements, to: 8 },
  "instanceRequirements.memory": { given: byRequirements, to: "32GiB" },
  "ami.id": { to: "ami-0123456789abcdef0" },
  "ami.parameterVersion": { to: 42 },
  "ami.release": { to: "autumn" },
  "volume.size": { to: "500GiB" },
  "volume.iops": { to: 4000 },
  "volume.throughput": { to: 600 },
  "volume.kmsKeyArn": { to: "arn:aws:kms:us-east-1:123456789012:key/1234" },
  "capacity.min": { given: { capacity: { min: 3, max: 6 } }, to: 4 },
  "capacity.max": { given: { capacity: { min: 3, max: 6 } }, to: 7 },
  "capacity.peakRequestsPerMinute": {
    given: { capacity: { peakRequestsPerMinute: 100, requestsPerMinutePerInstance: 100 } },
    to: 1000,
  },
  "capacity.requestsPerMinutePerInstance": {
    given: { capacity: { peakRequestsPerMinute: 100, requestsPerMinutePerInstance: 100 } },
    to: 80,
  },
  "schedules.cron": { given: scheduled, to: "0 21 * * *" },
  "schedules.timeZone": { given: scheduled, to: "Europe/Berlin" },
  "schedules.min": { given: scheduled, to: 4 },
  "schedules.max": { given: scheduled, to: 7 },
  "schedules.peakRequestsPerMinute": { given: scheduled, to: 200 },
  "capacity.typicalRequest.promptTokens": {
    given: estimated({ promptTokens: 1500, answerTokens: 300 }),
    to: 3000,
  },
  "capacity.typicalRequest.answerTokens": {
    given: estimated({ promptTokens: 1500, answerTokens: 300 }),
    to: 900,
  },
  "capacity.typicalRequest.duration": { given: estimated({ duration: "20s" }), to: "40s" },
  "scaling.requestsPerMinutePerInstance": { to: 61 },
  "scaling.waitingRequestsPerInstance": { to: 4 },
  "scaling.scaleIn": { given: { "scaling.requestsPerMinutePerInstance": 60 }, to: false },
  "spot.share": { given: spot, to: 60 },
  "spot.onDemandBase": { given: spot, to: 3 },
  "spot.strategy": { given: spot, to: "capacity-optimized" },
  "capacityReservation.preference": { given: { capacityReservation: {} }, to: "none" },
  "capacityReservation.id": { given: { capacityReservation: {} }, to: "cr-0123456789abcdef0" },
  "capacityReservation.resourceGroupArn": {
    given: { capacityReservation: {} },
    to: "arn:aws:resource-groups:us-east-1:123456789012:group/gpus",
  },
  "capacityReservation.reservations.id": { given: reserved, to: "cr-0fedcba9876543210" },
  "capacityReservation.reservations.zone": { given: reserved, to: "us-east-1c" },
  "capacityReservation.reservations.count": { given: reserved, to: 3 },
  "capacityBlock.id": { given: block, to: "cr-0fedcba9876543210" },
  "capacityBlock.zone": { given: block, to: "us-east-1c" },
  "capacityBlock.until": { given: block, to: "2027-04-12T11:30:00Z" },
  "warmPool.state": { given: warmPool, to: "Running" },
  "warmPool.min": { given: warmPool, to: 1 },
  "warmPool.maxPrepared": { given: warmPool, to: 5 },
  "warmPool.reuse": { given: warmPool, to: true },
};

const inAccount = { account: { id: "123456789012" } };

const CHANGES: ReadonlyMap<string, Change> = new Map<string, Change>([
  ["name", { to: "other" }],
  ["account.id", { given: inAccount, to: "210987654321" }],
  ["account.assumeRole", { given: inAccount, to: "arn:aws:iam::123456789012:role/deploy" }],
  ["account.permissionsBoundary", { given: inAccount, to: "arn:aws:iam::123456789012:policy/boundary" }],
  ["account.rolePath", { given: inAccount, to: "/serving/" }],
  ["state.bucket", { to: "example-other-tfstate" }],
  ["state.region", { to: "eu-west-1" }],
  ["state.kmsKeyArn", { to: "arn:aws:kms:us-east-1:123456789012:key/1234" }],
  ["tags.*", { to: "blue" }],
  [
    "survive",
    {
      given: manyInstances,
      to: "nothing",
    },
  ],
  ["globalEndpoint.routing", { given: globalEndpoint("latency"), to: "weighted" }],
  [
    "globalEndpoint.order",
    {
      given: globalEndpoint("failover", { order: ["us-east-1", "eu-west-1"] }),
      to: ["eu-west-1", "us-east-1"],
    },
  ],
  [
    "globalEndpoint.models",
    { given: { ...globalEndpoint("latency"), "models.other": validModel() }, to: ["llama"] },
  ],
  [
    "globalEndpoint.minimumHealthyModels",
    { given: { ...globalEndpoint("latency"), "models.other": validModel() }, to: 1 },
  ],
  ["globalEndpoint.health.interval", { given: globalEndpoint("latency"), to: "30s" }],
  ["globalEndpoint.health.failureThreshold", { given: globalEndpoint("latency"), to: 2 }],
  ["globalEndpoint.health.requests", { given: globalEndpoint("latency"), to: false }],
  ["globalEndpoint.accelerator.clientAffinity", { given: ACCELERATOR, to: "source-ip" }],
  ["globalEndpoint.accelerator.flowLogs.bucket", { given: ACCELERATOR, to: "example-other-logs" }],
  ["globalEndpoint.accelerator.flowLogs.prefix", { given: ACCELERATOR, to: "other" }],
  ["regions.*.traffic", { given: globalEndpoint("latency"), to: "drained" }],
  ["regions.*.weight", { given: globalEndpoint("weighted"), to: 5 }],
  ["regions.*.dial", { given: ACCELERATOR, to: 50 }],
  ["alarms.email", { to: "other@example.com" }],
  ["observability", { to: false }],
  ["regions.*.observability", { to: false }],
  ["observability.logRetention", { to: "7d" }],
  ["observability.kmsKeyArn", { to: "arn:aws:kms:us-east-1:123456789012:key/1234" }],
  ["regions.*.observability.logRetention", { to: "7d" }],
  ["regions.*.observability.kmsKeyArn", { to: "arn:aws:kms:us-east-1:123456789012:key/1234" }],
  ["alarms.scalingActivities", { to: true }],
  ["alarms.topicArns", { to: ["arn:aws:sns:us-east-1:123456789012:on-call"] }],
  ["regions.*.network.create.cidr", { to: "10.9.0.0/16" }],
  ["regions.*.network.create.zones", { to: 2 }],
  [
    "regions.*.network.create.nat",
    { given: { "models.*.image": "123456789012.dkr.ecr.us-east-1.amazonaws.com/vllm:1" }, to: "none" },
  ],
  ["regions.*.network.create.endpoints", { to: true }],
  ["regions.*.network.create.flowLogs", { to: "30d" }],
  [
    "regions.*.network.egress.*.to",
    {
      given: { "regions.*.network.egress.*.port": 6379, "regions.*.network.egress.*.to": "10.20.0.0/16" },
      to: "sg-0123456789abcdef0",
    },
  ],
  [
    "regions.*.network.egress.*.port",
    {
      given: { "regions.*.network.egress.*.port": 6379, "regions.*.network.egress.*.to": "10.20.0.0/16" },
      to: 5432,
    },
  ],
  ["regions.*.network.existing.vpcId", { given: existing, to: "vpc-0fedcba9876543210" }],
  [
    "regions.*.network.existing.albSubnetIds",
    {
      given: existing,
      to: ["subnet-0aaaaaaaaaaaaaaa1", "subnet-0bbbbbbbbbbbbbbb2", "subnet-0ddddddddddddddd4"],
    },
  ],
  [
    "regions.*.network.existing.instanceSubnetIds",
    { given: existing, to: ["subnet-0123456789abcde01", "subnet-0123456789abcde04"] },
  ],
  ["regions.*.network.existing.zones", { given: existing, to: 2 }],
  ["regions.*.network.existing.albSubnetTags.*", { given: byTags, to: "alb" }],
  ["regions.*.network.existing.instanceSubnetTags.*", { given: byTags, to: "instances" }],
  ["regions.*.network.existing.publicAddresses", { given: existing, to: true }],
  ["regions.*.tags.*", { to: "blue" }],
  ["regions.*.vcpuQuotas", { to: false }],
  ["models.*.server", { to: "sglang" }],
  ["models.*.loadTime", { to: "7m" }],
  ["models.*.longestRequest", { to: "6m" }],
  ["models.*.longestSilence", { to: "4m" }],
  ["models.*.port", { to: 8001 }],
  ["models.*.task", { to: "rerank" }],
  ["models.*.protocol", { given: { "models.*.arguments": ["--grpc"] }, to: "grpc" }],
  ["models.*.targetTls", { to: true }],
  ["models.*.health.path", { to: "/ready" }],
  ["models.*.health.port", { to: 9000 }],
  ["models.*.health.interval", { to: "20s" }],
  ["models.*.health.timeout", { to: "4s" }],
  ["models.*.health.healthyThreshold", { to: 4 }],
  ["models.*.health.unhealthyThreshold", { to: 4 }],
  ["models.*.health.matcher", { to: "200-299" }],
  ["models.*.probe.path", { to: "/ask" }],
  ["models.*.probe.body", { given: { "models.*.probe": { path: "/ask" } }, to: '{"a":1}' }],
  ["models.*.probe.expect", { given: { "models.*.probe": { path: "/ask" } }, to: "answer" }],
  ["models.*.probe.port", { given: { "models.*.probe": { path: "/ask" } }, to: 9000 }],
  [
    "models.*.probe.bearer",
    { given: { "models.*.probe": { path: "/ask" }, "models.*.env": { KEY: "k" } }, to: "KEY" },
  ],
  ["models.*.probe.timeout", { given: { "models.*.probe": { path: "/ask" } }, to: "20s" }],
  ["models.*.gpuWatch", { to: false }],
  ["models.*.metrics.port", { given: { "models.*.metrics": { port: 1, path: "/m" } }, to: 2 }],
  [
    "models.*.metrics.gauges",
    { given: { "models.*.metrics": { port: 1, path: "/m", gauges: ["a"] } }, to: ["b"] },
  ],
  [
    "models.*.metrics.waiting",
    { given: { "models.*.metrics": { port: 1, path: "/m", waiting: "a" } }, to: "b" },
  ],
  ["models.*.metrics.path", { given: { "models.*.metrics": { port: 1, path: "/m" } }, to: "/n" }],
  ["models.*.timing.launchHook", { to: "20m" }],
  ["models.*.timing.gracePeriod", { to: "20m" }],
  ["models.*.timing.warmUp", { to: "20m" }],
  ["models.*.timing.slowStart", { given: roundRobin, to: "2m" }],
  ["models.*.timing.drain", { to: "20m" }],
  ["models.*.timing.serverDrain", { to: "20m" }],
  ["models.*.timing.serverKeepAlive", { to: "2h" }],
  ["models.*.timing.terminateHook", { to: "20m" }],
  ["models.*.timing.refreshWarmUp", { to: "20m" }],
  ["models.*.rollout.minHealthy", { to: 90 }],
  ["models.*.rollout.maxHealthy", { to: 190 }],
  ["models.*.rollout.skipMatching", { to: false }],
  ["models.*.rollout.checkpoints", { to: [10, 100] }],
  ["models.*.rollout.checkpointDelay", { given: checkpoints, to: "20m" }],
  ["models.*.rollout.alarms", { to: ["too-slow"] }],
  ["models.*.rollout.stopOnAlarms", { to: false }],
  ["models.*.maxInstanceLifetime", { to: "30d" }],
  ["entry.modelList", { to: false }],
  ["regions.*.entry.modelList", { to: false }],
  ["models.*.suspend", { to: ["AZRebalance"] }],
  ["models.*.algorithm", { to: "weighted_random" }],
  ["models.*.anomalyMitigation", { given: { "models.*.algorithm": "weighted_random" }, to: true }],
  ["models.*.targetOptimizer.maxConcurrency", { given: optimized, to: 9 }],
  ["models.*.targetOptimizer.image", { given: optimized, to: `${AGENT}:2` }],
  ["models.*.targetOptimizer.port", { given: optimized, to: 3002 }],
  ["models.*.targetOptimizer.controlPort", { given: optimized, to: 3002 }],
  ["regions.*.models.*.targetOptimizer.image", { given: optimized, to: `${AGENT}:2` }],
  ["models.*.stickiness.instance", { to: "10m" }],
  ["models.*.stickiness.variant", { given: twoVariants, to: "10m" }],
  ["models.*.crossZone", { to: true }],
  ["models.*.healthyTargets.dnsFailover.count", { given: thresholds, to: 3 }],
  ["models.*.healthyTargets.dnsFailover.percentage", { given: thresholds, to: 60 }],
  ["models.*.healthyTargets.routing.count", { given: thresholds, to: 2 }],
  ["models.*.healthyTargets.routing.percentage", { given: thresholds, to: 2 }],
  [
    "models.*.survive",
    {
      given: manyInstances,
      to: "nothing",
    },
  ],
  ["models.*.variants.*.weight", { given: twoVariants, to: 3 }],
  ["regions.*.models.*.variants.*.weight", { given: twoVariants, to: 3 }],
  [
    "regions.*.models.*.survive",
    {
      given: manyInstances,
      to: "nothing",
    },
  ],
  ["models.*.callers.claims.*.format", { given: withClaim, to: "string-array" }],
  ["models.*.callers.claims.*.values", { given: withClaim, to: ["embed"] }],
  ["models.*.publicPaths", { to: ["preset", "/version"] }],
  ["models.*.routes.prefix", { given: { "models.*.routes": [{ method: "POST" }] }, to: "/other" }],
  ["models.*.routes.path", { given: oneRoute, to: "/other/*" }],
  [
    "models.*.routes.pathRegex",
    { given: { "models.*.routes": [{ method: "POST" }] }, to: "^/llama/[0-9]+$" },
  ],
  ["models.*.routes.host", { given: oneRoute, to: "llama.example.com" }],
  ["models.*.routes.hostRegex", { given: oneRoute, to: "^llama[.]example[.]com$" }],
  ["models.*.routes.headers.*", { given: oneRoute, to: "llama" }],
  ["models.*.routes.method", { given: oneRoute, to: "POST" }],
  [
    "models.*.routes.query.key",
    { given: { "models.*.routes": [{ query: { value: "llama" } }] }, to: "model" },
  ],
  [
    "models.*.routes.query.value",
    { given: { "models.*.routes": [{ query: { value: "llama" } }] }, to: "other" },
  ],
  ["models.*.routes.sourceIp", { given: oneRoute, to: "10.0.0.0/8" }],
  ["models.*.routes.priority", { given: oneRoute, to: 77 }],
  ["models.*.routes.rewrite.path.regex", { given: oneRewrite, to: "^/c$" }],
  ["models.*.routes.rewrite.path.replace", { given: oneRewrite, to: "/c" }],
  ["models.*.routes.rewrite.host.regex", { given: oneRewrite, to: "^c$" }],
  ["models.*.routes.rewrite.host.replace", { given: oneRewrite, to: "c" }],
  ...prefixed("entry.", ENTRY),
  ...prefixed("regions.*.entry.", ENTRY),
  ...["models.*.", "models.*.variants.*.", "regions.*.models.*.", "regions.*.models.*.variants.*."].flatMap(
    (place) => prefixed(place, INSTANCE),
  ),
]);

/**
 * Fields that act on what is found in the file, and not on Terraform: those that only checks read, and accepted
 * warnings, of which __tests__/config/checks/accept.test.ts has a case for each place; and the base, of which
 * __tests__/config/source/over-base.test.ts has them.
 */
const CHECKED_ONLY =
  /\.clientSecretInState$|\.vcpuQuotas\.|\.reservations\.type$|\.rollout\.autoRollback$|\.memory\.(layers|kvHeads|headDim|concurrency|kvPrecision)$|(^|\.)accept(\.|$)|^base$/;

function prefixed(
  place: string,
  changes: Readonly<Record<string, Change>>,
): readonly (readonly [string, Change])[] {
  return Object.entries(changes).map(([field, { given = {}, to }]) => [
    `${place}${field}`,
    {
      given: {
        ...(place.includes("variants") ? { "models.*.variants": { blue: { weight: 1 } } } : {}),
        ...Object.fromEntries(
          Object.entries(given).map(([key, value]) => [
            /^(models|regions)\./.test(key) ? key : `${place}${key}`,
            value,
          ]),
        ),
      },
      to,
    },
  ]);
}

/** A field with the names that `*` stands for, as keys from the root. */
function keysOf(field: string): readonly string[] {
  const names: Readonly<Record<string, string>> = {
    ...{ models: "llama", regions: "us-east-1", variants: "blue" },
    ...{ mounts: "/NAME", files: "/NAME", egress: "redis" },
  };
  return field
    .replace(/\.(routes|reservations|schedules)\./, ".$1.0.")
    .split(".")
    .map((key, index, keys) => (key === "*" ? (names[keys[index - 1] ?? ""] ?? "NAME") : key));
}

function set(file: WrittenFile, field: string, value: unknown): void {
  const keys = keysOf(field);
  const last = keys.at(-1) ?? "";
  let holder = file as Record<string, unknown>;
  for (const key of keys.slice(0, -1)) {
    holder[key] ??= {};
    holder = holder[key] as Record<string, unknown>;
  }
  if (value === undefined) {
    delete holder[last];
  } else {
    holder[last] = structuredClone(value);
  }
}

function fileOf(fields: Readonly<Record<string, unknown>>): WrittenFile {
  const file = validFile();
  for (const [field, value] of Object.entries(fields)) {
    set(file, field, value);
  }
  return file;
}

function deploymentOf(fields: Readonly<Record<string, unknown>>): Deployment {
  return valid(fileOf(fields)).deployment;
}

/** What the files that changes begin with become; most begin with the same one. */
const before = new Map<string, ReturnType<typeof synthesized>>();

function stacksBefore(given: Readonly<Record<string, unknown>>): ReturnType<typeof synthesized> {
  const key = JSON.stringify(given, (_, value) => value ?? null);
  const stacks = before.get(key) ?? synthesized(deploymentOf(given));
  before.set(key, stacks);
  return stacks;
}

/** Places whose fields stand elsewhere too: that they reach the same deployment is enough. */
const OVERRIDE = /^regions\.\*\.(entry|models)\.|^models\.\*\.variants\.\*\./;

describe("every field of serving.yaml", () => {
  it("has a change here, or is for the checks alone", () => {
    expect(schemaFields().filter((field) => !CHANGES.has(field) && !CHECKED_ONLY.test(field))).toEqual([]);
  });

  const fields = [...CHANGES.keys()];

  it.each(fields.filter((field) => !OVERRIDE.test(field)))("%s reaches the Terraform JSON", (field) => {
    const { given = {}, to } = CHANGES.get(field) ?? { to: undefined };
    expect(synthesized(deploymentOf({ ...given, [field]: to }))).not.toEqual(stacksBefore(given));
  });

  it.each(fields.filter((field) => OVERRIDE.test(field)))("%s overrides what stands elsewhere", (field) => {
    const { given = {}, to } = CHANGES.get(field) ?? { to: undefined };
    expect(deploymentOf({ ...given, [field]: to })).not.toEqual(deploymentOf(given));
  });
});

/** Texts close to an ARN, an address or an id that is right. */
function nearMisses(text: string): readonly string[] {
  const [start = ""] = /^.*[/:-]/.exec(text) ?? [];
  const host = (name: string) => text.replace(/\/\/[^/]*/, `//${name}`);
  return [
    ...[`${text}/`, `${text}*`, `${text}\u{1f600}`, `${text} `, text.toUpperCase(), text.slice(0, -1), start],
    ...[`${start}x`, text.replace(/\/[^/]*$/, ""), text.replace(/[^:]*$/, "x/y"), text.padEnd(2000, "x")],
    ...[host("a..b"), host("192.168.0.1"), host("xn--a"), host("")],
  ];
}

/** Values close to one that is right: with a text missed, or an item of a list twice. */
function variationsOf(value: unknown): readonly unknown[] {
  if (typeof value === "string") {
    return /[:/]|^[a-z]+-[0-9a-f]{8,}$/.test(value) ? [...new Set(nearMisses(value))] : [];
  }
  return Array.isArray(value)
    ? [
        [...value, ...value],
        ...value.flatMap((item, index) =>
          variationsOf(item).map((other) => value.map((each, at) => (at === index ? other : each))),
        ),
      ]
    : [];
}

/** Fields with ARNs, addresses and ids, which constructs look at again. */
const NAMING =
  /arn|bundle|revocations|bucket|uri|mirrors|secret|reads|boundary|role|zoneid|apikey|vpcid|subnetids|email|prefix$|jwks|issuer|endpoint|versions|allow|egress/i;

test("nothing close to a right ARN or address is accepted and then stops the synthesis", () => {
  const stopped: string[] = [];
  let accepted = 0;
  for (const [field, { given = {}, to }] of CHANGES) {
    for (const value of NAMING.test(field) && !OVERRIDE.test(field) ? variationsOf(to) : []) {
      const loaded = loadFile(fileOf({ ...given, [field]: value }));
      if (loaded.ok) {
        accepted += 1;
        try {
          expect(Object.values(synthesized(loaded.deployment))).not.toHaveLength(0);
        } catch (thrown) {
          stopped.push(`${field}: ${JSON.stringify(value)}: ${thrown}`);
        }
      }
    }
  }
  expect(stopped).toEqual([]);
  expect(accepted).toBeGreaterThan(50);
});

/** A value with another text in place of one that its ARNs have. */
function replacedInArns(value: unknown, from: string, to: string): unknown {
  const text = JSON.stringify(value).replace(/arn:[^"]*/g, (arn) => arn.replace(from, to));
  return JSON.parse(text);
}

/** Fields whose ARNs are of the account of the deployment. */
const OF_OWN_ACCOUNT = [
  "account.assumeRole",
  "account.permissionsBoundary",
  "entry.certificateArn",
  "entry.webAclArn",
  "regions.*.entry.certificateArn",
  "regions.*.entry.webAclArn",
];

describe("every field with an ARN", () => {
  const fields = [...CHANGES].filter(([, { to }]) => /"arn:/.test(JSON.stringify(to)));
  const codesOf = (fieldsOfFile: Readonly<Record<string, unknown>>): readonly string[] => {
    const loaded = loadFile(fileOf({ account: { id: "123456789012" }, ...fieldsOfFile }));
    return loaded.ok ? [] : loaded.diagnostics.map(({ code }) => code);
  };

  it("refuses another partition", () => {
    const accepted = fields.flatMap(([field, { given = {}, to }]) =>
      codesOf({ ...given, [field]: replacedInArns(to, "arn:aws:", "arn:aws-cn:") }).includes(
        "in-another-partition",
      )
        ? []
        : [field],
    );
    expect(fields.length).toBeGreaterThan(15);
    expect(accepted).toEqual([]);
  });

  it("refuses another account where AWS does, and nowhere else", () => {
    const refused = fields.flatMap(([field, { given = {}, to }]) =>
      codesOf({ ...given, [field]: replacedInArns(to, "123456789012", "210987654321") }).includes(
        "in-another-account",
      )
        ? [field]
        : [],
    );
    expect(refused.sort()).toEqual(OF_OWN_ACCOUNT);
  });
});
