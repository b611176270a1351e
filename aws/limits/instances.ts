import type { NumberLimit, TextLimit } from "./limit";

/** Size of user data before base64 encoding. */
export const USER_DATA = {
  min: 0,
  max: 16_384,
  unit: "bytes",
  source: "Run commands when you launch an EC2 instance with user data input, EC2 user guide",
} as const satisfies NumberLimit;

/** Size of a gp3 volume. */
export const GP3_SIZE = {
  min: 1,
  max: 65_536,
  unit: "GiB",
  source: "EC2 API, LaunchTemplateEbsBlockDeviceRequest",
} as const satisfies NumberLimit;

/** IOPS of a gp3 volume. The price includes 3000. */
export const GP3_IOPS = {
  min: 3000,
  max: 80_000,
  default: 3000,
  unit: "IOPS",
  source: "EC2 API, LaunchTemplateEbsBlockDeviceRequest",
} as const satisfies NumberLimit;

/** Throughput of a gp3 volume. The price includes 125 MiB/s. Older Terraform AWS provider releases allow 1000. */
export const GP3_THROUGHPUT = {
  min: 125,
  max: 2000,
  default: 125,
  unit: "MiB/s",
  source: "EC2 API, LaunchTemplateEbsBlockDeviceRequest",
} as const satisfies NumberLimit;

/** Size of the Deep Learning Base AMI's snapshot. A root volume cannot be smaller than its snapshot. */
export const DEEP_LEARNING_AMI_ROOT_SNAPSHOT = {
  gib: 75,
  source: "AWS Deep Learning Base AMI (Amazon Linux 2023), DescribeImages",
} as const;

/** Size of the snapshot of Amazon Linux 2023, which has no driver. */
export const AMAZON_LINUX_AMI_ROOT_SNAPSHOT = {
  gib: 8,
  source: "Amazon Linux 2023 AMI (kernel-default), DescribeImages",
} as const;

/** IOPS a gp3 volume may have per GiB of its size. */
export const GP3_IOPS_PER_GIB = { max: 500, source: "EBS user guide, General Purpose SSD volumes" } as const;

/** MiB/s a gp3 volume may have per provisioned IOPS. */
export const GP3_THROUGHPUT_PER_IOPS = {
  max: 0.25,
  source: "EBS user guide, General Purpose SSD volumes",
} as const;

/** Name of a launch template. EC2 allows 128 characters, the Terraform provider 125. */
export const LAUNCH_TEMPLATE_NAME = {
  minLength: 3,
  maxLength: 125,
  pattern: /^[A-Za-z0-9().\-/_]*$/,
  characters: "letters, digits and ().-/_",
  source: "EC2 API, CreateLaunchTemplate; Terraform AWS provider, aws_launch_template",
} as const satisfies TextLimit;

/** Network hops that a response of the instance metadata service may take. */
export const METADATA_HOP_LIMIT = {
  min: 1,
  max: 64,
  default: 1,
  source: "EC2 API, LaunchTemplateInstanceMetadataOptionsRequest",
} as const satisfies NumberLimit;

/** Security groups of one network interface. The maximum is the highest value of the quota. */
export const SECURITY_GROUPS_PER_INTERFACE = {
  min: 1,
  max: 16,
  source: "VPC user guide, Amazon VPC quotas, Security groups per network interface",
} as const satisfies NumberLimit;
