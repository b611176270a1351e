import { type Condition, type ConditionTable, requestPart, tableOf } from "./condition-table";
import { KINDS } from "./kinds";
import type { KindName } from "./kinds/kind";
import type { RouteConditions } from "./route";

/**
 * Whether some request matches both.
 *
 * It is for warnings, so a case that cannot be decided counts as no overlap: two different regular expressions, or one
 * and a glob, over the same part of a request. A request is assumed to have each header and each named query parameter at
 * most once, so `model=a` and `model=b` do not overlap.
 */
export function overlaps(a: RouteConditions, b: RouteConditions): boolean {
  return overlapExample(a, b) !== undefined;
}

/**
 * A request that matches both, in words: `/v1/llama-x`, or `host llama.example.com, path /v1/chat`. `undefined`
 * when none is known. A regular expression is shown as it is, as in `path like ^/v[12]/`.
 */
export function overlapExample(a: RouteConditions, b: RouteConditions): string | undefined {
  const [tableA, tableB] = [tableOf(a), tableOf(b)];
  if (cannotBeCompared(tableA, tableB) || cannotBeCompared(tableB, tableA)) {
    return undefined;
  }
  const both = new Map([...tableA, ...tableB]);
  const sorted = [...both].sort(([one], [other]) => (one < other ? -1 : 1));
  const parts: string[] = [];
  for (const [key, condition] of sorted) {
    const { readableWithoutName } = KINDS[condition.kind];
    const example = commonExample(condition.kind, tableA.get(key), tableB.get(key));
    if (example === undefined) {
      return undefined;
    }
    parts.push(sorted.length === 1 && readableWithoutName ? example : `${nameOf(condition)} ${example}`);
  }
  return parts.join(", ");
}

/**
 * Whether one has a condition that the other lacks, and the other compares the same part of the request by another kind:
 * a regular expression on one side and a glob on the other. Whether these overlap cannot be decided.
 */
function cannotBeCompared(one: ConditionTable, other: ConditionTable): boolean {
  const partsOfOther = [...other.values()].map(requestPart);
  return [...one].some(
    ([key, condition]) => !other.has(key) && partsOfOther.includes(requestPart(condition)),
  );
}

function commonExample(
  kind: KindName,
  inA: Condition | undefined,
  inB: Condition | undefined,
): string | undefined {
  const { example } = KINDS[kind];
  for (const a of (inA ?? inB)?.values ?? []) {
    for (const b of inB?.values ?? [a]) {
      const common = example(a, b);
      if (common !== undefined) {
        return common;
      }
    }
  }
  return undefined;
}

function nameOf(condition: Condition): string {
  return `${requestPart(condition)}${KINDS[condition.kind].isRegex ? " like" : ""}`;
}
