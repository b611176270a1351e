import { LaunchTemplate } from "@cdktf/provider-aws/lib/launch-template";
import { Token } from "cdktf";
import { Construct } from "constructs";
import { ARN_FORMS } from "../../aws/arn";
import {
  AMAZON_LINUX_AMI_ROOT_SNAPSHOT,
  DEEP_LEARNING_AMI_ROOT_SNAPSHOT,
  GP3_IOPS,
  GP3_IOPS_PER_GIB,
  GP3_SIZE,
  GP3_THROUGHPUT,
  GP3_THROUGHPUT_PER_IOPS,
  INSTANCE_TYPE,
  LAUNCH_TEMPLATE_NAME,
  METADATA_HOP_LIMIT,
  METADATA_TAG_KEY,
  type NumberLimit,
  SECURITY_GROUPS_PER_INTERFACE,
  USER_DATA,
} from "../../aws/limits";
import { prefixOf } from "../name-prefix";
import { requireArn, requireId, requireIds, requireText, requireWithin } from "../require-within";
import { AwsAmi, type AwsAmiProps } from "./aws-ami";

/** A reservation, or a resource group of reservations, to launch into. */
export type CapacityReservationTarget = { readonly id: string } | { readonly resourceGroupArn: string };

/**
 * How an instance uses on-demand capacity reservations: any open one that matches, none, or a given one. EC2 accepts
 * either a preference or a target; only `capacity-reservations-only` may have both (EC2 API reference,
 * CapacityReservationSpecification).
 */
export type LaunchTemplateCapacityReservation =
  | { readonly preference: "open" | "none"; readonly target?: never }
  | { readonly preference: "capacity-reservations-only"; readonly target?: CapacityReservationTarget }
  | { readonly preference?: never; readonly target: CapacityReservationTarget };

/**
 * A Capacity Block for ML. Source: Auto Scaling user guide, "Use Capacity Blocks for machine learning workloads" (the launch
 * template names the reservation and the instance type).
 */
export interface TemplateCapacityBlock {
  /** Id of the reservation, `cr-…`. */
  readonly id: string;
  /** The instance type that is reserved, such as `p5.48xlarge`. */
  readonly instanceType: string;
}

/** The root volume: gp3, encrypted, deleted with the instance. */
export interface RootVolume {
  /**
   * Size in GiB, 75 to 65536, or 8 to 65536 without the NVIDIA driver. It holds the operating system, the image and the
   * weights. The snapshot of the Deep Learning Base AMI alone is 75 GiB, that of Amazon Linux 8 GiB.
   */
  readonly sizeGiB: number;

  /**
   * IOPS, 3000 to 80000, at most 500 for each GiB. The price includes 3000.
   *
   * @default 3000
   */
  readonly iops?: number;

  /**
   * Throughput in MiB per second, 125 to 2000, at most a quarter of `iops`. The price includes 125. It limits how fast
   * weights load.
   *
   * @default 125
   */
  readonly throughput?: number;

  /**
   * ARN of the KMS key that encrypts it. Its policy must allow the service-linked role of Auto Scaling to use it, or
   * every launch fails (Auto Scaling user guide, "Required AWS KMS key policy for use with encrypted volumes").
   *
   * @default the key EBS uses in this account by default
   */
  readonly kmsKeyArn?: string;

  /**
   * Name of the root device of the AMI.
   *
   * @default "/dev/sda1" for Ubuntu, otherwise "/dev/xvda"
   */
  readonly deviceName?: string;
}

/** Props of {@link GpuLaunchTemplate}. */
export interface GpuLaunchTemplateProps {
  /** The prefix of the template's name: 3 to 99 letters, digits and `().-/_`. Terraform adds a unique ending. */
  readonly namePrefix: string;

  /**
   * The machine image: the id of any AMI, or one of AWS, which changes only when these props change (see {@link AwsAmi}).
   * `{ parameter: { architecture: "x86_64" }, release: "1" }` keeps the AMI of the day it is first applied. Another
   * `release` takes the newest AMI. `version` instead of `release` pins that version of the parameter. `driver: false`
   * beside an id: it is made from Amazon Linux, and not from the Deep Learning Base AMI.
   */
  readonly ami: { readonly id: string; readonly driver?: boolean } | AwsAmiProps;

  /** The root volume. */
  readonly rootVolume: RootVolume;

  /** ARN of the instance profile. */
  readonly instanceProfileArn: string;

  /** Security groups of the instance, 1 to 16 (Amazon VPC quotas, "Security groups per network interface"). */
  readonly securityGroupIds: readonly string[];

  /**
   * User data, base64 encoded. EC2 counts the bytes before encoding, and allows 16384. Encode it in TypeScript
   * (`Buffer.from(text).toString("base64")`), so that Terraform finds no `${` in it. It may be compressed with gzip. A
   * reference to something that Terraform encodes is accepted unchecked.
   */
  readonly userDataBase64: string;

