import { AutoscalingGroup } from "@cdktf/provider-aws/lib/autoscaling-group";
import { AutoscalingLifecycleHook } from "@cdktf/provider-aws/lib/autoscaling-lifecycle-hook";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { Fn, TerraformOutput, Testing } from "cdktf";
import {
  GpuAutoScalingGroup,
  type GpuAutoScalingGroupProps,
} from "../../../constructs/auto-scaling/gpu-auto-scaling-group";
import { ServingStack } from "../../../stacks/serving-stack";
import "cdktf/lib/testing/adapters/jest";

const minimal: GpuAutoScalingGroupProps = {
  name: "chat.llama.main",
  subnetIds: ["subnet-a", "subnet-b"],
  minSize: 2,
  maxSize: 6,
  launchTemplate: { id: "lt-1", version: "7" },
  instances: { types: ["g6.xlarge", "g5.xlarge"] },
  targetGroupArns: ["arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/tg/1"],
  healthCheckGracePeriod: 620,
  defaultInstanceWarmup: 90,
  launchHook: { name: "model-ready", heartbeatTimeout: 1200 },
  terminateHook: { name: "server-stopped", heartbeatTimeout: 180 },
};

function synthesize(props: Partial<GpuAutoScalingGroupProps> = {}): string {
  const stack = new ServingStack(Testing.app(), "stack");
  const group = new GpuAutoScalingGroup(stack, "instances", { ...minimal, ...props });
  new TerraformOutput(stack, "name", { value: group.autoScalingGroupName });
  return Testing.synth(stack);
}

const group = (props: Partial<GpuAutoScalingGroupProps> = {}) =>
  JSON.parse(synthesize(props)).resource.aws_autoscaling_group.instances;

describe("a group", () => {
  const synthesized = synthesize();
  const has = (properties: object) =>
    expect(synthesized).toHaveResourceWithProperties(AutoscalingGroup, { ...properties });

  it("has its name, its subnets and its size", () =>
    has({
      name: "chat.llama.main",
      vpc_zone_identifier: ["subnet-a", "subnet-b"],
      min_size: 2,
      max_size: 6,
    }));

  it("runs the pinned version on its instance types, on-demand", () =>
    has({
      mixed_instances_policy: {
        instances_distribution: {
          on_demand_allocation_strategy: "prioritized",
          on_demand_base_capacity: 0,
          on_demand_percentage_above_base_capacity: 100,
        },
        launch_template: {
          launch_template_specification: { launch_template_id: "lt-1", version: "7" },
          override: [{ instance_type: "g6.xlarge" }, { instance_type: "g5.xlarge" }],
        },
      },
      capacity_rebalance: false,
    }));

  it("spreads over the zones as well as it can", () =>
    has({ availability_zone_distribution: { capacity_distribution_strategy: "balanced-best-effort" } }));

  it("uses the health checks of the load balancer, after a grace period", () =>
    has({
      target_group_arns: ["arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/tg/1"],
      health_check_type: "ELB",
      health_check_grace_period: 620,
      default_instance_warmup: 90,
    }));

  it("launches before it terminates, in refreshes too", () =>
    has({
      instance_maintenance_policy: { min_healthy_percentage: 100, max_healthy_percentage: 110 },
      instance_refresh: {
        strategy: "Rolling",
        preferences: {
          auto_rollback: false,
          skip_matching: true,
          min_healthy_percentage: 100,
          max_healthy_percentage: 110,
        },
      },
    }));

  it("shows all of its metrics every minute", () =>
    has({
      enabled_metrics: [
        "GroupDesiredCapacity",
        "GroupInServiceInstances",
        "GroupMaxSize",
        "GroupMinSize",
        "GroupPendingInstances",
        "GroupStandbyInstances",
        "GroupTerminatingInstances",
        "GroupTotalInstances",
      ],
      metrics_granularity: "1Minute",
    }));

  it("ends instances of an old launch template first", () =>
    has({ termination_policies: ["OldestLaunchTemplate", "AllocationStrategy", "Default"] }));

  it("does not make an apply wait for GPUs, and waits for instances to leave", () =>
    has({
      wait_for_capacity_timeout: "0",
      force_delete: false,
      timeouts: { update: "3h", delete: "3h" },
    }));

  it("neither protects instances nor replaces them for their age", () =>
    has({ protect_from_scale_in: false, max_instance_lifetime: 0 }));

  it("leaves its desired capacity to the scaling policies", () => {
    expect(group()).not.toHaveProperty("desired_capacity");
    has({
      lifecycle: {
        create_before_destroy: true,
        ignore_changes: expect.arrayContaining(["desired_capacity"]),
      },
    });
  });

  it.each(["warm_pool", "suspended_processes"])("sets no %s by default", (argument) =>
    expect(group()).not.toHaveProperty(argument),
  );

  it("says that it uses reservations by default, so that one that is left out is not kept", () => {
    expect(group().capacity_reservation_specification).toEqual({
      capacity_reservation_preference: "default",
    });
  });

  it("outputs its name as a reference", () => {
    expect(JSON.parse(synthesized).output.name.value).toBe(`\${aws_autoscaling_group.instances.name}`);
  });
});

