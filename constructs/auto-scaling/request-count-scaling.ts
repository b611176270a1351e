import { AutoscalingPolicy } from "@cdktf/provider-aws/lib/autoscaling-policy";
import { type ITerraformDependable, Token } from "cdktf";
import { Construct } from "constructs";
import { RESOURCE_LABEL, SCALING_POLICY_NAME } from "../../aws/limits";
import { requireText } from "../require-within";

/** Props of {@link RequestCountScaling}. */
export interface RequestCountScalingProps {
  /** Name of the Auto Scaling group. */
  readonly autoScalingGroupName: string;

  /**
   * The label of the target group and its load balancer in Auto Scaling: `${alb.arnSuffix}/${targetGroup.arnSuffix}`,
   * i.e. `app/<name>/<id>/targetgroup/<name>/<id>`.
   */
  readonly resourceLabel: string;

  /** The target value: requests a minute for each instance; more than 0. */
  readonly requestsPerMinutePerInstance: number;

  /**
   * Whether the policy also shrinks the group. If not, people shrink it.
   *
   * @default true
   */
  readonly scaleIn?: boolean;

  /**
   * Name of the policy, unique in the group: 1 to 255 characters. A change of the name replaces the policy.
   *
   * @default "requests-per-instance"
   */
  readonly name?: string;

  /**
   * What must exist before the policy: the listener or the listener rule that sends requests to the target group. Auto
   * Scaling refuses the policy without it.
   *
   * @default nothing
   */
  readonly dependsOn?: readonly ITerraformDependable[];
}

/**
 * Grows and shrinks an Auto Scaling group so that each instance gets the target number of requests a minute (target
 * tracking on `ALBRequestCountPerTarget`).
 *
 * It counts requests, not work: if they differ much in length, set a target below what an instance can serve. The
 * warm-up of a new instance is the group's `defaultInstanceWarmup`.
 *
 * Source: Auto Scaling user guide, "Target tracking scaling policies".
 *
 * @example
 * new RequestCountScaling(this, "scaling", {
 *   autoScalingGroupName: group.autoScalingGroupName,
 *   resourceLabel: `${alb.arnSuffix}/${targetGroup.arnSuffix}`,
 *   requestsPerMinutePerInstance: 120,
 *   dependsOn: [rule],
 * });
 */
export class RequestCountScaling extends Construct {
  /** The scaling policy. */
  public readonly policy: AutoscalingPolicy;

  /** @throws Error when Auto Scaling would refuse the label, the name or the number of requests */
  constructor(scope: Construct, id: string, props: RequestCountScalingProps) {
    super(scope, id);
    const { resourceLabel, requestsPerMinutePerInstance, name = "requests-per-instance" } = props;
    requireText("resourceLabel", resourceLabel, RESOURCE_LABEL);
    requirePositive(requestsPerMinutePerInstance);
    requireText("name", name, SCALING_POLICY_NAME);

    this.policy = new AutoscalingPolicy(this, "Resource", {
      autoscalingGroupName: props.autoScalingGroupName,
      name,
      policyType: "TargetTrackingScaling",
      targetTrackingConfiguration: {
        predefinedMetricSpecification: { predefinedMetricType: "ALBRequestCountPerTarget", resourceLabel },
        targetValue: requestsPerMinutePerInstance,
        disableScaleIn: !(props.scaleIn ?? true),
      },
      dependsOn: props.dependsOn && [...props.dependsOn],
    });
  }
}

function requirePositive(requests: number): void {
  if (!Token.isUnresolved(requests) && !(Number.isFinite(requests) && requests > 0)) {
    throw new RangeError(`requestsPerMinutePerInstance must be more than 0; got ${requests}`);
  }
}
