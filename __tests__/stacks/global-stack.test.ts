import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { DataAwsRoute53Zone } from "@cdktf/provider-aws/lib/data-aws-route53-zone";
import { GlobalacceleratorAccelerator } from "@cdktf/provider-aws/lib/globalaccelerator-accelerator";
import { GlobalacceleratorEndpointGroup } from "@cdktf/provider-aws/lib/globalaccelerator-endpoint-group";
import { GlobalacceleratorListener } from "@cdktf/provider-aws/lib/globalaccelerator-listener";
import { Route53HealthCheck } from "@cdktf/provider-aws/lib/route53-health-check";
import { Route53Record } from "@cdktf/provider-aws/lib/route53-record";
import { DataTerraformRemoteStateS3 } from "cdktf";
import { globalEndpointFile } from "../support/global-endpoint-file";
import { valid, validFile, validModel, type WrittenFile } from "../support/serving-file";
import { type Json, resourcesOf, synthesized, synthesizedTexts } from "../support/synthesis";
import "cdktf/lib/testing/adapters/jest";

const globalOf = (file: WrittenFile): string => synthesizedTexts(valid(file).deployment).global ?? "";

/** The records of a name by their set identifiers, or `only`. */
function recordsOf(text: string, name: string, type = "A"): Readonly<Record<string, Json>> {
  const records = Object.values<Json>(JSON.parse(text).resource.aws_route53_record);
  return Object.fromEntries(
    records
      .filter((record) => record.name === name && record.type === type)
      .map((record) => [record.set_identifier ?? "only", record]),
  );
}

/** All orders of some things. */
function permutations<T>(things: readonly T[]): readonly (readonly T[])[] {
  return things.length < 2
    ? [things]
    : things.flatMap((first, place) =>
        permutations(things.filter((_, other) => other !== place)).map((rest) => [first, ...rest]),
      );
}

const fqdn = (address: string) => `\${aws_route53_record.${address}.fqdn}`;
const instancesOf = (region: string) =>
  `\${aws_route53_health_check.global-endpoint_health_${region}_instances.id}`;
const requestsOf = (region: string) =>
  `\${aws_route53_health_check.global-endpoint_health_${region}_requests.id}`;
const outputOf = (region: string, output: string) =>
  `\${data.terraform_remote_state.deployed_${region}.outputs.${output}}`;

