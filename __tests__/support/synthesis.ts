import { Testing } from "cdktf";
import type { Deployment } from "../../config/deployment";
import { declareStacks } from "../../stacks/declare";
import { ServingStack } from "../../stacks/serving-stack";

/** Terraform JSON, parsed: as free in its shape as the providers are. */
export type Json = ReturnType<typeof JSON.parse>;

/**
 * What `main.ts` would write of a deployment: the text of each stack, by its name. Without cdktf's own validations,
 * which run `terraform version` once for every resource of some kinds.
 */
export function synthesizedTexts(deployment: Deployment): Readonly<Record<string, string>> {
  return withoutStackTraces(() => {
    const app = Testing.app();
    declareStacks(app, deployment);
    const stacks = app.node.children.filter((child) => child instanceof ServingStack);
    return Object.fromEntries(stacks.map((stack) => [stack.node.id, Testing.synth(stack)]));
  });
}

/** The same, parsed. */
export function synthesized(deployment: Deployment): Readonly<Record<string, Json>> {
  return Object.fromEntries(
    Object.entries(synthesizedTexts(deployment)).map(([name, text]) => [name, JSON.parse(text)]),
  );
}

/** Every resource of a stack by its address, e.g. `aws_lb.entry_alb`. */
export function resourcesOf({ resource = {} }: Json): ReadonlyMap<string, Json> {
  return new Map(
    Object.entries<Json>(resource).flatMap(([type, byId]) =>
      Object.entries<Json>(byId).map(([id, body]): [string, Json] => [`${type}.${id}`, body]),
    ),
  );
}

/** The resources of one type in a stack. */
export function resourcesOfType(stack: Json, type: string): readonly Json[] {
  return Object.values(stack.resource?.[type] ?? {});
}

/** cdktf takes a stack trace of every token it makes, which is most of the time a synthesis takes under jest. */
function withoutStackTraces<T>(work: () => T): T {
  const { prepareStackTrace } = Error;
  Error.prepareStackTrace = () => "";
  try {
    return work();
  } finally {
    Error.prepareStackTrace = prepareStackTrace;
  }
}
