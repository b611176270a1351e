import type { Eyes } from "./aws";
import type { World } from "./world";

/**
 * Everything that deployments have in some regions: ARNs of what carries their tag, and kinds and names of what has
 * none or is not found by it. Sorted, each once.
 */
export async function resourcesOf(
  deployments: readonly string[],
  eyes: readonly Eyes[],
  { hostedZoneId }: World,
): Promise<readonly string[]> {
  const found = await Promise.all(
    eyes.map(async (region) => [
      ...(await Promise.all(deployments.map((name) => region.tagged(name)))).flat(),
      ...(await region.instances()).map(({ InstanceId }) => `instance ${InstanceId}`),
      ...(await region.vpcs()).filter(isOurs).map(({ VpcId }) => `vpc ${VpcId}`),
      ...(await region.natGateways()).map(({ NatGatewayId }) => `nat gateway ${NatGatewayId}`),
      ...(await region.addresses()).map(({ AllocationId }) => `address ${AllocationId}`),
      ...(await region.endpoints()).map(({ VpcEndpointId }) => `endpoint ${VpcEndpointId}`),
      ...(await region.flowLogs()).map(({ FlowLogId }) => `flow log ${FlowLogId}`),
      ...(await region.launchTemplates()).map((each) => `launch template ${each.LaunchTemplateName}`),
      ...(await region.groups()).map(({ AutoScalingGroupName }) => `group ${AutoScalingGroupName}`),
      ...(await region.policies()).map(({ PolicyName }) => `scaling policy ${PolicyName}`),
      ...(await region.targetGroups()).map(({ TargetGroupName }) => `target group ${TargetGroupName}`),
      ...(await region.roles()).map(({ RoleName }) => `role ${RoleName}`),
      ...(await region.iamPolicies()).map(({ PolicyName }) => `policy ${PolicyName}`),
      ...(await region.instanceProfiles()).map((each) => `profile ${each.InstanceProfileName}`),
      ...(await region.records(hostedZoneId)).map(({ Name, Type }) => `record ${Type} ${Name}`),
      ...(await region.healthChecks()).map(({ Id }) => `health check ${Id}`),
    ]),
  );
  return [...new Set(found.flat())].sort();
}

/** Not one that was there before. */
export function isOurs({ Tags = [] }: { readonly Tags?: readonly { readonly Key?: string }[] }): boolean {
  return Tags.some(({ Key }) => Key === "deployment");
}

/** Of services whose ARNs do not say what they are of. */
const KINDS: Readonly<Record<string, string>> = { s3: "bucket", sns: "topic" };

/** The kinds of resources, e.g. `elasticloadbalancing targetgroup` or `role`. */
export function kindsOf(resources: readonly string[]): readonly string[] {
  const kinds = resources.map((each) => {
    const [, , service, , , resource = ""] = each.split(":");
    const [kind] = resource.split("/");
    return each.startsWith("arn:")
      ? `${service} ${KINDS[service ?? ""] ?? kind}`
      : each.slice(0, each.lastIndexOf(" "));
  });
  return [...new Set(kinds)].sort();
}
