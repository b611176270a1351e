import { type ITerraformDependable, type Precondition, TerraformLocal } from "cdktf";
import { Construct } from "constructs";
import { parseArn, parseSecretReference } from "../aws/arn";
import { encodeUserData, renderUserData } from "../boot/user-data";
import { storedFolders } from "../config/plan/adapters";
import { instanceFacts, LAUNCH_HOOK, TERMINATE_HOOK } from "../config/plan/boot-config";
import type { Region } from "../config/plan/deployment";
import type { Model, Variant } from "../config/plan/model";
import { LOG_GROUPS, reservationGroupName, scheduleId } from "../config/plan/names";
import { readsOf } from "../config/plan/reads";
import { reservationsOf, reservedByZone } from "../config/plan/reservations";
import { instanceTags } from "../config/plan/tags";
import { instancePorts } from "../config/plan/targets";
import { variantId } from "../config/plan/variant-id";
import { reservedZoneCount, typesToAskFor } from "../config/plan/zones";
import { scalingActivities } from "../constructs/alarms/scaling-activities";
import { GpuAutoScalingGroup } from "../constructs/auto-scaling/gpu-auto-scaling-group";
import type { GroupCapacityReservation } from "../constructs/auto-scaling/group-capacity-reservation";
import type { GpuInstances } from "../constructs/auto-scaling/mixed-instances-policy";
import { RequestCountScaling } from "../constructs/auto-scaling/request-count-scaling";
import { ReservationGroup } from "../constructs/auto-scaling/reservation-group";
import { ScheduledAction } from "../constructs/auto-scaling/scheduled-action";
import { WaitingRequestsScaling } from "../constructs/auto-scaling/waiting-requests-scaling";
import { InstanceRole, ROLE_NAME_PREFIX, type S3Prefix } from "../constructs/instance/instance-role";
import {
  type EgressDestination,
  InstanceSecurityGroup,
} from "../constructs/instance/instance-security-group";
import { InstanceTypeOfferings } from "../constructs/instance/instance-type-offerings";
import { GpuLaunchTemplate, type GpuLaunchTemplateProps } from "../constructs/instance/launch-template";
import { LogGroups } from "../constructs/instance/log-groups";
import type { ApplicationLoadBalancer } from "../constructs/load-balancer/application-load-balancer";
import type { TargetGroup } from "../constructs/load-balancer/target-group";
import { SubnetsInZones } from "../constructs/network/subnets-in-zones";
import type { RegionNetwork } from "./region-network";
import { resourcesIn } from "./resources-in";

const MIB_PER_GIB = 1024;

/** Props of {@link ModelInstances}. */
export interface ModelInstancesProps {
  readonly region: Region;
  readonly model: Model;
  readonly variant: Variant;
  readonly network: RegionNetwork;
  /** ARN of the KMS key of their logs. Absent: the one that CloudWatch Logs manages. */
  readonly logKeyArn?: string;
  /** What Terraform checks of the rules of their security group. Absent: nothing. */
  readonly egressPreconditions?: readonly Precondition[];
  readonly alb: ApplicationLoadBalancer;
  readonly targetGroup: TargetGroup;
  /** The rule, or the listener, that attaches the target group to the load balancer. */
  readonly attachedBy: ITerraformDependable;
  /** Names of the variant's alarms that stop an instance refresh. */
  readonly stopRefresh: readonly string[];
  /** ARNs of the topics that are told of each launch and end of an instance. */
  readonly tellsActivities: readonly string[];
  /** Tags of what Auto Scaling launches, which the provider's default tags do not reach. */
  readonly tags: Readonly<Record<string, string>>;
}

