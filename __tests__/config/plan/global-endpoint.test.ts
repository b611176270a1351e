import type { GlobalEndpoint, Region } from "../../../config/plan/deployment";
import { allowedUnhealthyModels } from "../../../config/plan/global-endpoint";
import { valid, validFile, validModel, type WrittenFile } from "../../support/serving-file";

type WrittenGlobalEndpoint = NonNullable<WrittenFile["globalEndpoint"]>;
type WrittenModel = WrittenFile["models"][string];

const NETWORK = { create: { cidr: "10.0.0.0/16" } };

/** Two regions under a global endpoint. */
function file(globalEndpoint: WrittenGlobalEndpoint, more: Partial<WrittenFile> = {}): WrittenFile {
  return {
    ...validFile(),
    regions: { "us-east-1": { network: NETWORK }, "eu-west-1": { network: NETWORK } },
    globalEndpoint,
    ...more,
  };
}

function globalEndpointOf(written: WrittenFile): GlobalEndpoint {
  const { globalEndpoint } = valid(written).deployment;
  if (globalEndpoint === undefined) {
    throw new Error("there is no global endpoint");
  }
  return globalEndpoint;
}

function regionOf(written: WrittenFile): Region {
  const region = valid(written).deployment.regions.find(({ name }) => name === "us-east-1");
  if (region === undefined) {
    throw new Error("there is no us-east-1");
  }
  return region;
}

const latency: WrittenGlobalEndpoint = { routing: "latency" };
const model = (more: Partial<WrittenModel>) =>
  file(latency, { models: { llama: { ...validModel(), ...more } } });

test("a global endpoint is entry.domain itself, over regions by name", () => {
  expect(globalEndpointOf(file(latency))).toMatchObject({
    name: "models.example.com",
    protocol: "https",
    ports: [443, 80],
    hostedZone: { name: "models.example.com" },
    models: ["llama"],
    regions: [
      { name: "eu-west-1", drained: false, weight: 100, dial: 100, hostName: "eu-west-1.models.example.com" },
      { name: "us-east-1", drained: false, hostName: "us-east-1.models.example.com" },
    ],
    health: { interval: 10, failureThreshold: 3, minimumHealthyModels: 1 },
  });
});

test("a global endpoint of failover has its regions in order, without those that are removed", () => {
  const regions = {
    "us-east-1": { network: NETWORK },
    "eu-west-1": { network: NETWORK, traffic: "drained" as const },
    "ca-central-1": { network: NETWORK, traffic: "removed" as const },
  };
  const globalEndpoint = globalEndpointOf(
    file({ routing: "failover", order: ["us-east-1", "eu-west-1"] }, { regions }),
  );
  expect(globalEndpoint.regions.map(({ name, drained }) => [name, drained])).toEqual([
    ["us-east-1", false],
    ["eu-west-1", true],
  ]);
});

test("a global endpoint that does not redirect opens one port", () => {
  expect(
    globalEndpointOf(file(latency, { entry: { ...validFile().entry, redirectHttp: false } })).ports,
  ).toEqual([443]);
});

test("a global endpoint lies in the zone that the deployment names", () => {
  const entry = { ...validFile().entry, hostedZoneId: "Z0123456789EXAMPLE" };
  expect(globalEndpointOf(file(latency, { entry })).hostedZone).toEqual({ id: "Z0123456789EXAMPLE" });
});

describe("a certificate for the global endpoint", () => {
  const arn = (region: string) => `arn:aws:acm:${region}:123456789012:certificate/1`;
  const withArnIn = (...regions: readonly string[]) =>
    file(latency, {
      regions: Object.fromEntries(
        ["us-east-1", "eu-west-1"].map((region) => [
          region,
          {
            network: NETWORK,
            ...(regions.includes(region) && { entry: { certificateArn: arn(region) } }),
          },
        ]),
      ),
    });

  test("is made in each region that makes its own", () => {
    expect(regionOf(file(latency)).globalEndpoint?.certifiedName).toBe("models.example.com");
    expect(regionOf(withArnIn("us-east-1")).globalEndpoint?.certifiedName).toBeUndefined();
  });

  test("has to be proved while any region makes one", () => {
    expect(globalEndpointOf(withArnIn("us-east-1")).certified).toBe(true);
    expect(globalEndpointOf(withArnIn("us-east-1", "eu-west-1")).certified).toBe(false);
  });
});

