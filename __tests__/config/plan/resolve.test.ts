import type { Region } from "../../../config/plan/deployment";
import type { Model } from "../../../config/plan/model";
import { valid, validFile, validModel, type WrittenFile } from "../../support/serving-file";

type WrittenModel = WrittenFile["models"][string];
type WrittenEntry = WrittenFile["entry"];
type WrittenNetwork = WrittenFile["regions"][string]["network"];

const regionOf = (more: Partial<WrittenFile>) =>
  valid({ ...validFile(), ...more }).deployment.regions[0] as Region;
const entryOf = (entry: Partial<WrittenEntry>) =>
  regionOf({ entry: { ...validFile().entry, ...entry } }).entry;
const modelOf = (model: Partial<WrittenModel>, more: Partial<WrittenFile> = {}) =>
  regionOf({ ...more, models: { llama: { ...validModel(), ...model } } }).models[0] as Model;

describe("an entry", () => {
  test("has everything decided that is not written", () => {
    expect(entryOf({})).toMatchObject({
      ports: [443, 80],
      redirectHttp: true,
      tlsPolicy: "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09",
      certifiedName: "us-east-1.models.example.com",
      hostName: "us-east-1.models.example.com",
      hostedZone: { name: "models.example.com" },
      allowedCidrs: ["203.0.113.0/24"],
      dualStack: false,
      logs: { access: true, connections: true, retentionDays: 90 },
    });
  });

  test.each<[string, Partial<WrittenEntry>, Partial<Region["entry"]>]>([
    ["no redirect", { redirectHttp: false }, { ports: [443], redirectHttp: false }],
    [
      "plain HTTP",
      { protocol: "unencrypted-http" },
      { ports: [80], redirectHttp: false, certifiedName: undefined },
    ],
    [
      "a policy",
      { tlsPolicy: "ELBSecurityPolicy-TLS13-1-3-2021-06" },
      { tlsPolicy: "ELBSecurityPolicy-TLS13-1-3-2021-06" },
    ],
    ["a zone", { hostedZone: "example.com" }, { hostedZone: { name: "example.com" } }],
    [
      "the id of a zone",
      { hostedZoneId: "Z0123456789EXAMPLE" },
      { hostedZone: { id: "Z0123456789EXAMPLE" } },
    ],
    [
      "a certificate",
      { certificateArn: "arn:aws:acm:us-east-1:123456789012:certificate/abc" },
      { certifiedName: undefined, hostName: "us-east-1.models.example.com" },
    ],
    [
      "everyone, by both versions of IP",
      { allow: "anyone-on-the-internet", dualStack: true },
      { allowedCidrs: ["0.0.0.0/0", "::/0"] },
    ],
  ])("goes by %s", (_what, written, decided) => {
    expect(entryOf(written)).toMatchObject(decided);
  });

  test("without a domain has no names", () => {
    const { hostName, certifiedName, hostedZone } = entryOf({
      domain: undefined,
      protocol: "unencrypted-http",
    });
    expect([hostName, certifiedName, hostedZone]).toEqual([undefined, undefined, undefined]);
  });

  test.each<[string, WrittenEntry["logs"], Region["entry"]["logs"]]>([
    [
      "a bucket that is there",
      { bucket: "example-logs", prefix: "alb", connections: false },
      { bucket: "example-logs", prefix: "alb", access: true, connections: false },
    ],
    [
      "one that is made, for so long",
      { retention: "30d" },
      { retentionDays: 30, prefix: undefined, access: true, connections: true },
    ],
    ["nothing", { access: false, connections: false }, undefined],
  ])("logs to %s", (_what, written, decided) => {
    expect(entryOf({ logs: written }).logs).toEqual(decided);
  });
});