/** The instances of a variant: their role, their security group, their launch template, their group and its scaling. */
export class ModelInstances extends Construct {
  constructor(scope: Construct, id: string, props: ModelInstancesProps) {
    super(scope, id);
    const { region, model, variant, alb } = props;
    const ports = instancePorts(model);
    const securityGroup = new InstanceSecurityGroup(this, "security-group", {
      namePrefix: `${variant.groupName}-`,
      vpcId: props.network.vpcId,
      loadBalancerSecurityGroupId: alb.securityGroupId,
      ports,
      egress: region.egress.map(({ to, ...rule }) => ({ ...rule, to: destinationOf(to) })),
      preconditions: props.egressPreconditions,
    });
    for (const port of ports) {
      alb.allowTo(`${variantId(model, variant)}-${port}`, securityGroup.securityGroupId, port);
    }
    const role = this.role(props);
    const template = this.launchTemplate(props, securityGroup.securityGroupId, role);
    const group = this.group(props, template, [
      ...resourcesIn(securityGroup, role, ...props.network.waysOut),
      ...this.logs(props),
    ]);
    this.scaling(props, group);
    scalingActivities(this, group.autoScalingGroupName, props.tellsActivities);
    if (variant.capacityBlock !== undefined) {
      new ScheduledAction(this, "capacity-block-ends", {
        autoScalingGroupName: group.autoScalingGroupName,
        name: "capacity-block-ends",
        at: variant.capacityBlock.emptyFrom,
        sizes: { min: 0, max: 0, desired: 0 },
      });
    }
    const schedules = new Construct(this, "schedule");
    for (const { name, cron, timeZone, min, max } of variant.schedules) {
      new ScheduledAction(schedules, scheduleId(cron, timeZone), {
        autoScalingGroupName: group.autoScalingGroupName,
        name,
        at: { cron, timeZone },
        sizes: { min: min.value, max: max.value },
      });
    }
  }

  /** The log groups. They are created before the instances: what is written to a missing log group is lost. */
  private logs({
    region: { observability },
    variant,
    logKeyArn,
  }: ModelInstancesProps): readonly ITerraformDependable[] {
    if (observability === undefined) {
      return [];
    }
    return resourcesIn(
      new LogGroups(this, "logs", {
        names: logGroupNames(variant),
        retentionDays: observability.retentionDays,
        kmsKeyArn: logKeyArn,
      }),
    );
  }

  private role(props: ModelInstancesProps): InstanceRole {
    const { region, model, variant, targetGroup } = props;
    const { observability } = region;
    const { groupName, settings } = variant;
    const read = [
      ...Object.values(variant.secrets),
      ...(variant.registryLogin ? [variant.registryLogin.secret] : []),
    ];
    const reads = readsOf(settings);
    const secrets = [...read.map((reference) => parseSecretReference(reference).arn), ...reads.secrets];
    return new InstanceRole(this, "role", {
      namePrefix: groupName.slice(0, ROLE_NAME_PREFIX.maxLength),
      autoScalingGroupName: groupName,
      pulledImages: [settings.image, ...(model.targetOptimizer ? [model.targetOptimizer.image] : [])],
      readableS3Prefixes: readableFolders(settings),
      secretArns: secrets.filter((arn) => !isParameter(arn)),
      parameterArns: secrets.filter(isParameter),
      readableTableArns: reads.tables,
      kmsKeyArns: settings.kmsKeyArns,
      marksUnhealthy: model.gpuWatch,
      leavesTargetGroups: settings.spot && [targetGroup.arn],
      writableLogGroups: observability && Object.values(logGroupNames(variant)),
      metricsNamespace: observability?.namespace,
    });
  }

  private launchTemplate(
    props: ModelInstancesProps,
    securityGroupId: string,
    role: InstanceRole,
  ): GpuLaunchTemplate {
    const { region, model, variant, network } = props;
    const { settings } = variant;
    return new GpuLaunchTemplate(this, "template", {
      namePrefix: `${variant.groupName}-`,
      ami: ami(variant),
      rootVolume: {
        sizeGiB: variant.volume.value,
        iops: settings.volume.iops,
        throughput: settings.volume.throughput,
        kmsKeyArn: settings.volume.kmsKeyArn,
      },
      instanceProfileArn: role.instanceProfileArn,
      securityGroupIds: [securityGroupId],
      userDataBase64: encodeUserData(renderUserData(instanceFacts(region, model, variant))),
      publicAddress: network.publicAddresses,
      capacityBlock: variant.capacityBlock,
      tags: { ...props.tags, ...instanceTags(model, variant) },
    });
  }

