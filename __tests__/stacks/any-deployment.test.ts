import "../../testing/matchers";
import fc from "fast-check";
import { instancesAfterZoneLoss } from "../../config/plan/capacity";
import type { Deployment, Region } from "../../config/plan/deployment";
import type { Model, Variant } from "../../config/plan/model";
import { contains } from "../../config/routes/containment";
import type { ServingFile } from "../../config/schema/deployment";
import type { ModelFile } from "../../config/schema/model";
import type { ServerPreset } from "../../config/servers/preset";
import { serverPresets } from "../../config/servers/presets";
import { apiReport } from "../../testing/api-limits/check";
import { relationFindings } from "../../testing/api-limits/relations/check";
import { unpackUserData } from "../../testing/user-data";
import { wrongConfigurations } from "../boot/agent-configuration";
import { pythonWithCloudInit, readByCloudInit } from "../boot/cloud-init";
import { arbitraryServingFile } from "../support/arbitrary-serving-file";
import { valid, validFile, validModel, type WrittenFile } from "../support/serving-file";
import { awsRegionOf, type Json, resourcesOf, resourcesOfType, synthesized } from "../support/synthesis";

/**
 * Synthesized once. The tests below check what must be true of all of them. They are the same at every run, so a failure
 * can be reproduced.
 */
const files = arbitraryServingFile({ models: 3, regions: 2 });
const sample = (numRuns: number, is: (file: WrittenFile) => boolean = () => true) =>
  fc.sample(files.filter(is), { numRuns, seed: 4 });
/** Of what few files have, and a test below needs, there are some whatever else is drawn. */
const deployments = [
  ...sample(20),
  ...sample(12, ({ globalEndpoint }) => globalEndpoint !== undefined),
  ...sample(1, ({ globalEndpoint }) => globalEndpoint?.routing === "weighted"),
  ...sample(1, ({ globalEndpoint, models }) => {
    const survives = Object.values(models).some(({ survive }) => survive === "region");
    return globalEndpoint !== undefined && survives;
  }),
  ...sample(2, ({ globalEndpoint, models }) => {
    const least = globalEndpoint?.minimumHealthyModels;
    return least !== undefined && least < Object.keys(models).length;
  }),
]
  .map((file) => valid(file))
  .map(({ deployment, file }) => ({ deployment, file, stacks: synthesized(deployment) }));

const regions = deployments.flatMap(({ deployment, file, stacks }) =>
  deployment.regions.map((region) => ({ deployment, file, region, stack: stacks[region.name] })),
);

const inEachRegion = (
  holds: (stack: Json, region: Region, deployment: Deployment, file: ServingFile) => void,
) => {
  for (const { stack, region, deployment, file } of regions) {
    holds(stack, region, deployment, file);
  }
};

/** The parts of each variant, found by the names in the deployment, with what the file says of its model. */
const inEachVariant = (
  holds: (parts: {
    readonly group: Json;
    readonly targetGroup: Json;
    readonly loadBalancer: Json;
    readonly hooks: Readonly<Record<string, number>>;
    readonly userData: string;
    readonly region: Region;
    readonly model: Model;
    readonly variant: Variant;
    readonly written: ModelFile;
  }) => void,
) =>
  inEachRegion((stack, region, _deployment, file) => {
    const named = (type: string, name: string) =>
      resourcesOfType(stack, type).find((each) => each.name === name);
    for (const model of region.models) {
      for (const variant of model.variants) {
        const group = named("aws_autoscaling_group", variant.groupName);
        const hooks: Readonly<Record<string, number>> = Object.fromEntries(
          group.initial_lifecycle_hook.map((hook: Json) => [
            hook.lifecycle_transition,
            hook.heartbeat_timeout,
          ]),
        );
        const [loadBalancer] = resourcesOfType(stack, "aws_lb");
        const targetGroup = named("aws_lb_target_group", variant.targetGroupName);
        const written = file.models[model.name] as ModelFile;
        const [, template = ""] = /\{aws_launch_template\.([\w-]+)\.id\}/.exec(JSON.stringify(group)) ?? [];
        const userData = stack.resource.aws_launch_template[template].user_data;
        holds({ group, targetGroup, loadBalancer, hooks, userData, region, model, variant, written });
      }
    }
  });

