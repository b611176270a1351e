import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { readDeployment, readStacks } from "../../simulation/terraform/read";
import { Resolver, type Stacks, unknownIn } from "../../simulation/terraform/resolve";
import { valid, validFile, validModel, type WrittenFile } from "../support/serving-file";
import { synthesized } from "../support/synthesis";

const SUFFIX = ".tf.json";

/** A text that is one expression of Terraform. */
const ref = (expression: string) => `\${${expression}}`;

/** The stacks of a golden file. */
function golden(name: string): Stacks {
  const folder = path.join("__tests__/golden", name);
  const files = readdirSync(folder).filter((file) => file.endsWith(SUFFIX));
  return Object.fromEntries(
    files.map((file) => [
      file.slice(0, -SUFFIX.length),
      JSON.parse(readFileSync(path.join(folder, file), "utf8")),
    ]),
  );
}

it("reads what serving.yaml becomes", () => {
  const { regions, records, healthChecks } = readDeployment(golden("serving"));
  expect(regions.map(({ name }) => name)).toEqual(["eu-central-1", "us-east-1"]);
  const [, region] = regions;
  expect(region?.loadBalancers[0]).toMatchObject({
    zones: ["us-east-1a", "us-east-1b", "us-east-1c"],
    idleTimeout: 150,
    dropInvalidHeaders: true,
    zonalShift: true,
  });
  const [http, https] = region?.loadBalancers[0]?.listeners ?? [];
  expect(http).toMatchObject({ port: 80, defaultAction: { type: "redirect", status: 301, port: "443" } });
  expect([http?.tls, https?.tls]).toEqual([undefined, { oldest: "1.2", newest: "1.3" }]);
  expect(https?.rules.map(({ priority }) => priority)).toEqual(
    [...(https?.rules ?? [])].map(({ priority }) => priority).sort((a, b) => a - b),
  );
  expect(https?.rules.find(({ address }) => address.includes("rule_qwen-72b"))).toMatchObject({
    conditions: [
      { field: "path", regex: true },
      { field: "method", values: ["GET", "POST"] },
    ],
    pathRewrite: { regex: "^/qwen-72b/(.*)$", replace: "/$1" },
    action: {
      targetGroups: [{ targetGroup: "aws_lb_target_group.model_qwen-72b_main_targets", weight: 100 }],
    },
  });
  expect(region?.targetGroups[1]).toMatchObject({
    algorithm: "least_outstanding_requests",
    deregistrationDelay: 330,
    healthCheck: { path: "/health", interval: 10, timeout: 5, healthyThreshold: 2, unhealthyThreshold: 3 },
  });
  expect(region?.groups[1]).toMatchObject({
    name: "chat.llama-3-8b.stable",
    min: 5,
    max: 8,
    zones: ["us-east-1a", "us-east-1b", "us-east-1c"],
    targetGroups: ["aws_lb_target_group.model_llama-3-8b_stable_targets"],
    elbHealth: true,
    gracePeriod: 380,
    launchHook: { name: "ready", heartbeatTimeout: 720, defaultResult: "ABANDON" },
    terminateHook: { name: "drained", heartbeatTimeout: 360, defaultResult: "CONTINUE" },
    maintenance: { min: 100, max: 120 },
    refresh: {
      alarms: ["chat.llama-3-8b--stable.too-few-healthy", "chat.llama-3-8b--stable.instance-errors"],
    },
    instance: { types: ["g6.2xlarge", "g5.2xlarge"], tags: { model: "llama-3-8b", variant: "stable" } },
    policies: [{ target: 96, scaleIn: true, metric: { returns: "perTarget" } }],
  });
  expect(region?.alarms.map(({ name }) => name)).toContain("chat.llama-3-8b--stable.out-of-service");
  expect(records.find(({ name }) => name === "models.example.com")?.to).toEqual({
    kind: "record",
    name: "_latency.models.example.com",
    evaluateHealth: true,
  });
  expect(records.find(({ name }) => name === "_us-east-1.models.example.com")?.to).toMatchObject({
    kind: "load balancer",
    region: "us-east-1",
    loadBalancer: "aws_lb.entry_alb",
  });
  const watching = healthChecks.filter(({ type }) => type === "alarm");
  expect(watching).toContainEqual(
    expect.objectContaining({ region: "us-east-1", alarm: "chat.llama-3-8b--stable.out-of-service" }),
  );
});