describe("the hooks", () => {
  const launch = {
    name: "model-ready",
    lifecycle_transition: "autoscaling:EC2_INSTANCE_LAUNCHING",
    heartbeat_timeout: 1200,
    default_result: "ABANDON",
  };
  const terminate = {
    name: "server-stopped",
    lifecycle_transition: "autoscaling:EC2_INSTANCE_TERMINATING",
    heartbeat_timeout: 180,
    default_result: "CONTINUE",
  };

  it("exist before the first instance", () => {
    expect(synthesize()).toHaveResourceWithProperties(AutoscalingGroup, {
      initial_lifecycle_hook: [launch, terminate],
    });
  });

  it("do not replace the group when they change", () => {
    expect(group().lifecycle.ignore_changes).toContain("initial_lifecycle_hook");
  });

  it("at launch is changed by a resource of the same name", () => {
    expect(synthesize()).toHaveResourceWithProperties(AutoscalingLifecycleHook, {
      ...launch,
      autoscaling_group_name: `\${aws_autoscaling_group.instances.name}`,
    });
  });

  it("at termination is no resource, which would be destroyed before the group drains", () => {
    expect(synthesize()).not.toHaveResourceWithProperties(AutoscalingLifecycleHook, {
      lifecycle_transition: "autoscaling:EC2_INSTANCE_TERMINATING",
    });
  });

  it("need names of their own", () => {
    expect(() => synthesize({ terminateHook: { name: "model-ready", heartbeatTimeout: 180 } })).toThrow(
      'launchHook and terminateHook need different names; both are "model-ready"',
    );
  });
});

describe("a group with other settings", () => {
  it("mixes in Spot, and replaces Spot instances at risk", () => {
    const purchase = { onDemandBase: 2, onDemandPercentageAboveBase: 0 };
    expect(synthesize({ purchase })).toHaveResourceWithProperties(AutoscalingGroup, {
      capacity_rebalance: true,
      mixed_instances_policy: expect.objectContaining({
        instances_distribution: expect.objectContaining({
          on_demand_base_capacity: 2,
          on_demand_percentage_above_base_capacity: 0,
          spot_allocation_strategy: "price-capacity-optimized",
        }),
      }),
    });
  });

  it("lets AWS choose by requirements", () => {
    const requirements = {
      acceleratorCount: { min: 1 },
      acceleratorTotalMemoryMiB: { min: 22_000 },
      vcpuCount: { min: 4 },
      memoryMiB: { min: 16_384 },
    };
    const { override } = group({ instances: { requirements } }).mixed_instances_policy.launch_template;
    expect(override).toEqual([
      {
        instance_requirements: {
          accelerator_types: ["gpu"],
          accelerator_manufacturers: ["nvidia"],
          accelerator_count: { min: 1 },
          accelerator_total_memory_mib: { min: 22_000 },
          vcpu_count: { min: 4 },
          memory_mib: { min: 16_384 },
          on_demand_max_price_percentage_over_lowest_price: 999_999,
        },
      },
    ]);
  });

  it.each<[Partial<GpuAutoScalingGroupProps>, Record<string, unknown>]>([
    [
      { zoneDistribution: "balanced-only" },
      { availability_zone_distribution: { capacity_distribution_strategy: "balanced-only" } },
    ],
    [
      { suspendedProcesses: ["ScheduledActions", "AZRebalance", "AZRebalance"] },
      { suspended_processes: ["AZRebalance", "ScheduledActions"] },
    ],
    [{ terminationPolicies: ["NewestInstance"] }, { termination_policies: ["NewestInstance"] }],
    [{ maxInstanceLifetime: 86_400 }, { max_instance_lifetime: 86_400 }],
    [{ waitForCapacityTimeout: "30m" }, { wait_for_capacity_timeout: "30m" }],
    [
      { capacityReservation: { preference: "none" } },
      { capacity_reservation_specification: { capacity_reservation_preference: "none" } },
    ],
    [
      { healthyPercentages: { min: 90, max: 120 } },
      { instance_maintenance_policy: { min_healthy_percentage: 90, max_healthy_percentage: 120 } },
    ],
  ])("has the settings of %j", (props, expected) => {
    expect(synthesize(props)).toHaveResourceWithProperties(AutoscalingGroup, expected);
  });

  it("refreshes within the same percentages, with the given settings", () => {
    const synthesized = synthesize({
      healthyPercentages: { min: 90, max: 120 },
      instanceRefresh: { alarms: ["errors"] },
    });
    expect(synthesized).toHaveResourceWithProperties(AutoscalingGroup, {
      instance_refresh: expect.objectContaining({
        preferences: expect.objectContaining({
          min_healthy_percentage: 90,
          max_healthy_percentage: 120,
          alarm_specification: { alarms: ["errors"] },
        }),
      }),
    });
  });

  it("skips no matching instances where requirements give the types, and may have a warm pool", () => {
    const requirements = {
      acceleratorCount: { min: 1 },
      acceleratorTotalMemoryMiB: { min: 22_528 },
      vcpuCount: { min: 4 },
      memoryMiB: { min: 16_384 },
    };
    expect(group({ instances: { requirements }, warmPool: {} })).toMatchObject({
      warm_pool: { pool_state: "Stopped" },
      instance_refresh: { preferences: { skip_matching: false, auto_rollback: false } },
    });
  });

  it("protects instances from scale-in, and still refreshes them", () => {
    expect(synthesize({ protectFromScaleIn: true })).toHaveResourceWithProperties(AutoscalingGroup, {
      protect_from_scale_in: true,
      instance_refresh: expect.objectContaining({
        preferences: expect.objectContaining({ scale_in_protected_instances: "Refresh" }),
      }),
    });
  });

  it("has a warm pool with its metrics", () => {
    const { warm_pool, enabled_metrics } = group({ warmPool: { minSize: 1 } });
    expect(warm_pool).toMatchObject({ pool_state: "Stopped", min_size: 1 });
    expect(enabled_metrics.filter((metric: string) => metric.includes("WarmPool"))).toEqual([
      "GroupAndWarmPoolDesiredCapacity",
      "GroupAndWarmPoolTotalCapacity",
      "WarmPoolDesiredCapacity",
      "WarmPoolPendingCapacity",
      "WarmPoolTerminatingCapacity",
      "WarmPoolWarmedCapacity",
    ]);
  });

  it("refuses a warm pool with Spot instances", () => {
    expect(() => synthesize({ warmPool: {}, purchase: { onDemandPercentageAboveBase: 50 } })).toThrow(
      "warmPool needs a group of on-demand instances only",
    );
  });

  it("tags itself and its instances, in any order alike", () => {
    expect(synthesize({ tags: { b: "2", a: "1" } })).toHaveResourceWithProperties(AutoscalingGroup, {
      tag: [
        { key: "a", value: "1", propagate_at_launch: true },
        { key: "b", value: "2", propagate_at_launch: true },
      ],
    });
  });

  it("starts after what it needs", () => {
    const stack = new ServingStack(Testing.app(), "stack");
    const rule = new SecurityGroup(stack, "rule");
    new GpuAutoScalingGroup(stack, "instances", { ...minimal, dependsOn: [rule] });
    expect(Testing.synth(stack)).toHaveResourceWithProperties(AutoscalingGroup, {
      depends_on: ["aws_security_group.rule"],
    });
  });

  it("accepts tokens for its sizes", () => {
    const maxSize = Fn.max([4, 8]);
    expect(() => synthesize({ minSize: 4, maxSize })).not.toThrow();
  });
});

