import type { HealthyRange } from "../model";
import { countByZone } from "./choices";
import type { GroupAtWork } from "./group-at-work";
import type { Instance } from "./instance";

/** How many instances may be replaced at a time, and whether the new one comes first. */
export interface Pace {
  readonly atOnce: number;
  readonly launchFirst: boolean;
}

/**
 * How fast a maintenance policy, or an instance refresh, replaces. Where no instance may be missing, the new one comes
 * first, and at least one may be there in addition.
 * Source: Auto Scaling user guide, "Instance maintenance policy overview".
 */
export function paceOf({ min, max }: HealthyRange, desired: number): Pace {
  const launchFirst = min >= 100;
  const share = launchFirst ? max - 100 : 100 - min;
  return { launchFirst, atOnce: Math.max(1, Math.floor((desired * share) / 100)) };
}

/**
 * Flags the instances that health checks find unhealthy. Those of the load balancer count after the grace period, a
 * machine that is dead counts after it too, and what somebody has marked counts at once.
 * Source: Auto Scaling user guide, "Health checks for instances in an Auto Scaling group".
 */
export function flagUnhealthy(group: GroupAtWork): void {
  if (isSuspended(group, "HealthCheck")) {
    return;
  }
  for (const instance of group.all) {
    if (instance.state === "InService" && instance.replaceBecause === undefined) {
      const why = instance.unhealthy ?? elbFinding(group, instance);
      if (why !== undefined) {
        instance.unhealthy = why;
        instance.replaceBecause = why;
        group.around.tell(instance.id, `unhealthy: ${why}`);
      }
    }
  }
}

function elbFinding({ model, around }: GroupAtWork, instance: Instance): string | undefined {
  const since = instance.inServiceSince ?? around.clock.now;
  if (!model.elbHealth || around.clock.now < since + model.gracePeriod) {
    return undefined;
  }
  for (const address of model.targetGroups) {
    const target = around.targetGroups
      .get(address)
      ?.targets.find(({ instance: id, draining }) => id === instance.id && !draining);
    if (target?.stateFor(around.nodes, around.assumed.unhealthyNodes) === "unhealthy") {
      return "the load balancer's health check fails";
    }
  }
  return undefined;
}

/**
 * Flags the instances that are older than the group lets them become.
 * Source: Auto Scaling user guide, "Replace Auto Scaling instances based on maximum instance lifetime".
 */
export function flagOld({ all, model, around }: GroupAtWork): void {
  for (const instance of model.maxLifetime > 0 ? all : []) {
    if (instance.state === "InService" && around.clock.now > instance.launchedAt + model.maxLifetime) {
      instance.replaceBecause ??= "it is older than the maximum instance lifetime";
    }
  }
}

/**
 * Flags an instance of the fullest zone when another zone lacks two or more, and has capacity again. The new one comes
 * first. Source: Auto Scaling user guide, "Rebalancing activities".
 */
export function flagImbalance(group: GroupAtWork): void {
  const { model, around } = group;
  const busy = [...group.all].some(
    ({ replaceBecause, state }) => replaceBecause || state.startsWith("Pending"),
  );
  if (busy || isSuspended(group, "AZRebalance")) {
    return;
  }
  const counts = [...countByZone(model.zones, group.all)].sort(([, a], [, b]) => a - b);
  const [emptiest, fullest] = [counts.at(0), counts.at(-1)];
  if (emptiest === undefined || fullest === undefined || fullest[1] - emptiest[1] < 2) {
    return;
  }
  const hasRoom = model.instance.types.some((type) => around.capacity.has(emptiest[0], type, false));
  const moved = [...group.all].find(({ zone, state }) => zone === fullest[0] && state === "InService");
  if (hasRoom && moved !== undefined) {
    moved.replaceBecause = `${fullest[0]} has ${fullest[1]} instances, ${emptiest[0]} has ${emptiest[1]}`;
  }
}

/** Replaces flagged instances, as many at a time as the policy allows. */
export function replaceFlagged(group: GroupAtWork): void {
  const { model, around } = group;
  if (isSuspended(group, "ReplaceUnhealthy")) {
    return;
  }
  const withoutPolicy = {
    launchFirst: false,
    atOnce: Math.max(1, Math.floor(group.desired * around.assumed.replacedAtOnce)),
  };
  const pace = model.maintenance === undefined ? withoutPolicy : paceOf(model.maintenance, group.desired);
  const flagged = [...group.all].filter(
    ({ replaceBecause, state }) => replaceBecause && state === "InService",
  );
  replaceSome(group, flagged, pace, 0);
}

/**
 * Replaces some of the flagged instances.
 *
 * @param warmUp how long a new instance is in service before the old one goes
 * @returns how many were replaced in this step: the old one goes
 */
export function replaceSome(
  group: GroupAtWork,
  flagged: readonly Instance[],
  { atOnce, launchFirst }: Pace,
  warmUp: number,
): number {
  let replaced = 0;
  let running = 0;
  for (const old of flagged) {
    const { replacement } = old;
    if (replacement?.counts) {
      if (group.isWarm(replacement, warmUp)) {
        replacement.replaces = undefined;
        group.terminate(old, `replaced: ${old.replaceBecause ?? "instance refresh"}`);
        replaced += 1;
      } else {
        running += 1;
      }
    }
  }
  for (const old of flagged) {
    if (running >= atOnce) {
      break;
    }
    if (old.state !== "InService" || old.replacement?.counts) {
      continue;
    }
    if (launchFirst) {
      running += group.launchReplacement(old) === undefined ? atOnce : 1;
    } else if (coming(group, warmUp) < atOnce) {
      group.terminate(old, `replaced: ${old.replaceBecause ?? "instance refresh"}`);
      replaced += 1;
      running += 1;
    }
  }
  return replaced;
}

/** How many instances the group lacks: they are missing, start, or are not warm yet. */
function coming(group: GroupAtWork, warmUp: number): number {
  let there = 0;
  for (const instance of group.all) {
    const isThere =
      instance.unhealthy === undefined ? group.isWarm(instance, warmUp) : instance.state === "InService";
    there += isThere ? 1 : 0;
  }
  return Math.max(0, group.desired - there);
}

function isSuspended({ model }: GroupAtWork, process: string): boolean {
  return model.suspended.includes(process);
}
