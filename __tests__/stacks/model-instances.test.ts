import { filesOf } from "../boot/facts";
import { valid, validFile, validModel, type WrittenFile } from "../support/serving-file";
import { type Json, resourcesOfType, synthesized } from "../support/synthesis";

/** The facts of the instances of a model with these settings, as the scripts read them. */
function factsOfInstances(settings: Partial<WrittenFile["models"][string]>): string {
  const { deployment } = valid({ ...validFile(), models: { llama: { ...validModel(), ...settings } } });
  const [template] = resourcesOfType(synthesized(deployment)["us-east-1"], "aws_launch_template");
  return filesOf(Buffer.from(template.user_data, "base64")).get("/etc/model-server/instance.sh") ?? "";
}

const fileWith = (fields: Partial<WrittenFile>) => ({ ...validFile(), ...fields });

/** The stack of a file's only region. */
const regionOf = (file: WrittenFile) => synthesized(valid(file).deployment)["us-east-1"];

/** The policies of the instances of a region, without that of flow logs. */
function instancePolicies(region: Json): readonly Json[] {
  return resourcesOfType(region, "aws_iam_policy").filter(({ description }) =>
    description.startsWith("What the instances of"),
  );
}

describe("what instances report", () => {
  const region = regionOf(validFile());
  const [template] = resourcesOfType(region, "aws_launch_template");
  const files = filesOf(Buffer.from(template.user_data, "base64"));
  const facts = files.get("/etc/model-server/instance.sh");
  const agent = files.get("/opt/model-server/cloudwatch-agent.json") ?? "";
  const server = files.get("/opt/model-server/server-metrics.json") ?? "";
  const [{ policy }] = instancePolicies(region);

  it("goes to log groups of the variant, kept for a year", () => {
    const groups = resourcesOfType(region, "aws_cloudwatch_log_group").filter(({ name }) =>
      name.startsWith("/chat/"),
    );
    expect(groups.map(({ name, retention_in_days: days }) => [name, days])).toEqual(
      ["agent", "boot", "metrics", "server"].map((what) => [`/chat/llama/main/${what}`, 365]),
    );
  });

  it("goes to log groups that are created before the first instance, and that it may write to", () => {
    const [{ depends_on: needs }] = resourcesOfType(region, "aws_autoscaling_group");
    const written = new Set(
      `${agent}${server}`.match(/(?<=@LOGS@)[^"]+/g)?.map((end) => `/chat/llama/main${end}`),
    );
    expect(facts).toContain("INSTANCE_LOG_GROUPS='/chat/llama/main'\n");
    expect(written.size).toBe(4);
    for (const name of written) {
      expect(needs).toContain(
        `aws_cloudwatch_log_group.model_llama_main_instances_logs_${name.split("/").at(-1)}`,
      );
      expect(policy).toContain(`:log-group:${name}:*`);
    }
  });

  it("goes to the only namespace it may publish to", () => {
    expect(facts).toContain("INSTANCE_METRICS_NAMESPACE='ModelServing/chat'\n");
    expect(policy).toContain('"cloudwatch:namespace":["ModelServing/chat"]');
  });

  it("includes the server's metrics, from the server's port", () => {
    const moved = fileWith({ models: { llama: { ...validModel(), port: 8001 } } });
    const [movedTemplate] = resourcesOfType(regionOf(moved), "aws_launch_template");
    const movedFacts = filesOf(Buffer.from(movedTemplate.user_data, "base64")).get(
      "/etc/model-server/instance.sh",
    );
    expect(movedFacts).toContain('"metrics_path":"/metrics","static_configs":[{"targets":["127.0.0.1:8001"]');
    expect(movedFacts).toContain(
      "INSTANCE_GAUGES=('vllm:num_requests_waiting' 'vllm:num_requests_running' 'vllm:kv_cache_usage_perc')\n",
    );
  });

  it("is nothing if the deployment, or the region, turns it off", () => {
    const silent = fileWith({ observability: false });
    const silentHere = fileWith({
      regions: { "us-east-1": { network: { create: { cidr: "10.0.0.0/16" } }, observability: false } },
    });
    for (const file of [silent, silentHere]) {
      const text = JSON.stringify(regionOf(file));
      expect(text).not.toContain("/chat/llama/main");
      expect(text).not.toContain("PutMetricData");
    }
  });

  it("follows the region's settings, if it has any", () => {
    const text = JSON.stringify(
      regionOf(
        fileWith({
          observability: false,
          regions: {
            "us-east-1": {
              network: { create: { cidr: "10.0.0.0/16", flowLogs: false } },
              observability: { kmsKeyArn: "arn:aws:kms:us-east-1:123456789012:key/1234" },
            },
          },
        }),
      ),
    );
    expect(text).toContain('"kms_key_id":"arn:aws:kms:us-east-1:123456789012:key/1234"');
    expect(text).toContain('"retention_in_days":365');
  });
});

describe("what makes a group grow", () => {
  const policies = (model: Partial<WrittenFile["models"][string]>) =>
    resourcesOfType(
      regionOf(fileWith({ models: { llama: { ...validModel(), ...model } } })),
      "aws_autoscaling_policy",
    ).map(({ target_tracking_configuration: tracking }) => tracking);

  it("is the number of requests, and the length of the server's queue", () => {
    const scaling = { requestsPerMinutePerInstance: 60, waitingRequestsPerInstance: 4 };
    expect(policies({ scaling })).toEqual([
      expect.objectContaining({ target_value: 60 }),
      expect.objectContaining({
        customized_metric_specification: {
          metrics: expect.arrayContaining([
            expect.objectContaining({
              metric_stat: expect.objectContaining({
                metric: expect.objectContaining({
                  namespace: "ModelServing/chat",
                  metric_name: "vllm:num_requests_waiting",
                }),
              }),
            }),
          ]),
        },
        target_value: 4,
      }),
    ]);
  });

  it("is a gauge that the team names, which the agent then sends", () => {
    const scaling = { waitingRequestsPerInstance: 4 };
    const file = fileWith({
      models: {
        llama: {
          ...validModel(),
          scaling,
          metrics: { port: 1, path: "/m", gauges: ["busy"], waiting: "queue" },
        },
      },
    });
    const [template] = resourcesOfType(regionOf(file), "aws_launch_template");
    const [policy] = resourcesOfType(regionOf(file), "aws_autoscaling_policy");
    expect(JSON.stringify(policy)).toContain('"metric_name":"queue"');
    expect(filesOf(Buffer.from(template.user_data, "base64")).get("/etc/model-server/instance.sh")).toContain(
      "INSTANCE_GAUGES=('busy' 'queue')\n",
    );
  });
});

it("secrets may be read where they are kept: in Secrets Manager, or among the parameters", () => {
  const secret = "arn:aws:secretsmanager:us-east-1:123456789012:secret:a-AbCdEf";
  const parameter = "arn:aws:ssm:us-east-1:123456789012:parameter/chat/b";
  const models = {
    llama: {
      ...validModel(),
      secrets: { A: secret, B: parameter, C: `${secret}:key::`, D: `${secret}:::id` },
    },
  };
  const [{ policy }] = instancePolicies(regionOf(fileWith({ models })));
  const granted = Object.fromEntries(
    JSON.parse(policy).Statement.map(({ Sid, Resource }: Json) => [Sid, Resource]),
  );
  expect(granted).toMatchObject({ ReadSecrets: [secret], ReadParameters: [parameter] });
});

it("the password of a registry may be read, and no other secret", () => {
  const registry = { secret: "arn:aws:secretsmanager:us-east-1:123456789012:secret:ngc-AbCdEf:key::" };
  const image = "nvcr.io/acme/vllm:v0.28.0";
  const [{ policy }] = instancePolicies(
    regionOf(fileWith({ models: { llama: { ...validModel(), image, registry } } })),
  );
  expect(
    JSON.parse(policy).Statement.filter(({ Action }: Json) =>
      /secretsmanager|ssm:GetP|ecr/.test(Action.join()),
    ),
  ).toEqual([
    {
      Sid: "ReadSecrets",
      Effect: "Allow",
      Action: ["secretsmanager:GetSecretValue"],
      Resource: ["arn:aws:secretsmanager:us-east-1:123456789012:secret:ngc-AbCdEf"],
    },
  ]);
});

describe("Target Optimizer", () => {
  const image = "public.ecr.aws/aws-elb/target-optimizer/target-control-agent:1";
  const optimized = (more: object = {}) =>
    fileWith({
      models: { llama: { ...validModel(), targetOptimizer: { maxConcurrency: 8, image }, ...more } },
    });
  const region = regionOf(optimized());
  const [group] = resourcesOfType(region, "aws_lb_target_group");

  it("takes requests, and the load balancer's health checks, at the agent", () => {
    expect(group).toMatchObject({
      port: 3001,
      target_control_port: 3000,
      load_balancing_algorithm_type: "round_robin",
      slow_start: 0,
      health_check: { port: "traffic-port", path: "/health" },
    });
  });

  it("allows the load balancer to both ports of the agent, and to none of the server", () => {
    const ports = (type: string) => resourcesOfType(region, type).map((rule: Json) => rule.from_port);
    expect(ports("aws_vpc_security_group_ingress_rule")).toEqual(expect.arrayContaining([3001, 3000]));
    expect(ports("aws_vpc_security_group_egress_rule")).toEqual(expect.arrayContaining([3001, 3000]));
    expect(ports("aws_vpc_security_group_ingress_rule")).not.toContain(8000);
  });

  it("replaces the target group when it is added", () => {
    const nameOf = (file: WrittenFile) => resourcesOfType(regionOf(file), "aws_lb_target_group")[0].name;
    const names = [
      nameOf(validFile()),
      group.name,
      nameOf(optimized({ targetOptimizer: { maxConcurrency: 8, image, controlPort: 3002 } })),
    ];
    expect(new Set(names).size).toBe(3);
    expect(nameOf(optimized({ targetOptimizer: { maxConcurrency: 9, image } }))).toBe(group.name);
  });

  it("gets the health check of the instance, and the probe goes to the server behind it", () => {
    const [template] = resourcesOfType(region, "aws_launch_template");
    const facts =
      filesOf(Buffer.from(template.user_data, "base64")).get("/etc/model-server/instance.sh") ?? "";
    expect(facts).toContain("INSTANCE_HEALTH_PORT='3001'\n");
    expect(facts).toContain("INSTANCE_PROBE_PORT='8000'\n");
    expect(facts).toContain("'TARGET_CONTROL_DESTINATION_ADDRESS=127.0.0.1:8000'");
    expect(facts).toContain("'TARGET_CONTROL_PROTOCOL_VERSION=HTTP1'");
  });

  it("is pulled from a private registry, which the role allows", () => {
    const own = "123456789012.dkr.ecr.us-east-1.amazonaws.com/agent:1";
    const file = optimized({ targetOptimizer: { maxConcurrency: 8, image: own } });
    expect(instancePolicies(regionOf(file))[0].policy).toContain(":repository/agent");
  });
});

describe("the weights of a model", () => {
  it("may be on the instance store", () => {
    expect(factsOfInstances({})).toContain("INSTANCE_STORE='yes'\n");
  });

  it("may be there too with a warm pool of running instances", () => {
    expect(factsOfInstances({ warmPool: { state: "Running" } })).toContain("INSTANCE_STORE='yes'\n");
  });

  it("are on the volume with a warm pool of stopped instances, as a stop empties the instance store", () => {
    expect(factsOfInstances({ warmPool: { state: "Stopped" } })).toContain("INSTANCE_STORE=''\n");
  });
});

describe("the mirrors of weights", () => {
  const weights = { uri: "s3://acme/llama/", size: "15GiB", mirrors: ["s3://acme-eu/llama/v1"] };

  it("reach the instances, which may read them, with the hash that pins them", () => {
    const settings = { weights: { ...weights, sha256: "0a".repeat(32) } };
    expect(factsOfInstances(settings)).toContain("INSTANCE_WEIGHTS_MIRRORS=('s3://acme-eu/llama/v1')\n");
    expect(factsOfInstances(settings)).toContain(`INSTANCE_WEIGHTS_SHA256='${"0a".repeat(32)}'\n`);
    const { deployment } = valid({ ...validFile(), models: { llama: { ...validModel(), ...settings } } });
    const [policy] = instancePolicies(synthesized(deployment)["us-east-1"]);
    const read = JSON.parse(policy.policy).Statement.find(
      ({ Sid }: { Sid?: string }) => Sid === "ReadObjects",
    );
    expect(read.Resource.map((arn: string) => arn.replace(/^.*:::/, ""))).toEqual([
      "acme-eu/llama/v1/*",
      "acme/llama/*",
    ]);
  });
});

describe("the watch over the GPUs", () => {
  const statementsOfInstances = (settings: Partial<WrittenFile["models"][string]>): readonly string[] => {
    const { deployment } = valid({ ...validFile(), models: { llama: { ...validModel(), ...settings } } });
    const [policy] = instancePolicies(synthesized(deployment)["us-east-1"]);
    return JSON.parse(policy.policy).Statement.map(({ Sid }: { Sid?: string }) => Sid);
  };

  it("is allowed to have the instance replaced", () => {
    expect(factsOfInstances({})).toContain("INSTANCE_GPU_WATCH='yes'\n");
    expect(statementsOfInstances({})).toEqual(expect.arrayContaining(["MarkUnhealthy", "LookAtGroups"]));
  });

  it("has no permission if it is turned off", () => {
    expect(factsOfInstances({ gpuWatch: false })).toContain("INSTANCE_GPU_WATCH=''\n");
    const statements = statementsOfInstances({ gpuWatch: false });
    expect(statements).not.toContain("MarkUnhealthy");
    expect(statements).not.toContain("LookAtGroups");
    expect(statements).toContain("CompleteOwnLifecycleActions");
  });
});

describe("a Spot instance", () => {
  const leaves = (settings: Partial<WrittenFile["models"][string]>) => {
    const { deployment } = valid({ ...validFile(), models: { llama: { ...validModel(), ...settings } } });
    const [policy] = instancePolicies(synthesized(deployment)["us-east-1"]);
    return JSON.parse(policy.policy).Statement.find(
      ({ Sid }: { Sid?: string }) => Sid === "LeaveTargetGroups",
    );
  };

  it("may leave its own target group, and no other instance may", () => {
    expect(leaves({ spot: { share: 50 } })).toMatchObject({
      Resource: [`\${aws_lb_target_group.model_llama_main_targets.arn}`],
    });
    expect(leaves({})).toBeUndefined();
  });
});

describe("the probe of a model", () => {
  it("reaches its instances, with its time", () => {
    const facts = factsOfInstances({ longestSilence: "45s" });
    expect(facts).toContain("INSTANCE_PROBE_PATH='/v1/completions'\n");
    expect(facts).toContain("INSTANCE_PROBE_TIMEOUT='45'\n");
  });
});

describe("the health of a server that answers with 401", () => {
  const custom: Partial<WrittenFile["models"][string]> = {
    server: "custom",
    image: "ghcr.io/example/x:1",
    port: 9000,
    health: { path: "/", matcher: "401" },
    probe: "health",
    timing: { serverKeepAlive: "75m" },
  };

  it("is judged by the same matcher on the instance and by the load balancer", () => {
    const stack = regionOf(fileWith({ models: { llama: { ...validModel(), ...custom } } }));
    const [targets] = resourcesOfType(stack, "aws_lb_target_group");
    expect(targets.health_check.matcher).toBe("401");
    expect(factsOfInstances(custom)).toContain("INSTANCE_HEALTH_STATUSES='401'\n");
  });

  it("is given the same time on the instance and by the load balancer", () => {
    const slow = { health: { interval: "30s", timeout: "20s" } };
    const stack = regionOf(fileWith({ models: { llama: { ...validModel(), ...slow } } }));
    const [targets] = resourcesOfType(stack, "aws_lb_target_group");
    expect(targets.health_check.timeout).toBe(20);
    expect(factsOfInstances(slow)).toContain("INSTANCE_HEALTH_TIMEOUT='20'\n");
  });

  it("is judged as AWS does by default", () => {
    expect(factsOfInstances({})).toContain("INSTANCE_HEALTH_STATUSES='200'\n");
  });
});

describe("an instance refresh", () => {
  const groupOf = (model: Partial<WrittenFile["models"][string]>) => {
    const stack = regionOf(fileWith({ models: { llama: { ...validModel(), ...model } } }));
    const [group] = resourcesOfType(stack, "aws_autoscaling_group");
    return group.instance_refresh.preferences;
  };
  const own = (alarm: string) =>
    `\${aws_cloudwatch_metric_alarm.alarms_group_llama--main_${alarm}.alarm_name}`;

  it("does not pretend to roll back", () => {
    expect(groupOf({}).auto_rollback).toBe(false);
  });

  it("is stopped by the variant's own alarms, which are there before it", () => {
    expect(groupOf({}).alarm_specification).toEqual({ alarms: [own("too-few-healthy"), own("errors")] });
  });

  it("is stopped by more alarms, or by these alone", () => {
    expect(groupOf({ rollout: { alarms: ["slow"] } }).alarm_specification.alarms).toEqual([
      own("too-few-healthy"),
      own("errors"),
      "slow",
    ]);
    const alone = groupOf({ rollout: { alarms: ["slow"], stopOnAlarms: false } });
    expect(alone.alarm_specification.alarms).toEqual(["slow"]);
    expect(groupOf({ rollout: { stopOnAlarms: false } })).not.toHaveProperty("alarm_specification");
  });

  it("is not stopped by an alarm that it sets off itself", () => {
    const capacity = { min: 3, max: 6 };
    const least = groupOf({ capacity, rollout: { minHealthy: 67 } }).alarm_specification.alarms;
    expect(least).toEqual([own("too-few-healthy"), own("errors")]);
    const fewer = groupOf({ capacity, rollout: { minHealthy: 66 } }).alarm_specification.alarms;
    expect(fewer).toEqual([own("errors")]);
  });

  it("skips no matching instances with instanceRequirements, which AWS refuses", () => {
    expect(groupOf({}).skip_matching).toBe(true);
    const byRequirements = {
      instanceTypes: ["g6.*"],
      instanceRequirements: { gpus: { min: 1, max: 1 }, gpuMemory: "22GiB" },
    };
    expect(groupOf(byRequirements)).toMatchObject({ skip_matching: false, auto_rollback: false });
    expect(groupOf({ ...byRequirements, rollout: { skipMatching: false } }).skip_matching).toBe(false);
  });
});

it("alarms on missing spare instances, below the minimum for longer than the launch hook", () => {
  const alarms = resourcesOfType(regionOf(validFile()), "aws_cloudwatch_metric_alarm");
  const spare = alarms.find(({ alarm_name: name }) => name === "chat.llama--main.below-min");
  expect(spare).toMatchObject({
    metric_name: "GroupInServiceInstances",
    dimensions: { AutoScalingGroupName: "chat.llama.main" },
    threshold: 3,
    period: 300,
    evaluation_periods: 3, // launchHook is 2 × 6 min
  });
});

it.each<[string, object, boolean]>([
  ["that follows its requests", { requestsPerMinutePerInstance: 60 }, true],
  ["that only grows, and so stays there", { requestsPerMinutePerInstance: 60, scaleIn: false }, false],
  ["that only grows, by the waiting requests", { waitingRequestsPerInstance: 4 }, false],
  ["that does not scale", {}, false],
])("of a group %s it alarms at the maximum, or not: %j", (_what, scaling, alarmed) => {
  const { scaling: _before, ...model } = validModel();
  const region = regionOf(fileWith({ models: { llama: { ...model, scaling } } }));
  const names = resourcesOfType(region, "aws_cloudwatch_metric_alarm").map(({ alarm_name: name }) => name);
  expect(names.includes("chat.llama--main.at-max")).toBe(alarmed);
});

describe("the terminate hook", () => {
  const timed = fileWith({ models: { llama: { ...validModel(), timing: { terminateHook: "20m" } } } });

  it("is a part of the group alone, so that it outlives the drain of a group that is destroyed", () => {
    const stack = regionOf(validFile());
    const [group] = resourcesOfType(stack, "aws_autoscaling_group");
    const transitions = (hooks: readonly Json[]) => hooks.map((hook) => hook.lifecycle_transition);
    expect(transitions(group.initial_lifecycle_hook)).toContain("autoscaling:EC2_INSTANCE_TERMINATING");
    expect(transitions(resourcesOfType(stack, "aws_autoscaling_lifecycle_hook"))).toEqual([
      "autoscaling:EC2_INSTANCE_LAUNCHING",
    ]);
  });

  it("waits by the instance's heartbeats, so that a change of its time reaches groups that exist", () => {
    const [template] = resourcesOfType(regionOf(timed), "aws_launch_template");
    const facts = filesOf(Buffer.from(template.user_data, "base64")).get("/etc/model-server/instance.sh");
    expect(facts).toContain("INSTANCE_TERMINATE_TIMEOUT='1200'\n");
  });
});
