/** Metrics and expressions over them. One of them is what counts. */
export interface MetricMathModel {
  readonly queries: readonly QueryModel[];
  readonly returns: string;
  readonly period: number;
}

export type QueryModel =
  | { readonly id: string; readonly expression: string }
  | { readonly id: string; readonly metric: MetricModel; readonly statistic: Statistic };

export type Statistic = "Sum" | "Minimum" | "Maximum" | "Average" | "SampleCount";

/** Names a metric as the simulation keeps it: its name, and what it is of. */
export interface MetricModel {
  readonly name: string;
  /** Addresses or names, by dimension: `TargetGroup`, `LoadBalancer`, `AutoScalingGroupName`. */
  readonly dimensions: Readonly<Record<string, string>>;
}

/** An alarm that watches a metric, or an expression over metrics. */
export interface AlarmModel {
  /** Terraform's. */
  readonly address: string;
  readonly name: string;
  readonly metric: MetricMathModel;
  readonly comparison:
    | "GreaterThanThreshold"
    | "GreaterThanOrEqualToThreshold"
    | "LessThanThreshold"
    | "LessThanOrEqualToThreshold";
  readonly threshold: number;
  readonly periods: number;
  readonly datapoints: number;
  readonly missing: "breaching" | "notBreaching" | "ignore" | "missing";
  readonly actions: AlarmActions;
}

export type AlarmState = "OK" | "ALARM" | "INSUFFICIENT_DATA";

/** What an alarm does in each state: addresses of scaling policies and of topics, or ARNs. */
export type AlarmActions = Readonly<Record<AlarmState, readonly string[]>>;

/** An alarm whose state follows from those of others. */
export interface CompositeModel {
  /** Terraform's. */
  readonly address: string;
  readonly name: string;
  readonly rule: AlarmRule;
  readonly actions: AlarmActions;
  /** Whose ALARM holds its actions back; `undefined`: nobody's. */
  readonly suppressor: SuppressorModel | undefined;
}

/** Periods are in seconds. */
export interface SuppressorModel {
  /** Name of the alarm. */
  readonly alarm: string;
  /** For which actions wait whether it goes to ALARM. */
  readonly waitPeriod: number;
  /** For which actions wait after it was in ALARM. */
  readonly extensionPeriod: number;
}

/** When a composite alarm is in ALARM. */
export type AlarmRule =
  | { readonly kind: "any" | "all"; readonly of: readonly AlarmRule[] }
  | { readonly kind: "not"; readonly of: AlarmRule }
  | { readonly kind: "always"; readonly is: boolean }
  /** An alarm, by its name, is in a state. */
  | { readonly kind: "state"; readonly alarm: string; readonly state: AlarmState };
