import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import { S3BucketLifecycleConfiguration } from "@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration";
import {
  Fn,
  Lazy,
  TerraformLocal,
  TerraformOutput,
  TerraformStack,
  TerraformVariable,
  Testing,
  Token,
} from "cdktf";
import { loadDeployment } from "../../config/load";
import { EmbeddingsStack } from "../../examples/constructs";
import { declareStacks } from "../../stacks/deployment-stacks";
import { synthesizeQuickly } from "../../stacks/quick-synthesis";
import { ServingStack } from "../../stacks/serving-stack";

/** A stack with tokens of every kind that cdktf has, in every place that takes them. */
class Tokens extends TerraformStack {
  constructor() {
    super(Testing.app(), "tokens");
    const text = new TerraformVariable(this, "text", { type: "string" });
    const number = new TerraformVariable(this, "number", { type: "number" });
    const list = new TerraformVariable(this, "list", { type: "list(string)" });
    const map = new TerraformVariable(this, "map", { type: "map(string)" });
    const bucket = new S3Bucket(this, "bucket", {
      bucket: `a-${text.stringValue}-\${path.module}-$\${kept}`,
      tags: {
        [`key-${text.stringValue}`]: `port ${number.numberValue} of ${Token.asString(list.listValue)}`,
      },
    });
    new S3BucketLifecycleConfiguration(this, "lifecycle", {
      bucket: bucket.bucket,
      rule: [{ id: "old", status: "Enabled", expiration: [{ days: number.numberValue }] }],
      dependsOn: [bucket],
    });
    new TerraformLocal(this, "values", {
      list: list.listValue,
      map: Token.asStringMap(map.value),
      numbers: [1, number.numberValue, -1, 1e300],
      nested: [[undefined, null, { gone: undefined, kept: false, empty: {}, none: [] }]],
      lazy: Lazy.stringValue({ produce: () => "made late" }),
      joined: Fn.join("-", [text.stringValue, "1e+5"]),
      decoded: Fn.lookup(map.value, "key", Fn.element(list.listValue, number.numberValue)),
    });
    new TerraformOutput(this, "out", { value: { arn: bucket.arn, tags: bucket.tagsAll } });
  }
}

const made: readonly [string, () => TerraformStack][] = [
  ["tokens of every kind", () => new Tokens()],
  ["the example of constructs", () => new EmbeddingsStack(Testing.app(), "embeddings")],
];

test.each(made)("a quick synthesis writes what cdktf writes: %s", (_name, make) => {
  let quick = "";
  synthesizeQuickly(() => {
    quick = Testing.synth(make());
  });
  expect(quick).toBe(Testing.synth(make()));
});

describe("the stacks of a deployment", () => {
  const loaded = loadDeployment("serving.yaml");
  const app = Testing.app();
  if (loaded.ok) {
    declareStacks(app, loaded.deployment);
  }
  const stacks = app.node.children.filter((child) => child instanceof ServingStack);

  it("are all there", () => {
    expect(stacks.map(({ node }) => node.id).sort()).toEqual([
      "domain",
      "eu-central-1",
      "global",
      "state",
      "us-east-1",
    ]);
  });

  test.each(stacks.map((stack) => [stack.node.id, stack] as const))(
    "%s reads no other stack",
    (_id, stack) => {
      const elements = stack.node.findAll().length;
      TerraformStack.prototype.prepareStack.call(stack);
      expect(stack.node.findAll()).toHaveLength(elements);
    },
  );
});

test("an error that leaves the synthesis has its stack trace, and cdktf is as before", () => {
  const { captureStackTrace } = Error;
  const fail = () => {
    throw new Error("out");
  };
  expect(() => synthesizeQuickly(fail)).toThrow(
    expect.objectContaining({ stack: expect.stringContaining("quick-synthesis.test.ts") }),
  );
  expect(Error.captureStackTrace).toBe(captureStackTrace);
});