describe("a global endpoint by latency", () => {
  const text = globalOf(globalEndpointFile({ routing: "latency" }));

  it("is in the region with the metrics of Route 53, and keeps a state of its own", () => {
    expect(JSON.parse(text).provider.aws[0]).toMatchObject({ region: "us-east-1" });
    expect(JSON.parse(text).provider.aws[0]).not.toHaveProperty("alias");
    expect(JSON.parse(text).terraform.backend.s3).toMatchObject({
      key: "global.tfstate",
      use_lockfile: true,
    });
  });

  it("reads the outputs of the regions from their states, without credentials", () => {
    expect(JSON.parse(text).data.terraform_remote_state["deployed_eu-west-1"]).toMatchObject({
      backend: "s3",
      config: { bucket: "example-chat-tfstate", region: "us-east-1", key: "eu-west-1.tfstate" },
    });
    expect(text).toHaveDataSource(DataTerraformRemoteStateS3);
  });

  it("has a plain name that points to the records that choose", () => {
    expect(recordsOf(text, "models.example.com")).toEqual({
      only: expect.objectContaining({
        alias: {
          name: fqdn("global-endpoint_latency_eu-west-1_a"),
          zone_id: `\${data.aws_route53_zone.zone.zone_id}`,
          evaluate_target_health: true,
        },
      }),
    });
  });

  it("changes that name only after the records it points to are created, and destroys the old ones after that", () => {
    expect(recordsOf(text, "models.example.com").only.depends_on).toEqual(
      expect.arrayContaining([
        "aws_route53_record.global-endpoint_latency_eu-west-1_a",
        "aws_route53_record.global-endpoint_latency_us-east-1_a",
      ]),
    );
  });

  it("chooses the nearest region in which enough instances are healthy", () => {
    const choices = recordsOf(text, "_latency.models.example.com");
    expect(Object.keys(choices)).toEqual(["eu-west-1", "us-east-1"]);
    expect(choices["eu-west-1"]).toMatchObject({
      latency_routing_policy: { region: "eu-west-1" },
      health_check_id: instancesOf("eu-west-1"),
      alias: { name: fqdn("global-endpoint_entry_eu-west-1_a"), evaluate_target_health: true },
    });
  });

  it("and that answers, whatever the health of its load balancer's target groups", () => {
    expect(recordsOf(text, "_eu-west-1.models.example.com")).toEqual({
      "eu-west-1": expect.objectContaining({
        health_check_id: requestsOf("eu-west-1"),
        weighted_routing_policy: { weight: 1 },
        alias: {
          name: outputOf("eu-west-1", "alb_dns_name"),
          zone_id: outputOf("eu-west-1", "alb_zone_id"),
          evaluate_target_health: false,
        },
      }),
    });
  });

  it("has no IPv6 where its regions have none", () => {
    expect(recordsOf(text, "models.example.com", "AAAA")).toEqual({});
  });

  it("looks its zone up by name", () => {
    expect(text).toHaveDataSourceWithProperties(DataAwsRoute53Zone, { name: "models.example.com" });
  });

  it("outputs the URLs for clients, and the health checks that decide", () => {
    expect(JSON.parse(text).output).toMatchObject({
      endpoint: { value: "https://models.example.com" },
      model_urls: { value: { llama: "https://models.example.com/llama/" } },
      health_checks: {
        value: { "us-east-1": { instances: instancesOf("us-east-1"), requests: requestsOf("us-east-1") } },
      },
    });
  });

  it.each([
    ["instances", instancesOf("us-east-1")],
    ["requests", requestsOf("us-east-1")],
  ])("notifies somebody when a region is taken out by its %s", (what, healthCheck) => {
    expect(text).toHaveResourceWithProperties(CloudwatchMetricAlarm, {
      alarm_name: `chat.global-endpoint.us-east-1-${what}-out-of-service`,
      dimensions: { HealthCheckId: healthCheck },
      alarm_actions: [`\${aws_sns_topic.alarms_topic.arn}`],
    });
  });
});

describe("models by host", () => {
  const ARN = { certificateArn: "arn:aws:acm:us-east-1:123456789012:certificate/1" };
  const written = globalEndpointFile(
    { routing: "latency" },
    { "us-east-1": { entry: ARN } },
    {
      models: {
        shared: { ...validModel(), routes: [{ host: "models.example.com", path: "/a/*" }] },
        either: { ...validModel(), routes: [{ host: ["*.example.com", "b.example.com"], path: "/b/*" }] },
        other: { ...validModel(), routes: [{ host: "c.example.com" }] },
        nowhere: { ...validModel(), routes: [{ host: "*.example.org" }] },
      },
    },
  );

  it.each([
    ["global", "https://models.example.com/b/"],
    ["us-east-1", "https://us-east-1.models.example.com/b/"],
  ])("have URLs that their routes answer, in %s", (stack, either) => {
    const { output } = synthesized(valid(written).deployment)[stack];
    expect(output.model_urls.value).toEqual({
      shared: "https://models.example.com/a/",
      either,
      other: "https://c.example.com",
    });
  });
});

