import { DataAwsSsmParameter } from "@cdktf/provider-aws/lib/data-aws-ssm-parameter";
import { LaunchTemplate } from "@cdktf/provider-aws/lib/launch-template";
import { Fn, TerraformOutput, Testing, Token } from "cdktf";
import { GpuLaunchTemplate, type GpuLaunchTemplateProps } from "../../../constructs/instance/launch-template";
import { ServingStack } from "../../../stacks/serving-stack";
import "cdktf/lib/testing/adapters/jest";

const base64 = (text: string | Buffer) => Buffer.from(text).toString("base64");

const minimal: GpuLaunchTemplateProps = {
  namePrefix: "chat-",
  ami: { id: "ami-1" },
  rootVolume: { sizeGiB: 150 },
  instanceProfileArn: "arn:aws:iam::123456789012:instance-profile/instance",
  securityGroupIds: ["sg-1"],
  userDataBase64: base64("#cloud-config\n"),
};

function synthesize(props: Partial<GpuLaunchTemplateProps> = {}): string {
  const stack = new ServingStack(Testing.app(), "stack");
  const template = new GpuLaunchTemplate(stack, "instance", { ...minimal, ...props });
  new TerraformOutput(stack, "version", { value: template.latestVersion });
  new TerraformOutput(stack, "id", { value: template.launchTemplateId });
  return Testing.synth(stack);
}

const template = (props: Partial<GpuLaunchTemplateProps> = {}) =>
  JSON.parse(synthesize(props)).resource.aws_launch_template.instance;

describe("a launch template", () => {
  const synthesized = synthesize({ tags: { Model: "llama" } });
  const has = (properties: object) =>
    expect(synthesized).toHaveResourceWithProperties(LaunchTemplate, { ...properties });

  it("gets new versions under the same name, and makes each the default", () =>
    has({ name_prefix: "chat-", update_default_version: true, lifecycle: { create_before_destroy: true } }));

  it("runs the image with the user data and the role it was given", () =>
    has({
      image_id: "ami-1",
      user_data: base64("#cloud-config\n"),
      iam_instance_profile: { arn: "arn:aws:iam::123456789012:instance-profile/instance" },
    }));

  it("answers metadata requests with a token only, one hop away, tags among them", () =>
    has({
      metadata_options: {
        http_endpoint: "enabled",
        http_tokens: "required",
        http_put_response_hop_limit: 1,
        instance_metadata_tags: "enabled",
      },
    }));

  it("has an encrypted gp3 root volume that is deleted with the instance", () =>
    has({
      ebs_optimized: "true",
      block_device_mappings: [
        {
          device_name: "/dev/xvda",
          ebs: {
            volume_type: "gp3",
            volume_size: 150,
            iops: 3000,
            throughput: 125,
            encrypted: "true",
            delete_on_termination: "true",
          },
        },
      ],
    }));

  it("has its security groups and no public address", () =>
    has({
      network_interfaces: [
        {
          device_index: 0,
          associate_public_ip_address: "false",
          delete_on_termination: "true",
          security_groups: ["sg-1"],
        },
      ],
    }));

  it("is monitored every minute", () => has({ monitoring: { enabled: true } }));

  it("tags itself and all that it launches", () =>
    has({
      tags: { Model: "llama" },
      tag_specifications: [
        { resource_type: "instance", tags: { Model: "llama" } },
        { resource_type: "network-interface", tags: { Model: "llama" } },
        { resource_type: "volume", tags: { Model: "llama" } },
      ],
    }));

  it("outputs its id and the number of its newest version", () => {
    const { output } = JSON.parse(synthesized);
    expect(output.version.value).toBe(`\${aws_launch_template.instance.latest_version}`);
    expect(output.id.value).toBe(`\${aws_launch_template.instance.id}`);
  });
});

it("launches nothing tagged when there are no tags", () => {
  expect(template()).not.toHaveProperty("tag_specifications");
});

describe("the image", () => {
  it("may be AWS's Deep Learning AMI of a release", () => {
    const synthesized = synthesize({ ami: { parameter: { architecture: "arm64" }, release: "july" } });
    expect(synthesized).toHaveResourceWithProperties(LaunchTemplate, {
      image_id: `\${terraform_data.instance_ami.output["imageId"]}`,
    });
  });

  it("may be AWS's Deep Learning AMI of a version", () => {
    const synthesized = synthesize({ ami: { parameter: { architecture: "arm64" }, version: 3 } });
    expect(synthesized).toHaveDataSourceWithProperties(DataAwsSsmParameter, {
      name: expect.stringMatching(/arm64.*:3$/),
    });
  });

  it("has its root on another device when it is Ubuntu", () => {
    const parameter = { architecture: "x86_64", os: "ubuntu-22.04" } as const;
    expect(synthesize({ ami: { parameter } })).toHaveResourceWithProperties(LaunchTemplate, {
      block_device_mappings: [expect.objectContaining({ device_name: "/dev/sda1" })],
    });
  });
});