  /** @param needs resources that an instance needs at its start, and that the group does not refer to */
  private group(
    props: ModelInstancesProps,
    template: GpuLaunchTemplate,
    needs: readonly ITerraformDependable[],
  ): GpuAutoScalingGroup {
    const { model, variant, network, targetGroup } = props;
    const { settings, capacity } = variant;
    const { timing, rollout } = model;
    const refreshAlarms = [...props.stopRefresh, ...rollout.alarms];
    const offerings = new InstanceTypeOfferings(this, "offerings", {
      types: typesToAskFor(settings),
      zoneIds: network.instanceZoneIds,
      zoneCount: variant.zones.value,
    });
    const placed = placement(this, props);
    const reserved = reservationGroup(this, variant);
    return new GpuAutoScalingGroup(this, "group", {
      name: variant.groupName,
      subnetIds: placed.subnetIds,
      minSize: capacity.min.value,
      maxSize: capacity.max.value,
      scheduledSizes: variant.schedules.length > 0,
      launchTemplate: { id: template.launchTemplateId, version: template.latestVersion },
      instances: instances(settings),
      purchase:
        variant.capacityBlock === undefined
          ? {
              onDemandBase: capacity.onDemandBase.value,
              onDemandPercentageAboveBase: capacity.onDemandShare.value,
              spotAllocationStrategy: settings.spot?.strategy,
            }
          : undefined,
      capacityReservation: reservation(settings.capacityReservation, reserved),
      targetGroupArns: [targetGroup.arn],
      healthCheckGracePeriod: timing.gracePeriod.value,
      defaultInstanceWarmup: timing.warmUp.value,
      launchHook: { name: LAUNCH_HOOK, heartbeatTimeout: timing.launchHook.value },
      terminateHook: { name: TERMINATE_HOOK, heartbeatTimeout: timing.terminateHook.value },
      healthyPercentages: { min: capacity.minHealthy.value, max: capacity.maxHealthy.value },
      instanceRefresh: {
        skipMatching: variant.refresh.skipMatching,
        checkpoints: rollout.checkpoints,
        alarms: refreshAlarms.length > 0 ? refreshAlarms : undefined,
        instanceWarmup: timing.refreshWarmUp.value,
      },
      warmPool: settings.warmPool && {
        state: settings.warmPool.state,
        minSize: settings.warmPool.min,
        maxGroupPreparedCapacity: settings.warmPool.maxPrepared,
        reuseOnScaleIn: settings.warmPool.reuse,
      },
      suspendedProcesses: model.suspendedProcesses.length > 0 ? model.suspendedProcesses : undefined,
      maxInstanceLifetime: model.maxInstanceLifetime,
      tags: { ...props.tags, ...instanceTags(model, variant) },
      preconditions: [offerings.precondition, ...placed.preconditions],
      dependsOn: [...needs, ...(reserved?.members ?? [])],
    });
  }

  private scaling(
    { region, model, variant, alb, targetGroup, attachedBy }: ModelInstancesProps,
    group: GpuAutoScalingGroup,
  ): void {
    const target = variant.capacity.scalingTarget;
    if (target !== undefined) {
      new RequestCountScaling(this, "scaling", {
        autoScalingGroupName: group.autoScalingGroupName,
        resourceLabel: `${alb.arnSuffix}/${targetGroup.arnSuffix}`,
        requestsPerMinutePerInstance: target.value,
        scaleIn: variant.settings.scaling.scaleIn,
        dependsOn: [attachedBy],
      });
    }
    const { waitingRequestsPerInstance } = variant.settings.scaling;
    const waiting = model.metrics?.waiting;
    if (
      waitingRequestsPerInstance !== undefined &&
      waiting !== undefined &&
      region.observability !== undefined
    ) {
      new WaitingRequestsScaling(this, "queue", {
        autoScalingGroupName: group.autoScalingGroupName,
        namespace: region.observability.namespace,
        metricName: waiting,
        waitingRequestsPerInstance,
      });
    }
  }
}

/** The subnets of a group, and what Terraform checks of them and of the clock when it plans. */
interface Placement {
  readonly subnetIds: readonly string[];
  readonly preconditions: readonly Precondition[];
}

function placement(scope: Construct, props: ModelInstancesProps): Placement {
  const { network, variant } = props;
  const { capacityBlock: block, settings } = variant;
  if (block === undefined) {
    return placementByReservations(scope, network, settings);
  }
  const { subnetIds, precondition } = new SubnetsInZones(scope, "zone-of-block", {
    subnets: network.instanceSubnets(),
    zones: [block.zone],
    subject: `Capacity Block ${block.id}`,
  });
  // Terraform takes no condition that refers to nothing.
  const emptyFrom = new TerraformLocal(scope, "block-empty-from", block.emptyFrom);
  return {
    subnetIds,
    preconditions: [
      precondition,
      {
        condition: `\${timecmp(plantimestamp(), local.${emptyFrom.friendlyUniqueId}) < 0}`,
        errorMessage: `Capacity Block ${block.id} ends at ${block.until} by serving.yaml, and its instances go at ${block.emptyFrom}, which has passed. If it was extended, write its new end into capacityBlock.until. Else write another block, or leave out capacityBlock or the variant.`,
      },
    ],
  };
}

