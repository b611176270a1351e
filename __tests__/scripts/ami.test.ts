import { propose } from "../../scripts/ami/propose";
import type { Aws } from "../../scripts/aws-cli";
import { editAlone } from "../../scripts/back/edit-alone";
import { loadYaml, VALID_YAML } from "../support/serving-file";

const GPU = (architecture: string, arm = "") => ({
  parameter: `/aws/service/deeplearning/ami/${architecture}/base-oss-nvidia-driver-gpu-amazon-linux-2023/latest/ami-id`,
  name: (day: string) => `Deep Learning ${arm}Base OSS Nvidia Driver GPU AMI (Amazon Linux 2023) ${day}`,
});
const X86 = GPU("x86_64");
const PLAIN = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64";

interface StoredImage {
  readonly name: string;
  readonly owner?: "amazon" | "self";
  readonly day?: string;
}

interface World {
  /** Images of each region, by their ids. */
  readonly images?: Readonly<Record<string, StoredImage>>;
  /** The image and the version of a public parameter, in all regions or in one. */
  readonly parameters?: Readonly<Record<string, readonly [id: string, version: number]>>;
  /** The image that each region's group launches; undefined: nothing is deployed. */
  readonly runs?: string;
}

const OLD = "ami-00000000000000001";
const NEW = "ami-00000000000000002";
const OWN = "ami-00000000000000003";
const IMAGES: Readonly<Record<string, StoredImage>> = {
  [OLD]: { name: X86.name("20260519"), day: "2026-05-20" },
  [NEW]: { name: X86.name("20260917"), day: "2026-09-18" },
  [OWN]: { name: "ours", owner: "self" },
};

/** A stand-in for AWS that takes the calls of the AWS CLI as they are, and no others. */
function standIn({ images = IMAGES, parameters = { [X86.parameter]: [NEW, 57] }, runs }: World) {
  const calls: string[] = [];
  const aws: Aws = async (service = "", command = "", ...args) => {
    calls.push(`${service} ${command}`);
    const options = Object.fromEntries(
      args.flatMap((option, index) => (index % 2 === 0 ? [[option, args[index + 1] ?? ""]] : [])),
    );
    const { "--region": region, ...given } = options;
    expect(region).toMatch(/^(?:us-east-1|eu-central-1)$/);
    const only = (option: string): string => {
      expect(Object.keys(given)).toEqual([option]);
      return given[option] ?? "";
    };
    switch (`${service} ${command}`) {
      case "ssm get-parameter": {
        const Name = only("--name");
        const [Value, Version] = parameters[`${region} ${Name}`] ?? parameters[Name] ?? [];
        if (Value === undefined) {
          throw new Error("An error occurred (ParameterNotFound) when calling the GetParameter operation: ");
        }
        return { Parameter: { Name, Type: "String", Value, Version, DataType: "aws:ec2:image" } };
      }
      case "ec2 describe-images": {
        const ImageId = only("--image-ids");
        const image = images[ImageId];
        if (image === undefined) {
          throw new Error(
            `An error occurred (InvalidAMIID.NotFound) when calling the DescribeImages operation: The image id '[${ImageId}]' does not exist`,
          );
        }
        const { name: Name, owner = "amazon", day = "2026-01-02" } = image;
        const alias = owner === "amazon" ? { ImageOwnerAlias: owner } : {};
        const Architecture = /ARM64/.test(Name) ? "arm64" : "x86_64";
        return { Images: [{ ImageId, Name, CreationDate: `${day}T08:00:00.000Z`, Architecture, ...alias }] };
      }
      case "autoscaling describe-auto-scaling-groups": {
        const AutoScalingGroupName = only("--auto-scaling-group-names");
        expect(AutoScalingGroupName).toMatch(/^chat\.llama\.(?:main|stable|canary)$/);
        const LaunchTemplateSpecification = { LaunchTemplateId: "lt-0123456789abcdef0", Version: "4" };
        const MixedInstancesPolicy = { LaunchTemplate: { LaunchTemplateSpecification } };
        return {
          AutoScalingGroups:
            runs === undefined ? [] : [{ AutoScalingGroupName, MixedInstancesPolicy, Instances: [] }],
        };
      }
      case "ec2 describe-launch-template-versions":
        expect(given).toEqual({ "--launch-template-id": "lt-0123456789abcdef0", "--versions": "4" });
        return { LaunchTemplateVersions: [{ VersionNumber: 4, LaunchTemplateData: { ImageId: runs } }] };
      default:
        throw new Error(`no such command: ${service} ${command}`);
    }
  };
  return { aws, calls };
}

