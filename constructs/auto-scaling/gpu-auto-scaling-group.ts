import { AutoscalingGroup } from "@cdktf/provider-aws/lib/autoscaling-group";
import { AutoscalingLifecycleHook } from "@cdktf/provider-aws/lib/autoscaling-lifecycle-hook";
import { type ITerraformDependable, type Precondition, Token } from "cdktf";
import { Construct } from "constructs";
import { ARN_FORMS } from "../../aws/arn";
import {
  AUTO_SCALING_GROUP_NAME,
  DEREGISTRATION_DELAY,
  LIFECYCLE_HOOK_HEARTBEAT,
  MAX_INSTANCE_LIFETIME,
  type ScalingProcess,
  type TerminationPolicy,
} from "../../aws/limits";
import { requireArns, requireId, requireIds, requireText, requireWithin } from "../require-within";
import { type GroupCapacityReservation, groupCapacityReservation } from "./group-capacity-reservation";
import {
  type HealthyPercentages,
  type InstanceRefreshSettings,
  instanceRefresh,
  requireHealthyPercentages,
} from "./instance-refresh";
import { type LifecycleHook, lifecycleHook } from "./lifecycle-hook";
import {
  type GpuInstances,
  mixedInstancesPolicy,
  onlyOfTemplate,
  type PinnedLaunchTemplate,
  type Purchase,
  usesSpot,
} from "./mixed-instances-policy";
import { type WarmPool, warmPool } from "./warm-pool";

/** Props of {@link GpuAutoScalingGroup}. */
export interface GpuAutoScalingGroupProps {
  /**
   * Name: 1 to 255 printable ASCII characters, no space, no colon. It is fixed because the instance and its role refer
   * to it. A change of the name replaces the group; the new one is created before the old one is deleted.
   */
  readonly name: string;

  /** Subnets to launch into: one in each zone, preferably in every zone of the load balancer. */
  readonly subnetIds: readonly string[];

  /** Minimum number of instances, from 0. */
  readonly minSize: number;

  /** Maximum number of instances, at least `minSize`. */
  readonly maxSize: number;

  /**
   * Whether scheduled actions set both sizes while the group runs. Terraform then gives them to a new group only, and an apply
   * leaves those of the last action as they are.
   *
   * @default false
   */
  readonly scheduledSizes?: boolean;

  /** The launch template and its version. */
  readonly launchTemplate: PinnedLaunchTemplate;

  /** What the group may launch. With several types it is more likely that one has capacity. */
  readonly instances: GpuInstances;

  /**
   * How much is on-demand and how much Spot.
   *
   * @default all on-demand
   */
  readonly purchase?: Purchase;

  /**
   * On-demand capacity reservations.
   *
   * @default that of the launch template
   */
  readonly capacityReservation?: GroupCapacityReservation;

  /** ARNs of the target groups that instances register with. */
  readonly targetGroupArns: readonly string[];

  /** Seconds after the launch hook during which a failed health check does not replace the instance. */
  readonly healthCheckGracePeriod: number;

  /** Seconds in service before an instance counts in the metrics that scale the group. */
  readonly defaultInstanceWarmup: number;

  /** Holds a new instance out of service until its model answers. */
  readonly launchHook: LifecycleHook;

  /**
   * Holds back the termination of an instance, after its deregistration, until its server has stopped. A change of its
   * heartbeat timeout reaches new groups only; an instance that may need longer sends heartbeats.
   */
  readonly terminateHook: LifecycleHook;

  /**
   * How much of the group stays healthy while instances are replaced: by a refresh, after failed health checks, at
   * their maximum lifetime, or to balance zones.
   *
   * @default { min: 100, max: 110 }: launch before terminate
   */
  readonly healthyPercentages?: HealthyPercentages;

  /**
   * How a new version of the launch template reaches the instances.
   *
   * @default see {@link InstanceRefreshSettings}
   */
  readonly instanceRefresh?: InstanceRefreshSettings;

