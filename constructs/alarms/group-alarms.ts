import type { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import type { Construct } from "constructs";
import { HEALTHY_TARGETS_COUNT } from "../../aws/limits";
import { requireWithin } from "../require-within";
import {
  atMax,
  belowMin,
  type Condition,
  FULLEST_DISK,
  MOST_FAILED,
  staysUnhealthy,
  tooFewHealthy,
  tooFull,
  tooManyFailed,
  tooSlow,
  unreachable,
} from "./alarm-conditions";
import type { EndingCapacityBlock } from "./capacity-block-notice";

/** The instances behind one target group. */
export interface ServedGroup {
  /** A name of `[a-z0-9-]` for what they serve, e.g. `llama-3-8b-canary`; part of addresses and alarm names. */
  readonly id: string;

  /** The end of the target group's ARN: `targetgroup/<name>/<id>`. */
  readonly targetGroupArnSuffix: string;

  /**
   * Name of the Auto Scaling group of the instances. Give the name itself, not a reference to the group, where the group
   * names these alarms for its instance refreshes.
   */
  readonly autoScalingGroupName: string;

  /** Fewest instances that must be healthy, 0 to 1000. With 0 there is no alarm for them. */
  readonly leastHealthy: number;

  /**
   * CloudWatch namespace in which the instances publish the use of their disks, as the CloudWatch agent does: the
   * metric `disk_used_percent` with the dimension `AutoScalingGroupName`.
   *
   * @default none, and no alarm for full disks
   */
  readonly metricsNamespace?: string;

  /**
   * Seconds that a request may wait for the headers of its answer, above 0: of an answer that is streamed, for its first
   * token.
   *
   * @default none, and no alarm for slow answers
   */
  readonly longestSilence?: number;

  /**
   * The group's minimum number of instances, from 0, and the seconds that an instance may take from its launch until it
   * is in service. `followsLoad`: whether the group grows and shrinks by itself; only then there is an alarm for a group
   * that cannot grow any more. The group must publish its metrics.
   *
   * @default none, and no alarm for missing spare instances, or for a group at its maximum
   */
  readonly size?: { readonly min: number; readonly launchTimeout: number; readonly followsLoad?: boolean };

  /**
   * Which of its alarms stop an instance refresh of the group, and the way back to the version before. The descriptions of
   * these alarms say so.
   *
   * @default none
   */
  readonly refresh?: GroupRefresh;

  /**
   * A Capacity Block that the group's instances run in: the topics are told before it ends.
   *
   * @default none
   */
  readonly capacityBlock?: EndingCapacityBlock;
}

/** An alarm of a group that may stop an instance refresh. */
export type RefreshAlarm = "too-few-healthy" | "instance-errors";

/** What the alarms of a group are to an instance refresh. */
export interface GroupRefresh {
  /** Alarms that stop a refresh. `too-few-healthy` stops none where `leastHealthy` is 0. */
  readonly stoppedBy: readonly RefreshAlarm[];
  /** What to do to go back to the version before, such as a command. */
  readonly wayBack: string;
}

/** Creates an alarm: its name without the prefix, what it says, and when it goes off. */
export type MakeAlarm = (
  scope: Construct,
  id: string,
  alarm: { readonly name: string; readonly description: string; readonly condition: Condition },
) => CloudwatchMetricAlarm;

/** The alarms of a group of instances. */
export interface GroupAlarms {
  readonly all: readonly CloudwatchMetricAlarm[];
  /** Names of those that stop an instance refresh, as references: the group is created, and changed, after them. */
  readonly stopRefresh: readonly string[];
}

/**
 * @throws RangeError when `leastHealthy` is not a whole number from 0 to 1000, the size is no whole number from 0, or
 *   `longestSilence` is no whole number from 1
 */
export function groupAlarms(
  scope: Construct,
  group: ServedGroup,
  loadBalancer: { readonly arnSuffix: string },
  make: MakeAlarm,
): GroupAlarms {
  const { id, leastHealthy, autoScalingGroupName, metricsNamespace, size, refresh, longestSilence } = group;
  requireWithin(`leastHealthy of ${id}`, leastHealthy, { ...HEALTHY_TARGETS_COUNT, min: 0 });
  requireWithin(`size.min of ${id}`, size?.min, { min: 0 });
  requireWithin(`longestSilence of ${id}`, longestSilence, { min: 1 });
  requireWithin(`size.launchTimeout of ${id}`, size?.launchTimeout, { min: 0 });
  const ofTargets = { LoadBalancer: loadBalancer.arnSuffix, TargetGroup: group.targetGroupArnSuffix };
  const ofGroup = { AutoScalingGroupName: autoScalingGroupName };
  const stops = (alarm: RefreshAlarm) =>
    refresh?.stoppedBy.includes(alarm) ? stopsRefresh(refresh.wayBack) : "";

  const errors = make(scope, "errors", {
    name: `${id}.instance-errors`,
    description: `The instances of ${id} answered more than ${MOST_FAILED} % of their requests with 5xx: look first at the log of the model server on the instances of Auto Scaling group ${autoScalingGroupName}.${stops("instance-errors")}`,
    condition: tooManyFailed("HTTPCode_Target_5XX_Count", ofTargets),
  });
  const tooFew =
    leastHealthy === 0
      ? undefined
      : make(scope, "too-few-healthy", {
          name: `${id}.too-few-healthy`,
          description: `Fewer than ${leastHealthy} instances of ${id} are healthy: look first at the activity history of Auto Scaling group ${autoScalingGroupName}, which shows whether AWS had no such GPUs or instances launched and failed.${stops("too-few-healthy")}`,
          condition: tooFewHealthy(leastHealthy, ofTargets),
        });
  const spare =
    size === undefined || size.min === 0
      ? undefined
      : make(scope, "spare", {
          name: `${id}.below-min`,
          description: `Fewer than ${size.min} instances of ${id}, the minimum, have been in service for longer than an instance may take to launch. The others may still carry the load, but not the loss of a zone: look first at the activity history of Auto Scaling group ${autoScalingGroupName}, which shows whether AWS had no such GPUs or instances launched and failed.`,
          condition: belowMin(size.min, size.launchTimeout, ofGroup),
        });
  const most =
    size?.followsLoad === true
      ? make(scope, "at-max", {
          name: `${id}.at-max`,
          description: `${id} has had its maximum of instances for longer than one may take to launch, so with more requests its answers become slower: look first at where the requests come from. If they are meant, raise the maximum of Auto Scaling group ${autoScalingGroupName}, and the quota of the vCPUs that this takes.`,
          condition: atMax(size.launchTimeout, ofGroup),
        })
      : undefined;
  const disk =
    metricsNamespace === undefined
      ? undefined
      : make(scope, "disk", {
          name: `${id}.disk-nearly-full`,
          description: `A disk of an instance of ${id} is more than ${FULLEST_DISK} % full. The server fails when it is full. Look first at metric disk_used_percent, which shows which instance of Auto Scaling group ${autoScalingGroupName} it is, and at what grows there. A replacement instance starts with an empty disk.`,
          condition: tooFull(metricsNamespace, ofGroup),
        });
  const unhealthy = make(scope, "unhealthy", {
    name: `${id}.instance-unhealthy`,
    description: `For 15 minutes the load balancer found an instance of ${id} unhealthy, and it was not replaced: look first at the activity history of Auto Scaling group ${autoScalingGroupName}, and at the reason that the target group names.`,
    condition: staysUnhealthy(ofTargets),
  });
  const connections = make(scope, "connections", {
    name: `${id}.connection-errors`,
    description: `The load balancer could not connect to instances of ${id}: look first at whether the model server of Auto Scaling group ${autoScalingGroupName} restarts, and at its number of open connections.`,
    condition: unreachable(ofTargets),
  });
  const slow =
    longestSilence === undefined
      ? undefined
      : make(scope, "slow", {
          name: `${id}.slow-answers`,
          description: `One request in a hundred to ${id} waited longer than ${longestSilence} s for its answer to begin, the longest silence that its clients are told: look first at how many requests wait in the servers of Auto Scaling group ${autoScalingGroupName}, and whether the group is at its maximum.`,
          condition: tooSlow(longestSilence, ofTargets),
        });
  const stopping = { "too-few-healthy": tooFew, "instance-errors": errors };
  return {
    all: [tooFew, errors, spare, most, disk, unhealthy, connections, slow].flatMap((alarm) => alarm ?? []),
    stopRefresh: (refresh?.stoppedBy ?? []).flatMap((alarm) => stopping[alarm]?.alarmName ?? []),
  };
}

/** Source: Auto Scaling user guide, "Undo changes with a manual or auto rollback", Considerations. */
function stopsRefresh(wayBack: string): string {
  return ` It stops an instance refresh, and the group then stays on the new version, of which every later launch is. To go back: ${wayBack}. AWS starts no refresh while this alarm is not OK.`;
}
