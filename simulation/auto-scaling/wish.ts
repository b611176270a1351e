/** The capacity that a policy wants for its group. */
export interface Wish {
  readonly capacity: number;
  /** In words, for whoever watches. */
  readonly why: string;
  /** Whether simple scaling wants it, which pauses afterwards. */
  readonly pauses?: boolean;
}