const uniqueWithin = (names: readonly string[], longest: number, legal: RegExp) => {
  expect(new Set(names).size).toBe(names.length);
  for (const name of names) {
    expect(name.length).toBeLessThanOrEqual(longest);
    expect(name).toMatch(legal);
  }
};

describe("any valid deployment", () => {
  test("becomes a stack for the state, one for each region, and with a global endpoint two more", () => {
    for (const { deployment, stacks } of deployments) {
      expect(Object.keys(stacks)).toEqual([
        "state",
        ...(deployment.globalEndpoint?.certified ? ["domain"] : []),
        ...deployment.regions.map(({ name }) => name),
        ...(deployment.globalEndpoint === undefined ? [] : ["global"]),
      ]);
    }
  });

  test("becomes stacks that fit the schema of the provider, whatever the file", () => {
    fc.assert(
      fc.property(arbitraryServingFile({ models: 2, regions: 1 }), (file) => {
        const stacks = Object.values(synthesized(valid(file).deployment));
        for (const stack of stacks) {
          expect(stack).toFitTheProvider(stacks);
        }
      }),
      { numRuns: 12, endOnFailure: true },
    );
  });

  test("has separate resources for two variants whose joined names look alike", () => {
    const variants = (name: string) => ({ ...validModel(), variants: { [name]: { weight: 1 } } });
    const models = { llama: variants("b-canary"), "llama-b": variants("canary") };
    const stack = synthesized(valid({ ...validFile(), models }).deployment)["us-east-1"];
    expect(resourcesOfType(stack, "aws_autoscaling_group")).toHaveLength(2);
    const alarms = resourcesOfType(stack, "aws_cloudwatch_metric_alarm").map(({ alarm_name }) => alarm_name);
    expect(new Set(alarms).size).toBe(2 + 2 * 8);
  });

  test("fits the schema of the provider, and refers only to what its stacks declare", () => {
    for (const { stacks } of deployments) {
      for (const stack of Object.values(stacks)) {
        expect(stack).toFitTheProvider(Object.values(stacks));
      }
    }
  });

  test("fits AWS's API, and has no argument that no table maps to it", () => {
    for (const { stacks } of deployments) {
      for (const stack of Object.values(stacks)) {
        expect(apiReport(stack)).toEqual({ findings: [], unknown: [] });
        expect(relationFindings(stack)).toEqual([]);
      }
    }
  });

  test("has a target group, a launch template and an Auto Scaling group for each variant", () => {
    inEachRegion((stack, { models }) => {
      const variants = models.flatMap((model) => model.variants).length;
      for (const type of ["aws_lb_target_group", "aws_launch_template", "aws_autoscaling_group"]) {
        expect(resourcesOfType(stack, type)).toHaveLength(variants);
      }
    });
  });
});

describe("an instance", () => {
  test("is health-checked by the load balancer with TLS at the server's port, and without TLS at any other", () => {
    inEachVariant(({ targetGroup, written }) => {
      const protocol = written.targetTls ? "HTTPS" : "HTTP";
      expect(targetGroup.protocol).toBe(protocol);
      const { port, protocol: ofHealth } = targetGroup.health_check;
      expect(ofHealth).toBe(port === "traffic-port" ? protocol : "HTTP");
    });
  });
});

