/** CPU seconds of all processes of a run; wall seconds; megabytes of its largest Node process at its peak. */
export type Measure = "CPU s" | "wall s" | "MB";

/** What one run used. What cannot be told is absent. */
export type Usage = Readonly<Partial<Record<Measure, number>>>;

/** A line of the report: numbers by the headings of their columns. */
export type Row = Readonly<Record<string, number>>;

/** The middle value; of an even number of values the mean of the two in the middle. Undefined when there are none. */
export function median(values: readonly number[]): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  const [low, high] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
  return low === undefined || high === undefined ? undefined : (low + high) / 2;
}

/** The median of the ratios within rounds: both runs of a round saw the machine in the same state. */
export function ratio(
  usages: readonly Usage[],
  others: readonly Usage[],
  measure: Measure,
): number | undefined {
  const ratios = usages.map((usage, round) => (usage[measure] ?? NaN) / (others[round]?.[measure] ?? NaN));
  return median(ratios.filter((each) => !Number.isNaN(each)));
}

/**
 * The medians of what was measured, and its ratios.
 *
 * @param usages one of each round
 * @param others to which the CPU is compared: the same at an earlier revision, the floor and the example; empty where
 * there are none
 */
export function rowOf(
  usages: readonly Usage[],
  others: Readonly<Record<"before" | "floor" | "synth", readonly Usage[]>>,
): Row {
  const medianOf = (all: readonly Usage[], measure: Measure) =>
    median(all.flatMap((usage) => usage[measure] ?? []));
  const columns = {
    "CPU s before": medianOf(others.before, "CPU s"),
    "CPU s": medianOf(usages, "CPU s"),
    "× before": ratio(usages, others.before, "CPU s"),
    "× floor": ratio(usages, others.floor, "CPU s"),
    "× synth": ratio(usages, others.synth, "CPU s"),
    "MB before": medianOf(others.before, "MB"),
    MB: medianOf(usages, "MB"),
    "wall s": medianOf(usages, "wall s"),
  };
  return Object.fromEntries(
    Object.entries(columns).flatMap(([heading, value]) =>
      value === undefined ? [] : [[heading, Number(value.toFixed(heading.startsWith("MB") ? 0 : 2))]],
    ),
  );
}

/** Sentences about the numbers that are above their limits. */
export function aboveLimits(name: string, row: Row, limits: Row = {}): readonly string[] {
  return Object.entries(limits)
    .filter(([heading, limit]) => (row[heading] ?? 0) > limit)
    .map(([heading, limit]) => `${name}: ${row[heading]} ${heading}; the limit is ${limit}`);
}