describe("the health of a region", () => {
  const qwen = { ...validModel(), protocol: "grpc" as const, arguments: ["--grpc"] };
  const models = { llama: validModel(), qwen };
  const text = globalOf(globalEndpointFile({ routing: "latency" }, undefined, { models }));
  const checks = JSON.parse(text).resource.aws_route53_health_check;
  const at = (region: string, rest: string) => checks[`global-endpoint_health_${region}_${rest}`];
  const id = (rest: string) => `\${aws_route53_health_check.global-endpoint_health_us-east-1_${rest}.id}`;

  it("is health-checked through the load balancer of the region itself, from three places", () => {
    expect(text).toHaveResourceWithProperties(Route53HealthCheck, {
      type: "HTTPS",
      fqdn: "us-east-1.models.example.com",
      port: 443,
      resource_path: "/.well-known/health/llama",
      enable_sni: true,
      request_interval: 10,
      failure_threshold: 3,
      regions: ["ap-southeast-1", "eu-west-1", "us-east-1"],
      tags: { Name: "chat us-east-1 llama requests" },
    });
  });

  it("follows the region's alarm on healthy instances, and is updated when that changes", () => {
    expect(at("eu-west-1", "model_llama_instances_main")).toMatchObject({
      type: "CLOUDWATCH_METRIC",
      cloudwatch_alarm_name: outputOf("eu-west-1", 'global_endpoint_alarms["llama--main"].name'),
      cloudwatch_alarm_region: "eu-west-1",
      triggers: { watches: outputOf("eu-west-1", 'global_endpoint_alarms["llama--main"].watches') },
    });
  });

  it("keeps its last status while CloudWatch has no data, and is unhealthy if there are no request health checks", () => {
    expect(at("us-east-1", "model_llama_instances_main").insufficient_data_health_status).toBe(
      "LastKnownStatus",
    );
    expect(at("us-east-1", "model_qwen_instances_main").insufficient_data_health_status).toBe("Unhealthy");
  });

  it("requires an answer of all models that can be health-checked, and enough instances of all models", () => {
    expect(at("us-east-1", "requests")).toMatchObject({
      type: "CALCULATED",
      child_healthchecks: [id("model_llama_requests")],
      child_health_threshold: 1,
    });
    expect(at("us-east-1", "instances")).toMatchObject({
      type: "CALCULATED",
      child_healthchecks: [id("model_llama_instances_main"), id("model_qwen_instances_main")],
      child_health_threshold: 2,
    });
  });

  it("has no calculated check watch another, which Route 53 refuses", () => {
    const calculated = Object.keys(checks).filter((name) => checks[name].type === "CALCULATED");
    const watched = calculated.flatMap((name) => checks[name].child_healthchecks).join(" ");
    expect(calculated.filter((name) => watched.includes(`.${name}.id`))).toEqual([]);
    expect(calculated).toHaveLength(4);
  });

  it("allows as many models to be out as the file states, health-checked as often as the file states", () => {
    const three = { ...models, mistral: validModel() };
    const less = globalOf(
      globalEndpointFile(
        { routing: "latency", minimumHealthyModels: 2, health: { interval: "30s", failureThreshold: 2 } },
        undefined,
        { models: three },
      ),
    );
    expect(less).toHaveResourceWithProperties(Route53HealthCheck, {
      tags: { Name: "chat us-east-1 instances" },
      child_health_threshold: 2,
    });
    expect(less).toHaveResourceWithProperties(Route53HealthCheck, {
      tags: { Name: "chat us-east-1 requests" },
      child_health_threshold: 1,
    });
    expect(less).toHaveResourceWithProperties(Route53HealthCheck, {
      type: "HTTPS",
      request_interval: 30,
      failure_threshold: 2,
    });
  });

  describe("if every model that can be health-checked may be out", () => {
    const less = globalOf(
      globalEndpointFile({ routing: "latency", minimumHealthyModels: 1 }, undefined, { models }),
    );

    it("depends on instances alone", () => {
      const names = Object.keys(JSON.parse(less).resource.aws_route53_health_check);
      expect(names.filter((name) => name.endsWith("_requests"))).toEqual([]);
      const { "us-east-1": entry } = recordsOf(less, "_us-east-1.models.example.com");
      expect(entry.weighted_routing_policy).toEqual({ weight: 1 });
      expect(entry.health_check_id).toBeUndefined();
    });

    it("is unhealthy while CloudWatch has no data: no other check covers the region", () => {
      const counts = Object.values<Json>(JSON.parse(less).resource.aws_route53_health_check).flatMap(
        ({ insufficient_data_health_status }) => insufficient_data_health_status ?? [],
      );
      expect(counts).toEqual(Array(4).fill("Unhealthy"));
    });
  });

  it("does not depend on a variant on trial", () => {
    const trial = { llama: { ...validModel(), variants: { stable: { weight: 95 }, canary: { weight: 5 } } } };
    const names = Object.keys(
      JSON.parse(globalOf(globalEndpointFile({ routing: "latency" }, undefined, { models: trial }))).resource
        .aws_route53_health_check,
    );
    expect(names.filter((name) => name.includes("_instances_"))).toEqual(
      [
        "global-endpoint_health_us-east-1_model_llama_instances_stable",
        "global-endpoint_health_eu-west-1_model_llama_instances_stable",
      ].sort(),
    );
  });

  it("is health-checked over HTTP if clients are served over HTTP", () => {
    const entry = { ...validFile().entry, protocol: "unencrypted-http" as const };
    expect(
      globalOf(globalEndpointFile({ routing: "latency" }, undefined, { entry })),
    ).toHaveResourceWithProperties(Route53HealthCheck, { type: "HTTP", port: 80 });
  });
});

