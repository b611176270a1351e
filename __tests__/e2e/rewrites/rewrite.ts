import type { Json } from "../../support/synthesis";

/** A difference between what a team deploys and what the suite deploys in its stead. */
export interface Rewrite {
  /** Whose fault it is, and what would happen without it. */
  readonly why: string;
  readonly kind: "resource" | "data";
  /** Terraform type, e.g. `aws_lb`. */
  readonly type: string;
  /** Changes the JSON of one resource in place. */
  readonly change: (block: Json, name: string) => void;
}

/** Rewrites the JSON of a stack in place. */
export function rewrite(stack: Json, rewrites: readonly Rewrite[]): void {
  for (const { kind, type, change } of rewrites) {
    for (const [name, block] of Object.entries<Json>(stack[kind]?.[type] ?? {})) {
      change(block, name);
    }
  }
}