describe("names", () => {
  const namesOf = (stack: Json, type: string, field = "name") =>
    resourcesOfType(stack, type).flatMap((each) => each[field] ?? []);

  test("are unique, and of a form that AWS allows", () => {
    inEachRegion((stack) => {
      uniqueWithin(namesOf(stack, "aws_lb"), 32, /^(?!internal-)[a-z0-9]([a-z0-9-]*[a-z0-9])?$/);
      uniqueWithin(namesOf(stack, "aws_lb_target_group"), 32, /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/);
      uniqueWithin(namesOf(stack, "aws_autoscaling_group"), 255, /^[a-z0-9.-]+$/);
      uniqueWithin(namesOf(stack, "aws_cloudwatch_metric_alarm", "alarm_name"), 255, /^[a-z0-9.-]+$/);
      uniqueWithin(namesOf(stack, "aws_launch_template", "name_prefix"), 99, /^[a-z0-9.-]+$/);
      uniqueWithin(namesOf(stack, "aws_security_group", "name_prefix"), 100, /^(?!sg-)[a-z0-9.-]+$/);
    });
  });

  test("of roles leave room for the suffix that the provider adds", () => {
    inEachRegion((stack) => {
      for (const type of ["aws_iam_role", "aws_iam_policy", "aws_iam_instance_profile"]) {
        for (const prefix of namesOf(stack, type, "name_prefix")) {
          expect(prefix).toMatch(/^[a-z0-9.-]{1,38}$/);
        }
      }
    });
  });

  test("of load balancers and target groups differ between the deployments of an account", () => {
    const all = new Map<string, string>();
    inEachRegion((stack, { name: region }, { name }) => {
      for (const type of ["aws_lb", "aws_lb_target_group"]) {
        for (const found of namesOf(stack, type)) {
          expect(all.get(`${region} ${type} ${found}`) ?? name).toBe(name);
          all.set(`${region} ${type} ${found}`, name);
        }
      }
    });
  });
});

describe("alarms", () => {
  const regionOfTopic = (stack: Json, topic: string) => {
    const [, address = ""] = /^\$\{(.+)\.arn\}$/.exec(topic) ?? [];
    return address === "" ? topic.split(":")[3] : awsRegionOf(stack, resourcesOf(stack).get(address));
  };

  test("notify topics of their own region only, as AWS requires", () => {
    const notified = deployments.flatMap(({ stacks }) =>
      Object.values(stacks).flatMap((stack) =>
        resourcesOfType(stack, "aws_cloudwatch_metric_alarm").flatMap((alarm) =>
          [...(alarm.alarm_actions ?? []), ...(alarm.ok_actions ?? [])].map((topic) => [
            awsRegionOf(stack, alarm),
            regionOfTopic(stack, topic),
          ]),
        ),
      ),
    );
    expect(notified.filter(([alarm, topic]) => alarm !== topic)).toEqual([]);
    expect(new Set(notified.map(([alarm]) => alarm))).toContain("us-west-2");
  });

  test("watch each region of a global endpoint, whatever its routing", () => {
    for (const { deployment, stacks } of deployments) {
      const { globalEndpoint } = deployment;
      const alarms = resourcesOfType(stacks.global ?? {}, "aws_cloudwatch_metric_alarm");
      for (const { name } of globalEndpoint?.regions ?? []) {
        const own = alarms.filter(({ alarm_name }) =>
          alarm_name.startsWith(`${deployment.name}.global-endpoint.${name}-`),
        );
        expect(own).not.toEqual([]);
        expect(own.map((alarm) => awsRegionOf(stacks.global, alarm))).toEqual(
          own.map(() => globalEndpoint?.alarms.region),
        );
      }
    }
  });
});

