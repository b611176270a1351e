import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { Fn } from "cdktf";
import { Construct } from "constructs";
import { ACCELERATOR_METRICS } from "../../aws/global-accelerator";
import { type AlarmRecipientsProps, alarmRecipients } from "./alarm-recipients";

/** In a row. Our choice: an endpoint that is new is not healthy before it has been looked at. */
const MINUTES = 2;

/** A region that an accelerator leads to, and that somebody wants to know of. */
export interface WatchedEndpointGroup {
  /** Its region; part of the address and of the alarm's name. */
  readonly region: string;

  /** What it means when nothing there is healthy, and what to look at first. */
  readonly description: string;
}

/** Props of {@link EndpointGroupAlarms}. */
export interface EndpointGroupAlarmsProps extends AlarmRecipientsProps {
  /** ARN of the listener of the accelerator, which holds the accelerator's id and its own. */
  readonly listenerArn: string;

  /** The endpoint groups of that listener. */
  readonly groups: readonly WatchedEndpointGroup[];
}

/**
 * Tells people when a standard accelerator finds nothing healthy in a region, and when it does again. It belongs into
 * us-west-2, where alone CloudWatch has the metrics of Global Accelerator. They come from the accelerator: a region
 * that is lost does not silence them.
 *
 * Source: Global Accelerator developer guide, "Using Amazon CloudWatch with AWS Global Accelerator".
 *
 * @example
 * new EndpointGroupAlarms(this, "alarms", {
 *   namePrefix: "chat",
 *   listenerArn: accelerator.listenerArn,
 *   groups: [{ region: "us-east-1", description: "Look first at the load balancer of us-east-1." }],
 *   email: "on-call@example.com",
 *   provider: oregon,
 * });
 */
export class EndpointGroupAlarms extends Construct {
  /** @throws RangeError when there are over 5 topics */
  constructor(scope: Construct, id: string, props: EndpointGroupAlarmsProps) {
    super(scope, id);
    const { actions } = alarmRecipients(this, props);
    const [accelerator, listener] = [1, 3].map((place) =>
      Fn.element(Fn.split("/", props.listenerArn), place),
    );
    for (const { region, description } of props.groups) {
      new CloudwatchMetricAlarm(this, region, {
        alarmName: `${props.namePrefix}.${region}-out-of-service`,
        alarmDescription: description,
        namespace: "AWS/GlobalAccelerator",
        metricName: "HealthyEndpointCount",
        dimensions: { Accelerator: accelerator, Listener: listener, EndpointGroup: region },
        statistic: "Minimum",
        period: ACCELERATOR_METRICS.periodSeconds,
        comparisonOperator: "LessThanThreshold",
        threshold: 1,
        evaluationPeriods: MINUTES,
        datapointsToAlarm: MINUTES,
        // Without requests the metric may not be reported: then nobody is told anything, neither of harm nor of its end.
        treatMissingData: "ignore",
        ...actions,
        tags: props.tags,
        provider: props.provider,
        lifecycle: { createBeforeDestroy: true },
      });
    }
  }
}