  /**
   * What to do when a zone has no capacity: launch in another zone (best effort), or keep trying in that zone (only).
   *
   * @default "balanced-best-effort"
   */
  readonly zoneDistribution?: "balanced-best-effort" | "balanced-only";

  /**
   * Initialized instances that wait until the group grows.
   *
   * @default none
   */
  readonly warmPool?: WarmPool;

  /**
   * Processes that are suspended, e.g. `AZRebalance`, which terminates busy instances to balance zones.
   *
   * @default none
   */
  readonly suspendedProcesses?: readonly ScalingProcess[];

  /**
   * Which instance a shrinking group terminates first, in the zone with the most instances.
   *
   * @default those of the oldest launch template, then by the allocation strategy, then AWS's default
   */
  readonly terminationPolicies?: readonly TerminationPolicy[];

  /**
   * Whether instances are protected from scale-in. Instance refreshes replace them nevertheless.
   *
   * @default false
   */
  readonly protectFromScaleIn?: boolean;

  /**
   * Seconds after which an instance is replaced: 86400 to 31536000; 0 means never.
   *
   * @default 0
   */
  readonly maxInstanceLifetime?: number;

  /**
   * Conditions that Terraform checks before it changes the group, e.g. that of `InstanceTypeOfferings`.
   *
   * @default none
   */
  readonly preconditions?: readonly Precondition[];

  /**
   * How long Terraform waits for instances to be in service, as a Go duration such as `30m`. By default it does not
   * wait: GPUs may have no capacity for hours, and an apply that fails meanwhile marks the group as tainted. The next
   * apply would then replace it with a group of the same name.
   *
   * @default "0"
   */
  readonly waitForCapacityTimeout?: string;

  /**
   * Tags of the group and its instances. When instances can read their tags from metadata, as with `GpuLaunchTemplate`,
   * keys may hold only letters, digits and `+-=.,_:@`.
   *
   * @default none
   */
  readonly tags?: { readonly [key: string]: string };

  /**
   * What must exist from the first launch until the last termination, such as the rules of the security group and the
   * routes to the internet.
   *
   * @default nothing
   */
  readonly dependsOn?: readonly ITerraformDependable[];
}

const GROUP_METRICS = [
  "GroupDesiredCapacity",
  "GroupInServiceInstances",
  "GroupMaxSize",
  "GroupMinSize",
  "GroupPendingInstances",
  "GroupStandbyInstances",
  "GroupTerminatingInstances",
  "GroupTotalInstances",
];
const WARM_POOL_METRICS = [
  "GroupAndWarmPoolDesiredCapacity",
  "GroupAndWarmPoolTotalCapacity",
  "WarmPoolDesiredCapacity",
  "WarmPoolPendingCapacity",
  "WarmPoolTerminatingCapacity",
  "WarmPoolWarmedCapacity",
];

/** Longest deregistration delay plus longest terminate hook, as a Go duration. */
const LONGEST_DEPARTURE = `${(DEREGISTRATION_DELAY.max + LIFECYCLE_HOOK_HEARTBEAT.max) / 3600}h`;