describe("what a region's health is made of", () => {
  test("a request through the load balancer, and the instances of the variant with the highest weight", () => {
    expect(regionOf(file(latency)).globalEndpoint?.models).toMatchObject([
      {
        name: "llama",
        healthCheckPath: "/.well-known/health/llama",
        variants: [{ name: "main", leastHealthy: { value: 1 } }],
      },
    ]);
  });

  test.each<[string, WrittenFile]>([
    ["configured not to", file({ routing: "latency", health: { requests: false } })],
    ["internal", file(latency, { entry: { ...validFile().entry, scheme: "internal" } })],
    ["gRPC", model({ image: "vllm/vllm-openai:v0.28.0", protocol: "grpc", arguments: ["--grpc"] })],
    ["HTTP/2", model({ protocol: "http2", server: "sglang", arguments: ["--enable-http2"] })],
    ["another port", model({ health: { port: 9100 } })],
    ["other codes", model({ health: { matcher: "400-499" } })],
    [
      "TLS 1.3",
      file(latency, { entry: { ...validFile().entry, tlsPolicy: "ELBSecurityPolicy-TLS13-1-3-2021-06" } }),
    ],
  ])("instances alone, where Route 53 cannot ask: %s", (_, written) => {
    const { globalEndpoint } = regionOf(written);
    expect(globalEndpoint?.models).toMatchObject([
      { name: "llama", healthCheckPath: undefined, variants: [{ name: "main" }] },
    ]);
    expect(globalEndpoint?.rules).toEqual([]);
    expect(globalEndpoint?.allowsHealthCheckers).toBe(false);
  });

  test.each(["200", "200-399", "200,302"])("a request, where %s means healthy", (matcher) => {
    const written = model({ health: { matcher } });
    expect(regionOf(written).globalEndpoint?.models[0]?.healthCheckPath).toBeDefined();
  });

  test.each(["200,404", "200-499", "399-400", "401"])("none, where %s means healthy", (matcher) => {
    const written = model({ health: { matcher } });
    expect(regionOf(written).globalEndpoint).toMatchObject({
      models: [{ name: "llama", healthCheckPath: undefined }],
      rules: [],
      allowsHealthCheckers: false,
    });
  });

  test("nothing, before an accelerator", () => {
    expect(regionOf(file({ routing: "accelerator" })).globalEndpoint).toMatchObject({
      models: [],
      rules: [],
      allowsHealthCheckers: false,
      accelerated: true,
    });
  });

  describe("with models of which one cannot be health-checked", () => {
    const silent = {
      ...validModel(),
      image: "vllm/vllm-openai:v0.28.0",
      protocol: "grpc" as const,
      arguments: ["--grpc"],
    };
    const models = { llama: validModel(), mistral: validModel(), qwen: silent };
    const withMinimum = (minimumHealthyModels: number) =>
      file({ routing: "latency", minimumHealthyModels }, { models });
    const checkedPathOf = (written: WrittenFile) =>
      regionOf(written).globalEndpoint?.models.flatMap(({ name, healthCheckPath }) =>
        healthCheckPath === undefined ? [] : [name],
      );

    test("requests to the others, while more of them can be checked than may be unhealthy", () => {
      expect(checkedPathOf(withMinimum(2))).toEqual(["llama", "mistral"]);
      expect(regionOf(withMinimum(2)).globalEndpoint).toMatchObject({ allowsHealthCheckers: true });
      expect(globalEndpointOf(withMinimum(2)).timing).toHaveProperty("detection");
    });

    test("instances alone, once all that can be checked may be unhealthy", () => {
      expect(checkedPathOf(withMinimum(1))).toEqual([]);
      expect(regionOf(withMinimum(1)).globalEndpoint).toMatchObject({
        rules: [],
        allowsHealthCheckers: false,
      });
      expect(globalEndpointOf(withMinimum(1)).timing).not.toHaveProperty("detection");
    });
  });

  test("models that the global endpoint's clients count on, and no others", () => {
    const models = { llama: validModel(), whisper: validModel() };
    const { globalEndpoint } = regionOf(file({ routing: "latency", models: ["whisper"] }, { models }));
    expect(globalEndpoint?.models.map(({ name }) => name)).toEqual(["whisper"]);
    expect(globalEndpoint?.rules.map(({ id }) => id)).toEqual(["whisper"]);
  });

  test("the variants that get most, never one on trial", () => {
    const variants = (weights: Readonly<Record<string, number>>) =>
      regionOf(
        model({
          variants: Object.fromEntries(Object.entries(weights).map(([name, weight]) => [name, { weight }])),
        }),
      ).globalEndpoint?.models[0]?.variants.map(({ name }) => name);
    expect(variants({ stable: 95, canary: 5 })).toEqual(["stable"]);
    expect(variants({ blue: 50, green: 50, idle: 0 })).toEqual(["blue", "green"]);
  });

  describe("how many instances", () => {
    const demand = { peakRequestsPerMinute: 600, requestsPerMinutePerInstance: 100 };
    const least = (more: Partial<WrittenModel>) =>
      regionOf(model({ capacity: demand, scaling: {}, ...more })).globalEndpoint?.models[0]?.variants[0]
        ?.leastHealthy;

    test("one, when the others are not sized to take over", () => {
      expect(least({})).toMatchObject({ value: 1, rule: expect.stringContaining("not sized") });
    });

    test("what the peak needs, when they are", () => {
      expect(least({ survive: "region" })).toMatchObject({ value: 6, inputs: { need: 6 } });
    });

    test("one, when each node counts its own zone", () => {
      expect(least({ survive: "region", crossZone: false })).toMatchObject({
        value: 1,
        rule: expect.stringContaining("its own zone"),
      });
    });
  });

  test("health checkers are allowed in addition to clients, unless everyone is", () => {
    expect(regionOf(file(latency)).globalEndpoint?.allowsHealthCheckers).toBe(true);
    const entry = { ...validFile().entry, allow: "anyone-on-the-internet" as const };
    expect(regionOf(file(latency, { entry })).globalEndpoint?.allowsHealthCheckers).toBe(false);
  });
});