describe("a global endpoint that stops health-checking its regions", () => {
  const checking = synthesizedTexts(valid(globalEndpointFile({ routing: "latency" })).deployment);
  const silent = globalOf(globalEndpointFile({ routing: "latency", health: { requests: false } }));

  it("reads only outputs that the regions had before, so that it may be deployed before them", () => {
    const reads = [
      ...silent.matchAll(/deployed_([a-z0-9-]+)\.outputs\.([a-z_]+)(\[\\"(.+?)\\"\]\.([a-z]+))?/g),
    ];
    expect(reads.length).toBeGreaterThan(3);
    for (const [, region = "", output = "", within, key = "", field = ""] of reads) {
      const { value } = JSON.parse(checking[region] ?? "").output[output];
      expect(within === undefined ? value : value[key][field]).toEqual(expect.any(String));
    }
    expect(reads.some(([, , , within]) => within !== undefined)).toBe(true);
  });
});

describe("a global endpoint by an order", () => {
  const three = { "us-east-1": {}, "eu-west-1": {}, "ca-central-1": {} };
  const order = ["us-east-1", "ca-central-1", "eu-west-1"];
  const text = globalOf(globalEndpointFile({ routing: "failover", order }, three));
  const all = "us-east-1.ca-central-1.eu-west-1._failover.models.example.com";

  it("routes to the first while it is healthy", () => {
    expect(recordsOf(text, "models.example.com").only.alias.name).toBe(
      fqdn("global-endpoint_failover_us-east-1--ca-central-1--eu-west-1_primary_a"),
    );
    expect(recordsOf(text, all)["us-east-1"]).toMatchObject({
      failover_routing_policy: { type: "PRIMARY" },
      health_check_id: instancesOf("us-east-1"),
      alias: { name: fqdn("global-endpoint_entry_us-east-1_a"), evaluate_target_health: true },
    });
  });

  it("and otherwise to the others, in their order", () => {
    expect(recordsOf(text, all)["the others"]).toMatchObject({
      failover_routing_policy: { type: "SECONDARY" },
      alias: {
        name: fqdn("global-endpoint_failover_ca-central-1--eu-west-1_primary_a"),
        evaluate_target_health: true,
      },
    });
    expect(recordsOf(text, "ca-central-1.eu-west-1._failover.models.example.com")).toMatchObject({
      "ca-central-1": { failover_routing_policy: { type: "PRIMARY" } },
      "eu-west-1": {
        failover_routing_policy: { type: "SECONDARY" },
        health_check_id: instancesOf("eu-west-1"),
        alias: { name: fqdn("global-endpoint_entry_eu-west-1_a") },
      },
    });
  });

  it("leaves out a region that is drained", () => {
    const drained = globalOf(
      globalEndpointFile(
        { routing: "failover", order },
        { ...three, "ca-central-1": { traffic: "drained" } },
      ),
    );
    expect(recordsOf(drained, "us-east-1.eu-west-1._failover.models.example.com")).toMatchObject({
      "us-east-1": { failover_routing_policy: { type: "PRIMARY" } },
      "eu-west-1": { failover_routing_policy: { type: "SECONDARY" } },
    });
    expect(recordsOf(drained, all)).toEqual({});
  });

  it("never gives two orders one name, so that both exist while the order changes", () => {
    const recordsByName = permutations(order).map((other) => {
      const { resource } = JSON.parse(
        globalOf(globalEndpointFile({ routing: "failover", order: [...other] }, three)),
      );
      const records = Object.values<Json>(resource.aws_route53_record);
      return records.filter(({ name }) => name.includes("_failover"));
    });
    const meanings = new Map<string, Set<string>>();
    for (const { name, set_identifier, ...meaning } of recordsByName.flat()) {
      const key = `${name} ${set_identifier}`;
      meanings.set(key, (meanings.get(key) ?? new Set()).add(JSON.stringify(meaning)));
    }
    expect(meanings.size).toBe(6 * 2 + 6 * 2);
    expect([...meanings.values()].map(({ size }) => size)).toEqual([...meanings].map(() => 1));
  });

  it("points straight to the only region left", () => {
    const alone = globalOf(
      globalEndpointFile(
        { routing: "failover", order },
        { "us-east-1": { traffic: "removed" }, "eu-west-1": {}, "ca-central-1": { traffic: "drained" } },
      ),
    );
    expect(recordsOf(alone, "models.example.com").only.alias.name).toBe(
      fqdn("global-endpoint_entry_eu-west-1_a"),
    );
  });
});

