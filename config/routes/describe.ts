import { tableOf } from "./condition-table";
import { queryOfGlob } from "./query-glob";
import type { RouteConditions } from "./route";

/** Conditions in one line, for messages: `/v1/llama/*`, or `host llama.example.com, path /v1/* or /v2/*`. */
export function describeConditions(conditions: RouteConditions): string {
  const table = tableOf(conditions);
  const spoken = [...table].map(([kind, values]) => {
    const shown = kind === "query" ? values.map(describeQuery) : values;
    const alternatives = shown.join(" or ");
    return table.size === 1 && kind === "path" ? alternatives : `${kind} ${alternatives}`;
  });
  return spoken.join(", ");
}

function describeQuery(glob: string): string {
  const { key = "*", value } = queryOfGlob(glob);
  return `${key}=${value}`;
}
