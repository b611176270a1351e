import { referencePage } from "../../../../config/schema/docs/reference";

const reference = referencePage();
const rows = reference.split("\n").filter((line) => line.startsWith("| `"));

/** The row of a field in the table with that title. */
function rowOf(title: string, field: string): string | undefined {
  const table = reference.split("\n## ").find((part) => part.startsWith(title)) ?? "";
  return table.split("\n").find((line) => line.startsWith(`| \`${field}\` `));
}

test("every row has a field, a kind of value and a meaning", () => {
  expect(rows.length).toBeGreaterThan(150);
  expect(rows.filter((row) => !/^\| `[^`|]+` +\| [^|]+ \| [^|]+\. +\|$/.test(row))).toEqual([]);
});

test.each([
  ["The file", "state.bucket", "text, required"],
  ["`entry`", "idleTimeout", "duration"],
  ["`entry`", "default", "name"],
  ["`entry`", "allow", "`anyone-on-the-internet` or list of client ranges, required"],
  ["`regions.<region>`", "network.create.zones", "whole number or list of texts"],
  ["`regions.<region>`", "models", "mapping"],
  ["`regions.<region>`", "models.<model>.variants.<variant>.weight", "whole number"],
  ["`models.<model>`", "protocol", "`http1`, `http2`, `grpc`"],
  ["`models.<model>`", "healthyTargets.dnsFailover.count", "whole number"],
  ["`models.<model>`", "variants.<variant>.weight", "whole number, required"],
  ["The instances of a model", "weights.size", "size"],
  ["The instances of a model", "volume.kmsKeyArn", "ARN"],
  ["`models.<model>.routes[]`", "path", "text or list of texts"],
  ["`models.<model>.routes[]`", "query.value", "text, required"],
])("in the table %s, %s is a %s", (title, field, kind) => {
  expect(rowOf(title, field)?.split(" | ")[1]?.trim()).toBe(kind);
});

test("the fields of instances stand in their own table only", () => {
  expect(rows.filter((row) => row.startsWith("| `capacity.min`"))).toHaveLength(1);
  expect(rows.filter((row) => /^\| `(variants|models)\.<\w+>\.(image|capacity)/.test(row))).toEqual([]);
});

test("the cells of a table are not padded, so that a longer one changes no other line", () => {
  const tables = reference.split("\n\n").filter((part) => part.startsWith("| "));
  expect(tables).toHaveLength(7);
  expect(tables.join("\n")).not.toMatch(/ {2}|-{4}/);
});

test("the forms of values are explained before the tables", () => {
  expect(reference.split("\n## ")[0]).toMatch(/- \*\*duration\*\*: .*`90s`/);
});