describe("a global endpoint by weights", () => {
  const text = globalOf(
    globalEndpointFile(
      { routing: "weighted" },
      { "us-east-1": {}, "eu-west-1": { weight: 0 }, "ca-central-1": { weight: 7 } },
    ),
  );

  it("routes to each region by its weight", () => {
    const choices = recordsOf(text, "_weighted.models.example.com");
    const weights = Object.entries(choices).map(([region, record]) => [
      region,
      record.weighted_routing_policy.weight,
      record.health_check_id,
    ]);
    expect(weights).toEqual([
      ["ca-central-1", 7, instancesOf("ca-central-1")],
      ["eu-west-1", 0, instancesOf("eu-west-1")],
      ["us-east-1", 100, instancesOf("us-east-1")],
    ]);
  });
});

describe("a region", () => {
  const europe = (traffic: "drained" | "removed") =>
    globalOf(globalEndpointFile({ routing: "weighted" }, { "us-east-1": {}, "eu-west-1": { traffic } }));

  it("that is drained gets no clients, and is still health-checked", () => {
    const text = europe("drained");
    expect(Object.keys(recordsOf(text, "_weighted.models.example.com"))).toEqual(["us-east-1"]);
    expect(text).toHaveResourceWithProperties(Route53HealthCheck, {
      tags: { Name: "chat eu-west-1 instances" },
    });
    expect(JSON.parse(text).data.terraform_remote_state).toHaveProperty("deployed_eu-west-1");
  });

  it("that is removed is not in the stack any more", () => {
    expect(europe("removed")).not.toContain("eu-west-1.tfstate");
    expect(europe("removed")).not.toContain("chat eu-west-1");
  });
});

describe("from an accelerator to records, and back", () => {
  const [records, accelerator] = (["latency", "accelerator"] as const).map((routing) =>
    JSON.parse(globalOf(globalEndpointFile({ routing }, undefined, { tags: { team: "ml" } }))),
  );

  it("all providers stay, so that Terraform can destroy what they made", () => {
    expect(records.provider).toEqual(accelerator.provider);
    expect(records.provider.aws[1]).toEqual({
      alias: "accelerator-metrics",
      region: "us-west-2",
      default_tags: [{ tags: expect.objectContaining({ team: "ml" }) }],
    });
  });

  it("no address changes its region", () => {
    const placed = (stack: Json) =>
      new Map([...resourcesOf(stack)].map(([address, { provider }]) => [address, provider]));
    const byRecords = placed(records);
    const both = [...placed(accelerator)].filter(([address]) => byRecords.has(address));
    expect(both.map(([address]) => address)).toContain("aws_route53_record.name_a");
    expect(both.filter(([address, provider]) => provider !== byRecords.get(address))).toEqual([]);
  });
});

describe("with IPv6", () => {
  const entry = { ...validFile().entry, dualStack: true, hostedZoneId: "Z0123456789EXAMPLE" };
  const text = globalOf(globalEndpointFile({ routing: "latency" }, undefined, { entry }));

  it("every A record has an AAAA record", () => {
    const names = (type: string) =>
      Object.values<Json>(JSON.parse(text).resource.aws_route53_record)
        .filter((record) => record.type === type)
        .map(({ name, set_identifier }) => `${name} ${set_identifier}`);
    expect(names("AAAA")).toEqual(names("A"));
    expect(names("A").length).toBeGreaterThan(3);
  });

  it("is in the zone with the id in the file", () => {
    expect(text).toHaveResourceWithProperties(Route53Record, { zone_id: "Z0123456789EXAMPLE" });
    expect(JSON.parse(text).data).not.toHaveProperty("aws_route53_zone");
  });
});

