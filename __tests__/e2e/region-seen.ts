import type { Action } from "@aws-sdk/client-elastic-load-balancing-v2";
import { actionsFor, type Request } from "./answering-rule";
import type { Eyes } from "./aws";

/** The state of a deployment in a region, in short texts. */
export interface RegionSeen {
  /** Zones of the load balancer. */
  readonly zones: readonly string[];
  /** The protocol of each port, e.g. `443: HTTPS by ELBSecurityPolicy-…`. */
  readonly listeners: readonly string[];
  /** What the listener that serves does with some requests, e.g. `llama-main 100`, or the status of its own answer. */
  readonly answers: Readonly<Record<Request, string>>;
  /** Those that the rules forward to, by their names without the hash at the end. */
  readonly targetGroups: Readonly<Record<string, TargetGroupSeen>>;
  /** By the name of the Auto Scaling group. */
  readonly instances: Readonly<Record<string, InstancesSeen>>;
}

/** The state of a target group. */
export interface TargetGroupSeen {
  /** E.g. `HTTP1 at 8000`. */
  readonly speaks: string;
  /** E.g. `/health every 10 s within 5 s by 200`. */
  readonly health: string;
  /** After how many checks an instance changes, e.g. `healthy after 2, unhealthy after 3`. */
  readonly thresholds: string;
  /** How many instances are registered. */
  readonly targets: number;
  readonly attributes: Readonly<Record<string, string | undefined>>;
}

/** The state of an Auto Scaling group, and what it launches. */
export interface InstancesSeen {
  readonly sizes: string;
  readonly types: readonly (string | undefined)[];
  readonly zones: readonly (string | undefined)[];
  readonly healthCheck: string | undefined;
  readonly targetGroups: readonly string[];
  /** Version of the launch template that the group names. */
  readonly version: string | undefined;
  /** Whether the instance metadata service takes requests with a token only. */
  readonly imdsV2: boolean;
  readonly encrypted: boolean;
  readonly publicAddress: boolean | undefined;
}

/**
 * Reads from AWS the state of a deployment in a region.
 *
 * @param requests those whose answers are of interest
 */
export async function seeRegion(
  eyes: Eyes,
  deployment: string,
  requests: readonly Request[] = [],
): Promise<RegionSeen> {
  const balancers = await eyes.loadBalancers();
  const balancer = balancers.find(({ LoadBalancerName = "" }) =>
    LoadBalancerName.startsWith(`${deployment}-`),
  );
  const listeners = await eyes.listeners(balancer?.LoadBalancerArn);
  const serving = listeners.find(({ Protocol }) => Protocol === "HTTPS") ?? listeners[0];
  const groups = (await eyes.groups()).filter(({ AutoScalingGroupName = "" }) =>
    AutoScalingGroupName.startsWith(`${deployment}.`),
  );
  const rules = await eyes.rules(serving?.ListenerArn);
  const forwardedTo = rules
    .flatMap(({ Actions = [] }) => Actions)
    .flatMap(({ ForwardConfig }) => ForwardConfig?.TargetGroups ?? [])
    .map(({ TargetGroupArn }) => TargetGroupArn);
  const targetGroups = (await eyes.targetGroups()).filter(({ TargetGroupArn }) =>
    forwardedTo.includes(TargetGroupArn),
  );
  const subnets = await eyes.subnets();
  const zoneOf = (id: string) => subnets.find(({ SubnetId }) => SubnetId === id)?.AvailabilityZone;

  return {
    zones: (balancer?.AvailabilityZones ?? []).map(({ ZoneName = "" }) => ZoneName).sort(),
    listeners: listeners
      .map(({ Port, Protocol, SslPolicy, DefaultActions }) =>
        [`${Port}: ${Protocol}`, Protocol === "HTTPS" && `by ${SslPolicy}`, `→ ${target(DefaultActions)}`]
          .filter(Boolean)
          .join(" "),
      )
      .sort(),
    answers: Object.fromEntries(requests.map((request) => [request, target(actionsFor(rules, request))])),
    targetGroups: Object.fromEntries(
      await Promise.all(
        targetGroups.map(async (group) => [
          required(group.TargetGroupArn),
          {
            speaks: `${group.ProtocolVersion} at ${group.Port}`,
            health: `${group.HealthCheckPath} every ${group.HealthCheckIntervalSeconds} s within ${group.HealthCheckTimeoutSeconds} s by ${group.Matcher?.HttpCode ?? group.Matcher?.GrpcCode}`,
            thresholds: `healthy after ${group.HealthyThresholdCount}, unhealthy after ${group.UnhealthyThresholdCount}`,
            targets: (await eyes.targets(group.TargetGroupArn)).length,
            attributes: await eyes.targetGroupAttributes(group.TargetGroupArn),
          },
        ]),
      ),
    ),
    instances: Object.fromEntries(
      await Promise.all(
        groups.map(async (group): Promise<[string, InstancesSeen]> => {
          const { LaunchTemplateSpecification: template, Overrides = [] } =
            group.MixedInstancesPolicy?.LaunchTemplate ?? {};
          const launched = await eyes.launchTemplateVersion(
            template?.LaunchTemplateId,
            template?.Version ?? "$Default",
          );
          const volumes = launched?.BlockDeviceMappings ?? [];
          return [
            group.AutoScalingGroupName ?? "",
            {
              sizes: `${group.MinSize} to ${group.MaxSize}`,
              types: Overrides.map(({ InstanceType }) => InstanceType),
              zones: (group.VPCZoneIdentifier ?? "").split(",").map(zoneOf).sort(),
              healthCheck: group.HealthCheckType,
              targetGroups: (group.TargetGroupARNs ?? []).map(required),
              version: template?.Version,
              imdsV2: launched?.MetadataOptions?.HttpTokens === "required",
              encrypted: volumes.length > 0 && volumes.every(({ Ebs }) => Ebs?.Encrypted === true),
              publicAddress: launched?.NetworkInterfaces?.[0]?.AssociatePublicIpAddress,
            },
          ];
        }),
      ),
    ),
  };
}

/** Name of a target group without the hash at its end. */
function required(arn: string | undefined): string {
  return arn?.split("/")[1]?.replace(/-[0-9a-f]{8}$/, "") ?? "";
}

function target(actions: readonly Action[] = []): string {
  const [action] = actions;
  const { FixedResponseConfig: answer, RedirectConfig: redirect, ForwardConfig: forward } = action ?? {};
  if (answer !== undefined) {
    return String(answer.StatusCode);
  }
  return redirect !== undefined
    ? `${redirect.Protocol} ${redirect.Port}`
    : (forward?.TargetGroups ?? [])
        .map(({ TargetGroupArn, Weight }) => `${required(TargetGroupArn)} ${Weight}`)
        .sort()
        .join(", ");
}
