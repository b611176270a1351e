import { DataAwsSsmParameter } from "@cdktf/provider-aws/lib/data-aws-ssm-parameter";
import { DataResource } from "cdktf";
import { Construct } from "constructs";
import { requireWithin } from "../require-within";

/** Which of the Deep Learning Base AMIs (open-source NVIDIA driver) AWS publishes in a public SSM parameter. */
export interface DeepLearningAmiParameter {
  /** Processor of the instance types, e.g. `x86_64` for g4dn, g5, g6, p5; `arm64` for g5g. */
  readonly architecture: "x86_64" | "arm64";

  /**
   * Operating system.
   *
   * @default "amazon-linux-2023"
   */
  readonly os?: "amazon-linux-2023" | "ubuntu-22.04" | "ubuntu-24.04";
}

/** Props of {@link DeepLearningAmi}. */
export interface DeepLearningAmiProps {
  /** Which AMI. */
  readonly parameter: DeepLearningAmiParameter;

  /**
   * Version of the SSM parameter to stay on, from 1: nothing is remembered then and nothing moves. Not together
   * with `release`. Versions count in each region by themselves.
   *
   * @default the newest, as `release` says
   */
  readonly version?: number;

  /**
   * A free word. The AMI found when the word is first applied is kept for as long as the word stays; another
   * word takes the newest AMI of the day it is applied.
   *
   * @default "1"
   */
  readonly release?: string;
}

/**
 * The id of an AWS Deep Learning Base AMI, which changes only when somebody says so.
 *
 * AWS moves the public parameter with every release, and a launch template that followed it would replace the
 * whole fleet in whatever apply comes next. So the id is kept in a `terraform_data` resource that ignores changes
 * of its input and is replaced, taking the id of that day, when `release` or the parameter's name changes. A plan
 * shows the old id and the new one. The launch template itself stays and gets a new version, so the version the
 * instances run is still there to go back to.
 *
 * Source: AWS Deep Learning AMIs developer guide, "Get the AMI ID"; Terraform documentation, `terraform_data`.
 *
 * @example
 * const ami = new DeepLearningAmi(this, "ami", { parameter: { architecture: "x86_64" }, release: "2026-01" });
 * ami.imageId;
 */
export class DeepLearningAmi extends Construct {
  /** Id of the AMI. */
  public readonly imageId: string;

  /**
   * @throws Error when both `version` and `release` are given
   * @throws RangeError when `version` is not a whole number from 1
   */
  constructor(scope: Construct, id: string, props: DeepLearningAmiProps) {
    super(scope, id);
    const { version, release } = props;
    requireWithin("version", version, { min: 1 });
    if (version !== undefined && release !== undefined) {
      throw new Error(`version ${version} already fixes the AMI; release "${release}" would do nothing`);
    }
    const latest = parameterName(props.parameter);
    const parameter = new DataAwsSsmParameter(this, "parameter", {
      name: version === undefined ? latest : `${latest}:${version}`,
    });
    // `value` counts as a secret, which would hide the id in every plan; an AMI id is none.
    const current = parameter.insecureValue;
    this.imageId = version === undefined ? this.remembered(current, latest, release ?? "1") : current;
  }

  private remembered(imageId: string, parameter: string, release: string): string {
    const chosen = new DataResource(this, "Resource", {
      input: { imageId },
      triggersReplace: { parameter, release },
      lifecycle: { createBeforeDestroy: true, ignoreChanges: ["input"] },
    });
    return chosen.output.lookup("imageId");
  }
}

function parameterName({ architecture, os = "amazon-linux-2023" }: DeepLearningAmiParameter): string {
  return `/aws/service/deeplearning/ami/${architecture}/base-oss-nvidia-driver-gpu-${os}/latest/ami-id`;
}
