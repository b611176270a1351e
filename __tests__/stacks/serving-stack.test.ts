import { DataAwsVpc } from "@cdktf/provider-aws/lib/data-aws-vpc";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { Subnet } from "@cdktf/provider-aws/lib/subnet";
import { Vpc } from "@cdktf/provider-aws/lib/vpc";
import { AssetType, TerraformAsset, TerraformIterator, TerraformOutput, Testing } from "cdktf";
import { Construct } from "constructs";
import fc from "fast-check";
import { ServingStack } from "../../stacks/serving-stack";

function stackOf(build: (stack: ServingStack) => void): ServingStack {
  const stack = new ServingStack(Testing.app(), "region");
  build(stack);
  return stack;
}

function synthesize(build: (stack: ServingStack) => void) {
  return JSON.parse(Testing.synth(stackOf(build)));
}

/** A VPC at the given path, its parents plain constructs (found again when they exist). */
function vpcAt(stack: ServingStack, path: readonly string[]): Vpc {
  const parent = path.slice(0, -1).reduce<Construct>((scope, id) => {
    return (scope.node.tryFindChild(id) as Construct | undefined) ?? new Construct(scope, id);
  }, stack);
  return new Vpc(parent, path.at(-1) ?? "", { cidrBlock: "10.0.0.0/16" });
}

describe("a logical id", () => {
  it("is the construct path joined with _", () => {
    const { resource } = synthesize((stack) => vpcAt(stack, ["llama-3-8b", "canary", "group"]));
    expect(Object.keys(resource.aws_vpc)).toEqual(["llama-3-8b_canary_group"]);
  });

  it("is the id alone for a child of the stack", () => {
    const { resource } = synthesize((stack) => vpcAt(stack, ["network"]));
    expect(Object.keys(resource.aws_vpc)).toEqual(["network"]);
  });

  it("keeps an id that repeats its parent's", () => {
    const { resource } = synthesize((stack) => vpcAt(stack, ["alb", "alb"]));
    expect(Object.keys(resource.aws_vpc)).toEqual(["alb_alb"]);
  });

  it("differs between a hyphen and a level of the tree", () => {
    const { resource } = synthesize((stack) => {
      vpcAt(stack, ["a", "b-c"]);
      vpcAt(stack, ["a-b", "c"]);
    });
    expect(Object.keys(resource.aws_vpc).sort()).toEqual(["a-b_c", "a_b-c"]);
  });

  it.each(["Resource", "Default", "this"])("leaves out a default child called %s", (id) => {
    const { resource } = synthesize((stack) => vpcAt(stack, ["network", "vpc", id]));
    expect(Object.keys(resource.aws_vpc)).toEqual(["network_vpc"]);
  });

  it("keeps such an id in the middle of a path and at the top of the stack", () => {
    const { resource } = synthesize((stack) => {
      vpcAt(stack, ["this"]);
      vpcAt(stack, ["network", "this", "vpc"]);
    });
    expect(Object.keys(resource.aws_vpc).sort()).toEqual(["network_this_vpc", "this"]);
  });

  it("keeps such an id below a resource, whose name is taken", () => {
    const { resource } = synthesize((stack) => {
      const outer = new Vpc(new Construct(stack, "network"), "vpc", {});
      new Vpc(outer, "this", {});
    });
    expect(Object.keys(resource.aws_vpc).sort()).toEqual(["network_vpc", "network_vpc_this"]);
  });

  it("is refused to two default children of one construct", () => {
    const build = (stack: ServingStack) => {
      vpcAt(stack, ["network", "this"]);
      vpcAt(stack, ["network", "Resource"]);
    };
    expect(() => synthesize(build)).toThrow(
      'region/network: its children "this" and "Resource" would share one Terraform address; rename one',
    );
  });

  it.each(["my_vpc", "my vpc", "my.vpc", "größe"])("is refused for the id %j", (id) => {
    expect(() => synthesize((stack) => vpcAt(stack, ["network", id]))).toThrow(
      `region/network/${id}: the id "${id}" may contain only letters, digits and hyphens`,
    );
  });

  it("is refused when a parent's id has a _", () => {
    expect(() => synthesize((stack) => vpcAt(stack, ["my_network", "vpc"]))).toThrow(
      'region/my_network: the id "my_network" may contain only letters, digits and hyphens',
    );
  });

  it.each([
    ["7b", "7b_vpc"],
    ["-seven", "-seven_vpc"],
  ])("is refused when it would start with %j", (id, logicalId) => {
    expect(() => synthesize((stack) => vpcAt(stack, [id, "vpc"]))).toThrow(
      `region/${id}/vpc: a Terraform address starts with a letter, "${logicalId}" does not`,
    );
  });

  it("may start with a digit below the top", () => {
    const { resource } = synthesize((stack) => vpcAt(stack, ["models", "7b"]));
    expect(Object.keys(resource.aws_vpc)).toEqual(["models_7b"]);
  });

  it("is different for different paths, whatever the tree", () => {
    const word = fc.stringMatching(/^[a-z][a-z0-9-]{0,3}$/);
    const paths = fc.uniqueArray(fc.array(word, { minLength: 1, maxLength: 4 }), {
      minLength: 2,
      maxLength: 12,
      selector: (path) => path.join("/"),
    });
    fc.assert(
      fc.property(paths, (unique) => {
        const inner = new Set(
          unique.flatMap((path) => path.slice(0, -1).map((_, i) => path.slice(0, i + 1).join("/"))),
        );
        const leaves = unique.filter((path) => !inner.has(path.join("/")));
        const ids = new Set<string>();
        stackOf((stack) => {
          for (const path of leaves) {
            ids.add(vpcAt(stack, path).friendlyUniqueId);
          }
        });
        expect(ids.size).toBe(leaves.length);
      }),
      { numRuns: 50 },
    );
  });
});

