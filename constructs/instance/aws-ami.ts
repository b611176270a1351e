import { DataAwsSsmParameter } from "@cdktf/provider-aws/lib/data-aws-ssm-parameter";
import { DataResource } from "cdktf";
import { Construct } from "constructs";
import { amiParameterName } from "../../aws/ami";
import { requireWithin } from "../require-within";

/** Selects an AMI that AWS publishes in a public SSM parameter. */
export interface AwsAmiParameter {
  /** Processor of the instance types, e.g. `x86_64` for g4dn, g5, g6, p5, c7i; `arm64` for g5g, c7g. */
  readonly architecture: "x86_64" | "arm64";

  /**
   * Whether it has the NVIDIA driver: the Deep Learning Base AMI (open-source NVIDIA driver), or Amazon Linux 2023 as it
   * is, for instances without GPUs.
   *
   * @default true
   */
  readonly driver?: boolean;

  /**
   * Operating system. Without the driver it is Amazon Linux 2023.
   *
   * @default "amazon-linux-2023"
   */
  readonly os?: "amazon-linux-2023" | "ubuntu-22.04" | "ubuntu-24.04";
}

/** Props of {@link AwsAmi}. */
export interface AwsAmiProps {
  /** Which AMI. */
  readonly parameter: AwsAmiParameter;

  /**
   * Version of the SSM parameter to pin, from 1. Not together with `release`. Each region has its own version numbers.
   *
   * @default the newest version on the day `release` is first applied
   */
  readonly version?: number;

  /**
   * Any text. The newest AMI of the day it is first applied is kept until the text changes. A new text takes the newest
   * AMI of its own day.
   *
   * @default "1"
   */
  readonly release?: string;
}

/**
 * The id of an AMI of AWS: the Deep Learning Base AMI, or Amazon Linux. It changes only when its props change.
 *
 * AWS updates the public parameter with every release. A launch template that followed it would replace the whole fleet
 * with the next apply, whatever that is for. So a `terraform_data` resource keeps the id and ignores changes of its
 * input. When `release` or the name of the parameter changes, the resource is replaced and takes the id of that day. A
 * plan shows the old and the new id. The launch template gets a new version, and the version that the instances run
 * remains for a rollback.
 *
 * Source: AWS Deep Learning AMIs developer guide, "Get the AMI ID"; Amazon Linux 2023 user guide, "Launching AL2023 using
 * the SSM parameter and AWS CLI"; Terraform documentation, `terraform_data`.
 *
 * @example
 * const ami = new AwsAmi(this, "ami", { parameter: { architecture: "x86_64" }, release: "2026-01" });
 * ami.imageId;
 */
export class AwsAmi extends Construct {
  /** Id of the AMI. */
  public readonly imageId: string;

  /**
   * @throws Error when both `version` and `release` are given, or an operating system has no AMI without the driver
   * @throws RangeError when `version` is not a whole number from 1
   */
  constructor(scope: Construct, id: string, props: AwsAmiProps) {
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
    // Terraform treats `value` as a secret and would hide the id in every plan. An AMI id is not a secret.
    const current = parameter.insecureValue;
    this.imageId = version === undefined ? this.kept(current, latest, release ?? "1") : current;
  }

  private kept(imageId: string, parameter: string, release: string): string {
    const chosen = new DataResource(this, "Resource", {
      input: { imageId },
      triggersReplace: { parameter, release },
      lifecycle: { createBeforeDestroy: true, ignoreChanges: ["input"] },
    });
    return chosen.output.lookup("imageId");
  }
}

function parameterName({ architecture, driver = true, os = "amazon-linux-2023" }: AwsAmiParameter): string {
  if (!driver && os !== "amazon-linux-2023") {
    throw new Error(`without the driver the AMI is Amazon Linux 2023; got "${os}"`);
  }
  return amiParameterName(architecture, { driver, os });
}
