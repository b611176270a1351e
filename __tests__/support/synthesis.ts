import { Testing } from "cdktf";
import type { Deployment } from "../../config/plan/deployment";
import { declareStacks } from "../../main";
import { ServingStack } from "../../stacks/serving-stack";
import { withoutStackTraces } from "../../stacks/stack-traces";

/** Terraform JSON, parsed: as free in its shape as the providers are. */
export type Json = ReturnType<typeof JSON.parse>;

/** What `main.ts` would write of a deployment: the text of each stack, by its name. */
export function synthesizedTexts(deployment: Deployment): Readonly<Record<string, string>> {
  const texts: Record<string, string> = {};
  withoutStackTraces(() => {
    const app = Testing.app();
    declareStacks(app, deployment);
    for (const stack of app.node.children.filter((child) => child instanceof ServingStack)) {
      texts[stack.node.id] = Testing.synth(stack);
    }
  });
  return texts;
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

/** The AWS region that a resource or data source of a stack is in, by its provider. */
export function awsRegionOf({ provider: { aws } }: Json, { provider }: Json): string {
  const found = aws.find(
    ({ alias }: Json) => (alias === undefined ? undefined : `aws.${alias}`) === provider,
  );
  return found.region;
}