describe("a global endpoint by an accelerator", () => {
  const text = globalOf(
    globalEndpointFile(
      {
        routing: "accelerator",
        accelerator: {
          clientAffinity: "source-ip",
          flowLogs: { bucket: "example-logs", prefix: "global-endpoint" },
        },
      },
      { "us-east-1": { dial: 80 }, "eu-west-1": {}, "ca-central-1": { traffic: "drained", dial: 90 } },
    ),
  );

  it("points the name to the accelerator", () => {
    expect(recordsOf(text, "models.example.com").only.alias).toMatchObject({
      name: `\${aws_globalaccelerator_accelerator.accelerator.dns_name}`,
      zone_id: `\${aws_globalaccelerator_accelerator.accelerator.hosted_zone_id}`,
    });
  });

  it("has the deployment's name, and the settings in the file", () => {
    expect(text).toHaveResourceWithProperties(GlobalacceleratorAccelerator, {
      name: "chat",
      ip_address_type: "IPV4",
      attributes: expect.objectContaining({ flow_logs_s3_bucket: "example-logs" }),
    });
    expect(text).toHaveResourceWithProperties(GlobalacceleratorListener, {
      client_affinity: "SOURCE_IP",
      port_range: [
        { from_port: 80, to_port: 80 },
        { from_port: 443, to_port: 443 },
      ],
    });
  });

  it.each([
    ["us-east-1", 80],
    ["eu-west-1", 100],
    ["ca-central-1", 0],
  ])("sends %s %i per cent of the clients nearest to it", (region, dial) => {
    expect(text).toHaveResourceWithProperties(GlobalacceleratorEndpointGroup, {
      endpoint_group_region: region,
      traffic_dial_percentage: dial,
      endpoint_configuration: [expect.objectContaining({ endpoint_id: outputOf(region, "alb_arn") })],
    });
  });

  describe.each(["us-east-1", "eu-west-1", "ca-central-1"])("notifies somebody when %s", (region) => {
    it("is taken out, whether it is drained or not: a drained one gets clients of one that fails", () => {
      expect(text).toHaveResourceWithProperties(CloudwatchMetricAlarm, {
        alarm_name: `chat.global-endpoint.${region}-out-of-service`,
        alarm_description: expect.stringContaining(`look first at the alarms of ${region},`),
        metric_name: "HealthyEndpointCount",
        dimensions: {
          Accelerator: `\${element(split("/", aws_globalaccelerator_listener.accelerator_listener.id), 1)}`,
          Listener: `\${element(split("/", aws_globalaccelerator_listener.accelerator_listener.id), 3)}`,
          EndpointGroup: region,
        },
        provider: "aws.accelerator-metrics",
        alarm_actions: [`\${aws_sns_topic.accelerator-alarms_topic.arn}`],
      });
    });
  });

  it("notifies the topics in the region with the metrics of accelerators", () => {
    const topic = (region: string) => `arn:aws:sns:${region}:123456789012:on-call`;
    const alarms = { topicArns: [topic("us-east-1"), topic("us-west-2")] };
    expect(
      globalOf(globalEndpointFile({ routing: "accelerator" }, undefined, { alarms })),
    ).toHaveResourceWithProperties(CloudwatchMetricAlarm, {
      alarm_actions: [topic("us-west-2")],
      ok_actions: [topic("us-west-2")],
    });
  });

  it("has no health checks of Route 53", () => {
    expect(JSON.parse(text).resource).not.toHaveProperty("aws_route53_health_check");
  });

  it("outputs its addresses and its endpoint groups", () => {
    expect(Object.keys(JSON.parse(text).output).sort()).toEqual([
      "endpoint",
      "endpoint_groups",
      "model_urls",
      "openai_base_urls",
      "static_addresses",
    ]);
  });
});