describe("a network", () => {
  test.each<[string, WrittenNetwork, Partial<Region["network"]>]>([
    [
      "is made over three zones, with flow logs",
      { create: { cidr: "10.0.0.0/16" } },
      { zones: 3, zoneCount: 3, withEndpoints: false, flowLogDays: 365 },
    ],
    [
      "is made over zones by name, without flow logs",
      { create: { cidr: "10.0.0.0/16", zones: ["us-east-1a", "us-east-1b"], flowLogs: false } },
      { zoneCount: 2, flowLogDays: undefined },
    ],
    [
      "has endpoints where there is no NAT",
      { create: { cidr: "10.0.0.0/16", nat: "none" } },
      { withEndpoints: true },
    ],
    [
      "is found by ids and tags",
      {
        existing: {
          vpcId: "vpc-0123456789abcdef0",
          albSubnetTags: { tier: "public" },
          instanceSubnetIds: ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
        },
      },
      {
        kind: "existing",
        albSubnets: { tags: { tier: "public" } },
        instanceSubnets: { ids: ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"] },
        zoneCount: 2,
      },
    ],
  ])("%s", (_what, written, decided) => {
    const image = "123456789012.dkr.ecr.us-east-1.amazonaws.com/vllm:v0.28.0";
    const { network } = regionOf({
      regions: { "us-east-1": { network: written } },
      models: { llama: { ...validModel(), image } },
    });
    expect(network).toMatchObject(decided);
  });
});

describe("a model", () => {
  test("has everything decided that is not written", () => {
    const model = modelOf({});
    expect(model).toMatchObject({
      server: "vllm",
      protocol: "http1",
      longestRequest: 300,
      longestSilence: 300,
      targetProtocol: "HTTP",
      speaksTls: false,
      algorithm: "least_outstanding_requests",
      anomalyMitigation: false,
      stickiness: {},
      crossZone: "as the load balancer does",
      matcher: "200",
      dnsFailover: { count: 1 },
      unhealthyStateRouting: { count: 1 },
      gpuWatch: true,
      rollout: { checkpoints: undefined, alarms: [] },
      maxInstanceLifetime: 0,
      suspendedProcesses: [],
      survivesZone: true,
      survivesRegion: false,
    });
    expect(model.routes.map(({ path }) => path)).toEqual([["/llama/*"]]);
  });

  test.each<[string, Partial<WrittenModel>, Partial<Model>]>([
    ["the longest silence", { longestSilence: "20s" }, { longestSilence: 20 }],
    [
      "Target Optimizer, which wants another algorithm",
      { targetOptimizer: { maxConcurrency: 4, image: "example.com/agent:1" } },
      { algorithm: "round_robin", targetPort: 3001, healthPort: 3001 },
    ],
    ["TLS, which the server uses itself", { targetTls: true }, { targetProtocol: "HTTPS", speaksTls: true }],
    [
      "TLS, which the agent uses for it",
      { targetTls: true, targetOptimizer: { maxConcurrency: 4, image: "example.com/agent:1" } },
      { targetProtocol: "HTTPS", speaksTls: false },
    ],
    ["zones that are kept apart", { crossZone: false }, { crossZone: false }],
    [
      "a share of healthy instances",
      { healthyTargets: { dnsFailover: { percentage: 50 }, routing: { percentage: 20 } } },
      { dnsFailover: { percentage: 50 }, unhealthyStateRouting: { count: 1, percentage: 20 } },
    ],
    [
      "a share that says nothing",
      { healthyTargets: { dnsFailover: {}, routing: {} } },
      { dnsFailover: { count: 1 }, unhealthyStateRouting: { count: 1 } },
    ],
    [
      "pauses of a refresh, of an hour each",
      { rollout: { checkpoints: [50, 100] } },
      {
        rollout: {
          checkpoints: { percentages: [50, 100], delay: 3600 },
          alarms: [],
        },
      },
    ],
    ["its age", { maxInstanceLifetime: "30d" }, { maxInstanceLifetime: 30 * 86_400 }],
  ])("goes by %s", (_what, written, decided) => {
    expect(modelOf(written)).toMatchObject(decided);
  });

  test("that gets what no route matches needs none", () => {
    expect(modelOf({}, { entry: { ...validFile().entry, default: "llama" } }).routes).toEqual([]);
  });
});

describe("the machine image of a variant", () => {
  test.each<[string, Partial<WrittenModel>, unknown]>([
    ["is the newest of the first day", {}, { architecture: "x86_64", gpus: true, release: "1" }],
    [
      "is that of a word",
      { ami: { release: "may" } },
      { architecture: "x86_64", gpus: true, release: "may" },
    ],
    ["is of a version", { ami: { parameterVersion: 7 } }, { architecture: "x86_64", gpus: true, version: 7 }],
    [
      "is the team's own",
      { ami: { id: "ami-0123456789abcdef0" } },
      { id: "ami-0123456789abcdef0", gpus: true },
    ],
    [
      "is Amazon Linux without GPUs",
      { server: "tei", image: "example/tei:cpu-1.9", instanceTypes: ["m8g.2xlarge"] },
      { architecture: "arm64", gpus: false, release: "1" },
    ],
    [
      "is of the architecture of the instances",
      { instanceTypes: ["g5g.xlarge"], weights: undefined, model: "acme/llama", volume: { size: "100GiB" } },
      { architecture: "arm64", gpus: true, release: "1" },
    ],
  ])("%s", (_what, written, image) => {
    expect(modelOf(written).variants.map(({ machineImage }) => machineImage)).toEqual([image]);
  });
});
