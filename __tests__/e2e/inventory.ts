import type { Json } from "../support/synthesis";
import type { Eyes } from "./aws";

/** How many there are of each Terraform type. */
export type Inventory = Readonly<Record<string, number>>;

/** What of a region AWS has: of the types that carry a name of their own, or cost money. */
export async function inventoryOf(eyes: Eyes): Promise<Inventory> {
  const balancers = await eyes.loadBalancers();
  const listeners = (await Promise.all(balancers.map((each) => eyes.listeners(each.LoadBalancerArn)))).flat();
  const rules = (await Promise.all(listeners.map((each) => eyes.rules(each.ListenerArn)))).flat();
  const securityGroups = await eyes.securityGroups();
  return {
    aws_lb: balancers.length,
    aws_lb_listener: listeners.length,
    aws_lb_listener_rule: rules.filter(({ IsDefault }) => !IsDefault).length,
    aws_lb_target_group: (await eyes.targetGroups()).length,
    aws_autoscaling_group: (await eyes.groups()).length,
    aws_autoscaling_policy: (await eyes.policies()).length,
    aws_launch_template: (await eyes.launchTemplates()).length,
    aws_security_group: securityGroups.filter(({ GroupName }) => GroupName !== "default").length,
  };
}

/** What Terraform knows of a region, of the same types. */
export function inventoryInState(state: Json, types: readonly string[]): Inventory {
  const resources: readonly Json[] = state.values?.root_module?.resources ?? [];
  return Object.fromEntries(
    types.map((type) => [
      type,
      resources.filter((resource) => resource.mode === "managed" && resource.type === type).length,
    ]),
  );
}
