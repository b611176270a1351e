/** A whole number AWS accepts: both ends count, `default` is what AWS takes when nothing is said. */
export interface NumberLimit {
  readonly min: number;
  readonly max: number;
  readonly default?: number;
  /** `s` seconds, `d` days, `%`, `GiB`, `MiB/s`, `IOPS`, `bytes`, or nothing for a bare number. */
  readonly unit?: "s" | "d" | "%" | "GiB" | "MiB/s" | "IOPS" | "bytes";
  /** The page the numbers come from. */
  readonly source: string;
}

/** A text AWS accepts: its length in characters and, where AWS says them, its characters. */
export interface TextLimit {
  readonly minLength: number;
  readonly maxLength: number;
  /** What the text looks like, whatever its length. */
  readonly pattern?: RegExp;
  /** `pattern` in words, which end a sentence: `letters, digits and hyphens`. */
  readonly characters?: string;
  readonly source: string;
}

/** How many of a thing AWS allows in another; `adjustable` through Service Quotas or not. */
export interface QuotaLimit {
  readonly max: number;
  readonly adjustable: boolean;
  readonly source: string;
}

/** Words of which AWS accepts one. */
export interface ChoiceLimit {
  readonly values: readonly [string, ...string[]];
  readonly source: string;
}
