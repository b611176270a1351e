import type { Series } from "../cloudwatch/metrics";
import type { GroupAtWork } from "./group-at-work";
import type { Instance } from "./instance";

type Counted = readonly [name: string, count: (instance: Instance) => boolean];

/** Source: Auto Scaling user guide, "Auto Scaling group metrics". */
const METRICS: readonly Counted[] = [
  ["GroupInServiceInstances", ({ state }) => state === "InService"],
  ["GroupPendingInstances", ({ state }) => state.startsWith("Pending")],
  ["GroupTerminatingInstances", ({ leaves }) => leaves],
  ["GroupTotalInstances", ({ inPool }) => !inPool],
];

/** Reports what CloudWatch has of a group, once a minute. */
export function groupReport(group: GroupAtWork): () => void {
  const of = { AutoScalingGroupName: group.model.name };
  const series = (name: string): Series => group.around.metrics.series(name, of);
  const counted = METRICS.map(([name, count]) => ({ series: series(name), count }));
  const [desired, min, max] = ["GroupDesiredCapacity", "GroupMinSize", "GroupMaxSize"].map(series);
  return () => {
    for (const { series: each, count } of counted) {
      let value = 0;
      for (const instance of group.all) {
        value += count(instance) ? 1 : 0;
      }
      each.add(value);
    }
    desired?.add(group.desired);
    min?.add(group.model.min);
    max?.add(group.model.max);
  };
}