test.each([
  [3, undefined, 0],
  [3, 3, 0],
  [3, 1, 2],
  [2, 3, 0],
])("of %i models with a minimum of %p, %i may be out", (counted, minimum, spare) => {
  expect(allowedUnhealthyModels(counted, minimum)).toBe(spare);
});

describe("rules for health", () => {
  const routes = [{ path: "/llama/*" }, { headers: { "x-model": "llama" } }, { path: "/a", priority: 1261 }];
  const plain = regionOf({ ...model({ routes }), globalEndpoint: undefined });
  const withGlobalEndpoint = regionOf(model({ routes }));

  test("forward one request to the health check path of the server", () => {
    expect(withGlobalEndpoint.globalEndpoint?.rules).toMatchObject([
      {
        model: "llama",
        conditions: {
          host: ["us-east-1.models.example.com"],
          path: ["/.well-known/health/llama"],
          method: ["GET"],
        },
        rewrite: { path: { regex: "^.*$", replace: "/health" } },
      },
    ]);
  });

  test("move none of the routes' rules, and take no number of theirs", () => {
    expect(withGlobalEndpoint.rules).toEqual(plain.rules);
    const numbers = [...withGlobalEndpoint.rules, ...(withGlobalEndpoint.globalEndpoint?.rules ?? [])].map(
      ({ priority }) => priority,
    );
    expect(numbers.length).toBeGreaterThanOrEqual(4);
    expect(new Set(numbers).size).toBe(numbers.length);
  });

  test("are evaluated before any route without a number of its own", () => {
    const [health] = withGlobalEndpoint.globalEndpoint?.rules ?? [];
    const derived = withGlobalEndpoint.rules
      .map(({ priority }) => priority)
      .filter((priority) => priority !== 1261);
    expect(health?.priority).toBeGreaterThanOrEqual(1000);
    expect(Math.min(...derived)).toBeGreaterThan(health?.priority ?? Number.NaN);
  });
});

describe("a zone leaves DNS", () => {
  const threshold = (
    globalEndpoint: WrittenGlobalEndpoint,
    healthyTargets?: WrittenModel["healthyTargets"],
  ) =>
    regionOf(file(globalEndpoint, { models: { llama: { ...validModel(), healthyTargets } } })).models[0]
      ?.dnsFailover;

  test("with its last healthy instance by default", () => {
    expect(threshold(latency)).toEqual({ count: 1 });
    expect(threshold(latency, { dnsFailover: "off" })).toBe("off");
  });

  test("never, before an accelerator", () => {
    expect(threshold({ routing: "accelerator" })).toBe("off");
  });
});