it("says by name what it does not simulate", () => {
  const { notSimulated } = readDeployment(golden("minimal"));
  expect(notSimulated).toContain(
    "us-east-1: aws_cloudwatch_metric_alarm.alarms_load-balancer_rejected-connections watches RejectedConnectionCount of AWS/ApplicationELB by LoadBalancer, which has no values here",
  );
  const stacks: Stacks = {
    other: {
      resource: {
        aws_lb: {
          network: { load_balancer_type: "network" },
          many: { count: 2 },
          own: { subnets: ["subnet-1"] },
        },
        aws_lb_listener: {
          own: {
            load_balancer_arn: ref("aws_lb.own.arn"),
            default_action: [
              { type: "authenticate-oidc", order: 1 },
              { type: "forward", order: 2, target_group_arn: "" },
            ],
          },
          other: { load_balancer_arn: ref("aws_lb.own.arn"), default_action: { type: "authenticate-oidc" } },
        },
        aws_autoscaling_group: {
          own: {
            max_instance_lifetime: 86_400,
            suspended_processes: ["Launch"],
          },
        },
        aws_autoscaling_policy: {
          steps: {
            autoscaling_group_name: ref("aws_autoscaling_group.own.name"),
            policy_type: "StepScaling",
          },
          predictive: {
            autoscaling_group_name: ref("aws_autoscaling_group.own.name"),
            policy_type: "PredictiveScaling",
          },
          off: {
            autoscaling_group_name: ref("aws_autoscaling_group.own.name"),
            ...{ policy_type: "PredictiveScaling", enabled: false },
          },
        },
        aws_lb_target_group: { own: { target_control_port: 3000, load_balancing_anomaly_mitigation: "on" } },
        aws_globalaccelerator_accelerator: { own: {} },
        aws_route53_health_check: { own: { type: "RECOVERY_CONTROL" } },
      },
    },
  };
  expect(readDeployment(stacks).notSimulated).toEqual([
    "other: aws_autoscaling_group.own suspends Launch, which goes on here",
    "other: aws_autoscaling_policy.predictive is of the type PredictiveScaling, which is not simulated",
    "other: aws_autoscaling_policy.steps is invoked by no alarm that is simulated, and does nothing here",
    "other: aws_globalaccelerator_accelerator.own is a Global Accelerator, which is not simulated",
    "other: aws_lb.many is left out: how many there are is not in the JSON",
    "other: aws_lb.network is no Application Load Balancer, and is not simulated",
    "other: aws_lb_listener.other has the action authenticate-oidc, which is not simulated: it lets nobody through here",
    "other: aws_lb_listener.own has the action authenticate-oidc, which is not simulated: it lets nobody through here",
    "other: aws_lb_target_group.own has a target control port, which is not simulated: targets take any number of requests",
    "other: aws_lb_target_group.own has anomaly mitigation, which is not simulated: all targets have the same weight",
    "other: aws_route53_health_check.own is of the type RECOVERY_CONTROL, which is not simulated: it is healthy here",
  ]);
});

it("reads scheduled actions, those that recur and those of one time", () => {
  const of = { autoscaling_group_name: ref("aws_autoscaling_group.own.name"), scheduled_action_name: "s" };
  const actions = {
    night: {
      ...of,
      recurrence: "0 20 * * *",
      time_zone: "Europe/Berlin",
      min_size: 1,
      max_size: -1,
      desired_capacity: -1,
    },
    ends: { ...of, start_time: "2027-03-12T10:45:00Z" },
    unknown: of,
  };
  const { regions, notSimulated } = readDeployment({
    x: {
      resource: {
        aws_lb: { own: {} },
        aws_autoscaling_group: { own: {} },
        aws_autoscaling_schedule: actions,
      },
    },
  });
  expect(regions[0]?.groups[0]?.schedules).toEqual([
    {
      name: "s",
      at: { cron: "0 20 * * *", timeZone: "Europe/Berlin" },
      min: 1,
      max: undefined,
      desired: undefined,
    },
    { name: "s", at: Date.UTC(2027, 2, 12, 10, 45) / 1000, min: 0, max: 0, desired: 0 },
  ]);
  expect(notSimulated).toContain(
    "x: aws_autoscaling_schedule.unknown has no time that the JSON says, and is not simulated",
  );
});