/**
 * The instances that serve one variant of a model, in all zones, behind a load balancer.
 *
 * - **Health** is that of the load balancer. An instance comes into service when its model answers (launch hook) and is
 *   terminated when its server has stopped (terminate hook).
 * - **Hooks** are blocks of the group, which exist before the first instance; separate resources would not. But a change
 *   of such a block replaces the group, so the group ignores changes of them. A separate resource of the same name applies
 *   every change of the launch hook. The terminate hook has none: Terraform destroys what depends on the group before the
 *   group itself, so that the instances would leave without the hook.
 * - **Replacement** launches before it terminates. Each new version of the launch template starts an instance refresh.
 *   Terraform does not wait for its end.
 * - **Desired capacity** is never set: the scaling policies control it.
 *
 * Source: Auto Scaling user guide; Terraform AWS provider, `aws_autoscaling_group` and
 * `aws_autoscaling_lifecycle_hook`.
 *
 * @example
 * const group = new GpuAutoScalingGroup(this, "group", {
 *   name: "chat.llama-3.main",
 *   subnetIds: network.privateSubnetIds,
 *   minSize: 3,
 *   maxSize: 6,
 *   launchTemplate: { id: template.launchTemplateId, version: template.latestVersion },
 *   instances: { types: ["g6.xlarge", "g5.xlarge"] },
 *   targetGroupArns: [targetGroup.arn],
 *   healthCheckGracePeriod: 620,
 *   defaultInstanceWarmup: 90,
 *   launchHook: { name: "model-ready", heartbeatTimeout: 1200 },
 *   terminateHook: { name: "server-stopped", heartbeatTimeout: 180 },
 * });
 */
export class GpuAutoScalingGroup extends Construct {
  /** The Auto Scaling group. */
  public readonly autoScalingGroup: AutoscalingGroup;
  /** Its name, as a reference to the group. */
  public readonly autoScalingGroupName: string;
  /** The hook at launch. */
  public readonly launchHook: AutoscalingLifecycleHook;

  /**
   * @throws Error when Auto Scaling would refuse the name, the subnets, the instance types, the version of the launch
   *   template, the hooks, the refresh or the warm pool
   * @throws RangeError when a number is out of range
   */
  constructor(scope: Construct, id: string, props: GpuAutoScalingGroupProps) {
    super(scope, id);
    const { purchase = {}, healthyPercentages = { min: 100, max: 110 }, protectFromScaleIn = false } = props;
    requireText("name", props.name, AUTO_SCALING_GROUP_NAME);
    requireDistinctSubnets(props.subnetIds);
    requireIds("subnetIds", props.subnetIds, "subnet");
    requireId("launchTemplate.id", props.launchTemplate.id, "launchTemplate");
    requireArns("targetGroupArns", props.targetGroupArns, ARN_FORMS.targetGroup);
    requireReservable(props);
    requireSizes(props);
    requireHealthyPercentages(healthyPercentages);
    requireWithin("healthCheckGracePeriod", props.healthCheckGracePeriod, { min: 0 });
    requireWithin("defaultInstanceWarmup", props.defaultInstanceWarmup, { min: 0 });
    const launch = lifecycleHook("autoscaling:EC2_INSTANCE_LAUNCHING", props.launchHook);
    const terminate = lifecycleHook("autoscaling:EC2_INSTANCE_TERMINATING", props.terminateHook);
    requireDistinctHooks(props);

    this.autoScalingGroup = new AutoscalingGroup(this, "Resource", {
      name: props.name,
      vpcZoneIdentifier: [...props.subnetIds],
      minSize: props.minSize,
      maxSize: props.maxSize,
      ...launched(props, purchase),
      capacityRebalance: usesSpot(purchase),
      // Written always: the provider changes nothing for a block that is left out.
      capacityReservationSpecification: groupCapacityReservation(
        props.capacityReservation ?? { preference: "default" },
      ),
      availabilityZoneDistribution: {
        capacityDistributionStrategy: props.zoneDistribution ?? "balanced-best-effort",
      },
      targetGroupArns: [...props.targetGroupArns],
      healthCheckType: "ELB",
      healthCheckGracePeriod: props.healthCheckGracePeriod,
      defaultInstanceWarmup: props.defaultInstanceWarmup,
      initialLifecycleHook: [launch, terminate],
      instanceMaintenancePolicy: {
        minHealthyPercentage: healthyPercentages.min,
        maxHealthyPercentage: healthyPercentages.max,
      },
      instanceRefresh: instanceRefresh(
        healthyPercentages,
        props.instanceRefresh ?? {},
        protectFromScaleIn,
        props.instances.requirements !== undefined,
      ),
      warmPool: props.warmPool && warmPool(props.warmPool, usesSpot(purchase)),
      suspendedProcesses: props.suspendedProcesses && [...new Set(props.suspendedProcesses)].sort(),
      terminationPolicies: [
        ...(props.terminationPolicies ?? ["OldestLaunchTemplate", "AllocationStrategy", "Default"]),
      ],
      protectFromScaleIn,
      maxInstanceLifetime: lifetime(props.maxInstanceLifetime ?? 0),
      enabledMetrics: [...GROUP_METRICS, ...(props.warmPool ? WARM_POOL_METRICS : [])],
      metricsGranularity: "1Minute",
      waitForCapacityTimeout: props.waitForCapacityTimeout ?? "0",
      forceDelete: false,
      tag: tagsAtLaunch(props.tags ?? {}),
      timeouts: { update: LONGEST_DEPARTURE, delete: LONGEST_DEPARTURE },
      dependsOn: props.dependsOn && [...props.dependsOn],
      lifecycle: {
        createBeforeDestroy: true,
        ignoreChanges: [
          ...["desired_capacity", "initial_lifecycle_hook"],
          ...(props.scheduledSizes ? ["max_size", "min_size"] : []),
        ],
        precondition: props.preconditions && [...props.preconditions],
      },
    });
    this.autoScalingGroupName = this.autoScalingGroup.name;
    this.launchHook = new AutoscalingLifecycleHook(this, "launch-hook", {
      ...launch,
      autoscalingGroupName: this.autoScalingGroupName,
    });
  }
}

