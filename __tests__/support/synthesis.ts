import { Testing } from "cdktf";
import { invokeAspects } from "cdktf/lib/synthesize/synthesizer";
import type { Deployment } from "../../config/plan/deployment";
import { declareStacks } from "../../stacks/deployment-stacks";
import { synthesizeQuickly } from "../../stacks/quick-synthesis";
import { ServingStack } from "../../stacks/serving-stack";
import type { Json } from "../../testing/terraform/json";

export type { Json };

/** The output of `main.ts` for a deployment: the text of each stack, by its name, made when it is first read. */
export function synthesizedTexts(deployment: Deployment): Readonly<Record<string, string>> {
  return eachStackOf(deployment, (stack) => Testing.synth(stack));
}

/** The same, parsed, with the keys in the order in which they are written. */
export function synthesizedInOrder(deployment: Deployment): Readonly<Record<string, Json>> {
  return eachStackOf(deployment, (stack) => JSON.parse(Testing.synth(stack)));
}

/** The same with the keys in any order, which takes less time. */
export function synthesized(deployment: Deployment): Readonly<Record<string, Json>> {
  return eachStackOf(deployment, (stack) => {
    invokeAspects(stack);
    return withoutMetadata(stack.toTerraform());
  });
}

/** Without what cdktf says of its constructs. */
function withoutMetadata(value: Json): Json {
  if (typeof value !== "object" || value === null) {
    return value;
  }
  if (Array.isArray(value)) {
    return value.map(withoutMetadata);
  }
  const kept: Record<string, Json> = {};
  for (const key of Object.keys(value)) {
    if (key !== "//") {
      kept[key] = withoutMetadata(value[key]);
    }
  }
  return kept;
}

/** What `make` makes of each stack, by its name. */
function eachStackOf<T>(
  deployment: Deployment,
  make: (stack: ServingStack) => T,
): Readonly<Record<string, T>> {
  const app = Testing.app();
  synthesizeQuickly(() => declareStacks(app, deployment));
  const stacks = app.node.children.filter((child) => child instanceof ServingStack);
  return madeWhenRead(stacks.map((stack) => [stack.node.id, () => synthesizeQuickly(() => make(stack))]));
}

/** An object whose properties are made once, when they are first read. */
function madeWhenRead<T>(entries: readonly (readonly [string, () => T])[]): Readonly<Record<string, T>> {
  const made: Record<string, T> = {};
  for (const [name, make] of entries) {
    Object.defineProperty(made, name, {
      enumerable: true,
      configurable: true,
      get: () => {
        const value = make();
        Object.defineProperty(made, name, { enumerable: true, value });
        return value;
      },
    });
  }
  return made;
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
