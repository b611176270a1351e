import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { Fn } from "cdktf";
import { Construct } from "constructs";
import { ARN_FORMS } from "../../aws/arn";
import { ACCELERATOR_METRICS } from "../../aws/global-accelerator";
import { requireArn } from "../require-within";
import { type AlarmRecipientsProps, alarmRecipients } from "./alarm-recipients";

/** Minutes in a row. Our choice: a new endpoint is not healthy before its first health check. */
const MINUTES = 2;

/** An endpoint group of an accelerator to watch. */
export interface WatchedEndpointGroup {
  /** Its region; part of the address and of the alarm's name. */
  readonly region: string;

  /** What it means when no endpoint there is healthy, and what to look at first. */
  readonly description: string;
}

/** Props of {@link EndpointGroupAlarms}. */
export interface EndpointGroupAlarmsProps extends AlarmRecipientsProps {
  /** ARN of the listener of the accelerator. It holds the ids of both. */
  readonly listenerArn: string;

  /** The endpoint groups of that listener. */
  readonly groups: readonly WatchedEndpointGroup[];
}

/**
 * Notifies people when a standard accelerator finds no healthy endpoint in a region, and when it finds one again. The
 * alarms must be in us-west-2, the only region in which CloudWatch has the metrics of Global Accelerator. The
 * accelerator reports these metrics, so they continue when a region is lost.
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
    requireArn("listenerArn", props.listenerArn, ARN_FORMS.acceleratorListener);
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
        // Without requests the metric may be missing. The alarm then keeps its state and notifies nobody.
        treatMissingData: "ignore",
        ...actions,
        tags: props.tags,
        provider: props.provider,
        lifecycle: { createBeforeDestroy: true },
      });
    }
  }
}