async function proposed(world: World, text = VALID_YAML) {
  const loaded = loadYaml(text);
  if (!loaded.ok) {
    throw new Error(loaded.diagnostics[0]?.message);
  }
  const { aws, calls } = standIn(world);
  const { lines, edits } = await propose(loaded, text, aws);
  return { lines, calls, text: editAlone(text, "serving.yaml", edits) };
}

const MODEL = "  llama:\n";
const withAmi = (ami: string, text = VALID_YAML) => text.replace(MODEL, `${MODEL}    ami: ${ami}\n`);
const TWO_REGIONS = VALID_YAML.replace(
  "models:\n",
  "  eu-central-1:\n    network: { create: { cidr: 10.1.0.0/16 } }\nmodels:\n",
);
const NEWEST = `${X86.name("20260917")}, NVIDIA driver 595.91.07 or later`;

describe("a release", () => {
  it("that is not written becomes the day of the newer image", async () => {
    const { lines, text } = await proposed({ runs: OLD });
    expect(lines).toEqual([
      `main of llama in us-east-1: has ${X86.name("20260519")}, NVIDIA driver 595.64 or later; the newest is ${NEWEST}`,
      "models.llama.ami.release: 1 → 2026-09-18; vllm 0.28.0 has CUDA 13, which needs driver 580 or later",
    ]);
    expect(text).toBe(withAmi("{release: 2026-09-18}"));
    expect(loadYaml(text)).toMatchObject({ ok: true, warnings: [] });
  });

  it("that is written is replaced where it stands, and its comment stays", async () => {
    const before = withAmi('{ release: "spring" } # of the spring');
    const { text } = await proposed({ runs: OLD }, before);
    expect(text).toBe(before.replace('"spring"', "2026-09-18"));
  });

  it("stands where the newest image runs", async () => {
    const { lines, text } = await proposed({ runs: NEW });
    expect(lines).toEqual([
      `main of llama in us-east-1: has the newest image, ${NEWEST}`,
      "models.llama.ami.release: 1 stands",
    ]);
    expect(text).toBe(VALID_YAML);
  });

  it("of what is not deployed stands, as it takes the newest image", async () => {
    const { lines, text } = await proposed({});
    expect(lines).toEqual([`main of llama in us-east-1: is not deployed, and will have ${NEWEST}`]);
    expect(text).toBe(VALID_YAML);
  });

  it("is another word even on the same day", async () => {
    const { text } = await proposed({ runs: OLD }, withAmi("{ release: 2026-09-18 }"));
    expect(text).toBe(withAmi("{ release: 2026-09-18-2 }"));
  });

  it("that two regions share changes once, if one of them has an older image", async () => {
    const parameters = {
      [`us-east-1 ${X86.parameter}`]: [OLD, 56],
      [`eu-central-1 ${X86.parameter}`]: [NEW, 31],
    } as const;
    const { lines, text } = await proposed({ runs: OLD, parameters }, TWO_REGIONS);
    expect(lines.at(-1)).toMatch(/^models\.llama\.ami\.release: 1 → 2026-09-18; /);
    expect(lines).toHaveLength(3);
    expect(text).toBe(withAmi("{release: 2026-09-18}", TWO_REGIONS));
  });

  it("also changes when AWS no longer has the image", async () => {
    const { lines, text } = await proposed({ runs: "ami-0000000000000dead" });
    expect(lines[0]).toBe("main of llama in us-east-1: AWS no longer has its image ami-0000000000000dead");
    expect(text).toBe(withAmi("{release: 2026-09-18}"));
  });
});

describe("a version of the parameter", () => {
  it("becomes the newest one, without a look at what runs", async () => {
    const { lines, text, calls } = await proposed({}, withAmi("{ parameterVersion: 41 }"));
    expect(lines).toEqual([
      `main of llama in us-east-1: version 41 is older than 57, ${NEWEST}`,
      "models.llama.ami.parameterVersion: 41 → 57; vllm 0.28.0 has CUDA 13, which needs driver 580 or later",
    ]);
    expect(text).toBe(withAmi("{ parameterVersion: 57 }"));
    expect(calls).toEqual(["ssm get-parameter", "ec2 describe-images"]);
  });

  it.each([57, 60])("%d stands when the newest is 57", async (version) => {
    const before = withAmi(`{ parameterVersion: ${version} }`);
    expect((await proposed({}, before)).text).toBe(before);
  });
});

