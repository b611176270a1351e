import { testRules } from "../../support/rule-cases";

const SERVER = "server: vllm";
const CAPACITY = "capacity: { min: 3, max: 6 }";
const with_ = (fields: string): readonly [string, string] => [CAPACITY, `${CAPACITY}\n    ${fields}`];

describe("a custom server", () => {
  const KEEPS = "probe: health\n    timing: { serverKeepAlive: 2h }";
  testRules([
    {
      name: "of which nothing is known",
      changes: [[SERVER, "server: ▸custom"], with_(KEEPS)],
      expected: [
        "error  models.llama.server  custom-server-incomplete  a custom server's health check is not known; add health.path",
        "error  models.llama.server  custom-server-incomplete  a custom server's port is not known; add port",
      ],
    },
    {
      name: "of which enough is known",
      changes: [[SERVER, "server: custom\n    port: 9000\n    health: { path: /healthz }"], with_(KEEPS)],
      expected: [],
    },
    {
      name: "that speaks gRPC, which has a health check of its own",
      changes: [
        [
          SERVER,
          "server: custom\n    port: 9000\n    protocol: grpc\n    publicPaths: [/inference.Inference/*]\n    routes: [{ headers: { x-model: llama } }]",
        ],
        with_(KEEPS),
      ],
      expected: [],
    },
  ]);
});

describe("the status codes of a health check", () => {
  const matcher = (codes: string, more = ""): readonly [string, string] =>
    with_(`${more}health: { matcher: ${codes} }`);
  /** The image of the first version with --grpc. */
  const WITH_GRPC: readonly [string, string] = ["vllm-openai:v0.28.0", "vllm-openai:v0.28.0"];
  const GRPC =
    "protocol: grpc\n    arguments: [--grpc]\n    probe: health\n    routes: [{ headers: { x-model: llama } }]\n    ";
  const http = (codes: string) =>
    `error  models.llama.health.matcher  malformed-matcher  "${codes}" must be status codes from 200 to 499, such as "200" or "200-209"`;
  testRules([
    ...["200", "200-299", "200,204", "200-204,499"].map((codes) => ({
      name: codes,
      changes: [matcher(`"${codes}"`)],
      expected: [],
    })),
    ...["199", "500", "200-500", "299-200", "200;204", "0200", "200-", "", "200,"].map((codes) => ({
      name: `not ${JSON.stringify(codes)}`,
      changes: [matcher(`▸"${codes}"`)],
      expected: [http(codes)],
    })),
    ...["0", "0-99"].map((codes) => ({
      name: `${codes}, of gRPC`,
      changes: [WITH_GRPC, matcher(`"${codes}"`, GRPC)],
      expected: [],
    })),
    {
      name: "not 200, of gRPC",
      changes: [WITH_GRPC, matcher('▸"200"', GRPC)],
      expected: ["error  models.llama.health.matcher  malformed-matcher"],
    },
  ]);
});

describe("an algorithm", () => {
  const RANDOM = "algorithm: weighted_random";
  testRules([
    {
      name: "that does not know anomalies",
      changes: [with_("anomalyMitigation: ▸true")],
      expected: [
        "error  models.llama.anomalyMitigation  anomaly-mitigation-refused  needs algorithm: weighted_random, not least_outstanding_requests; set it, or remove anomalyMitigation",
      ],
    },
    {
      name: "that knows anomalies",
      changes: [with_(`${RANDOM}\n    anomalyMitigation: true`)],
      expected: [],
    },
    {
      name: "that knows anomalies, with too few instances",
      changes: [[CAPACITY, `capacity: { min: 2, max: 6 }\n    ${RANDOM}\n    anomalyMitigation: ▸true`]],
      expected: [
        "error  models.llama.anomalyMitigation  anomaly-mitigation-refused  needs 3 healthy instances, and main may shrink to 2 in us-east-1; raise min, or remove it",
      ],
    },
    {
      name: "that knows no stickiness",
      changes: [with_(`${RANDOM}\n    stickiness: { instance: ▸1h }`)],
      expected: [
        "error  models.llama.stickiness.instance  stickiness-refused  AWS does not support stickiness with algorithm: weighted_random; remove one of the two",
      ],
    },
    {
      name: "that knows no stickiness, but to a variant",
      changes: [with_(`${RANDOM}\n    stickiness: { variant: 1h }`)],
      expected: [],
    },
    {
      name: "within each zone, with stickiness",
      changes: [with_("crossZone: false\n    stickiness: { instance: ▸1h }")],
      expected: [
        "error  models.llama.stickiness.instance  stickiness-refused  AWS does not support stickiness with crossZone: false; remove one of the two",
      ],
    },
    {
      name: "over all zones, with stickiness",
      changes: [with_("crossZone: true\n    stickiness: { instance: 1h }")],
      expected: [],
    },
    { name: "with stickiness", changes: [with_("stickiness: { instance: 1h }")], expected: [] },
  ]);
});

