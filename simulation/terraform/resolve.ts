import type { Expression } from "../../testing/terraform/expression";
import { isRecord, type Json, listOf, own } from "../../testing/terraform/json";
import { isTemplate, parseTemplate, UnreadableExpression } from "../../testing/terraform/parse";

/** The stacks of a deployment, by their names: Terraform JSON, parsed. */
export type Stacks = Readonly<Record<string, Json>>;

/** What only AWS knows: an attribute of a resource or of a data source. */
export interface Unknown {
  readonly stack: string;
  /** `aws_lb.entry_alb`, `data.aws_vpc.network`; an expression as it is written, where it is no reference. */
  readonly address: string;
  readonly attribute: string;
}

/** How an {@link Unknown} stands in a text. */
const SYMBOL = /⟨([^|⟩]*)\|([^|⟩]*)\|([^|⟩]*)⟩/;

const OPENING = "⟨";

/** What a resolved value refers to; `undefined` where it is known, or more than one reference. */
export function unknownIn(value: Json): Unknown | undefined {
  const found = typeof value === "string" && value.startsWith(OPENING) ? SYMBOL.exec(value) : undefined;
  return found?.[0] === value ? unknownsIn(value)[0] : undefined;
}

/** All that a resolved text refers to, in order. */
export function unknownsIn(value: Json): readonly Unknown[] {
  return typeof value === "string" && value.includes(OPENING)
    ? [...value.matchAll(new RegExp(SYMBOL, "g"))].map(([, stack = "", address = "", attribute = ""]) => ({
        stack,
        address,
        attribute,
      }))
    : [];
}

/** A resolved text with something else in the place of all that only AWS knows. */
export function withoutUnknowns(text: string, instead: (unknown: Unknown) => string): string {
  return text.replaceAll(new RegExp(SYMBOL, "g"), (_, stack: string, address: string, attribute: string) =>
    instead({ stack, address, attribute }),
  );
}

/**
 * Resolves values of Terraform JSON as far as the stacks say them: arguments of other resources, locals, outputs of other
 * stacks. What only AWS knows becomes a text that {@link unknownIn} reads, the same for the same thing.
 */
export class Resolver {
  readonly #running = new Set<string>();

  constructor(private readonly stacks: Stacks) {}

  resolve(value: Json, stack: string): Json {
    if (typeof value === "string") {
      return isTemplate(value) ? this.#template(value, stack) : value;
    }
    if (Array.isArray(value)) {
      return value.map((each) => this.resolve(each, stack));
    }
    return isRecord(value)
      ? Object.fromEntries(Object.entries(value).map(([name, each]) => [name, this.resolve(each, stack)]))
      : value;
  }