/** @throws Error when Auto Scaling would refuse the types, the version or the purchase */
function launched(
  { launchTemplate, instances, warmPool: pool }: GpuAutoScalingGroupProps,
  purchase: Purchase,
) {
  if (instances.ofTemplate === undefined) {
    return { mixedInstancesPolicy: mixedInstancesPolicy(launchTemplate, instances, purchase) };
  }
  if (usesSpot(purchase) || pool !== undefined) {
    throw new Error("instances.ofTemplate, for a Capacity Block, goes neither with Spot nor with a warmPool");
  }
  return { launchTemplate: onlyOfTemplate(launchTemplate) };
}

function lifetime(seconds: number): number {
  if (seconds !== 0) {
    requireWithin("maxInstanceLifetime, unless 0,", seconds, MAX_INSTANCE_LIFETIME);
  }
  return seconds;
}

function tagsAtLaunch(tags: { readonly [key: string]: string }) {
  return Object.entries(tags)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => ({ key, value, propagateAtLaunch: true }));
}

function requireDistinctSubnets(subnetIds: readonly string[]): void {
  if (subnetIds.length === 0 || new Set(subnetIds).size < subnetIds.length) {
    throw new Error(
      `subnetIds must name at least one subnet, and none twice; got ${JSON.stringify(subnetIds)}`,
    );
  }
}

function requireReservable({ capacityReservation, purchase = {} }: GpuAutoScalingGroupProps): void {
  if (capacityReservation?.preference === "capacity-reservations-only" && usesSpot(purchase)) {
    throw new Error(
      `capacityReservation "capacity-reservations-only" launches no Spot instances, and onDemandPercentageAboveBase ${purchase.onDemandPercentageAboveBase} asks for some; make it 100, or use "capacity-reservations-first"`,
    );
  }
}

function requireSizes({ minSize, maxSize }: GpuAutoScalingGroupProps): void {
  requireWithin("maxSize", maxSize, { min: 0 });
  requireWithin("minSize", minSize, { min: 0, max: Token.isUnresolved(maxSize) ? undefined : maxSize });
}

function requireDistinctHooks({ launchHook, terminateHook }: GpuAutoScalingGroupProps): void {
  if (launchHook.name === terminateHook.name) {
    throw new Error(`launchHook and terminateHook need different names; both are "${launchHook.name}"`);
  }
}