describe("an id", () => {
  it("of AWS becomes that of the newest image", async () => {
    const { text } = await proposed({}, withAmi(`{ id: ${OLD} }`));
    expect(text).toBe(withAmi(`{ id: ${NEW} }`));
  });

  it.each([
    [
      "of an own image stays, and the line says what to make it from",
      OWN,
      `make it anew from ${NEW}, ${NEWEST}`,
    ],
    ["that AWS does not know stays", "ami-0000000000000dead", "AWS has no image ami-0000000000000dead"],
  ])("%s", async (_, id, said) => {
    const before = withAmi(`{ id: ${id} }`);
    const { lines, text } = await proposed({}, before);
    expect(lines).toEqual([expect.stringContaining(said)]);
    expect(text).toBe(before);
  });

  it("of an own image stays even if it has a name of AWS", async () => {
    const before = withAmi(`{ id: ${OLD} }`);
    const images = { ...IMAGES, [OLD]: { name: X86.name("20260519"), owner: "self" as const } };
    expect((await proposed({ images }, before)).text).toBe(before);
  });
});

describe("the driver", () => {
  const TOO_OLD = { ...IMAGES, [NEW]: { name: X86.name("20251105"), day: "2025-11-06" } };

  it("that the container needs and the newest image is not known to have keeps the file as it is", async () => {
    const { lines, text } = await proposed({ images: TOO_OLD }, withAmi("{ parameterVersion: 41 }"));
    expect(lines.at(-1)).toBe(
      `models.llama.ami.parameterVersion: 41 stays; ${X86.name("20251105")} is not known to have driver 580, which vllm 0.28.0 needs`,
    );
    expect(text).toBe(withAmi("{ parameterVersion: 41 }"));
  });

  it("that the image of now lacks is told", async () => {
    const images = { ...IMAGES, [OLD]: { name: X86.name("20250801") } };
    const { lines } = await proposed({ images, runs: OLD });
    expect(lines[0]).toContain(
      `has ${X86.name("20250801")} (not known to have driver 580, which vllm 0.28.0 needs); the newest is`,
    );
  });

  it("is the older one that CUDA 12 needs", async () => {
    const text = VALID_YAML.replace("v0.28.0", "v0.28.0-cu129");
    expect((await proposed({ runs: OLD }, text)).lines.at(-1)).toBe(
      "models.llama.ami.release: 1 → 2026-09-18; vllm 0.28.0 has CUDA 12, which needs driver 525 or later",
    );
  });

  it("of arm64 is that of its own image", async () => {
    const arm = GPU("arm64", "ARM64 ");
    const { lines } = await proposed(
      {
        images: { [NEW]: { name: arm.name("20260801"), day: "2026-08-03" } },
        parameters: { [arm.parameter]: [NEW, 8] },
      },
      VALID_YAML.replace("[g6.2xlarge, g5.2xlarge]", "[g5g.16xlarge]").replace(
        "size: 15GiB }",
        "size: 5GiB }",
      ),
    );
    expect(lines).toEqual([
      `main of llama in us-east-1: is not deployed, and will have ${arm.name("20260801")}, NVIDIA driver 595.71.05 or later`,
    ]);
  });
});

it("tells of Amazon Linux without a driver, for instances without GPUs", async () => {
  const text = VALID_YAML.replace("vllm\n", "llama.cpp\n")
    .replace("vllm/vllm-openai:v0.28.0", "ghcr.io/ggml-org/llama.cpp:server-b10573")
    .replace("[g6.2xlarge, g5.2xlarge]", "[c7i.8xlarge]")
    .replace("    weights:", "    model: model.gguf\n    weights:");
  const images = {
    [OLD]: { name: "al2023-ami-2023.11.20260514.0-kernel-6.1-x86_64" },
    [NEW]: { name: "al2023-ami-2023.12.20260914.0-kernel-6.1-x86_64", day: "2026-09-15" },
  };
  const { lines } = await proposed({ runs: OLD, images, parameters: { [PLAIN]: [NEW, 140] } }, text);
  expect(lines).toEqual([
    "main of llama in us-east-1: has al2023-ami-2023.11.20260514.0-kernel-6.1-x86_64; the newest is al2023-ami-2023.12.20260914.0-kernel-6.1-x86_64",
    "models.llama.ami.release: 1 → 2026-09-15",
  ]);
});

it("changes nothing when AWS cannot be asked", async () => {
  await expect(proposed({ parameters: {} })).rejects.toThrow("ParameterNotFound");
});