it("reads the stack of the constructs alone, with the defaults of the provider where nothing is written", () => {
  const { regions } = readDeployment(golden("constructs"));
  expect(regions).toMatchObject([
    {
      name: "eu-west-1",
      groups: [{ name: "embeddings" }],
      loadBalancers: [{ idleTimeout: expect.any(Number) }],
    },
  ]);
  const bare = readDeployment({
    x: {
      resource: { aws_lb: { own: {} }, aws_lb_target_group: { own: {} }, aws_autoscaling_group: { own: {} } },
    },
  });
  expect(bare.regions[0]).toMatchObject({
    name: "x",
    loadBalancers: [{ idleTimeout: 60, clientKeepAlive: 3600, forwardedFor: "append" }],
    targetGroups: [
      {
        algorithm: "round_robin",
        deregistrationDelay: 300,
        crossZone: true,
        healthCheck: { interval: 30, timeout: 6, healthyThreshold: 3, unhealthyThreshold: 3, path: "/" },
        routingThreshold: { count: 1, percentage: 0 },
      },
    ],
    groups: [{ gracePeriod: 300, elbHealth: false, terminationPolicies: ["Default"] }],
  });
});

it("reads every condition, and a rule that names its target group alone", () => {
  const stacks: Stacks = {
    x: {
      resource: {
        aws_lb: { own: {} },
        aws_lb_listener: {
          own: {
            load_balancer_arn: ref("aws_lb.own.arn"),
            default_action: {
              type: "fixed-response",
              fixed_response: { content_type: "text/plain", status_code: "404" },
            },
          },
        },
        aws_lb_listener_rule: {
          own: {
            listener_arn: ref("aws_lb_listener.own.arn"),
            priority: 3,
            action: { type: "forward", target_group_arn: ref("aws_lb_target_group.own.arn") },
            condition: [
              { host_header: { values: ["a.example.com"] } },
              { http_header: { http_header_name: "X-Model", regex_values: ["^a"] } },
              { query_string: [{ key: "a", value: "b" }, { value: "c" }] },
              { source_ip: { values: ["10.0.0.0/8"] } },
            ],
            transform: {
              type: "host-header-rewrite",
              host_header_rewrite_config: { rewrite: { regex: "a", replace: "b" } },
            },
          },
        },
        aws_lb_target_group: { own: {} },
      },
    },
  };
  expect(readDeployment(stacks).regions[0]?.loadBalancers[0]?.listeners[0]?.rules).toEqual([
    {
      address: "aws_lb_listener_rule.own",
      priority: 3,
      conditions: [
        { field: "host", values: ["a.example.com"], regex: false },
        { field: "header", name: "X-Model", values: ["^a"], regex: true },
        { field: "query", values: [{ key: "a", value: "b" }, { value: "c" }] },
        { field: "source", values: ["10.0.0.0/8"] },
      ],
      hostRewrite: { regex: "a", replace: "b" },
      action: {
        type: "forward",
        targetGroups: [{ targetGroup: "aws_lb_target_group.own", weight: 1 }],
        stickyFor: 0,
      },
    },
  ]);
});

it("resolves arguments, locals and outputs of other stacks, and keeps what only AWS knows", () => {
  const backend = { s3: { bucket: "b", key: "one.tfstate" } };
  const resolver = new Resolver({
    one: {
      terraform: { backend },
      locals: { name: `${ref("aws_lb.own.name")}-x`, loop: ref("local.loop") },
      output: { dns: { value: { host: ref("aws_lb.own.dns_name"), names: [ref("local.name")] } } },
      resource: { aws_lb: { own: { name: "own" } } },
    },
    two: {
      data: {
        terraform_remote_state: { one: { backend: "s3", config: { bucket: "b", key: "one.tfstate" } } },
      },
    },
  });
  const output = "data.terraform_remote_state.one.outputs.dns";
  expect(resolver.resolve(`a ${ref("local.name")}`, "one")).toBe("a own-x");
  expect(resolver.resolve([ref(`${output}["names"][0]`)], "two")).toEqual(["own-x"]);
  const host = resolver.resolve(ref(`${output}.host`), "two");
  expect(unknownIn(host)).toEqual({ stack: "one", address: "aws_lb.own", attribute: "dns_name" });
  expect(unknownIn(`${host}/x`)).toBeUndefined();
  expect(unknownIn(resolver.resolve(ref("local.loop"), "one"))).toBeDefined();
  expect(resolver.resolve(ref("max(1, 2)"), "one")).toBe(resolver.resolve(ref("max(1, 2)"), "one"));
});