describe("a lost region's clients go", () => {
  const demand = { peakRequestsPerMinute: 600, requestsPerMinutePerInstance: 100 };
  const models = { llama: { ...validModel(), capacity: demand, scaling: {}, survive: "region" as const } };
  const instances = (globalEndpoint: WrittenGlobalEndpoint, regions?: WrittenFile["regions"]) =>
    valid(file(globalEndpoint, { models, ...(regions && { regions }) })).deployment.regions.map(
      (region) => region.models[0]?.variants[0]?.capacity.needAfterRegionLoss?.value,
    );

  test("to the others in proportion, or all to the next one in order", () => {
    expect(instances(latency)).toEqual([12, 12]);
    expect(instances({ routing: "failover", order: ["us-east-1", "eu-west-1"] })).toEqual([6, 6]);
  });

  describe("by weight", () => {
    const three = (traffic?: "drained") => ({
      "eu-central-1": { network: NETWORK },
      "eu-west-1": { network: NETWORK, weight: 0 },
      "us-east-1": { network: NETWORK, traffic },
    });

    test("to no region with weight 0 while another has a weight", () => {
      expect(instances({ routing: "weighted" }, three())).toEqual([12, 6, 12]);
    });

    test("to the same ones while one is drained", () => {
      expect(instances({ routing: "weighted" }, three("drained"))).toEqual([12, 6, 12]);
    });
  });
});

describe("how long it takes", () => {
  const slow = { ...validModel(), health: { interval: "30s", unhealthyThreshold: 4 } };

  test("follows from the interval of its requests", () => {
    expect(
      globalEndpointOf(file({ routing: "latency", health: { interval: "30s" } })).timing.failover?.value,
    ).toBe(168);
  });

  test("follows from alarms, where no model is requested", () => {
    const { timing } = globalEndpointOf(file({ routing: "latency", health: { requests: false } }));
    expect(Object.keys(timing)).toEqual(["dnsTtl", "instanceDetection", "alarmDetection", "alarmFailover"]);
  });

  test("follows from alarms, where one region gets no requests", () => {
    const entry = { tlsPolicy: "ELBSecurityPolicy-TLS13-1-3-2021-06" };
    const regions = { "us-east-1": { network: NETWORK }, "eu-west-1": { network: NETWORK, entry } };
    expect(globalEndpointOf(file(latency, { regions })).timing).not.toHaveProperty("failover");
  });

  test("follows from the slowest health check of the models that it goes by, with records", () => {
    const instanceDetection = (
      models: Record<string, WrittenModel>,
      globalEndpoint: WrittenGlobalEndpoint = latency,
    ) => globalEndpointOf(file(globalEndpoint, { models })).timing.instanceDetection?.value;
    expect(instanceDetection({ llama: validModel(), slow })).toBe(120);
    expect(instanceDetection({ llama: validModel(), slow }, { ...latency, models: ["llama"] })).toBeLessThan(
      120,
    );
  });

  test("follows from no health check of a region that is removed", () => {
    const regions = {
      "us-east-1": { network: NETWORK, models: { slow: false as const } },
      "eu-west-1": { network: NETWORK, traffic: "removed" as const },
    };
    const globalEndpoint = { routing: "accelerator" as const, models: ["llama"] };
    const { timing } = globalEndpointOf(
      file(globalEndpoint, { regions, models: { llama: validModel(), slow } }),
    );
    expect(timing.instanceDetection?.value).toBeLessThan(120);
  });

  test("follows from the slowest health check of all models, before an accelerator", () => {
    const { timing } = globalEndpointOf(
      file({ routing: "accelerator", models: ["llama"] }, { models: { llama: validModel(), slow } }),
    );
    expect(timing.failover?.value).toBe(150);
  });
});

test.each([
  ["latency", "us-east-1"],
  ["weighted", "us-east-1"],
  ["accelerator", "us-west-2"],
] as const)(
  "of the topics, a global endpoint by %s notifies those of %s, where CloudWatch has its metrics",
  (routing, region) => {
    const topic = (place: string) => `arn:aws:sns:${place}:123456789012:on-call`;
    const alarms = { topicArns: ["eu-west-1", "us-east-1", "us-west-2"].map(topic) };
    expect(globalEndpointOf(file({ routing }, { alarms })).alarms).toEqual({
      region,
      topicArns: [topic(region)],
    });
  },
);
