import { DataAwsSsmParameter } from "@cdktf/provider-aws/lib/data-aws-ssm-parameter";
import { DataResource, TerraformOutput, Testing } from "cdktf";
import { AwsAmi, type AwsAmiProps } from "../../../constructs/instance/aws-ami";
import { ServingStack } from "../../../stacks/serving-stack";
import "cdktf/lib/testing/adapters/jest";

function synthesize(props: AwsAmiProps): string {
  const stack = new ServingStack(Testing.app(), "stack");
  new TerraformOutput(stack, "id", { value: new AwsAmi(stack, "ami", props).imageId });
  return Testing.synth(stack);
}

const imageId = (synthesized: string) => JSON.parse(synthesized).output.id.value;
const latest =
  "/aws/service/deeplearning/ami/x86_64/base-oss-nvidia-driver-gpu-amazon-linux-2023/latest/ami-id";

describe("the AMI of a release", () => {
  const synthesized = synthesize({ parameter: { architecture: "x86_64" } });

  it("is looked up where AWS publishes the newest", () => {
    expect(synthesized).toHaveDataSourceWithProperties(DataAwsSsmParameter, { name: latest });
  });

  it("is kept, whatever AWS publishes later", () => {
    expect(synthesized).toHaveResourceWithProperties(DataResource, {
      input: { imageId: `\${data.aws_ssm_parameter.ami_parameter.insecure_value}` },
      lifecycle: { create_before_destroy: true, ignore_changes: ["input"] },
    });
    expect(imageId(synthesized)).toBe(`\${terraform_data.ami.output["imageId"]}`);
  });

  it("is chosen again when the release changes", () => {
    expect(synthesized).toHaveResourceWithProperties(DataResource, {
      triggers_replace: { parameter: latest, release: "1" },
    });
    expect(
      synthesize({ parameter: { architecture: "x86_64" }, release: "july" }),
    ).toHaveResourceWithProperties(DataResource, {
      triggers_replace: { parameter: latest, release: "july" },
    });
  });

  it("is chosen again when it is to be another kind of AMI", () => {
    const parameter = { architecture: "arm64", os: "ubuntu-24.04" } as const;
    expect(synthesize({ parameter })).toHaveResourceWithProperties(DataResource, {
      triggers_replace: {
        parameter:
          "/aws/service/deeplearning/ami/arm64/base-oss-nvidia-driver-gpu-ubuntu-24.04/latest/ami-id",
        release: "1",
      },
    });
  });
});

describe("the AMI without a driver", () => {
  it("is Amazon Linux 2023, kept in the same way", () => {
    const name = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64";
    const synthesized = synthesize({ parameter: { architecture: "arm64", driver: false } });
    expect(synthesized).toHaveDataSourceWithProperties(DataAwsSsmParameter, { name });
    expect(synthesized).toHaveResourceWithProperties(DataResource, {
      triggers_replace: { parameter: name, release: "1" },
    });
  });

  it("is of no other operating system", () => {
    expect(() =>
      synthesize({ parameter: { architecture: "x86_64", driver: false, os: "ubuntu-24.04" } }),
    ).toThrow('without the driver the AMI is Amazon Linux 2023; got "ubuntu-24.04"');
  });
});

describe("the AMI of a version", () => {
  const synthesized = synthesize({ parameter: { architecture: "x86_64" }, version: 7 });

  it("is the value of that version of the parameter", () => {
    expect(synthesized).toHaveDataSourceWithProperties(DataAwsSsmParameter, { name: `${latest}:7` });
    expect(imageId(synthesized)).toBe(`\${data.aws_ssm_parameter.ami_parameter.insecure_value}`);
  });

  it("needs no resource that keeps it", () => {
    expect(JSON.parse(synthesized).resource).toBeUndefined();
  });

  it("cannot be combined with a release", () => {
    expect(() => synthesize({ parameter: { architecture: "x86_64" }, version: 7, release: "july" })).toThrow(
      'version 7 already fixes the AMI; release "july" would do nothing',
    );
  });

  it("counts from 1", () => {
    expect(() => synthesize({ parameter: { architecture: "x86_64" }, version: 0 })).toThrow(
      "version must be",
    );
  });
});
