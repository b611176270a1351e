/** A text that is derived from the file. */
export interface DerivedText {
  readonly value: string;
  /** Details, and the purpose. */
  readonly rule: string;
  /** The page or document behind it. */
  readonly source: string;
}
