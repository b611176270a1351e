import type { Finding } from "../finding";
import { entriesOf, isRecord, type Json, listOf } from "../terraform/json";
import { referencesIn, staticReferencesIn } from "../terraform/references";
import { splitArguments } from "./meta-arguments";

/** What Terraform has to know before it can make something of a stack, by address. */
type Needs = ReadonlyMap<string, readonly string[]>;

/**
 * Things that need each other, or themselves: Terraform finds no order in which to make them.
 *
 * Source: Terraform, internals, Dependency graph.
 */
export function cycleFindings(stack: Json): readonly Finding[] {
  const needs = needsOf(stack);
  const seen = new Set<string>();
  return [...needs.keys()].flatMap((start) => {
    const circle = seen.has(start) ? undefined : circleOf(start, needs, seen);
    return circle === undefined
      ? []
      : [
          {
            address: circle[0] ?? start,
            argument: "",
            message:
              circle.length === 1
                ? "refers to itself"
                : `needs itself: ${[...circle, circle[0]].join(" → ")}`,
            source: "https://developer.hashicorp.com/terraform/internals/graph",
          },
        ];
  });
}

/**
 * The first circle that is reached from an address, beginning with its first address by the alphabet.
 *
 * @param seen addresses that have been looked at; those of this search are added
 */
function circleOf(start: string, needs: Needs, seen: Set<string>): readonly string[] | undefined {
  const way: string[] = [];
  const visit = (address: string): readonly string[] | undefined => {
    const place = way.indexOf(address);
    if (place >= 0) {
      const circle = way.slice(place);
      const first = circle.indexOf([...circle].sort()[0] ?? "");
      return [...circle.slice(first), ...circle.slice(0, first)];
    }
    if (seen.has(address)) {
      return undefined;
    }
    seen.add(address);
    way.push(address);
    for (const need of needs.get(address) ?? []) {
      const circle = visit(need);
      if (circle !== undefined) {
        return circle;
      }
    }
    way.pop();
    return undefined;
  };
  return visit(start);
}

function needsOf(stack: Json): Needs {
  const found = new Map<string, readonly (readonly string[])[]>();
  for (const [section, prefix] of Object.entries({ resource: "", data: "data.", ephemeral: "ephemeral." })) {
    for (const [type, byName] of listOf(stack[section]).flatMap(entriesOf)) {
      for (const [name, body] of listOf(byName).flatMap(entriesOf)) {
        found.set(`${prefix}${type}.${name}`, needsOfBlock(type, listOf(body)[0]));
      }
    }
  }
  for (const [type, blocks] of entriesOf(stack.provider)) {
    for (const { alias, ...body } of listOf(blocks).filter(isRecord)) {
      found.set(providerAddress(type, alias), referencesIn(body));
    }
  }
  for (const [name, value] of listOf(stack.locals).flatMap(entriesOf)) {
    found.set(`local.${name}`, referencesIn(value));
  }
  return new Map(
    [...found].map(([address, references]) => [
      address,
      [...new Set(references.flatMap((steps) => addressIn(steps, found) ?? []))],
    ]),
  );
}

/** What is ignored or looked at afterwards is not needed before. */
function needsOfBlock(type: string, body: Json): readonly (readonly string[])[] {
  const { own, others } = splitArguments(body);
  const rules = listOf(own.lifecycle).filter(isRecord);
  return [
    ...referencesIn([others, own.count, own.for_each, own.connection, own.provisioner]),
    ...referencesIn(rules.map(({ precondition, postcondition }) => [precondition, postcondition])),
    ...staticReferencesIn(listOf(own.depends_on)),
    ...staticReferencesIn(rules.flatMap((each) => listOf(each.replace_triggered_by))),
    [own.provider ?? providerAddress(type.split("_")[0] ?? "", undefined)].map(
      (each) => `provider:${String(each).replace(/^provider:/, "")}`,
    ),
  ];
}

function providerAddress(type: string, alias: string | undefined): string {
  return `provider:${alias === undefined ? type : `${type}.${alias}`}`;
}

function addressIn(
  steps: readonly string[],
  declared: { has(address: string): boolean },
): string | undefined {
  const own = steps[0] === "resource" ? steps.slice(1) : steps;
  return [1, 2, 3].map((length) => own.slice(0, length).join(".")).find((each) => declared.has(each));
}
