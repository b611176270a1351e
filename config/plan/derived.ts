/** A number that follows from others, with the reason for it: what `npm run explain` shows. */
export interface Derived {
  readonly value: number;
  /** Seconds, instances, per cent, requests a minute for each instance, or GiB. */
  readonly unit: "s" | "instances" | "%" | "requests/min" | "GiB" | "";
  /** How it follows, in words. */
  readonly rule: string;
  /** What it follows from, by the names used in `serving.yaml` or in the same table. */
  readonly inputs: Readonly<Record<string, number>>;
  /** The page or document behind the rule. */
  readonly source: string;
  /** Written in `serving.yaml` instead of derived; the value a rule would have given. */
  readonly insteadOf?: number;
}

/** Keeps what the user wrote, and remembers what the rule would have given. */
export function orWritten(derived: Derived, written: number | undefined): Derived {
  return written === undefined ? derived : { ...derived, value: written, insteadOf: derived.value };
}

/** Whether a number is what the user wrote, in place of what the rule would have given. */
export function isWritten({ insteadOf }: Derived): boolean {
  return insteadOf !== undefined;
}

/** The number nearest to `value` from `min` to `max`. */
export function clamp(value: number, { min, max }: { readonly min: number; readonly max: number }): number {
  return Math.min(max, Math.max(min, value));
}