  /**
   * Whether instances get a public IPv4 address. They do not need one: requests come through the load balancer, and
   * their own connections go through NAT or VPC endpoints.
   *
   * @default false
   */
  readonly publicAddress?: boolean;

  /**
   * How many network hops a response of the instance metadata service may take, 1 to 64. With 1, containers with a
   * network of their own cannot get the role's credentials. A container on the host's network needs no more.
   *
   * @default 1
   */
  readonly metadataHopLimit?: number;

  /**
   * Whether EC2 publishes metrics every minute instead of every five.
   *
   * @default true
   */
  readonly detailedMonitoring?: boolean;

  /**
   * Capacity reservations. The setting of the Auto Scaling group, if it has one, takes precedence.
   *
   * @default any open one that matches
   */
  readonly capacityReservation?: LaunchTemplateCapacityReservation;

  /**
   * A Capacity Block to launch into, and the one instance type that is reserved in it. The group then takes both from the
   * template (see `GpuInstances`), and no `capacityReservation` may be given beside it.
   *
   * @default none
   */
  readonly capacityBlock?: TemplateCapacityBlock;

  /**
   * Tags of the template and of the instances, volumes and network interfaces it launches. The instance can read its
   * tags from its metadata, so their keys may hold only letters, digits and `+-=.,_:@`, at most 128 (EC2 user guide,
   * "View tags for your EC2 instances using instance metadata").
   *
   * @default none
   */
  readonly tags?: { readonly [key: string]: string };
}

/**
 * The launch template of an instance that serves a model: machine image, encrypted root volume, no public address, IMDSv2 only, user
 * data. The Auto Scaling group sets the instance type, unless the template targets a Capacity Block.
 *
 * Every change creates a new version of the same template. Pin {@link GpuLaunchTemplate.latestVersion} in the group: an
 * instance refresh starts when the number changes, and never with `$Latest`. The template does not configure automatic
 * recovery: EC2 does not recover instances of an Auto Scaling group; the group replaces them.
 *
 * @example
 * const template = new GpuLaunchTemplate(this, "template", {
 *   namePrefix: "chat-llama-3-",
 *   ami: { parameter: { architecture: "x86_64" }, release: "1" },
 *   rootVolume: { sizeGiB: 150, throughput: 500 },
 *   instanceProfileArn: role.instanceProfileArn,
 *   securityGroupIds: [instances.securityGroupId],
 *   userDataBase64: Buffer.from("#cloud-config\n…").toString("base64"),
 * });
 */
export class GpuLaunchTemplate extends Construct {
  /** The launch template. */
  public readonly launchTemplate: LaunchTemplate;
  /** Id of the launch template. */
  public readonly launchTemplateId: string;
  /** Number of the newest version, as a string, to pin in a group. */
  public readonly latestVersion: string;
  /** Id of the machine image. */
  public readonly imageId: string;

  /**
   * @throws Error when EC2 would refuse the name, the tags, the user data or the target of reservations
   * @throws RangeError when a number of the volume, the hop limit or the number of security groups is out of range
   */
  constructor(scope: Construct, id: string, props: GpuLaunchTemplateProps) {
    super(scope, id);
    requireArn("instanceProfileArn", props.instanceProfileArn, ARN_FORMS.instanceProfile);
    requireArn("rootVolume.kmsKeyArn", props.rootVolume?.kmsKeyArn, ARN_FORMS.keyOrAlias);
    requireIds("securityGroupIds", props.securityGroupIds, "securityGroup");
    requireId("ami.id", "id" in props.ami ? props.ami.id : undefined, "image");
    const { ami, tags = {}, metadataHopLimit = METADATA_HOP_LIMIT.default } = props;
    requireText("namePrefix", props.namePrefix, prefixOf(LAUNCH_TEMPLATE_NAME));
    requireWithin("number of securityGroupIds", props.securityGroupIds.length, SECURITY_GROUPS_PER_INTERFACE);
    requireUserData(props.userDataBase64);
    requireWithin("metadataHopLimit", metadataHopLimit, METADATA_HOP_LIMIT);
    for (const key of Object.keys(tags)) {
      requireText(`tags: the key "${key}"`, key, METADATA_TAG_KEY);
    }

    this.imageId = "id" in ami ? ami.id : new AwsAmi(this, "ami", ami).imageId;
    this.launchTemplate = new LaunchTemplate(this, "Resource", {
      namePrefix: props.namePrefix,
      updateDefaultVersion: true,
      imageId: this.imageId,
      userData: props.userDataBase64,
      iamInstanceProfile: { arn: props.instanceProfileArn },
      ebsOptimized: "true",
      blockDeviceMappings: [rootDevice(props.rootVolume, ami)],
      networkInterfaces: [
        {
          deviceIndex: 0,
          associatePublicIpAddress: String(props.publicAddress ?? false),
          deleteOnTermination: "true",
          securityGroups: [...props.securityGroupIds],
        },
      ],
      metadataOptions: {
        httpEndpoint: "enabled",
        httpTokens: "required",
        httpPutResponseHopLimit: metadataHopLimit,
        instanceMetadataTags: "enabled",
      },
      monitoring: { enabled: props.detailedMonitoring ?? true },
      instanceType: props.capacityBlock?.instanceType,
      instanceMarketOptions: props.capacityBlock && { marketType: "capacity-block" },
      capacityReservationSpecification: reservationOf(props),
      tags,
      tagSpecifications: Object.keys(tags).length > 0 ? taggedAtLaunch(tags) : undefined,
      lifecycle: { createBeforeDestroy: true },
    });
    this.launchTemplateId = this.launchTemplate.id;
    this.latestVersion = this.launchTemplate.getStringAttribute("latest_version");
  }
}

