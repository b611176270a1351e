import { CONDITION_VALUE } from "../../aws/limits";
import { SEGMENT } from "./glob";
import { remembered } from "./remembered";

/** A regular expression for some paths, and the globs that it stands for. */
export interface PathRegex {
  readonly regex: string;
  readonly globs: readonly string[];
}

/**
 * Few regular expressions that together match the same paths as some globs. Each is within AWS's length for one value.
 * It says the common beginning once: `^/llama/v1/(chat/completions|completions|models)$`. The result does not depend on
 * the order of the globs. A glob that is too long by itself has an expression of its own, which AWS refuses.
 *
 * @param globs each beginning with `/`
 */
export const pathRegexes = remembered((globs: readonly string[]): readonly PathRegex[] => {
  const groups: string[][] = [];
  for (const glob of [...new Set(globs)].sort(bySegments)) {
    const last = groups.at(-1);
    if (last !== undefined && regexOf([...last, glob]).length <= CONDITION_VALUE.maxLength) {
      last.push(glob);
    } else {
      groups.push([glob]);
    }
  }
  return groups.map((group) => ({ regex: regexOf(group), globs: group }));
});

/** Paths below the same segment stand together. */
function bySegments(a: string, b: string): number {
  const [one, other] = [a, b].map((glob) => glob.replaceAll("/", "\u0000"));
  return (one ?? a) < (other ?? b) ? -1 : 1;
}

/** Segments of paths, as a tree. */
interface Node {
  /** Whether a path ends here. */
  ends: boolean;
  readonly next: Map<string, Node>;
}

function regexOf(globs: readonly string[]): string {
  const root: Node = { ends: false, next: new Map() };
  for (const glob of globs) {
    let node = root;
    for (const segment of glob.split("/").slice(1)) {
      const next = node.next.get(segment) ?? { ends: false, next: new Map() };
      node.next.set(segment, next);
      node = next;
    }
    node.ends = true;
  }
  return `^${rest(root)}$`;
}

/** What may follow a node. */
function rest({ ends, next }: Node): string {
  const ways = [...next].map(([segment, node]) => `${escaped(segment)}${rest(node)}`);
  if (ways.length === 0) {
    return "";
  }
  const one = ways.length === 1 ? ways[0] : alternatives(ways);
  return ends ? `(/${one})?` : `/${one}`;
}

/** An empty way, as after the slash of `/llama/`, is written as a way that may be missing. */
function alternatives(ways: readonly string[]): string {
  const longer = ways.filter((way) => way !== "");
  return `(${longer.join("|")})${longer.length < ways.length ? "?" : ""}`;
}

function escaped(segment: string): string {
  return segment
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".")
    .replaceAll(SEGMENT, "[^/]*");
}
