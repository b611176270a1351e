import { gunzipSync } from "node:zlib";
import type { Part } from "../part";
import type { Rule } from "../rule";

const TYPES = ["aws_launch_template", "aws_launch_configuration", "aws_instance"];
const SECURITY_HUB = "Security Hub user guide, Amazon EC2 controls";

/** Access keys of AWS and private keys. Source: IAM user guide, Understanding unique ID prefixes. */
const SECRET = /\b(AKIA|ASIA)[A-Z0-9]{16}\b|-----BEGIN [A-Z ]*PRIVATE KEY-----/;

/** User data as cloud-init reads it. */
function userData(part: Part): string {
  const text = part.text(part.has("user_data") ? "user_data" : "user_data_base64") ?? "";
  const bytes = /^[A-Za-z0-9+/\s]+=*\s*$/.test(text) ? Buffer.from(text, "base64") : Buffer.from(text);
  try {
    return bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes).toString() : `${bytes}`;
  } catch {
    return `${bytes}`;
  }
}

function isPublic(part: Part): boolean {
  return [part, ...part.blocks("network_interfaces")].some((each) =>
    each.flag("associate_public_ip_address", false),
  );
}

function requiresTokens(part: Part): boolean {
  return (
    part.text("metadata_options.http_tokens") === "required" ||
    part.text("metadata_options.http_endpoint") === "disabled"
  );
}

function isEncrypted(part: Part): boolean {
  const mapped = part.blocks("block_device_mappings").filter((each) => !each.has("no_device"));
  const disks = [...part.blocks("root_block_device"), ...part.blocks("ebs_block_device")];
  const all = [...mapped.flatMap((each) => each.blocks("ebs")), ...disks];
  return all.length > 0 && all.every((each) => each.flag("encrypted", false));
}

export const instance: readonly Rule[] = [
  {
    ids: [
      ...(["CKV_AWS_88", "CKV_AWS_389", "AWS-0009", "EC2.9", "EC2.25", "AutoScaling.5"] as const),
      "NIST-AutoScalingLaunchConfigPublicIpDisabled",
      "NIST-EC2InstanceNoPublicIp",
    ],
    meaning: "Instances have no public address",
    source: SECURITY_HUB,
    types: TYPES,
    closedBy: ["regions.*.network.existing.publicAddresses"],
    holds: (part) => !isPublic(part),
  },
  {
    ids: [
      ...(["CKV_AWS_79", "AWS-0130", "AWS-0028", "EC2.8", "EC2.170", "AutoScaling.3"] as const),
      "NIST-EC2IMDSv2Enabled",
    ],
    meaning: "The metadata of an instance takes a token (IMDSv2)",
    source: SECURITY_HUB,
    types: TYPES,
    holds: requiresTokens,
  },
  {
    ids: ["CKV_AWS_341", "AutoScaling.4"],
    meaning: "The metadata of an instance does not reach its containers by another network hop",
    source: SECURITY_HUB,
    types: TYPES,
    holds: (part) => (part.number("metadata_options.http_put_response_hop_limit") ?? 1) === 1,
  },
  {
    ids: [
      ...(["EC2.181", "EC2.3", "CKV_AWS_3", "CKV_AWS_8", "AWS-0008", "AWS-0026", "AWS-0131"] as const),
      ...["AwsSolutions-EC26", "NIST-EC2EBSVolumeEncrypted"],
    ],
    meaning: "The volumes of instances are encrypted",
    source: SECURITY_HUB,
    types: [...TYPES, "aws_ebs_volume"],
    holds: (part) => (part.type === "aws_ebs_volume" ? part.flag("encrypted", false) : isEncrypted(part)),
  },
  {
    ids: ["AWS-0129", "AWS-0029", "AWS-0122", "CKV_AWS_46"],
    meaning: "No secret lies in user data",
    source: "Trivy checks, AWS EC2",
    types: TYPES,
    closedBy: ["models.*.secrets"],
    holds: (part) => !SECRET.test(userData(part)),
  },
  {
    ids: ["AwsSolutions-EC28", "CKV_AWS_126", "NIST-EC2InstanceDetailedMonitoringEnabled"],
    meaning: "Instances report their metrics each minute",
    source: "cdk-nag, AWS Solutions",
    types: TYPES,
    holds: (part) =>
      part.type === "aws_launch_template"
        ? part.flag("monitoring.enabled", false)
        : part.flag(
            part.type === "aws_instance" ? "monitoring" : "enable_monitoring",
            part.type !== "aws_instance",
          ),
  },
  {
    ids: ["CKV_AWS_135", "NIST-EC2EBSOptimizedInstance"],
    meaning: "Instances have a connection of their own to their volumes",
    source: "Checkov, policy index of Terraform",
    types: TYPES,
    holds: (part) => part.flag("ebs_optimized", false),
  },
  {
    ids: ["CKV2_AWS_41", "NIST-EC2InstanceProfileAttached"],
    meaning: "Instances have a role",
    source: "Checkov, policy index of Terraform",
    types: TYPES,
    holds: (part) => part.has("iam_instance_profile"),
  },
  {
    ids: ["EC2.180"],
    meaning: "A network interface drops what is not meant for it",
    source: SECURITY_HUB,
    types: ["aws_network_interface"],
    holds: (part) => part.flag("source_dest_check", true),
  },
  {
    ids: ["CKV_AWS_386"],
    meaning: "A machine image that is looked up has a known owner",
    source: "Checkov, policy index of Terraform",
    types: ["data.aws_ami"],
    closedBy: ["models.*.ami"],
    holds: (part) => {
      const names = part.blocks("filter").filter((each) => each.text("name") === "name");
      const isOpen = names.flatMap((each) => each.list("values")).some((value) => /[*?]/.test(String(value)));
      return part.has("owners") || !isOpen;
    },
  },
  {
    ids: ["AWS-0344"],
    meaning: "Whoever looks up a machine image says whose it is",
    source: "Trivy checks, AWS EC2",
    types: ["data.aws_ami", "data.aws_ami_ids"],
    closedBy: ["models.*.ami"],
    holds: (part) => part.has("owners"),
  },
];
