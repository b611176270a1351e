import { readType } from "../../../scripts/bindings";
import { importedSchema, schemaText, whyStale } from "../../../scripts/provider-schema-text";
import { type ProviderSchema, providerSchema } from "../../../testing/provider-schema/schema";

test("the committed schema is that of the installed bindings, for the types that the project imports", () => {
  expect(whyStale(providerSchema, importedSchema())).toBeUndefined();
});

describe("a schema is stale", () => {
  const schema: ProviderSchema = {
    bindings: "1.0.0",
    version: "6.0.0",
    provider: {},
    resource_schemas: { aws_lb: {} },
    data_source_schemas: { aws_vpc: {} },
  };

  it.each([
    ["not when nothing changed", {}, undefined],
    [
      "when other bindings are installed",
      { bindings: "2.0.0" },
      "is of @cdktf/provider-aws 1.0.0, and 2.0.0 is installed",
    ],
    [
      "when the project imports more",
      { resource_schemas: { aws_lb: {}, aws_eip: {} }, data_source_schemas: { aws_vpc: {}, aws_lb: {} } },
      "lacks types that the project imports: aws_eip, data.aws_lb",
    ],
    [
      "when it has more than the project imports",
      { data_source_schemas: {} },
      "is not what the installed bindings say of the types that the project imports",
    ],
  ])("%s", (_when, changed, why) => {
    const sentence = why && `testing/provider-schema/schema.json ${why}: run npm run provider-schema`;
    expect(whyStale(schema, { ...schema, ...changed })).toBe(sentence);
  });
});

test("the file of a schema has a line for each type", () => {
  const lines = schemaText(providerSchema).split("\n");
  expect(lines.filter((line) => line.startsWith('"aws_lb": {'))).toHaveLength(1);
  expect(lines.filter((line) => line.startsWith('"aws_vpc": {'))).toHaveLength(2);
});

describe("the bindings say", () => {
  const { attributes, block_types } = readType("lb").block;
  const launchTemplate = readType("launch-template").block;

  test("what is computed, optional and required", () => {
    expect(attributes?.arn).toEqual({ type: "string", computed: true });
    expect(attributes?.idle_timeout).toEqual({ type: "number", optional: true });
    expect(attributes?.name).toEqual({ type: "string", optional: true, computed: true });
    expect(block_types?.access_logs?.block.attributes?.bucket).toEqual({ type: "string", required: true });
  });

  test("of what type an attribute is", () => {
    expect(attributes?.internal?.type).toBe("bool");
    expect(attributes?.subnets?.type).toEqual(["set", "string"]);
    expect(attributes?.tags?.type).toEqual(["map", "string"]);
    expect(readType("acm-certificate").block.attributes?.domain_validation_options?.type).toEqual([
      "set",
      ["object", expect.objectContaining({ resource_record_name: "string" })],
    ]);
  });

  test("which objects are in an attribute, and are no blocks", () => {
    const { attributes: ofGroup, block_types: blocks } = readType("security-group").block;
    expect(ofGroup?.ingress).toMatchObject({ type: ["set", ["object", { from_port: "number" }]] });
    expect(Object.keys(blocks ?? {})).toEqual(["timeouts"]);
  });

  test("how often a block may be there, and whether it has to", () => {
    expect(block_types?.access_logs).toMatchObject({ nesting_mode: "list", max_items: 1 });
    expect(block_types?.subnet_mapping).toMatchObject({ nesting_mode: "set" });
    expect(block_types?.subnet_mapping).not.toHaveProperty("max_items");
    expect(block_types?.timeouts).toMatchObject({ nesting_mode: "single" });
    expect(readType("lb-listener").block.block_types?.default_action?.min_items).toBe(1);
  });

  test("what blocks within blocks hold", () => {
    const ebs = launchTemplate.block_types?.block_device_mappings?.block.block_types?.ebs;
    expect(ebs?.block.attributes?.volume_size).toEqual({ type: "number", optional: true, computed: true });
  });

  test("which kind of type it is", () => {
    expect(readType("lb")).toMatchObject({ kind: "resource", type: "aws_lb", providerVersion: "6.25.0" });
    expect(readType("data-aws-vpc")).toMatchObject({ kind: "data source", type: "aws_vpc" });
  });

  test("what the provider takes", () => {
    const { kind, type, block } = readType("provider");
    expect([kind, type]).toEqual(["provider", "aws"]);
    expect(block.attributes?.region).toEqual({ type: "string", optional: true });
    expect(block.block_types?.default_tags?.block.attributes).toMatchObject({ tags: { optional: true } });
  });
});
