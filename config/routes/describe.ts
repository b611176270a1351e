import { tableOf } from "./condition-table";
import { KINDS } from "./kinds";
import type { RouteConditions } from "./route";

/** Conditions in one line, for messages: `/v1/llama/*`, or `host llama.example.com, path /v1/* or /v2/*`. */
export function describeConditions(conditions: RouteConditions): string {
  const table = tableOf(conditions);
  const parts = [...table].map(([key, { kind, values }]) => {
    const alternatives = values.map(KINDS[kind].shown).join(" or ");
    return table.size === 1 && KINDS[kind].readableWithoutName ? alternatives : `${key} ${alternatives}`;
  });
  return parts.join(", ");
}