describe("the root volume", () => {
  it("takes the size, speed, key and device it is given", () => {
    const kmsKeyArn = "arn:aws:kms:eu-west-1:123456789012:key/0a1b";
    const rootVolume = { sizeGiB: 400, iops: 8000, throughput: 2000, kmsKeyArn, deviceName: "/dev/sdb" };
    const ebs = { volume_size: 400, iops: 8000, throughput: 2000, kms_key_id: kmsKeyArn };
    expect(synthesize({ rootVolume })).toHaveResourceWithProperties(LaunchTemplate, {
      block_device_mappings: [{ device_name: "/dev/sdb", ebs: expect.objectContaining(ebs) }],
    });
  });

  it.each([
    ["rootVolume.iops must be a whole number from 3000 to 50000", { sizeGiB: 100, iops: 50_001 }],
    ["rootVolume.throughput must be a whole number from 125 to 750", { sizeGiB: 100, throughput: 751 }],
  ])("refuses what EBS refuses: %s", (message, rootVolume) => {
    expect(() => synthesize({ rootVolume })).toThrow(message);
  });
});

it("accepts numbers that are tokens", () => {
  const sizeGiB = Token.asNumber(Fn.max([100, 200]));
  expect(template({ rootVolume: { sizeGiB, iops: 80_000 } }).block_device_mappings[0].ebs.iops).toBe(80_000);
});

it("gives instances a public address when configured", () => {
  expect(synthesize({ publicAddress: true })).toHaveResourceWithProperties(LaunchTemplate, {
    network_interfaces: [expect.objectContaining({ associate_public_ip_address: "true" })],
  });
});

it("allows metadata more hops when configured", () => {
  expect(synthesize({ metadataHopLimit: 2 })).toHaveResourceWithProperties(LaunchTemplate, {
    metadata_options: expect.objectContaining({ http_put_response_hop_limit: 2 }),
  });
});

it("is monitored every five minutes when configured", () => {
  expect(synthesize({ detailedMonitoring: false })).toHaveResourceWithProperties(LaunchTemplate, {
    monitoring: { enabled: false },
  });
});

describe("capacity reservations", () => {
  const arn = "arn:aws:resource-groups:eu-west-1:123456789012:group/gpus";

  it("are left to EC2 by default", () => {
    expect(template()).not.toHaveProperty("capacity_reservation_specification");
  });

  it.each([
    [{ preference: "none" }, { capacity_reservation_preference: "none" }],
    [{ target: { id: "cr-1" } }, { capacity_reservation_target: { capacity_reservation_id: "cr-1" } }],
    [
      { preference: "capacity-reservations-only", target: { resourceGroupArn: arn } },
      {
        capacity_reservation_preference: "capacity-reservations-only",
        capacity_reservation_target: { capacity_reservation_resource_group_arn: arn },
      },
    ],
  ] as const)("are used as %j says", (capacityReservation, expected) => {
    expect(synthesize({ capacityReservation })).toHaveResourceWithProperties(LaunchTemplate, {
      capacity_reservation_specification: expected,
    });
  });
});

describe("user data", () => {
  it("of 16384 bytes fits, whatever its length in base64", () => {
    expect(() => synthesize({ userDataBase64: base64("x".repeat(16_384)) })).not.toThrow();
  });

  it("of a byte more does not, counted as EC2 counts", () => {
    expect(() => synthesize({ userDataBase64: base64(`${"é".repeat(8192)}x`) })).toThrow(
      "userDataBase64 holds 16385 bytes; EC2 allows 16384",
    );
  });

  it("must be base64", () => {
    expect(() => synthesize({ userDataBase64: "#cloud-config\n" })).toThrow("userDataBase64 is not base64");
  });

  it("may be encoded by Terraform", () => {
    expect(synthesize({ userDataBase64: Fn.base64encode("x") })).toHaveResourceWithProperties(
      LaunchTemplate,
      {
        user_data: `\${base64encode("x")}`,
      },
    );
  });
});

it("refuses a name prefix with a space", () => {
  expect(() => synthesize({ namePrefix: "a b c" })).toThrow(
    "namePrefix must have 3 to 99 letters, digits and ().-/_",
  );
});

it.each(["cost center", "team/a"])('refuses the tag "%s", which instance metadata does not allow', (key) => {
  expect(() => synthesize({ tags: { [key]: "x" } })).toThrow(
    `the key "${key}" must have 1 to 128 letters, digits and +-=.,_:@`,
  );
});

describe("a Capacity Block", () => {
  const capacityBlock = { id: "cr-0123456789abcdef0", instanceType: "p5.48xlarge" };

  it("is the target and the market of the template, which names its type", () => {
    expect(template({ capacityBlock })).toMatchObject({
      instance_type: "p5.48xlarge",
      instance_market_options: { market_type: "capacity-block" },
      capacity_reservation_specification: {
        capacity_reservation_target: { capacity_reservation_id: "cr-0123456789abcdef0" },
      },
    });
  });

  it.each<[string, Partial<GpuLaunchTemplateProps>]>([
    ["exclude one another", { capacityBlock, capacityReservation: { preference: "none" } }],
    ["capacityBlock.id", { capacityBlock: { ...capacityBlock, id: "" } }],
    ["capacityBlock.instanceType", { capacityBlock: { ...capacityBlock, instanceType: "p5.*" } }],
  ])("is refused where EC2 would refuse it: %s", (message, props) => {
    expect(() => synthesize(props)).toThrow(message);
  });
});
