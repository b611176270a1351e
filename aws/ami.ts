/** Processor that a machine image is made for. */
export type AmiArchitecture = "x86_64" | "arm64";

/**
 * Name of the public parameter in Systems Manager with the id of AWS's newest image, the same in each region.
 *
 * Sources: AWS Deep Learning AMIs developer guide, "Get the AMI ID"; Amazon Linux 2023 user guide, "Launching AL2023 using
 * the SSM parameter and AWS CLI".
 *
 * @param os the operating system of a Deep Learning Base AMI; without the driver it is Amazon Linux 2023
 */
export function amiParameterName(
  architecture: AmiArchitecture,
  { driver, os = "amazon-linux-2023" }: { readonly driver: boolean; readonly os?: string },
): string {
  return driver
    ? `/aws/service/deeplearning/ami/${architecture}/base-oss-nvidia-driver-gpu-${os}/latest/ami-id`
    : `/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-${architecture}`;
}

/**
 * NVIDIA drivers of the Deep Learning Base AMI for Amazon Linux 2023, by the day in the image's name on which a release is
 * known to have it, the newest first. A release between two days has the driver of the earlier one, or a later one.
 *
 * Source: AWS Deep Learning AMIs developer guide, release notes of each: `nvidia_driver`.
 */
const DRIVERS: Readonly<Record<AmiArchitecture, readonly (readonly [day: string, driver: string])[]>> = {
  x86_64: [
    ["20260901", "595.91.07"],
    ["20260519", "595.64"],
    ["20251231", "580.105"],
  ],
  arm64: [
    ["20260804", "595.91.07"],
    ["20260731", "595.71.05"],
    ["20260417", "595.58.03"],
    ["20251230", "580.105.08"],
  ],
};

/** What the names of AWS's images begin with: with the driver, and without it. */
const NAMES = {
  driver: /^Deep Learning (?:ARM64 )?Base OSS Nvidia Driver GPU AMI \(Amazon Linux 2023\) (\d{8})/i,
  plain: /^al2023-ami-2023\./,
} as const;

/** Whether an image is one that the public parameter has had: the Deep Learning Base AMI, or Amazon Linux 2023. */
export function isAwsAmi(name: string, { driver }: { readonly driver: boolean }): boolean {
  return NAMES[driver ? "driver" : "plain"].test(name);
}

/** The driver that an image has at least, by its name; undefined: it is older than those that are known, or not of AWS. */
export function leastDriver(architecture: AmiArchitecture, name: string): string | undefined {
  const [, day] = NAMES.driver.exec(name) ?? [];
  return day === undefined ? undefined : DRIVERS[architecture].find(([since]) => day >= since)?.[1];
}
