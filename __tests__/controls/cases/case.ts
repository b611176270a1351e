/** Terraform by its types: one resource of each, with the name `x`, or several by their names. */
export type Terraform = Readonly<Record<string, object>>;

/** For the first id of a rule: Terraform that keeps it, and Terraform that does not. */
export type Cases = Readonly<Record<string, readonly [passes: Terraform, fails: Terraform]>>;