  #template(text: string, stack: string): Json {
    try {
      return this.#evaluate(parseTemplate(text), text, stack);
    } catch (error) {
      // A RangeError: it is nested so deep that the stack of calls is full.
      if (error instanceof UnreadableExpression || error instanceof RangeError) {
        return symbol(stack, text, "");
      }
      throw error;
    }
  }

  #evaluate(expression: Expression, text: string, stack: string): Json {
    switch (expression.kind) {
      case "literal":
        return expression.value;
      case "compound":
        return expression.type === "string"
          ? expression.parts.map((part) => String(this.#evaluate(part, text, stack))).join("")
          : symbol(stack, text, "");
      case "tuple":
        return expression.items.map((item) => this.#evaluate(item, text, stack));
      case "object":
        return Object.fromEntries(
          expression.entries.map(([key, value]) => [
            key.kind === "variable" ? key.name : String(this.#evaluate(key, text, stack)),
            this.#evaluate(value, text, stack),
          ]),
        );
      case "call": {
        const [only] = expression.args;
        return expression.name === "jsonencode" && only !== undefined && expression.args.length === 1
          ? JSON.stringify(this.#evaluate(only, text, stack))
          : symbol(stack, text, "");
      }
      case "attribute":
      case "index":
      case "variable": {
        const steps = this.#steps(expression, text, stack);
        return steps === undefined ? symbol(stack, text, "") : this.#follow(steps, text, stack);
      }
      default:
        return symbol(stack, text, "");
    }
  }

  #steps(expression: Expression, text: string, stack: string): readonly (string | number)[] | undefined {
    switch (expression.kind) {
      case "variable":
        return [expression.name];
      case "attribute": {
        const before = this.#steps(expression.of, text, stack);
        return before && [...before, expression.name];
      }
      case "index": {
        const before = this.#steps(expression.of, text, stack);
        const key = this.#evaluate(expression.key, text, stack);
        return before && (typeof key === "string" || typeof key === "number") ? [...before, key] : undefined;
      }
      default:
        return undefined;
    }
  }

  #follow(steps: readonly (string | number)[], text: string, stack: string): Json {
    const [first, second, third, ...rest] = steps.map(String);
    const json = this.stacks[stack];
    if (first === "local" && second !== undefined) {
      return this.#inside(own(merged(json?.locals), second), steps.slice(2), text, stack);
    }
    if (first === "data") {
      const [attribute = "", ...after] = rest;
      if (second === "terraform_remote_state" && attribute === "outputs") {
        return this.#output(String(third), after, text, stack);
      }
      return symbol(stack, `data.${second}.${third}`, attribute);
    }
    if (second === undefined || third === undefined) {
      return symbol(stack, text, "");
    }
    const argument = own(resource(json, String(first), second), third);
    return argument === undefined || argument === null
      ? symbol(stack, `${first}.${second}`, [third, ...rest].join("."))
      : this.#inside(argument, rest, text, stack);
  }

  /** A part of a value that the stack says. A value that leads to itself is unknown. */
  #inside(value: Json, steps: readonly (string | number)[], text: string, stack: string): Json {
    const key = `${stack} ${text}`;
    if (this.#running.has(key)) {
      return symbol(stack, text, "");
    }
    this.#running.add(key);
    let part = this.resolve(value, stack);
    this.#running.delete(key);
    for (const step of steps) {
      if (unknownIn(part) !== undefined || part === undefined || part === null) {
        return symbol(stack, text, "");
      }
      part = isRecord(part) ? own(part, String(step)) : listOf(part)[Number(step)];
    }
    return part ?? symbol(stack, text, "");
  }

  /** An output of the stack that keeps its state where a data source reads it. */
  #output(name: string, steps: readonly string[], text: string, stack: string): Json {
    const { config } = resource({ resource: this.stacks[stack]?.data }, "terraform_remote_state", name) ?? {};
    const [output, ...rest] = steps;
    const found = Object.entries(this.stacks).find(([, json]) => keepsStateAt(json, config));
    const value = found && own(merged(found[1]?.output), String(output))?.value;
    return found === undefined || value === undefined
      ? symbol(stack, text, "")
      : this.#inside(value, rest, text, found[0]);
  }
}

function symbol(stack: string, address: string, attribute: string): string {
  return `⟨${[stack, address, attribute].map((part) => part.replaceAll(/[|⟨⟩]/g, "")).join("|")}⟩`;
}

/** One block or several, as Terraform takes them, as one. */
function merged(value: Json): Readonly<Record<string, Json>> {
  const [first, ...others] = listOf(value);
  // Not copied where there is one: a plan has thousands of references, each to one of thousands.
  return others.length === 0 && isRecord(first) ? first : Object.assign({}, first, ...others);
}

/** The body of a resource, with what is to be read of it. */
export function resource(
  stack: Json,
  type: string,
  name: string,
): Readonly<Record<string, Json>> | undefined {
  const body = own(merged(own(merged(stack?.resource), type)), name);
  return listOf(body)[0];
}

function keepsStateAt(stack: Json, config: Json): boolean {
  const [backend] = Object.values(merged(stack?.terraform?.backend)).flatMap(listOf);
  return (
    ["bucket", "key", "path"].every((name) => backend?.[name] === config?.[name]) && config !== undefined
  );
}
