import { changed, endsOf, refusalOf, waysOf, type ZoneRecord } from "./hosted-zone";

const ZONE = "Z1";
const alias = (name: string, to: string, more: Partial<ZoneRecord> = {}): ZoneRecord => ({
  name,
  type: "A",
  alias: { name: to, zoneId: to.includes("balancer") ? "Z2" : ZONE },
  ...more,
});
const weighted = (identifier: string, to: string) => alias("choice", to, { identifier, chosenBy: "Weight" });
const RECORDS = [alias("name", "choice"), weighted("a", "balancer-a"), weighted("b", "balancer-b")];

describe("what Route 53 refuses", () => {
  test.each<[string, string, ZoneRecord, string]>([
    ["a record that is there", "CREATE", weighted("a", "balancer-c"), "but it already exists"],
    ["a record of another kind", "CREATE", alias("choice", "balancer-c"), "as other RRSets exist"],
    ["an alias of a name that is not there", "CREATE", alias("new", "nothing"), "that target was not found"],
    [
      "an alias of a name that is there for IPv4 only",
      "UPSERT",
      alias("name", "choice", { type: "AAAA" }),
      "that target was not found",
    ],
    ["to delete what is not there", "DELETE", weighted("c", "balancer-c"), "but it was not found"],
  ])("%s", (_, action, record, refusal) => {
    expect(refusalOf(RECORDS, { action, record }, ZONE)).toContain(refusal);
  });
});

describe("what Route 53 accepts", () => {
  test.each<[string, string, ZoneRecord]>([
    ["another record of a kind", "CREATE", weighted("c", "balancer-c")],
    ["a record in the place of itself", "UPSERT", alias("choice", "balancer-c", { type: "AAAA" })],
    ["to delete what is there", "DELETE", weighted("b", "balancer-b")],
  ])("%s", (_, action, record) => {
    expect(refusalOf(RECORDS, { action, record }, ZONE)).toBeUndefined();
  });
});

test("a name ends at the targets of all the names it points to", () => {
  expect(endsOf(RECORDS, "name", "A")).toEqual(["balancer-a", "balancer-b"]);
  expect(endsOf(RECORDS, "name", "AAAA")).toEqual([]);
});

test("a circle is an error", () => {
  const records = changed(RECORDS, { action: "UPSERT", record: weighted("a", "name") });
  expect(() => endsOf(records, "name", "A")).toThrow("name → choice → name is a circle");
});

test("the targets of a name are listed after each of the changes", () => {
  const made = RECORDS.map((record) => ({ action: "CREATE", record }));
  const changes = [...made, { action: "DELETE", record: weighted("a", "balancer-a") }];
  expect(waysOf(changes, 2, "name")).toEqual([
    [["balancer-a", "balancer-b"], []],
    [["balancer-b"], []],
  ]);
});
