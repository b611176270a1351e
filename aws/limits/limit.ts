/** A whole number AWS accepts, from `min` to `max` inclusive. `default` is the value AWS uses when none is given. */
export interface NumberLimit {
  readonly min: number;
  readonly max: number;
  readonly default?: number;
  /** `s` means seconds, `d` days. A plain number has no unit. */
  readonly unit?: "s" | "d" | "%" | "GiB" | "MiB/s" | "IOPS" | "bytes";
  /** The page the numbers come from. */
  readonly source: string;
}

/** A text AWS accepts: its length in characters and, where AWS documents them, its characters. */
export interface TextLimit {
  readonly minLength: number;
  readonly maxLength: number;
  /** The form of the text; the length is checked apart from it. */
  readonly pattern?: RegExp;
  /** `pattern` in words that can end a sentence: `letters, digits and hyphens`. */
  readonly characters?: string;
  readonly source: string;
}

/** How many of one thing AWS allows in another. `adjustable`: AWS can raise it through Service Quotas. */
export interface QuotaLimit {
  readonly max: number;
  readonly adjustable: boolean;
  readonly source: string;
}

/** The words AWS accepts. */
export interface ChoiceLimit {
  readonly values: readonly [string, ...string[]];
  readonly source: string;
}