it("reads the folder that synth writes", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "synth-"));
  mkdirSync(path.join(folder, "stacks/x"), { recursive: true });
  writeFileSync(path.join(folder, "stacks/x/cdk.tf.json"), '{"resource":{"aws_lb":{"own":{}}}}');
  expect(readStacks(folder)).toEqual({ x: { resource: { aws_lb: { own: {} } } } });
  expect(readStacks(path.join(folder, "none"))).toEqual({});
});

it("takes a subnet that the JSON does not have to be in the zone of one of the load balancer, and says so", () => {
  const { regions, notSimulated } = readDeployment({
    "us-east-1": {
      resource: {
        aws_lb: { own: { subnets: ["subnet-1", "subnet-2"] } },
        aws_autoscaling_group: { own: { vpc_zone_identifier: ["subnet-2", "subnet-3"] } },
        aws_subnet: { named: { availability_zone: "us-east-1f" } },
      },
    },
  });
  expect(regions[0]?.loadBalancers[0]?.zones).toEqual(["us-east-1a", "us-east-1b"]);
  expect(regions[0]?.groups[0]?.zones).toEqual(["us-east-1b"]);
  expect(notSimulated).toEqual([
    "us-east-1: subnet-3 is taken to be in us-east-1b: the JSON does not say its zone",
  ]);
});

test("a group that is launched into reservations of some zones has as many zones", () => {
  const reservations = ["use1-az1", "use1-az2"].map((zone, index) => ({
    ...{ id: `cr-0123456789abcdef${index}`, zone, count: 2 },
  }));
  const model = {
    ...validModel(),
    instanceTypes: ["g6.2xlarge"],
    capacity: { min: 4, max: 4 },
    accept: { "no-room-for-rollout": "it is a test", "rollout-in-full-block": "it is a test" },
    capacityReservation: { preference: "capacity-reservations-only" as const, reservations },
  };
  const stacks = synthesized(valid({ ...validFile(), models: { llama: model } } as WrittenFile).deployment);
  const [region] = readDeployment({ ...stacks }).regions;
  expect(region?.loadBalancers[0]?.zones).toHaveLength(3);
  expect(region?.groups[0]?.zones).toEqual(["us-east-1a", "us-east-1b"]);
});

it("reads a warm pool, with the defaults of AWS", () => {
  const poolOf = (warm_pool: object) => {
    const aws_autoscaling_group = { own: { max_size: 4, warm_pool } };
    const resource = { aws_lb: { own: { subnets: ["subnet-1"] } }, aws_autoscaling_group };
    return readDeployment({ own: { resource } }).regions[0]?.groups[0]?.warmPool;
  };
  expect(poolOf({})).toEqual({ state: "Stopped", min: 0, maxPrepared: undefined, reuse: false });
  const all = {
    ...{ pool_state: "Hibernated", min_size: 1, max_group_prepared_capacity: 3 },
    instance_reuse_policy: { reuse_on_scale_in: true },
  };
  expect(poolOf(all)).toEqual({ state: "Hibernated", min: 1, maxPrepared: 3, reuse: true });
});

test("a target group of gRPC that names no health check has that of AWS for it", () => {
  const healthCheckOf = (more: object) => {
    const aws_lb_target_group = { own: { port: 80, protocol: "HTTP", ...more } };
    const resource = { aws_lb: { own: { subnets: ["subnet-1"] } }, aws_lb_target_group };
    return readDeployment({ own: { resource } }).regions[0]?.targetGroups[0]?.healthCheck;
  };
  expect(healthCheckOf({ protocol_version: "GRPC" })).toMatchObject({
    path: "/AWS.ALB/healthcheck",
    statuses: [[12, 12]],
  });
  expect(healthCheckOf({})).toMatchObject({ path: "/", statuses: [[200, 200]] });
});