/** Where instances are launched into reservations only, their zones have the only subnets; else each of them has to have one. */
function placementByReservations(
  scope: Construct,
  network: RegionNetwork,
  settings: Variant["settings"],
): Placement {
  const zones = [...reservedByZone(settings).keys()];
  if (zones.length === 0) {
    return { subnetIds: network.instanceSubnetIds, preconditions: [] };
  }
  const { subnetIds, precondition } = new SubnetsInZones(scope, "zones-of-reservations", {
    subnets: network.instanceSubnets(),
    zones,
    subject: `Capacity reservations ${reservationsOf(settings)
      .map(({ id }) => id)
      .join(", ")}`,
  });
  return {
    subnetIds: reservedZoneCount(settings) === undefined ? network.instanceSubnetIds : subnetIds,
    preconditions: [precondition],
  };
}

/** The resource group of the listed reservations. */
function reservationGroup(scope: Construct, { groupName, settings }: Variant): ReservationGroup | undefined {
  const reservationIds = reservationsOf(settings).map(({ id }) => id);
  return reservationIds.length === 0
    ? undefined
    : new ReservationGroup(scope, "reserved", { name: reservationGroupName(groupName), reservationIds });
}

function ami({ machineImage }: Variant): GpuLaunchTemplateProps["ami"] {
  if ("id" in machineImage) {
    return { id: machineImage.id, driver: machineImage.gpus };
  }
  const { architecture, gpus, ...chosen } = machineImage;
  return { parameter: { architecture, driver: gpus }, ...chosen };
}

function instances({
  instanceTypes,
  instanceRequirements: wanted,
  capacityBlock,
}: Variant["settings"]): GpuInstances {
  if (capacityBlock !== undefined) {
    return { ofTemplate: true };
  }
  if (wanted === undefined) {
    return { types: instanceTypes };
  }
  return {
    requirements: {
      allowedInstanceTypes: instanceTypes,
      acceleratorCount: wanted.gpus,
      acceleratorTotalMemoryMiB: { min: wanted.gpuMemory * MIB_PER_GIB },
      vcpuCount: { min: wanted.vcpus },
      memoryMiB: { min: wanted.memory * MIB_PER_GIB },
    },
  };
}

function reservation(
  chosen: Variant["settings"]["capacityReservation"],
  made: ReservationGroup | undefined,
): GroupCapacityReservation | undefined {
  if (chosen === undefined || chosen.preference === "none") {
    return chosen && { preference: "none" };
  }
  const { preference, id, resourceGroupArn = made?.arn } = chosen;
  if (id !== undefined) {
    return { preference, target: { reservationIds: [id] } };
  }
  return {
    preference,
    target: resourceGroupArn === undefined ? undefined : { resourceGroupArns: [resourceGroupArn] },
  };
}

function logGroupNames({ logGroupPrefix }: Variant): Readonly<Record<string, string>> {
  return Object.fromEntries(LOG_GROUPS.map((what) => [what, `${logGroupPrefix}/${what}`]));
}

/** What an instance reads in S3: what it stores, from any place that has it, and what its server reads itself. */
function readableFolders(settings: Variant["settings"]): readonly S3Prefix[] {
  const stored = storedFolders(settings).flatMap(({ uri, mirrors }) => [uri, ...mirrors]);
  return [...stored, ...readsOf(settings).folders].map(s3Folder);
}

function isParameter(secretArn: string): boolean {
  return parseArn(secretArn)?.service === "ssm";
}

/** The prefix, with a slash at its end: without it `v1` would allow the instance to read `v10` too. */
function s3Folder(uri: string): S3Prefix {
  const { hostname, pathname } = new URL(uri);
  return { bucket: hostname, prefix: pathname.slice(1).replace(/[^/]$/, "$&/") };
}

function destinationOf(to: string): EgressDestination {
  if (to.startsWith("sg-")) {
    return { securityGroupId: to };
  }
  return to.startsWith("pl-") ? { prefixListId: to } : { cidr: to };
}
