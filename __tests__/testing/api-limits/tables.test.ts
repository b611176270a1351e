import { MODELS, type ShapeName, shapeOf, structureOf } from "../../../testing/api-limits/model";
import { resolve } from "../../../testing/api-limits/resolve";
import { SERVICES } from "../../../testing/api-limits/services";
import type { Block } from "../../../testing/api-limits/table";

const blocks = SERVICES.flatMap(({ service, blocks: byType }) =>
  Object.entries(byType).map(([type, block]) => [type, service, block] as const),
);

/** The structure that a block of arguments becomes; that of the resource for the empty path. */
function structureAt(service: string, block: Block, path: string): ShapeName {
  if (path === "") {
    return { service, name: block.request };
  }
  const enclosing = structureAt(service, block, path.slice(0, Math.max(0, path.lastIndexOf("."))));
  const resolved = resolve(block, enclosing, path);
  switch (resolved?.kind) {
    case "enclosing":
      return enclosing;
    case "request":
      return { service, name: resolved.request };
    case "member": {
      const shape = shapeOf({ service, name: resolved.member.shape });
      return { service, name: "list" in shape ? shape.list : resolved.member.shape };
    }
    default:
      throw new Error(`${path} is no block`);
  }
}

test.each(blocks)("the table of %s names only what the model of %s has", (_type, service, block) => {
  for (const path of Object.keys(block.arguments ?? {})) {
    const enclosing = structureAt(service, block, path.slice(0, Math.max(0, path.lastIndexOf("."))));
    expect([path, resolve(block, enclosing, path)]).toEqual([path, expect.anything()]);
  }
});

test.each(blocks)(
  "the table of %s has a reason, in a word, for each argument without a member",
  (_type, _service, block) => {
    for (const target of Object.values(block.arguments ?? {})) {
      if (typeof target !== "string" && target.member === undefined && target.limits === undefined) {
        expect(target.why).toMatch(/^\w+$/);
      }
    }
  },
);

test("a type is in one table only", () => {
  const types = blocks.map(([type]) => type);
  expect(types).toEqual([...new Set(types)]);
});

test("what the provider gives is a required member of some structure of the service", () => {
  for (const [type, service, { provided = [] }] of blocks) {
    const required = Object.values(MODELS.services[service]?.shapes ?? {}).flatMap((shape) =>
      "members" in shape ? (shape.required ?? []) : [],
    );
    expect([type, provided.filter((member) => !required.includes(member))]).toEqual([type, []]);
  }
});

test("a table that names a member that the model lacks is refused", () => {
  const block = { request: "CreateRuleInput", arguments: { priority: "Rank" } };
  expect(() => resolve(block, { service: "elbv2", name: "CreateRuleInput" }, "priority")).toThrow(
    "CreateRuleInput of elbv2 has no Rank",
  );
  expect(() => structureOf({ service: "elbv2", name: "MadeUpInput" })).toThrow(
    "the model of elbv2 has no MadeUpInput: add it to a table, then npm run api-limits",
  );
  expect(() => structureOf({ service: "elbv2", name: "RulePriority" })).toThrow(
    "RulePriority of elbv2 is no structure",
  );
});
