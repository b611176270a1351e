/** What a code means, in words for people. */
export interface Finding {
  /** An error stops the run before anything is written; a warning does not. */
  readonly severity: "error" | "warning";
  /** What is wrong, and why that matters: one or two sentences. */
  readonly sentence: string;
  /**
   * What leads to it: YAML, or a command after `$ `. Of the YAML, mappings in braces replace those of a valid file,
   * and others add to them.
   */
  readonly example: string;
  /** What to write instead: one or two sentences. */
  readonly remedy: string;
}

/** Findings by their codes. */
export type Findings = Readonly<Record<string, Finding>>;
