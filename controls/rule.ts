import type { Part } from "./part";
import type { World } from "./world";

/** What a field costs that closes a control, in USD of us-east-1. */
export interface Price {
  readonly usdAMonth: number;
  /** What costs that: `web ACL`. */
  readonly per: string;
}

/** A public control over Terraform: one, or several of different catalogues that ask for the same. */
export interface Rule {
  /** As the catalogues write them: `CKV_AWS_91`, `ELB.5`. The first names the rule. */
  readonly ids: readonly [string, ...string[]];
  /** What has to be so, as a sentence without a full stop. */
  readonly meaning: string;
  /** Where that is written, beside the catalogues themselves: a page by its name, or another table. */
  readonly source: string;
  /** The types it judges, `data.` and `provider.` among them. */
  readonly types: readonly string[];
  /** The fields of serving.yaml of which each closes it. Absent: no field does. */
  readonly closedBy?: readonly [string, ...string[]];
  /** Absent: it costs nothing, or what it costs depends on the traffic. */
  readonly price?: Price;
  /**
   * Whether a part keeps it; a text says what it lacks. `undefined`: the control is not about this one.
   *
   * @throws NotKnown where the JSON does not say
   */
  holds(part: Part, world: World): boolean | string | undefined;
  /**
   * What is found in a part that fails, one by one, as cdk-nag prints it: `Resource::*`. Absent: there is only one thing to
   * find.
   */
  findings?(part: Part, world: World): readonly string[];
}
