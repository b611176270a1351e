/** A number derived from others, and the reason for it. `npm run explain` shows all of them. */
export interface Derived {
  readonly value: number;
  /** Seconds, instances, zones, per cent, requests a minute for each instance, GiB, or dollars an hour. */
  readonly unit: "s" | "instances" | "zones" | "%" | "requests/min" | "GiB" | "USD/h" | "";
  /** The rule, in words. */
  readonly rule: string;
  /** What it is derived from, by the names in `serving.yaml` or in the same table. */
  readonly inputs: Readonly<Record<string, number>>;
  /** The page or document behind the rule. */
  readonly source: string;
  /** Present when `value` is written in `serving.yaml`: the value that the rule would give. */
  readonly insteadOf?: number;
}

/** The written value, if there is one, with the derived one in {@link Derived.insteadOf}. */
export function orWritten(derived: Derived, written: number | undefined): Derived {
  return written === undefined ? derived : { ...derived, value: written, insteadOf: derived.value };
}

/** Whether a number is written in `serving.yaml` instead of derived. */
export function isWritten({ insteadOf }: Derived): boolean {
  return insteadOf !== undefined;
}

/** The number nearest to `value` from `min` to `max`. */
export function clamp(value: number, { min, max }: { readonly min: number; readonly max: number }): number {
  return Math.min(max, Math.max(min, value));
}