function rootDeviceName(ami: GpuLaunchTemplateProps["ami"]): string {
  const ubuntu = "parameter" in ami && ami.parameter.os?.startsWith("ubuntu");
  return ubuntu ? "/dev/sda1" : "/dev/xvda";
}

/** The size of the AMI's snapshot. A root volume cannot be smaller. */
function snapshotGiB(ami: GpuLaunchTemplateProps["ami"]): number {
  const { driver = true } = "id" in ami ? ami : ami.parameter;
  return driver ? DEEP_LEARNING_AMI_ROOT_SNAPSHOT.gib : AMAZON_LINUX_AMI_ROOT_SNAPSHOT.gib;
}

function rootDevice(volume: RootVolume, ami: GpuLaunchTemplateProps["ami"]) {
  const { sizeGiB, iops = GP3_IOPS.default, throughput = GP3_THROUGHPUT.default } = volume;
  requireWithin("rootVolume.sizeGiB", sizeGiB, { ...GP3_SIZE, min: snapshotGiB(ami) });
  requireWithin("rootVolume.iops", iops, growing(GP3_IOPS, sizeGiB, GP3_IOPS_PER_GIB.max));
  requireWithin(
    "rootVolume.throughput",
    throughput,
    growing(GP3_THROUGHPUT, iops, GP3_THROUGHPUT_PER_IOPS.max),
  );
  return {
    deviceName: volume.deviceName ?? rootDeviceName(ami),
    ebs: {
      volumeType: "gp3",
      volumeSize: sizeGiB,
      iops,
      throughput,
      encrypted: "true",
      kmsKeyId: volume.kmsKeyArn,
      deleteOnTermination: "true",
    },
  };
}

/** The limit, with a lower maximum if `perOther` times the other number is less; unchanged if that is a token. */
function growing(limit: NumberLimit, other: number, perOther: number): NumberLimit {
  return Token.isUnresolved(other)
    ? limit
    : { ...limit, max: Math.min(limit.max, Math.floor(other * perOther)) };
}

function reservationOf({
  capacityBlock,
  capacityReservation: reservation,
}: Pick<GpuLaunchTemplateProps, "capacityBlock" | "capacityReservation">) {
  if (capacityBlock === undefined) {
    return reservation && capacityReservation(reservation);
  }
  if (reservation !== undefined) {
    throw new Error("capacityReservation and capacityBlock exclude one another: a template has one target");
  }
  requireId("capacityBlock.id", capacityBlock.id, "reservation");
  requireText("capacityBlock.instanceType", capacityBlock.instanceType, INSTANCE_TYPE);
  return { capacityReservationTarget: { capacityReservationId: capacityBlock.id } };
}

function capacityReservation({ preference, target }: LaunchTemplateCapacityReservation) {
  if (target !== undefined && "resourceGroupArn" in target) {
    requireArn(
      "capacityReservation.target.resourceGroupArn",
      target.resourceGroupArn,
      ARN_FORMS.resourceGroup,
    );
  } else {
    requireId("capacityReservation.target.id", target?.id, "reservation");
  }
  return {
    capacityReservationPreference: preference,
    capacityReservationTarget: target && {
      capacityReservationId: "id" in target ? target.id : undefined,
      capacityReservationResourceGroupArn: "resourceGroupArn" in target ? target.resourceGroupArn : undefined,
    },
  };
}

function taggedAtLaunch(tags: { readonly [key: string]: string }) {
  return ["instance", "network-interface", "volume"].map((resourceType) => ({ resourceType, tags }));
}

function requireUserData(base64: string): void {
  if (Token.isUnresolved(base64)) {
    return;
  }
  const bytes = Buffer.from(base64, "base64");
  if (bytes.toString("base64") !== base64) {
    throw new Error(
      'userDataBase64 is not base64; encode the text with Buffer.from(text).toString("base64")',
    );
  }
  if (bytes.length > USER_DATA.max) {
    throw new Error(
      `userDataBase64 holds ${bytes.length} bytes; EC2 allows ${USER_DATA.max}: compress it or fetch the rest at boot`,
    );
  }
}
