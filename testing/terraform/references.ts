import type { Expression } from "./expression";
import { entriesOf, type Json } from "./json";
import { isTemplate, parseExpression, parseTemplate, UnreadableExpression } from "./parse";

/**
 * What the templates in a value of Terraform JSON refer to, each as its steps: `["data", "aws_vpc", "own", "id"]`.
 * Texts that cannot be read refer to nothing; whoever checks the value itself reports them.
 */
export function referencesIn(value: Json): readonly (readonly string[])[] {
  if (typeof value === "string") {
    return isTemplate(value) ? readable(() => parseTemplate(value)).flatMap(referencesOf) : [];
  }
  return Array.isArray(value)
    ? value.flatMap(referencesIn)
    : entriesOf(value).flatMap(([key, each]) => [...referencesIn(key), ...referencesIn(each)]);
}

/** The same for a list of references without `${…}` around them, as in `depends_on`. */
export function staticReferencesIn(value: Json): readonly (readonly string[])[] {
  const texts: readonly Json[] = [value].flat();
  return texts
    .filter((each) => typeof each === "string")
    .flatMap((text) => readable(() => (isTemplate(text) ? parseTemplate(text) : parseExpression(text))))
    .flatMap(referencesOf);
}

function readable(parse: () => Expression): readonly Expression[] {
  try {
    return [parse()];
  } catch (error) {
    if (error instanceof UnreadableExpression) {
      return [];
    }
    throw error;
  }
}

function referencesOf(expression: Expression): readonly (readonly string[])[] {
  const steps = stepsOf(expression);
  return steps !== undefined ? [steps] : partsOf(expression).flatMap(referencesOf);
}

/** The names of an expression that is nothing but names, with dots between. */
function stepsOf(expression: Expression): readonly string[] | undefined {
  if (expression.kind === "variable") {
    return [expression.name];
  }
  const before = expression.kind === "attribute" ? stepsOf(expression.of) : undefined;
  return before && expression.kind === "attribute" ? [...before, expression.name] : undefined;
}

function partsOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case "literal":
    case "item":
    case "variable":
      return [];
    case "compound":
      return expression.parts;
    case "attribute":
      return [expression.of];
    case "index":
      return [expression.of, expression.key];
    case "splat":
      return [expression.of, expression.each];
    case "call":
      return expression.args;
    case "conditional":
      return [expression.condition, ...expression.branches];
    case "for":
      return [expression.in, ...expression.body];
    case "tuple":
      return expression.items;
    case "object":
      return expression.entries.flat();
  }
}