it.each<[string, Partial<GpuAutoScalingGroupProps>]>([
  ["minSize must be a whole number from 0 to 6; got 7", { minSize: 7 }],
  ["minSize must be a whole number from 0 to 6; got -1", { minSize: -1 }],
  ["maxSize must be", { minSize: 0, maxSize: 1.5 }],
  ["name must have 1 to 255 printable ASCII characters without space or colon", { name: "chat:llama" }],
  ["subnetIds must name at least one subnet", { subnetIds: [] }],
  ["subnetIds must name at least one subnet, and none twice", { subnetIds: ["subnet-a", "subnet-a"] }],
  ["healthCheckGracePeriod must be", { healthCheckGracePeriod: -1 }],
  ["defaultInstanceWarmup must be", { defaultInstanceWarmup: -1 }],
  ["maxInstanceLifetime, unless 0, must be a whole number from 86400", { maxInstanceLifetime: 3600 }],
  ["healthyPercentages.max must be", { healthyPercentages: { min: 50, max: 160 } }],
  ["launchTemplate.version must be", { launchTemplate: { id: "lt-1", version: "$Latest" } }],
  ['heartbeatTimeout of hook "model-ready"', { launchHook: { name: "model-ready", heartbeatTimeout: 7201 } }],
])("refuses what Auto Scaling refuses: %s", (message, props) => {
  expect(() => synthesize(props)).toThrow(message);
});

describe("the one type of the launch template, as a Capacity Block needs it", () => {
  it("is launched without a policy of mixed instances", () => {
    const { launch_template, mixed_instances_policy } = group({ instances: { ofTemplate: true } });
    expect(launch_template).toEqual({ id: "lt-1", version: "7" });
    expect(mixed_instances_policy).toBeUndefined();
  });

  it.each<[string, Partial<GpuAutoScalingGroupProps>]>([
    ["neither with Spot nor", { purchase: { onDemandPercentageAboveBase: 50 } }],
    ["neither with Spot nor", { warmPool: {} }],
    ["must be the number of a version", { launchTemplate: { id: "lt-1", version: "$Latest" } }],
  ])("%s", (message, props) => {
    expect(() => synthesize({ instances: { ofTemplate: true }, ...props })).toThrow(message);
  });
});
