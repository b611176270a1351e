import { AutoscalingPolicy } from "@cdktf/provider-aws/lib/autoscaling-policy";
import { Token } from "cdktf";
import { Construct } from "constructs";
import { SCALING_POLICY_NAME } from "../../aws/limits";
import { requireText } from "../require-within";

/** Props of {@link WaitingRequestsScaling}. */
export interface WaitingRequestsScalingProps {
  /** Name of the Auto Scaling group. */
  readonly autoScalingGroupName: string;

  /** CloudWatch namespace in which the instances publish their numbers of waiting requests. */
  readonly namespace: string;

  /**
   * Name of that metric, e.g. `vllm:num_requests_waiting`. Its only dimension is `AutoScalingGroupName`. Each instance
   * publishes it once a minute: one value, or one for each of its engines.
   */
  readonly metricName: string;

  /** The target value: waiting requests for each instance, on average, above which the group grows; more than 0. */
  readonly waitingRequestsPerInstance: number;

  /**
   * Name of the policy, unique in the group: 1 to 255 characters.
   *
   * @default "waiting-requests-per-instance"
   */
  readonly name?: string;
}

/**
 * Grows an Auto Scaling group when requests wait on its instances (target tracking on a metric of the model server). The
 * values of a minute are added up and divided by the number of instances in service. Their average would be too small
 * where an instance publishes several, as a server with data parallelism does. The group has to publish
 * `GroupInServiceInstances` each minute.
 *
 * The metric follows the work of the instances; a count of requests treats long and short ones alike.
 *
 * It never shrinks the group: when no requests wait, instances may be idle or just full. Another policy may shrink it.
 *
 * Source: Auto Scaling user guide, "Create a target tracking scaling policy using metric math".
 *
 * @example
 * new WaitingRequestsScaling(this, "queue", {
 *   autoScalingGroupName: group.autoScalingGroupName,
 *   namespace: "ModelServing/chat",
 *   metricName: "vllm:num_requests_waiting",
 *   waitingRequestsPerInstance: 4,
 * });
 */
export class WaitingRequestsScaling extends Construct {
  /** The scaling policy. */
  public readonly policy: AutoscalingPolicy;

  /** @throws Error when Auto Scaling would refuse the name or the number of requests */
  constructor(scope: Construct, id: string, props: WaitingRequestsScalingProps) {
    super(scope, id);
    const {
      autoScalingGroupName,
      waitingRequestsPerInstance: target,
      name = "waiting-requests-per-instance",
    } = props;
    if (!Token.isUnresolved(target) && !(Number.isFinite(target) && target > 0)) {
      throw new RangeError(`waitingRequestsPerInstance must be more than 0; got ${target}`);
    }
    requireText("name", name, SCALING_POLICY_NAME);
    const dimensions = [{ name: "AutoScalingGroupName", value: autoScalingGroupName }];
    this.policy = new AutoscalingPolicy(this, "Resource", {
      autoscalingGroupName: autoScalingGroupName,
      name,
      policyType: "TargetTrackingScaling",
      targetTrackingConfiguration: {
        customizedMetricSpecification: {
          metrics: [
            {
              id: "waiting",
              metricStat: {
                metric: { namespace: props.namespace, metricName: props.metricName, dimensions },
                stat: "Sum",
              },
              returnData: false,
            },
            {
              id: "instances",
              metricStat: {
                metric: { namespace: "AWS/AutoScaling", metricName: "GroupInServiceInstances", dimensions },
                stat: "Average",
              },
              returnData: false,
            },
            { id: "per_instance", expression: "waiting / instances", returnData: true },
          ],
        },
        targetValue: target,
        disableScaleIn: true,
      },
    });
  }
}
