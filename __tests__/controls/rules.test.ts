import { catalogueOf, NOT_JUDGED, RULES, ruleById } from "../../controls/all";
import { judge, type Result } from "../../controls/judge";
import { asInput } from "../../controls/read";
import { closing } from "../../controls/report/text";
import { schemaFields } from "../support/schema-fields";
import { autoScaling } from "./cases/auto-scaling";
import type { Cases, Terraform } from "./cases/case";
import { ec2, never } from "./cases/ec2";
import { identity } from "./cases/identity";
import { loadBalancing } from "./cases/load-balancing";
import { storage } from "./cases/storage";
import { waf } from "./cases/waf";

const cases: Cases = { ...loadBalancing, ...waf, ...autoScaling, ...ec2, ...identity, ...storage };
const rules = Object.values(RULES).flat();

/** The stack of a case. `aws_lb[]` has resources by their names. */
function stackOf(terraform: Terraform): object {
  const stack: Record<string, Record<string, unknown>> = { resource: {}, data: {}, provider: {} };
  for (const [key, body] of Object.entries(terraform)) {
    const [, kind = "resource", type = ""] = /^(?:(data|provider)\.)?(.*?)(?:\[\])?$/.exec(key) ?? [];
    const section = stack[kind] ?? {};
    section[type] = kind === "provider" ? [body] : key.endsWith("[]") ? body : { x: body };
  }
  return stack;
}

function resultOf(id: string, terraform: Terraform): Result {
  const { results } = judge(asInput({ stack: stackOf(terraform) }));
  const result = results.find(({ rule }) => rule.ids[0] === id);
  if (result === undefined) {
    throw new Error(`no rule begins with ${id}`);
  }
  return result;
}

test("every rule has a case in which it passes and one in which it fails", () => {
  const firsts = rules.map(({ ids: [first] }) => first).sort();
  expect([...Object.keys(cases), ...Object.keys(never)].sort()).toEqual(firsts);
});

test.each(Object.entries(cases))("%s passes and fails", (id, [passes, fails]) => {
  const good = resultOf(id, passes);
  expect({ ...good, passed: good.passed.length > 0 }).toMatchObject({
    passed: true,
    failed: [],
    accepted: [],
    notKnown: [],
  });
  const bad = resultOf(id, fails);
  expect(bad.failed.length + bad.accepted.length).toBeGreaterThan(0);
  expect(bad.notKnown).toEqual([]);
});

test.each(Object.entries(never))("%s fails wherever there is one", (id, terraform) => {
  expect(resultOf(id, terraform).failed).toHaveLength(1);
  expect(resultOf(id, {})).toMatchObject({ passed: [], failed: [], notKnown: [] });
});

test("an id names one rule, and is from a catalogue that is known", () => {
  const ids = rules.flatMap((rule) => rule.ids);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.filter((id) => catalogueOf(id) === "")).toEqual([]);
  expect(Object.keys(NOT_JUDGED).filter((id) => ruleById.has(id) || catalogueOf(id) === "")).toEqual([]);
});

test("every field that closes a control is one of serving.yaml", () => {
  const fields = schemaFields();
  const missing = rules
    .flatMap(({ closedBy = [] }) => closedBy)
    .filter((named) => !fields.some((field) => field === named || field.startsWith(`${named}.`)));
  expect([...new Set(missing)]).toEqual([]);
});

test("what fails names each field that closes it, and what the first costs", () => {
  const result = resultOf("ELB.16", { aws_lb: { internal: false } });
  expect(closing(result)).toBe(
    "closed by entry.waf or entry.webAclArn, about $11 a month for each region, a web ACL with the 6 rules of entry.waf, and $0.60 a million requests",
  );
});