describe("the rules of a listener", () => {
  test("have different priorities, from 1 to 50000", () => {
    inEachRegion((stack) => {
      const priorities = resourcesOfType(stack, "aws_lb_listener_rule").map(({ priority }) => priority);
      expect(new Set(priorities).size).toBe(priorities.length);
      for (const priority of priorities) {
        expect(priority).toBeGreaterThanOrEqual(1);
        expect(priority).toBeLessThanOrEqual(50_000);
      }
    });
  });

  test("have no more values and wildcards than AWS allows", () => {
    inEachRegion((stack) => {
      for (const { condition } of resourcesOfType(stack, "aws_lb_listener_rule")) {
        const values: readonly string[] = condition.flatMap((each: Json) =>
          Object.values<Json>(each).flatMap((kind) =>
            [kind]
              .flat()
              .flatMap(({ values = [], regex_values = [], value = [] }) =>
                [...values, ...regex_values, value].flat(),
              ),
          ),
        );
        expect(values.length).toBeGreaterThanOrEqual(1);
        expect(values.length).toBeLessThanOrEqual(5);
        const globs = values.filter((value) => !value.startsWith("^"));
        expect(globs.join("").replace(/[^*?]/g, "").length).toBeLessThanOrEqual(5);
      }
    });
  });

  test("are evaluated with the special before the general", () => {
    inEachRegion((stack, { rules }) => {
      const priorityOf = (id: string) => stack.resource.aws_lb_listener_rule[`rule_${id}`].priority;
      for (const special of rules) {
        for (const general of rules) {
          if (
            contains(general.conditions, special.conditions) &&
            !contains(special.conditions, general.conditions)
          ) {
            expect(priorityOf(special.id)).toBeLessThan(priorityOf(general.id));
          }
        }
      }
    });
  });

  test("forward to every model except the default one", () => {
    inEachRegion((stack, { models, entry }) => {
      const targets = JSON.stringify(
        resourcesOfType(stack, "aws_lb_listener_rule").map(({ action }) => action),
      );
      for (const { name } of models) {
        expect(name === entry.default || targets.includes(`aws_lb_target_group.model_${name}_`)).toBe(true);
      }
    });
  });
});

describe("the times that Terraform is given", () => {
  test("let an instance load before it is given up, and before its health counts", () => {
    inEachVariant(({ group, hooks, written: { loadTime = 0 } }) => {
      expect(hooks["autoscaling:EC2_INSTANCE_LAUNCHING"]).toBeGreaterThan(loadTime);
      expect(hooks["autoscaling:EC2_INSTANCE_LAUNCHING"]).toBeLessThanOrEqual(7200);
      expect(group.health_check_grace_period).toBeGreaterThanOrEqual(loadTime);
    });
  });

  test("let the longest request drain, and its server finish it", () => {
    inEachVariant(({ targetGroup, hooks, written }) => {
      expect(targetGroup.deregistration_delay).toMatch(/^\d+$/);
      expect(Number(targetGroup.deregistration_delay)).toBeGreaterThanOrEqual(written.longestRequest);
      expect(Number(targetGroup.deregistration_delay)).toBeLessThanOrEqual(3600);
      expect(hooks["autoscaling:EC2_INSTANCE_TERMINATING"]).toBeGreaterThanOrEqual(
        written.longestRequest + 30,
      );
      expect(hooks["autoscaling:EC2_INSTANCE_TERMINATING"]).toBeLessThanOrEqual(7200);
    });
  });

  test("stop in this order: requests, server, container, instance; what hangs is killed by the next", () => {
    const drains = Object.values<ServerPreset>(serverPresets).flatMap(({ drain }) =>
      drain.by === "argument" ? [drain.name] : [],
    );
    let withDrain = 0;
    inEachVariant(({ userData, hooks, written }) => {
      const { facts, files } = unpackUserData(userData) ?? { facts: new Map(), files: new Map() };
      const words: readonly string[] = facts.get("ARGUMENTS") ?? [];
      const ofServer = words.flatMap((word, index) =>
        drains.includes(word) ? Number(words[index + 1]) : [],
      );
      for (const seconds of ofServer) {
        withDrain++;
        expect(seconds).toBeGreaterThanOrEqual(written.longestRequest);
      }
      const container = Number(facts.get("STOP_TIMEOUT")?.[0]);
      const instance = Number(facts.get("TERMINATE_TIMEOUT")?.[0]);
      const hook = hooks["autoscaling:EC2_INSTANCE_TERMINATING"] ?? 0;
      expect(container).toBeGreaterThan(Math.max(written.longestRequest, ...ofServer) + 20);
      expect(instance).toBeGreaterThanOrEqual(container + 5);
      expect(hook).toBeGreaterThanOrEqual(instance);
      // systemd itself kills nothing.
      expect(files.get("/etc/systemd/system/model-server.service")).toContain("\nTimeoutStopSec=infinity\n");
      expect(files.get("/opt/model-server/model-server.sh")).toContain(
        '--stop-timeout "$INSTANCE_STOP_TIMEOUT"',
      );
    });
    expect(withDrain).toBeGreaterThan(10);
  });

  test("keep a connection open for as long as its model may be silent", () => {
    inEachVariant(({ loadBalancer, written: { longestSilence, longestRequest } }) => {
      expect(loadBalancer.idle_timeout).toBeGreaterThanOrEqual(longestSilence ?? longestRequest);
      expect(loadBalancer.idle_timeout).toBeLessThanOrEqual(4000);
    });
  });

  test("let a health check end before the next begins", () => {
    inEachVariant(({ targetGroup: { health_check } }) => {
      expect(health_check.timeout).toBeLessThan(health_check.interval);
    });
  });

  test("use slow start only with the algorithm that AWS allows it for", () => {
    inEachVariant(({ targetGroup }) => {
      expect(
        targetGroup.slow_start === 0 || targetGroup.load_balancing_algorithm_type === "round_robin",
      ).toBe(true);
    });
  });

  test("reach the server: it keeps idle connections longer than the load balancer does", () => {
    inEachVariant(({ loadBalancer, variant }) => {
      const keepAlives = Object.entries(variant.env).filter(([name]) =>
        /KEEP_ALIVE_?TIMEOUT|TIMEOUT_KEEP_ALIVE/.test(name),
      );
      for (const [, seconds] of keepAlives) {
        expect(Number(seconds)).toBeGreaterThan(loadBalancer.idle_timeout);
      }
    });
  });
});

