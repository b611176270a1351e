import type { Json } from "../support/synthesis";
import type { Eyes } from "./aws";
import { isOurs } from "./leftovers";

/** The ids of each Terraform type, sorted. */
export type Inventory = Readonly<Record<string, readonly string[]>>;

/** What of a region AWS has: of the types that have a name of their own, or cost money. */
export async function inventoryOf(eyes: Eyes): Promise<Inventory> {
  const balancers = await eyes.loadBalancers();
  const listeners = (await Promise.all(balancers.map((each) => eyes.listeners(each.LoadBalancerArn)))).flat();
  const rules = (await Promise.all(listeners.map((each) => eyes.rules(each.ListenerArn)))).flat();
  const securityGroups = await eyes.securityGroups();
  return {
    aws_lb: ids(balancers.map(({ LoadBalancerArn }) => LoadBalancerArn)),
    aws_lb_listener: ids(listeners.map(({ ListenerArn }) => ListenerArn)),
    aws_lb_listener_rule: ids(rules.filter(({ IsDefault }) => !IsDefault).map(({ RuleArn }) => RuleArn)),
    aws_lb_target_group: ids((await eyes.targetGroups()).map(({ TargetGroupArn }) => TargetGroupArn)),
    aws_autoscaling_group: ids((await eyes.groups()).map((each) => each.AutoScalingGroupName)),
    aws_autoscaling_policy: ids((await eyes.policies()).map(({ PolicyName }) => PolicyName)),
    aws_launch_template: ids((await eyes.launchTemplates()).map((each) => each.LaunchTemplateId)),
    aws_security_group: ids(
      securityGroups.filter(({ GroupName }) => GroupName !== "default").map(({ GroupId }) => GroupId),
    ),
    aws_vpc: ids((await eyes.vpcs()).filter(isOurs).map(({ VpcId }) => VpcId)),
    aws_subnet: ids((await eyes.subnets()).filter(isOurs).map(({ SubnetId }) => SubnetId)),
    aws_nat_gateway: ids((await eyes.natGateways()).map(({ NatGatewayId }) => NatGatewayId)),
    aws_eip: ids((await eyes.addresses()).map(({ AllocationId }) => AllocationId)),
    aws_vpc_endpoint: ids((await eyes.endpoints()).map(({ VpcEndpointId }) => VpcEndpointId)),
    aws_flow_log: ids((await eyes.flowLogs()).map(({ FlowLogId }) => FlowLogId)),
  };
}

/** The resources of a region in Terraform's state, of the same types. */
export function inventoryInState(state: Json, types: readonly string[]): Inventory {
  const resources: readonly Json[] = state.values?.root_module?.resources ?? [];
  return Object.fromEntries(
    types.map((type) => [
      type,
      ids(
        resources
          .filter((resource) => resource.mode === "managed" && resource.type === type)
          .map(({ values }) => values.id),
      ),
    ]),
  );
}

function ids(each: readonly (string | undefined)[]): readonly string[] {
  return each.map((id = "") => id).sort();
}
