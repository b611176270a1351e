import type { Aws } from "../aws-cli";

/** Where a variant of a model runs, and the gauge of its server that counts waiting requests. */
export interface Measured {
  readonly region: string;
  readonly groupName: string;
  readonly targetGroupName: string;
  readonly logGroupPrefix: string;
  readonly namespace: string;
  readonly waiting: string | undefined;
}

/** The metrics of a minute are kept for 15 days. Source: CloudWatch user guide, Metrics retention. */
export const DAYS = 14;

const DAY_MS = 86_400_000;

/** Phases of a boot, by boot/phase.sh and boot/lifecycle.sh. */
const BEGINS = "SystemStarted";
const ANSWERS = "ModelAnswered";

/**
 * Seconds from each boot until the model answered for the first time, as instances have logged them. A server that is
 * started again on the same boot answers again, long after: that is no boot.
 */
export async function boots(
  aws: Aws,
  { region, logGroupPrefix }: Measured,
  now: number,
): Promise<readonly number[]> {
  const { events = [] } = (await aws(
    ...["logs", "filter-log-events", "--log-group-name", `${logGroupPrefix}/metrics`],
    ...["--filter-pattern", `{ ($.Phase = "${BEGINS}") || ($.Phase = "${ANSWERS}") }`],
    ...["--start-time", String(now - DAYS * DAY_MS), "--region", region],
  )) as { events?: readonly { logStreamName: string; timestamp: number; message: string }[] };
  const booting = new Set<string>();
  return [...events]
    .sort((a, b) => a.timestamp - b.timestamp)
    .flatMap(({ logStreamName, message }) => {
      const { Phase: phase, SecondsSinceBoot: seconds } = JSON.parse(message);
      if (phase === BEGINS) {
        booting.add(logStreamName);
        return [];
      }
      return booting.delete(logStreamName) ? [Number(seconds)] : [];
    });
}

/** A minute in which an instance got requests. */
export interface Minute {
  /** Requests that each instance got, on average. */
  readonly requests: number;
  /** Requests that waited in the fullest server; undefined: nothing was sent. */
  readonly waiting: number | undefined;
}

/** The minutes of the last days with requests. */
export async function minutes(aws: Aws, of: Measured, now: number): Promise<readonly Minute[]> {
  const { TargetGroups: groups = [] } = (await aws(
    ...["elbv2", "describe-target-groups", "--names", of.targetGroupName, "--region", of.region],
  )) as { TargetGroups?: readonly { TargetGroupArn: string }[] };
  const target = groups[0]?.TargetGroupArn.split(":").at(-1) ?? "";
  const queries = [
    query("requests", "AWS/ApplicationELB", "RequestCountPerTarget", "TargetGroup", target, "Sum"),
    ...(of.waiting === undefined
      ? []
      : [query("waiting", of.namespace, of.waiting, "AutoScalingGroupName", of.groupName, "Maximum")]),
  ];
  const { MetricDataResults: found = [] } = (await aws(
    ...["cloudwatch", "get-metric-data", "--metric-data-queries", JSON.stringify(queries)],
    ...["--start-time", new Date(now - DAYS * DAY_MS).toISOString()],
    ...["--end-time", new Date(now).toISOString(), "--region", of.region],
  )) as { MetricDataResults?: readonly Series[] };
  const waiting = valuesOf(found, "waiting");
  return [...valuesOf(found, "requests")]
    .filter(([, requests]) => requests > 0)
    .map(([minute, requests]) => ({ requests, waiting: waiting.get(minute) }));
}

interface Series {
  readonly Id: string;
  readonly Timestamps: readonly string[];
  readonly Values: readonly number[];
}

function query(
  id: string,
  namespace: string,
  name: string,
  dimension: string,
  value: string,
  statistic: string,
) {
  return {
    Id: id,
    MetricStat: {
      Metric: { Namespace: namespace, MetricName: name, Dimensions: [{ Name: dimension, Value: value }] },
      Period: 60,
      Stat: statistic,
    },
  };
}

/** The values of a metric by their minute. A long answer has it several times, a part of the minutes each. */
function valuesOf(found: readonly Series[], id: string): ReadonlyMap<string, number> {
  return new Map(
    found
      .filter((series) => series.Id === id)
      .flatMap(({ Timestamps, Values }) =>
        Timestamps.map((time, index): [string, number] => [time, Values[index] ?? 0]),
      ),
  );
}