describe("the sizes that Terraform is given", () => {
  test("survive the loss of any zone, where the file requires it", () => {
    inEachVariant(({ group, model, variant }) => {
      const zones = variant.zones.value;
      const left = instancesAfterZoneLoss(group.min_size, zones);
      const needed = model.survivesZone && variant.weight > 0 ? (variant.capacity.need?.value ?? 1) : 0;
      expect(left).toBeGreaterThanOrEqual(needed);
      expect(group.max_size).toBeGreaterThanOrEqual(group.min_size);
    });
  });

  test("are enough for what any lost region served, where the file requires it", () => {
    let checked = 0;
    for (const { deployment, file, stacks } of deployments) {
      // A region that was removed from the global endpoint takes nothing over, and no other takes it over.
      const endpointRegions = deployment.globalEndpoint?.regions.map(({ name }) => name);
      const sharing = deployment.regions.filter(({ name }) => endpointRegions?.includes(name) ?? true);
      for (const lost of sharing) {
        for (const model of lost.models.filter(({ survivesRegion }) => survivesRegion)) {
          for (const { name } of model.variants.filter(({ weight }) => weight > 0)) {
            const others = sharing.filter(
              (region) => region !== lost && region.models.some((each) => each.name === model.name),
            );
            const variantIn = ({ models }: Region) =>
              models.find((each) => each.name === model.name)?.variants.find((each) => each.name === name);
            const instances = others.map((region) => {
              const groups = resourcesOfType(stacks[region.name], "aws_autoscaling_group");
              const settings = variantIn(region)?.settings.capacity;
              return {
                capacity:
                  groups.find((group) => group.name === variantIn(region)?.groupName).min_size *
                  (settings?.requestsPerMinutePerInstance ?? 0),
                served: settings?.peakRequestsPerMinute ?? 0,
              };
            });
            const heaviest = [lost, ...others].every(
              (region) => variantIn(region)?.capacity.need?.inputs.share === 1,
            );
            const peak = variantIn(lost)?.settings.capacity?.peakRequestsPerMinute ?? 0;
            // In an order, one region serves all clients at a time: the largest peak is that of any of them.
            const peaks = [peak, ...instances.map((each) => each.served)];
            const served =
              file.globalEndpoint?.routing === "failover"
                ? Math.max(...peaks)
                : peaks.reduce((sum, each) => sum + each, 0);
            const capacity = instances.reduce((sum, each) => sum + each.capacity, 0);
            expect(heaviest ? capacity : served).toBeGreaterThanOrEqual(served);
            checked += heaviest ? 1 : 0;
          }
        }
      }
    }
    expect(checked).toBeGreaterThan(0);
  });

  test("spread instances over as many zones as they were computed for", () => {
    let blocks = 0;
    let reserved = 0;
    inEachVariant(({ group, region, variant }) => {
      const { network } = region;
      if (variant.capacityBlock !== undefined) {
        blocks += 1;
        // The subnets of one zone, which Terraform finds.
        expect(group.vpc_zone_identifier).toMatch(/^\$\{local\.\S+_zone-of-block_found\}$/);
      } else if (
        variant.settings.capacityReservation?.preference === "capacity-reservations-only" &&
        variant.settings.capacityReservation.reservations !== undefined
      ) {
        reserved += 1;
        // Those of the zones of the reservations.
        expect(group.vpc_zone_identifier).toMatch(/^\$\{local\.\S+_zones-of-reservations_found\}$/);
      } else if (network.kind === "created" || "ids" in network.instanceSubnets) {
        expect([group.vpc_zone_identifier].flat()).toHaveLength(network.zoneCount);
      }
    });
    expect(blocks).toBeGreaterThan(0);
    expect(reserved).toBeGreaterThan(0);
  });

  test("are set by schedules alone once there are some, each between those of the group", () => {
    let checked = 0;
    for (const { deployment, stacks } of deployments) {
      for (const region of deployment.regions) {
        const stack = stacks[region.name];
        const groups: [string, Json][] = Object.entries(stack?.resource.aws_autoscaling_group ?? {});
        const actions = resourcesOfType(stack, "aws_autoscaling_schedule").filter(
          ({ recurrence }) => recurrence !== undefined,
        );
        for (const [id, group] of groups) {
          const own = actions.filter(({ autoscaling_group_name: name }) => name.includes(`.${id}.`));
          const ignored = group.lifecycle.ignore_changes;
          expect(ignored.includes("min_size") && ignored.includes("max_size")).toBe(own.length > 0);
          for (const { min_size: min, max_size: max } of own) {
            expect(min).toBeLessThanOrEqual(max);
            expect(max).toBeLessThanOrEqual(group.max_size);
            checked += 1;
          }
        }
      }
    }
    expect(checked).toBeGreaterThan(0);
  });

  test("let a refresh grow no further than AWS allows", () => {
    inEachVariant(({ group: { instance_maintenance_policy: policy } }) => {
      const { min_healthy_percentage: min, max_healthy_percentage: max } = policy;
      expect(max - min).toBeGreaterThanOrEqual(0);
      expect(max - min).toBeLessThanOrEqual(100);
      expect(max).toBeGreaterThanOrEqual(100);
      expect(max).toBeLessThanOrEqual(200);
    });
  });
});

