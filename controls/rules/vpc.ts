import type { Part } from "../part";
import type { Rule } from "../rule";

const SECURITY_HUB = "Security Hub user guide, Amazon EC2 controls";
const CHECKOV = "Checkov, policy index of Terraform";

/** Whether a default security group lets nothing through. */
function isClosed(group: Part): boolean {
  return !group.has("ingress") && !group.has("egress");
}

export const vpc: readonly Rule[] = [
  {
    ids: ["CKV2_AWS_11", "AWS-0178", "EC2.6", "AwsSolutions-VPC7", "NIST-VPCFlowLogsEnabled"],
    meaning: "The connections of a VPC are recorded",
    source: SECURITY_HUB,
    types: ["aws_vpc"],
    closedBy: ["regions.*.network.create.flowLogs"],
    holds: (part, world) => world.pointing(part, "vpc_id", "aws_flow_log").length > 0,
  },
  {
    ids: ["CKV2_AWS_12", "EC2.2", "AWS-0173", "NIST-VPCDefaultSecurityGroupClosed"],
    meaning: "The default security group of a VPC lets nothing through",
    source: SECURITY_HUB,
    types: ["aws_vpc"],
    holds: (part, world) => {
      const groups = world.pointing(part, "vpc_id", "aws_default_security_group");
      return groups.length > 0 && groups.every(isClosed);
    },
  },
  {
    ids: ["CKV_AWS_130", "EC2.15", "AWS-0164", "NIST-VPCSubnetAutoAssignPublicIpDisabled"],
    meaning: "A subnet gives no public addresses by itself",
    source: SECURITY_HUB,
    types: ["aws_subnet"],
    holds: (part) => !part.flag("map_public_ip_on_launch", false),
  },
  {
    ids: ["vpc_subnet_separate_private_public"],
    meaning: "A VPC has subnets with a route to the internet, and others without",
    source: "Prowler hub, vpc_subnet_separate_private_public",
    types: ["aws_vpc"],
    holds: (part, world) => {
      const tables = world.pointing(part, "vpc_id", "aws_route_table");
      const isPublic = (table: Part) =>
        table.blocks("route").some((route) => route.has("gateway_id")) ||
        world.pointing(table, "route_table_id", "aws_route").some((route) => route.has("gateway_id"));
      return tables.some(isPublic) && !tables.every(isPublic);
    },
  },
  {
    ids: ["AWS-0101"],
    meaning: "Nothing is made in the default VPC",
    source: "Trivy checks, AWS EC2",
    types: ["aws_default_vpc"],
    holds: () => false,
  },
  {
    ids: ["AwsSolutions-VPC3"],
    meaning: "Security groups decide, and no network ACLs beside them",
    source: "cdk-nag, AWS Solutions",
    types: ["aws_network_acl", "aws_network_acl_rule"],
    holds: () => false,
  },
  {
    ids: ["CKV2_AWS_1"],
    meaning: "A network ACL is in use",
    source: CHECKOV,
    types: ["aws_network_acl"],
    holds: (part) => part.has("subnet_ids"),
  },
  {
    ids: ["AWS-0102"],
    meaning: "A network ACL names the protocols that it lets through",
    source: "Trivy checks, AWS EC2",
    types: ["aws_network_acl_rule"],
    holds: (part) =>
      part.text("rule_action") !== "allow" || !["-1", "all"].includes(part.text("protocol") ?? ""),
  },
  {
    ids: ["CKV2_AWS_19", "EC2.12"],
    meaning: "An Elastic IP address is in use",
    source: SECURITY_HUB,
    types: ["aws_eip"],
    holds: (part, world) =>
      part.has("instance") ||
      part.has("network_interface") ||
      world.mentioning(part, "aws_nat_gateway", "aws_eip_association", "aws_lb").length > 0,
  },
  {
    ids: ["CKV2_AWS_35"],
    meaning: "The way to the internet is a NAT gateway, and not an instance",
    source: CHECKOV,
    types: ["aws_route", "aws_route_table"],
    holds: (part) =>
      ![part, ...(part.type === "aws_route_table" ? part.blocks("route") : [])].some((each) =>
        each.has("instance_id"),
      ),
  },
  {
    ids: ["vpc_endpoint_multi_az_enabled"],
    meaning: "An interface endpoint is in two zones or more",
    source: "Prowler hub, vpc_endpoint_multi_az_enabled",
    types: ["aws_vpc_endpoint"],
    holds: (part) =>
      part.text("vpc_endpoint_type") === "Interface" ? part.list("subnet_ids").length >= 2 : undefined,
  },
];
