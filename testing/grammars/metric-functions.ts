/**
 * What a part of an expression of metric math is: a number, a time series, several series, a text, a word such as `REPEAT`.
 * A reference of Terraform may be anything.
 */
export type MathType = "number" | "series" | "several series" | "text" | "word" | "anything";

/** What a function takes and gives. */
export interface MathFunction {
  /** The possible types of each argument that it has to be given. */
  readonly takes: readonly (readonly MathType[])[];
  /** Those of arguments that may follow. */
  readonly more?: readonly (readonly MathType[])[];
  /** `same`: what its first argument is; `fewer`: one dimension less; `widest`: the argument with the most series. */
  readonly gives: MathType | "same" | "fewer" | "widest";
}

const NUMBER: readonly MathType[] = ["number"];
const SERIES: readonly MathType[] = ["series"];
const ARRAY: readonly MathType[] = ["several series"];
const ANY_SERIES: readonly MathType[] = [...SERIES, ...ARRAY];
const VALUE: readonly MathType[] = [...NUMBER, ...ANY_SERIES];
const TEXT: readonly MathType[] = ["text"];
const WORD: readonly MathType[] = ["word"];

const ofValue = { takes: [VALUE], gives: "same" } as const;
const ofSeries = { takes: [ANY_SERIES], gives: "same" } as const;
const reduces = { takes: [ANY_SERIES], gives: "fewer" } as const;
const ofTime = { takes: [SERIES], gives: "series" } as const;

/** Source: CloudWatch user guide, "Using math expressions with CloudWatch metrics", the table of functions. */
export const FUNCTIONS: Readonly<Record<string, MathFunction>> = {
  ABS: ofValue,
  ANOMALY_DETECTION_BAND: { takes: [SERIES], more: [NUMBER], gives: "several series" },
  AVG: reduces,
  CEIL: ofValue,
  DATAPOINT_COUNT: reduces,
  DATE: ofTime,
  DAY: ofTime,
  DB_PERF_INSIGHTS: { takes: [TEXT, TEXT, TEXT], gives: "anything" },
  DIFF: ofSeries,
  DIFF_TIME: ofSeries,
  EPOCH: ofTime,
  FILL: { takes: [ANY_SERIES, [...NUMBER, ...SERIES, ...WORD]], gives: "same" },
  FIRST: { takes: [ARRAY], gives: "series" },
  FLOOR: ofValue,
  HOUR: ofTime,
  IF: { takes: [VALUE, VALUE], more: [VALUE], gives: "widest" },
  INSIGHT_RULE_METRIC: { takes: [TEXT, TEXT], gives: "series" },
  LAMBDA: { takes: [TEXT], more: Array(9).fill([...VALUE, ...TEXT]), gives: "anything" },
  LAST: { takes: [ARRAY], gives: "series" },
  LOG: ofValue,
  LOG10: ofValue,
  MAX: reduces,
  METRICS: { takes: [], more: [TEXT], gives: "several series" },
  METRIC_COUNT: { takes: [ARRAY], gives: "number" },
  MIN: reduces,
  MINUTE: ofTime,
  MONTH: ofTime,
  PERIOD: { takes: [SERIES], gives: "number" },
  RATE: ofSeries,
  REMOVE_EMPTY: { takes: [ARRAY], gives: "several series" },
  RUNNING_SUM: ofSeries,
  SEARCH: { takes: [TEXT, TEXT], more: [NUMBER], gives: "several series" },
  SERVICE_QUOTA: ofTime,
  SLICE: { takes: [ARRAY, NUMBER], more: [NUMBER], gives: "several series" },
  SORT: { takes: [ARRAY, WORD, WORD], more: [NUMBER], gives: "several series" },
  STDDEV: reduces,
  SUM: reduces,
  TIME_SERIES: { takes: [NUMBER], gives: "series" },
  YEAR: ofTime,
};

/** Arguments that are words: those of FILL, and the functions and orders of SORT. */
export const WORDS: ReadonlySet<string> = new Set([
  ...["REPEAT", "LINEAR"],
  ...["AVG", "MIN", "MAX", "SUM", "STDDEV", "ASC", "DESC"],
]);

/** What a function gives for arguments of these types. */
export function givenBy(
  { gives }: MathFunction,
  [first = "anything", ...others]: readonly MathType[],
): MathType {
  switch (gives) {
    case "same":
      return first;
    case "fewer":
      return first === "series" ? "number" : first === "several series" ? "series" : "anything";
    case "widest":
      return widest([first, ...others]);
    default:
      return gives;
  }
}

/** The type of an operation on these: a number and a series give a series. */
export function widest(types: readonly MathType[]): MathType {
  const order: readonly MathType[] = ["several series", "anything", "series"];
  return order.find((each) => types.includes(each)) ?? "number";
}