describe("other names of cdktf", () => {
  const synthesized = synthesize((stack) => {
    new AwsProvider(stack, "aws", { region: "us-east-1" });
    const network = new Construct(stack, "network");
    const vpc = new DataAwsVpc(network, "existing", { id: "vpc-1" });
    const zones = TerraformIterator.fromList(["a", "b"]);
    new Subnet(network, "zone", { forEach: zones, vpcId: vpc.id, availabilityZone: zones.value });
    const overridden = new Vpc(network, "overridden", {});
    overridden.overrideLogicalId("chosen_by_hand");
    const moved = new Vpc(network, "moved", {});
    moved.moveFromId("aws_vpc.old");
    new TerraformOutput(network, "vpc-id", { value: vpc.id });
    new TerraformOutput(stack, "vpc_id", { value: vpc.id, staticId: true });
  });

  it("data sources and references to them use the readable id", () => {
    expect(Object.keys(synthesized.data.aws_vpc)).toEqual(["network_existing"]);
    expect(synthesized.resource.aws_subnet.network_zone.vpc_id).toBe(`\${data.aws_vpc.network_existing.id}`);
  });

  it("resources with for_each keep it", () => {
    expect(synthesized.resource.aws_subnet.network_zone).toMatchObject({
      for_each: `\${toset(["a", "b"])}`,
      availability_zone: `\${each.value}`,
    });
  });

  it("an overridden logical id stays as it is written", () => {
    expect(synthesized.resource.aws_vpc).toHaveProperty("chosen_by_hand");
  });

  it("a move ends at the readable address", () => {
    expect(synthesized.moved).toEqual([{ from: "aws_vpc.old", to: "aws_vpc.network_moved" }]);
  });

  it("outputs follow their path, or their own id when it is static", () => {
    expect(Object.keys(synthesized.output).sort()).toEqual(["network_vpc-id", "vpc_id"]);
  });

  it("providers are named by their kind", () => {
    expect(synthesized.provider).toEqual({ aws: [{ region: "us-east-1" }] });
  });

  it("an asset's folder is its path", () => {
    const stack = stackOf(() => {});
    const asset = new TerraformAsset(new Construct(stack, "boot"), "script", {
      path: __filename,
      type: AssetType.FILE,
      assetHash: "1",
    });
    expect(asset.path).toBe("assets/boot_script/1/serving-stack.test.ts");
  });
});

describe("a reference from another stack", () => {
  const app = Testing.app();
  const producer = new ServingStack(app, "region");
  const consumer = new ServingStack(app, "global");
  new AwsProvider(producer, "aws", { region: "us-east-1" });
  new AwsProvider(consumer, "aws", { region: "us-east-1" });
  const vpc = vpcAt(producer, ["network", "vpc"]);
  new Subnet(consumer, "zone", { vpcId: vpc.id, cidrBlock: vpc.cidrBlock });
  app.synth();
  const produced = JSON.parse(Testing.synth(producer));
  const consumed = JSON.parse(Testing.synth(consumer));

  it("becomes an output named after the address it exposes", () => {
    expect(produced.output["cross-stack-output-aws_vpc__network_vpc__id"].value).toBe(
      `\${aws_vpc.network_vpc.id}`,
    );
  });

  it("gives every attribute an output of its own", () => {
    expect(Object.keys(produced.output)).toHaveLength(2);
  });

  it("reads that output from the producer's state", () => {
    expect(consumed.resource.aws_subnet.zone.vpc_id).toBe(
      `\${data.terraform_remote_state.cross-stack-reference-input-region.outputs.cross-stack-output-aws_vpc__network_vpc__id}`,
    );
  });
});
