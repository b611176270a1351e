import type { ChoiceLimit, NumberLimit, TextLimit } from "../../aws/limits";

/** A limit that AWS writes in its documentation. */
export type Documented = NumberLimit | TextLimit | ChoiceLimit;

/** What an argument becomes in the API, where the convention of `memberFor` does not say it. */
export interface Target {
  /**
   * A path of members in the structure that the enclosing block becomes: `Matcher.HttpCode`.
   * - `.`: the block becomes no structure of its own; its arguments are looked up in the enclosing one.
   * - `Tags{}`: the argument is a map, the member a list of pairs.
   * - `PutWarmPoolType:`: the block becomes a request of its own. `PutWarmPoolType:MinSize`: a member of that.
   *
   * Without it, no member holds the argument.
   */
  readonly member?: string;
  /** What AWS documents and its model lacks. The value has to fit one of them. */
  readonly limits?: readonly Documented[];
  /** Why there is neither member nor limit, in a word. */
  readonly why?: string;
}

/** A resource, or a data source: what its arguments become. */
export interface Block {
  /** The request, or the structure in it, that the arguments are members of: `CreateTargetGroupInput`. */
  readonly request: string;
  /** By path of the argument: what does not follow the convention. A text is the path of the member. */
  readonly arguments?: Readonly<Record<string, Target | string>>;
  /** Required members that no argument gives: the provider does. */
  readonly provided?: readonly string[];
}

/** The resources and data sources of a service. */
export interface Service {
  /** As botocore names it: `elbv2`. */
  readonly service: string;
  /**
   * Shapes whose words the model lists too few of, each with the reason. They are not checked, and `models.json` lacks
   * them.
   */
  readonly lagging?: Readonly<Record<string, string>>;
  /** By type, of a data source with `data.` before it. */
  readonly blocks: Readonly<Record<string, Block>>;
}

/** An argument that no member holds: it is Terraform's own, or AWS takes it in a form without limits. */
export const none = (why: string): Target => ({ why });

/** An argument whose limits are only in AWS's documentation. It has to fit one of them. */
export const documented = (...limits: readonly Documented[]): Target => ({ limits });

/** An argument with a member, and with limits that the model lacks. The value has to fit both. */
export const limited = (member: string, ...limits: readonly Documented[]): Target => ({ member, limits });

/** Words that AWS documents. */
export const oneOf = (source: string, first: string, ...others: readonly string[]): ChoiceLimit => ({
  values: [first, ...others],
  source,
});

/** The name of the other request that a target begins with, as in `PutWarmPoolType:MinSize`. */
export function requestOf(target: Target | string): string | undefined {
  const { member = "" } = typeof target === "string" ? { member: target } : target;
  return member.includes(":") ? member.slice(0, member.indexOf(":")) : undefined;
}
