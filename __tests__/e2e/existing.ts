import { setTimeout as sleep } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import type { Eyes } from "./aws";
import type { World } from "./world";

/** Milliseconds between two reads. */
const BETWEEN_LOOKS = 3000;

/**
 * All resources of a region as AWS describes them, so that a comparison of two results shows whether anything was created,
 * changed or deleted between them.
 */
export async function existingIn(eyes: Eyes, deployment: string, { hostedZoneId }: World) {
  const balancers = await eyes.loadBalancers();
  const listeners = (await Promise.all(balancers.map((each) => eyes.listeners(each.LoadBalancerArn)))).flat();
  return {
    balancers,
    balancerAttributes: await Promise.all(
      balancers.map(({ LoadBalancerArn }) => eyes.loadBalancerAttributes(LoadBalancerArn)),
    ),
    listeners,
    rules: await Promise.all(listeners.map(({ ListenerArn }) => eyes.rules(ListenerArn))),
    targetGroups: await Promise.all(
      (await eyes.targetGroups()).map(async (group) => ({
        group,
        attributes: await eyes.targetGroupAttributes(group.TargetGroupArn),
        targets: await eyes.targets(group.TargetGroupArn),
      })),
    ),
    groups: await eyes.groups(),
    policies: await eyes.policies(),
    launchTemplates: await eyes.launchTemplates(),
    instances: await eyes.instances(),
    securityGroups: await eyes.securityGroups(),
    vpcs: await eyes.vpcs(),
    subnets: await eyes.subnets(),
    natGateways: await eyes.natGateways(),
    addresses: await eyes.addresses(),
    endpoints: await eyes.endpoints(),
    flowLogs: await eyes.flowLogs(),
    roles: await eyes.roles(),
    iamPolicies: await eyes.iamPolicies(),
    instanceProfiles: await eyes.instanceProfiles(),
    certificates: await eyes.certificates(),
    records: await eyes.records(hostedZoneId),
    tagged: [...(await eyes.tagged(deployment))].sort(),
  };
}

/** Reads until two reads are equal: then nothing changes any more. */
export async function onceStill<Look>(look: () => Promise<Look>): Promise<Look> {
  for (let last = await look(); ; ) {
    await sleep(BETWEEN_LOOKS);
    const next = await look();
    if (isDeepStrictEqual(next, last)) {
      return next;
    }
    last = next;
  }
}
