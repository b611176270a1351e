import type { Json } from "../testing/terraform/json";

/** What becomes of a resource. `replace` makes the new one first, `replace with a gap` ends the old one first. */
export type Action =
  | "create"
  | "update"
  | "replace"
  | "replace with a gap"
  | "delete"
  | "forget"
  | "unchanged";

/** An argument that changes. */
export interface Difference {
  /** Names and places, joined by dots: `action.0.forward.0.stickiness`. */
  readonly path: string;
  readonly before: Json;
  /** {@link UNKNOWN} for what only an apply shows, {@link MASKED} for what is sensitive. */
  readonly after: Json;
}

/** Stands for a value that only an apply shows. */
export const UNKNOWN = "(known after apply)";

/** Stands for a value that Terraform keeps from its output. */
export const MASKED = "(sensitive)";

/** A resource of a stack, and what becomes of it. */
export interface ResourceChange {
  /** Terraform's: `aws_lb.entry_alb`. Of one stack each is there once. */
  readonly address: string;
  readonly type: string;
  readonly name: string;
  readonly action: Action;
  /** Arguments; `undefined` where there is none. */
  readonly before: Json;
  readonly after: Json;
  readonly differences: readonly Difference[];
}

/** A stack before and after. */
export interface StackChange {
  readonly name: string;
  readonly region: string;
  /** Terraform JSON; without resources where the stack is not there. */
  readonly before: Json;
  readonly after: Json;
  /** Terraform JSON of after as somebody wrote it: without what AWS and the provider fill in. */
  readonly written: Json;
  /** Whether serving.yaml has it no longer. Nothing is deleted then: it goes on running, and no deploy changes it. */
  readonly isLeft: boolean;
  /** Whether it is a plan of this project, whose own conditions have asked AWS what only AWS knows. */
  readonly isChecked: boolean;
  /** All managed resources of before and after, sorted by their addresses. */
  readonly changes: readonly ResourceChange[];
  /** Why AWS or the plan will refuse it, as far as that is known offline: whole sentences. */
  readonly refusals: readonly string[];
}

/** What stands before and after a change, in all stacks at hand. */
export interface Deployment {
  /** Its name in serving.yaml; `undefined` in plans of another project. */
  readonly name: string | undefined;
  readonly stacks: readonly StackChange[];
  /** How many objects a plan deletes that an earlier replacement, which failed, has left over. */
  readonly deposed: number;
  /** What the reader has to know about how this was read: whole sentences. */
  readonly notes: readonly string[];
}

/** What cannot be read, in a sentence that says what to do. */
export class Unreadable extends Error {}
