import { parseCIDR } from "ipaddr.js";
import type { Json } from "../../testing/terraform/json";
import type { Part } from "../part";
import type { Rule } from "../rule";

const GROUP = "aws_security_group";
const OLD = "aws_security_group_rule";
const INGRESS = "aws_vpc_security_group_ingress_rule";
const EGRESS = "aws_vpc_security_group_egress_rule";
const IN = [GROUP, OLD, INGRESS];
const OUT = [GROUP, OLD, EGRESS];
const SECURITY_HUB = "Security Hub user guide, Amazon EC2 controls";
const CHECKOV = "Checkov, policy index of Terraform";

/** Whether a range has half of all addresses or more, however it is written. */
function isEveryone(range: Json): boolean {
  try {
    return parseCIDR(String(range))[1] <= 1;
  } catch {
    return false;
  }
}

/** A rule of a security group, whichever way it is written. */
interface Traffic {
  readonly from: number;
  readonly to: number;
  readonly isAll: boolean;
  readonly addresses: readonly Json[];
}

/** The rules of one direction in a part. */
function traffic(part: Part, direction: "ingress" | "egress"): readonly Traffic[] {
  if (part.type === GROUP) {
    return part.blocks(direction).map((block) => read(block, "protocol"));
  }
  if (part.type === OLD) {
    return part.text("type") === direction ? [read(part, "protocol")] : [];
  }
  return [read(part, "ip_protocol")];
}

function read(part: Part, protocol: string): Traffic {
  const lists = ["cidr_blocks", "ipv6_cidr_blocks", "cidr_ipv4", "cidr_ipv6"].map((name) => part.value(name));
  return {
    from: part.number("from_port") ?? 0,
    to: part.number("to_port") ?? 65535,
    isAll: ["-1", "all"].includes(part.text(protocol) ?? "-1"),
    addresses: lists.flat().filter((each) => each !== undefined),
  };
}

/** The rules of a part that everyone on the internet meets. */
export function open(part: Part, direction: "ingress" | "egress"): readonly Traffic[] {
  return traffic(part, direction).filter(({ addresses }) => addresses.some(isEveryone));
}

/** Whether no one but named clients reaches a port. */
function isClosed(part: Part, ...ports: readonly number[]): boolean | undefined {
  const rules = traffic(part, "ingress");
  return rules.length === 0
    ? undefined
    : !open(part, "ingress").some(({ from, to, isAll }) =>
        ports.some((port) => isAll || (from <= port && port <= to)),
      );
}

/** Ports of services that attackers look for. Source: Security Hub user guide, EC2.19. */
const HIGH_RISK = [
  ...[20, 21, 22, 23, 25, 110, 135, 143, 445, 1433, 1434, 3000, 3306, 3389, 4333, 5000, 5432, 5500, 5601],
  ...[8080, 8088, 8888],
  ...Array.from({ length: 101 }, (_, at) => 9200 + at),
];

/** Whether a part says what it is for, in words that are not Terraform's own. */
function isDescribed(part: Part): boolean {
  return !["", "Managed by Terraform"].includes(part.text("description") ?? "");
}