describe("a global endpoint", () => {
  const globalEndpoints = deployments.flatMap(({ deployment, stacks }) =>
    deployment.globalEndpoint === undefined
      ? []
      : [{ globalEndpoint: deployment.globalEndpoint, stack: stacks.global, stacks }],
  );
  const recorded = globalEndpoints.filter(({ globalEndpoint }) => globalEndpoint.routing !== "accelerator");

  test("routes its name, by records alone, to every region that it serves and to no other", () => {
    for (const { globalEndpoint, stack } of recorded) {
      const records = resourcesOfType(stack, "aws_route53_record").filter(({ type }) => type === "A");
      const targetOf = ({ alias }: Json): readonly Json[] => {
        const next = /^\$\{aws_route53_record\.(.+)\.fqdn\}$/.exec(alias.name)?.[1];
        const name = next === undefined ? undefined : stack.resource.aws_route53_record[next].name;
        return name === undefined
          ? [alias]
          : records.filter((record) => record.name === name).flatMap(targetOf);
      };
      const reached = records.filter(({ name }) => name === globalEndpoint.name).flatMap(targetOf);
      const regions = reached.map(
        ({ name }) => /deployed_([a-z0-9-]+)\.outputs\.alb_dns_name/.exec(name)?.[1],
      );
      const served = globalEndpoint.regions.filter(({ drained }) => !drained).map(({ name }) => name);
      expect(new Set(regions)).toEqual(new Set(served));
    }
    expect(recorded.length).toBeGreaterThan(3);
  });

  test("has for each region a health check that stays healthy while exactly the allowed number of models fail", () => {
    let spared = 0;
    for (const { globalEndpoint, stack } of recorded) {
      const checks = stack.resource.aws_route53_health_check;
      const spare = globalEndpoint.models.length - (globalEndpoint.health?.minimumHealthyModels ?? 0);
      for (const { name } of globalEndpoint.regions) {
        const sums = ["instances", "requests"].flatMap(
          (sum) => checks[`global-endpoint_health_${name}_${sum}`] ?? [],
        );
        expect(sums.length).toBeGreaterThanOrEqual(1);
        for (const { child_healthchecks, child_health_threshold } of sums) {
          const watched = globalEndpoint.models.map(
            (model) => child_healthchecks.filter((id: string) => id.includes(`_model_${model}_`)).length,
          );
          const children = watched.filter((count) => count > 0).sort((a, b) => b - a);
          const leftWithout = (models: number) =>
            child_healthchecks.length - children.slice(0, models).reduce((sum, count) => sum + count, 0);
          expect(children.reduce((sum, count) => sum + count)).toBe(child_healthchecks.length);
          expect(leftWithout(spare)).toBeGreaterThanOrEqual(child_health_threshold);
          const fewest = children.slice(-spare - 1).reduce((sum, count) => sum + count);
          expect(child_healthchecks.length - fewest).toBeLessThan(child_health_threshold);
          spared += spare > 0 ? 1 : 0;
        }
      }
    }
    expect(spared).toBeGreaterThan(0);
  });

  test("treats missing data as unhealthy in a region without request health checks", () => {
    let looked = 0;
    for (const { globalEndpoint, stack } of recorded) {
      const checks = stack.resource.aws_route53_health_check;
      for (const { name } of globalEndpoint.regions.filter(
        (each) => !checks[`global-endpoint_health_${each.name}_requests`],
      )) {
        const counts = Object.keys(checks).filter((id) =>
          id.startsWith(`global-endpoint_health_${name}_model_`),
        );
        expect(counts.length).toBeGreaterThan(0);
        looked += 1;
        for (const id of counts) {
          expect(checks[id]).toMatchObject({
            type: "CLOUDWATCH_METRIC",
            insufficient_data_health_status: "Unhealthy",
          });
        }
      }
    }
    expect(looked).toBeGreaterThan(0);
  });

  test("has no calculated health check watch another, which Route 53 refuses", () => {
    for (const { stack } of recorded) {
      const checks = stack.resource.aws_route53_health_check;
      for (const { child_healthchecks = [] } of resourcesOfType(stack, "aws_route53_health_check")) {
        for (const child of child_healthchecks) {
          const address = /^\$\{aws_route53_health_check\.(.+)\.id\}$/.exec(child)?.[1] ?? "";
          expect(["HTTP", "HTTPS", "CLOUDWATCH_METRIC"]).toContain(checks[address].type);
        }
      }
    }
  });

  test("health-checks only paths that a listener rule of the region forwards", () => {
    for (const { stack, stacks } of recorded) {
      for (const check of resourcesOfType(stack, "aws_route53_health_check")) {
        const region = /^([a-z]+-[a-z]+-\d)\./.exec(check.fqdn ?? "")?.[1];
        if (region !== undefined) {
          const rules = resourcesOfType(stacks[region], "aws_lb_listener_rule");
          const paths = rules.flatMap(({ condition }) =>
            condition.flatMap(({ path_pattern }: Json) => path_pattern?.values ?? []),
          );
          expect(paths).toContain(check.resource_path);
        }
      }
    }
  });

  test("reads only outputs that its regions declare", () => {
    for (const { stack, stacks } of globalEndpoints) {
      const others = Object.values(stacks);
      expect(stack).toFitTheProvider(others);
      expect(stack).not.toFitTheProvider(others.map((each) => ({ ...each, output: {} })));
    }
  });

  test("with an accelerator has no DNS failover threshold on its target groups", () => {
    for (const { stacks } of globalEndpoints.filter(
      ({ globalEndpoint }) => globalEndpoint.routing === "accelerator",
    )) {
      for (const [name, stack] of Object.entries(stacks)) {
        for (const group of name === "global" ? [] : resourcesOfType(stack, "aws_lb_target_group")) {
          expect(group.target_group_health.dns_failover).toEqual({
            minimum_healthy_targets_count: "off",
            minimum_healthy_targets_percentage: "off",
          });
        }
      }
    }
  });
});

