import { count } from "../config/diagnostics/text";
import { allKinds } from "./all-kinds";
import type { ResourceChange, StackChange } from "./deployment";
import { KINDS, type Kind } from "./kinds";
import type { Ways } from "./lost";
import type { Roll } from "./roll";
import type { RegionSides } from "./sides";
import { type Subject, subjectsOf } from "./subject";
import { type Telling, tell } from "./tell";

/** Something that a change does, with the resources by which it does it. */
export interface Consequence extends Telling {
  readonly kind: Kind;
  readonly stack: string;
  readonly subject: Subject;
  /** Sorted. A resource that changes is in one consequence. */
  readonly addresses: readonly string[];
  readonly roll?: Roll;
  /** The first names of the arguments that change, sorted: they lead to the fields of serving.yaml. */
  readonly arguments: readonly string[];
}

/** All consequences of the change of a stack, in the order of {@link KINDS}, then by what they are about. */
export function consequencesOf(stack: StackChange, sides: RegionSides, ways: Ways): readonly Consequence[] {
  if (stack.isLeft) {
    return stack.changes.length === 0 ? [] : [leftRunning(stack)];
  }
  const subjectOf = subjectsOf(sides);
  const found = new Map<string, { kind: Kind; subject: Subject; changes: ResourceChange[] }>();
  for (const [change, kind] of allKinds(stack, sides, subjectOf)) {
    const subject = kind === "rerouted" ? { label: undefined } : subjectOf(change);
    const key = `${kind} ${subject.label ?? ""}`;
    const same = found.get(key) ?? { kind, subject, changes: [] };
    found.set(key, same);
    same.changes.push(change);
  }
  return [...found.values()]
    .map(({ kind, subject, changes }) => ({
      ...{ kind, stack: stack.name, subject },
      ...tell({ kind, subject, changes, stack, sides, ways }),
      addresses: changes.map(({ address }) => address).sort(),
      arguments: argumentsOf(changes),
    }))
    .sort((a, b) => KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) || compare(labelOf(a), labelOf(b)));
}

function labelOf({ subject }: Consequence): string {
  return subject.label ?? "";
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function argumentsOf(changes: readonly ResourceChange[]): readonly string[] {
  const names = changes.flatMap(({ differences }) => differences.map(({ path }) => path.split(".")[0] ?? ""));
  return [...new Set(names)].sort();
}

function leftRunning({ name, changes }: StackChange): Consequence {
  return {
    kind: "left running",
    stack: name,
    subject: { label: undefined },
    says: `The file has ${name} no longer. It goes on running with ${count(changes.length, "resource")}, and no deploy changes it: docs/regions.md, "Remove a region".`,
    details: [],
    addresses: changes.map(({ address }) => address),
    arguments: [],
  };
}