describe("stickiness to an instance", () => {
  const VARIANTS = "variants: { stable: { weight: 90 }, canary: { weight: 10 } }";
  testRules([
    {
      name: "among several variants",
      changes: [with_(`${VARIANTS}\n    stickiness: { instance: ▸1h }`)],
      expected: [
        "error  models.llama.stickiness.instance  stickiness-without-variant  a client cannot come back to its instance while each request may go to another variant; add stickiness.variant",
      ],
    },
    {
      name: "and to a variant, among several",
      changes: [with_(`${VARIANTS}\n    stickiness: { instance: 1h, variant: 1h }`)],
      expected: [],
    },
  ]);
});

describe("healthy targets", () => {
  const healthy = (fields: string) => with_(`healthyTargets: { ${fields} }`);
  const failover = (field: string, count: number, open: number) =>
    `error  models.llama.healthyTargets.dnsFailover.${field}  dns-failover-below-routing  ${count} must be at least routing.${field}, ${open}: a zone must leave DNS before its load balancer ignores health`;
  testRules([
    {
      name: "fewer for DNS than for routing",
      changes: [
        healthy("dnsFailover: { count: ▸1, percentage: ▸10 }, routing: { count: 2, percentage: 11 }"),
      ],
      expected: [failover("count", 1, 2), failover("percentage", 10, 11)],
    },
    {
      name: "as many for DNS as for routing",
      changes: [healthy("dnsFailover: { count: 2, percentage: 10 }, routing: { count: 2, percentage: 10 }")],
      expected: [],
    },
    {
      name: "one for DNS when nothing is said, and more for routing",
      changes: [healthy("dnsFailover: ▸{}, routing: { count: 2 }")],
      expected: [failover("count", 1, 2).replace("dnsFailover.count", "dnsFailover")],
    },
    {
      name: "a share for DNS, and a number for routing",
      changes: [healthy("dnsFailover: { percentage: 10 }, routing: { count: 2 }")],
      expected: [],
    },
    { name: "never for DNS", changes: [healthy("dnsFailover: off, routing: { count: 2 }")], expected: [] },
    {
      name: "more than there may be",
      changes: [healthy("dnsFailover: { count: ▸5 }, routing: { count: ▸4 }")],
      expected: [
        "error  models.llama.healthyTargets.dnsFailover.count  healthy-count-unreachable  5 healthy instances are more than the 3 to which main may shrink in us-east-1; use 3 or fewer",
        "error  models.llama.healthyTargets.routing.count  healthy-count-unreachable",
      ],
    },
    {
      name: "as many as there are",
      changes: [healthy("dnsFailover: { count: 3 }, routing: { count: 3 }")],
      expected: [],
    },
  ]);
});

describe("the protocol of a model", () => {
  const PLAIN: readonly [string, string] = ["domain: models.example.com", "protocol: unencrypted-http"];
  const SGLANG: readonly [string, string] = [
    SERVER,
    "server: sglang\n    arguments: [--enable-http2, --grpc-mode]",
  ];
  testRules([
    ...["http2", "grpc"].map((protocol) => ({
      name: `${protocol}, with plain HTTP at the entry`,
      changes: [
        PLAIN,
        SGLANG,
        with_(`probe: health\n    protocol: ▸${protocol}\n    routes: [{ headers: { x-model: llama } }]`),
      ],
      expected: [
        `error  models.llama.protocol  protocol-needs-https  ${protocol} needs HTTPS at the entry, and us-east-1 has unencrypted-http; use https, or http1`,
      ],
    })),
    { name: "http1, with plain HTTP at the entry", changes: [PLAIN, with_("protocol: http1")], expected: [] },
    { name: "http2, with HTTPS at the entry", changes: [SGLANG, with_("protocol: http2")], expected: [] },
  ]);
});

describe("where metrics are", () => {
  const metrics = (length: number) => with_(`metrics: { port: 9000, path: ▸/${"m".repeat(length - 1)} }`);
  testRules([
    {
      name: "longer than a tag",
      changes: [metrics(257)],
      expected: [
        "error  models.llama.metrics.path  metrics-path-too-long  has 257 characters; instances are tagged with it, and a tag takes 256",
      ],
    },
    { name: "as long as a tag", changes: [metrics(256)], expected: [] },
  ]);
});