describe("every stack", () => {
  test("fits the grammars of its texts", () => {
    for (const { stacks } of deployments) {
      for (const stack of Object.values(stacks)) {
        expect(stack).toFitTheGrammars();
      }
    }
  });

  test("grants what its instances call, and nothing else", () => {
    inEachRegion((stack) => {
      expect(stack).toGrantWhatInstancesCall();
    });
  });
});

describe("user data", () => {
  /** One instance of each kind: of those that send the same metrics, from whatever port. */
  const kinds = new Map<string, { readonly userData: Buffer; readonly facts: string }>();
  inEachRegion((stack) => {
    for (const { user_data } of resourcesOfType(stack, "aws_launch_template")) {
      const { files, facts } = unpackUserData(user_data) ?? { files: new Map(), facts: new Map() };
      const kind = [...facts].filter(([name]) => /^METRICS_P[RA]|^GAUGES$/.test(name));
      kinds.set(`${kind.join()} ${facts.get("METRICS_NAMESPACE")?.join("") !== ""}`, {
        userData: Buffer.from(user_data, "base64"),
        facts: files.get("/etc/model-server/instance.sh") ?? "",
      });
    }
  });

  (pythonWithCloudInit ? test : test.skip)(
    "is a cloud-config by cloud-init's own schema (skipped where cloud-init is missing)",
    () => {
      const answers = readByCloudInit([...kinds.values()].map(({ userData }) => userData));
      expect(answers.flatMap(({ errors }) => errors)).toEqual([]);
      expect(answers.length).toBeGreaterThan(5);
    },
    30_000,
  );

  test("becomes configurations that the CloudWatch agent takes", () => {
    const written = [...kinds.values()].flatMap(({ facts }) => Object.entries(wrongConfigurations(facts)));
    expect(written.filter(([, findings]) => findings.length > 0)).toEqual([]);
    expect(new Set(written.map(([file]) => file)).size).toBe(3);
  }, 30_000);

  test("is no longer than EC2 allows", () => {
    inEachRegion((stack) => {
      for (const { user_data } of resourcesOfType(stack, "aws_launch_template")) {
        expect(Buffer.from(user_data, "base64").length).toBeLessThanOrEqual(16_384);
      }
    });
  });
});

test("the deployments above are of many kinds", () => {
  const texts = deployments.map(({ file }) => JSON.stringify(file));
  const kinds = [
    '"create"',
    '"existing"',
    '"variants"',
    '"spot"',
    '"routes"',
    '"warmPool"',
    '"https"',
    '"latency"',
    '"failover"',
    '"weighted"',
    '"accelerator"',
    '"unencrypted-http"',
  ];
  expect(kinds.filter((kind) => !texts.some((text) => text.includes(kind)))).toEqual([]);
  expect(regions.some(({ stack }) => resourcesOf(stack).size > 100)).toBe(true);
});