export const securityGroup: readonly Rule[] = [
  {
    ids: ["CKV_AWS_23", "AWS-0099", "AWS-0124", "AwsSolutions-EC27"],
    meaning: "Every security group, and every rule of one, says what it is for",
    source: CHECKOV,
    types: [GROUP, OLD, INGRESS, EGRESS],
    holds: (part) =>
      isDescribed(part) &&
      (part.type !== GROUP || [...part.blocks("ingress"), ...part.blocks("egress")].every(isDescribed)),
  },
  {
    ids: ["CKV_AWS_24", "EC2.13", "NIST-EC2RestrictedSSH"],
    meaning: "Nobody on the internet reaches port 22",
    source: SECURITY_HUB,
    types: IN,
    closedBy: ["entry.allow"],
    holds: (part) => isClosed(part, 22),
  },
  {
    ids: ["CKV_AWS_25", "EC2.14"],
    meaning: "Nobody on the internet reaches port 3389",
    source: SECURITY_HUB,
    types: IN,
    closedBy: ["entry.allow"],
    holds: (part) => isClosed(part, 3389),
  },
  {
    ids: ["EC2.53", "EC2.54", "AWS-0107"],
    meaning: "Nobody on the internet reaches a port for remote administration",
    source: SECURITY_HUB,
    types: IN,
    closedBy: ["entry.allow"],
    holds: (part) => isClosed(part, 22, 3389),
  },
  {
    ids: ["CKV_AWS_260"],
    meaning: "Nobody on the internet reaches port 80",
    source: CHECKOV,
    types: IN,
    closedBy: ["entry.redirectHttp"],
    holds: (part) => isClosed(part, 80),
  },
  {
    ids: ["CKV_AWS_277"],
    meaning: "Nobody on the internet reaches all ports",
    source: CHECKOV,
    types: IN,
    closedBy: ["entry.allow"],
    holds: (part) => {
      const rules = traffic(part, "ingress");
      const all = open(part, "ingress").filter(({ from, to, isAll }) => isAll || (from <= 0 && to >= 65535));
      return rules.length === 0 ? undefined : all.length === 0;
    },
  },
  {
    ids: ["EC2.18"],
    meaning: "Everyone on the internet reaches ports 80 and 443 at most",
    source: SECURITY_HUB,
    types: IN,
    closedBy: ["entry.allow"],
    holds: (part) => {
      const others = open(part, "ingress").filter(
        ({ from, to, isAll }) => isAll || from !== to || ![80, 443].includes(from),
      );
      return traffic(part, "ingress").length === 0 ? undefined : others.length === 0;
    },
  },
  {
    ids: ["EC2.19", "NIST-EC2RestrictedCommonPorts"],
    meaning: "Nobody on the internet reaches a port that attackers look for",
    source: SECURITY_HUB,
    types: IN,
    closedBy: ["entry.allow"],
    holds: (part) => isClosed(part, ...HIGH_RISK),
  },
  {
    ids: ["AwsSolutions-EC23", "NIST-EC2RestrictedInbound"],
    meaning: "Only named clients reach anything",
    source: "cdk-nag, AWS Solutions",
    types: IN,
    closedBy: ["entry.allow"],
    holds: (part) => (traffic(part, "ingress").length === 0 ? undefined : open(part, "ingress").length === 0),
  },
  {
    ids: ["AWS-0104"],
    meaning: "Nothing connects to just any address",
    source: "Trivy checks, AWS EC2",
    types: OUT,
    closedBy: ["regions.*.network.create.nat"],
    holds: (part) => (traffic(part, "egress").length === 0 ? undefined : open(part, "egress").length === 0),
  },
  {
    ids: ["CKV_AWS_382"],
    meaning: "Nothing connects to just any address at just any port",
    source: CHECKOV,
    types: OUT,
    holds: (part) =>
      traffic(part, "egress").length === 0
        ? undefined
        : !open(part, "egress").some(({ from, to, isAll }) => isAll || (from <= 0 && to >= 65535)),
  },
  {
    ids: ["CKV2_AWS_5", "EC2.22"],
    meaning: "Every security group is in use",
    source: CHECKOV,
    types: [GROUP],
    holds: (part, world) =>
      world.mentioning(
        part,
        ...["aws_lb", "aws_alb", "aws_launch_template", "aws_vpc_endpoint", "aws_instance"],
        ...["aws_network_interface", "aws_launch_configuration", "aws_db_instance", "aws_lambda_function"],
      ).length > 0,
  },
  {
    ids: ["aws_security_group_inline_rules"],
    meaning: "The rules of a security group are resources of their own",
    source: "TFLint ruleset for AWS",
    types: [GROUP],
    holds: (part) => !part.has("ingress") && !part.has("egress"),
  },
  {
    ids: ["aws_security_group_rule_deprecated"],
    meaning: "Rules of security groups have the type that the provider recommends",
    source: "TFLint ruleset for AWS",
    types: [OLD],
    holds: () => false,
  },
];
