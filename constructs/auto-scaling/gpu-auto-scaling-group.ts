import { AutoscalingGroup } from "@cdktf/provider-aws/lib/autoscaling-group";
import { AutoscalingLifecycleHook } from "@cdktf/provider-aws/lib/autoscaling-lifecycle-hook";
import { type ITerraformDependable, Token } from "cdktf";
import { Construct } from "constructs";
import {
  AUTO_SCALING_GROUP_NAME,
  DEREGISTRATION_DELAY,
  LIFECYCLE_HOOK_HEARTBEAT,
  MAX_INSTANCE_LIFETIME,
  type ScalingProcess,
  type TerminationPolicy,
} from "../../aws/limits";
import { requireText, requireWithin } from "../require-within";
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
  type PinnedLaunchTemplate,
  type Purchase,
  usesSpot,
} from "./mixed-instances-policy";
import { type WarmPool, warmPool } from "./warm-pool";

/** Props of {@link GpuAutoScalingGroup}. */
export interface GpuAutoScalingGroupProps {
  /**
   * Name: 1 to 255 printable ASCII characters, no space, no colon. It is fixed so that the instance and its role can
   * know it; another name is another group, which stands before the old one goes.
   */
  readonly name: string;

  /** Subnets to launch into: one in each zone, and best in every zone the load balancer is in. */
  readonly subnetIds: readonly string[];

  /** Fewest instances, from 0. */
  readonly minSize: number;

  /** Most instances, at least `minSize`. */
  readonly maxSize: number;

  /** The launch template and the version of it. */
  readonly launchTemplate: PinnedLaunchTemplate;

  /** What the group may launch. Several types make it likelier to get one. */
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
   * @default as the launch template says
   */
  readonly capacityReservation?: GroupCapacityReservation;

  /** ARNs of the target groups instances register with. */
  readonly targetGroupArns: readonly string[];

  /** Seconds an instance is in service before a failed health check replaces it. It begins after the launch hook. */
  readonly healthCheckGracePeriod: number;

  /** Seconds an instance is in service before it counts in the metrics that scale the group. */
  readonly defaultInstanceWarmup: number;

  /** The pause before an instance comes into service, until its model answers. */
  readonly launchHook: LifecycleHook;

  /** The pause before an instance is terminated, after it left the target group, until its server has stopped. */
  readonly terminateHook: LifecycleHook;

  /**
   * How much of the group stays healthy whenever instances are replaced: by a refresh, for failed health checks, for
   * their age, to balance zones.
   *
   * @default { min: 100, max: 110 }, i.e. launch before terminate
   */
  readonly healthyPercentages?: HealthyPercentages;

  /**
   * How a new version of the launch template reaches the instances.
   *
   * @default see {@link InstanceRefreshSettings}
   */
  readonly instanceRefresh?: InstanceRefreshSettings;

  /**
   * What to do in a zone that has no such GPUs left: launch in another one, or keep trying for balance's sake.
   *
   * @default "balanced-best-effort"
   */
  readonly zoneDistribution?: "balanced-best-effort" | "balanced-only";

  /**
   * Instances that were made ready once and wait.
   *
   * @default none
   */
  readonly warmPool?: WarmPool;

  /**
   * What Auto Scaling is kept from doing, e.g. `AZRebalance`, which ends busy instances to balance zones.
   *
   * @default nothing
   */
  readonly suspendedProcesses?: readonly ScalingProcess[];

  /**
   * Which instance goes first when the group shrinks, in the zone that has most.
   *
   * @default those of an old launch template, then what keeps the mix of purchases, then AWS's default
   */
  readonly terminationPolicies?: readonly TerminationPolicy[];

  /**
   * Whether instances are kept when the group shrinks. Refreshes replace them all the same.
   *
   * @default false
   */
  readonly protectFromScaleIn?: boolean;

  /**
   * Seconds after which an instance is replaced: 86400 to 31536000, or 0 for never.
   *
   * @default 0
   */
  readonly maxInstanceLifetime?: number;

