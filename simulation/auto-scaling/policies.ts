import type { MetricMathModel } from "../cloudwatch/model";

/** A target tracking policy. */
export interface TrackingModel {
  readonly name: string;
  readonly target: number;
  readonly scaleIn: boolean;
  readonly warmUp: number | undefined;
  readonly metric: MetricMathModel;
}

/** What a policy does to the capacity of its group. */
export type AdjustmentType = "ChangeInCapacity" | "ExactCapacity" | "PercentChangeInCapacity";

/** A policy that alarms have act. */
export interface AlarmedPolicyModel {
  /** Terraform's. */
  readonly address: string;
  readonly name: string;
  readonly adjustment: AdjustmentType;
  /** Instances that a change by per cent is at least. */
  readonly leastChange: number;
  readonly kind: StepScalingModel | SimpleScalingModel;
}

/** How far a metric is beyond the threshold of its alarm says what is done. */
export interface StepScalingModel {
  readonly type: "step";
  /** What of the values that the alarm looks at counts. */
  readonly aggregation: "Average" | "Minimum" | "Maximum";
  /** Seconds until a new instance counts as current capacity. */
  readonly warmUp: number;
  readonly steps: readonly StepModel[];
}

/** Bounds are added to the threshold; one that is `undefined` is infinite. */
export interface StepModel {
  readonly lower: number | undefined;
  readonly upper: number | undefined;
  readonly by: number;
}

/** The same each time, with a pause after each. */
export interface SimpleScalingModel {
  readonly type: "simple";
  readonly by: number;
  /** Seconds. */
  readonly cooldown: number;
}