  /**
   * How long Terraform waits for instances to be in service, as a Go duration such as `30m`. By default it does not:
   * GPUs may be out of stock for hours, and an apply that fails for it leaves the group tainted, to be replaced
   * by one of the same name.
   *
   * @default "0"
   */
  readonly waitForCapacityTimeout?: string;

  /**
   * Tags of the group and its instances. Where instances can read their tags from metadata, as with our launch template,
   * keys hold letters, digits and `+-=.,_:@` only.
   *
   * @default none
   */
  readonly tags?: { readonly [key: string]: string };

  /**
   * What must stand before the first instance starts and until the last one has stopped, such as the rules of its
   * security group and the way to the internet.
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

/** Leaving a target group takes up to its longest drain, terminating up to the longest hook: a Go duration. */
const LONGEST_DEPARTURE = `${(DEREGISTRATION_DELAY.max + LIFECYCLE_HOOK_HEARTBEAT.max) / 3600}h`;

/**
 * The GPU instances that serve one variant of a model, in all zones, behind a load balancer.
 *
 * - **Health** is the load balancer's. An instance comes into service when its model answers (launch hook) and goes when
 *   its server has stopped (terminate hook).
 * - **Hooks** are made twice under one name. As blocks of the group they stand before the first instance, which a
 *   resource beside the group would not; but such blocks cannot be changed without replacing the group. So the
 *   group ignores changes of them, and resources of the same name take the hooks over and carry every change.
 * - **Replacement** launches before it terminates, and an instance refresh follows each new version of the launch
 *   template. Terraform starts it and does not wait for it.
 * - **Desired capacity** is never set: it belongs to the scaling policies.
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
  /** Its name, as a reference to it. */
  public readonly autoScalingGroupName: string;
  /** The hook on the way into service. */
  public readonly launchHook: AutoscalingLifecycleHook;
  /** The hook on the way out. */
  public readonly terminateHook: AutoscalingLifecycleHook;

  /**
   * @throws Error when the name, the subnets, the instance types, the launch template version, the hooks, the
   *   refresh or the warm pool are ones Auto Scaling would refuse
   * @throws RangeError when a number is out of range
   */
  constructor(scope: Construct, id: string, props: GpuAutoScalingGroupProps) {
    super(scope, id);
    const { purchase = {}, healthyPercentages = { min: 100, max: 110 }, protectFromScaleIn = false } = props;
    requireText("name", props.name, AUTO_SCALING_GROUP_NAME);
    requireDistinctSubnets(props.subnetIds);
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
      mixedInstancesPolicy: mixedInstancesPolicy(props.launchTemplate, props.instances, purchase),
      capacityRebalance: usesSpot(purchase),
      capacityReservationSpecification:
        props.capacityReservation && groupCapacityReservation(props.capacityReservation),
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
      instanceRefresh: instanceRefresh(healthyPercentages, props.instanceRefresh ?? {}, protectFromScaleIn),
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
        ignoreChanges: ["desired_capacity", "initial_lifecycle_hook"],
      },
    });
    this.autoScalingGroupName = this.autoScalingGroup.name;

    const autoscalingGroupName = this.autoScalingGroupName;
    this.launchHook = new AutoscalingLifecycleHook(this, "launch-hook", { ...launch, autoscalingGroupName });
    this.terminateHook = new AutoscalingLifecycleHook(this, "terminate-hook", {
      ...terminate,
      autoscalingGroupName,
    });
  }
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

function requireSizes({ minSize, maxSize }: GpuAutoScalingGroupProps): void {
  requireWithin("maxSize", maxSize, { min: 0 });
  requireWithin("minSize", minSize, { min: 0, max: Token.isUnresolved(maxSize) ? undefined : maxSize });
}

function requireDistinctHooks({ launchHook, terminateHook }: GpuAutoScalingGroupProps): void {
  if (launchHook.name === terminateHook.name) {
    throw new Error(`launchHook and terminateHook need different names; both are "${launchHook.name}"`);
  }
}
