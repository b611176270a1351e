import { HOURS_OF_A_MONTH, servicePrices } from "../../aws/prices";
import { unknownIn } from "../../simulation/terraform/resolve";
import type { Part } from "../part";
import type { Price, Rule } from "../rule";
import type { World } from "../world";
import { countZones, subnetsOf } from "../zones";

const SECURITY_HUB = "Security Hub user guide, Amazon EC2 controls";
const CHECKOV = "Checkov, policy index of Terraform";

const DEFAULT_GROUP = "aws_default_security_group";
const GROUP_RULES = [
  "aws_security_group_rule",
  "aws_vpc_security_group_ingress_rule",
  "aws_vpc_security_group_egress_rule",
];

/** Whether a default security group lets nothing through, and no rule opens it. */
function isClosed(group: Part, world: World): boolean {
  const rules = world.pointing(group, "security_group_id", ...GROUP_RULES);
  return !group.has("ingress") && !group.has("egress") && rules.length === 0;
}

/** Whether a rule opens the default security group of a VPC, which the VPC names too. */
function opensDefault(vpc: Part, world: World): boolean {
  return world.beside(vpc, ...GROUP_RULES).some((rule) => {
    const unknown = unknownIn(rule.value("security_group_id"));
    return unknown?.address === vpc.address && unknown.attribute === "default_security_group_id";
  });
}

/** The routes of a table, or one beside it. */
function routesOf(part: Part): readonly Part[] {
  return part.type === "aws_route" ? [part] : part.blocks("route");
}

/** Whether a route is for all addresses. @throws NotKnown */
function isForAll(route: Part): boolean {
  return ["cidr_block", "ipv6_cidr_block", "destination_cidr_block", "destination_ipv6_cidr_block"].some(
    (name) => (route.text(name) ?? "").endsWith("/0"),
  );
}

/** Whether a route leads to an internet gateway, and not to a virtual private gateway or into the VPC. */
function leadsToInternet(route: Part): boolean {
  const gateway = String(route.value("gateway_id") ?? "local");
  return gateway !== "local" && !gateway.startsWith("vgw-") && !gateway.includes("aws_vpn_gateway");
}

/** Network ACLs, and rules beside them, that let everyone reach some ports. */
function lets(part: Part, isMeant: (protocol: string, from: number, to: number) => boolean): boolean {
  const own = part.type === "aws_network_acl_rule";
  const rules = own ? (part.flag("egress", false) ? [] : [part]) : part.blocks("ingress");
  return rules.some((rule) => {
    const isAllowed = rule.text(own ? "rule_action" : "action") === "allow";
    const ranges = ["cidr_block", "ipv6_cidr_block"].map((name) => rule.text(name) ?? "");
    const protocol = rule.text("protocol") ?? "-1";
    return (
      isAllowed &&
      ranges.some((range) => range.endsWith("/0")) &&
      isMeant(protocol, rule.number("from_port") ?? 0, rule.number("to_port") ?? 65535)
    );
  });
}

/** A rule by which no network ACL lets everyone reach a port. */
function withoutPort(...ports: readonly number[]): Pick<Rule, "types" | "holds"> {
  return {
    types: [...ACLS, "aws_default_network_acl"],
    holds: (part) =>
      !lets(part, (protocol, from, to) =>
        ports.some((port) => ["-1", "all"].includes(protocol) || (from <= port && port <= to)),
      ),
  };
}

const ACLS = ["aws_network_acl", "aws_network_acl_rule"];

/** An interface endpoint in one zone. Source: AWS PrivateLink pricing, us-east-1. */
const ENDPOINT: Price = {
  usdAMonth: servicePrices("us-east-1").interfaceEndpointHour * HOURS_OF_A_MONTH,
  per: "endpoint and zone",
};

/** A rule by which a VPC has an interface endpoint of a service of AWS. */
function endpoint(id: string, what: string, service: string): Rule {
  return {
    ids: [id],
    meaning: `A VPC has an interface endpoint for ${what}`,
    source: SECURITY_HUB,
    types: ["aws_vpc"],
    closedBy: ["regions.*.network.create.endpoints"],
    price: ENDPOINT,
    holds: (part, world) =>
      world
        .pointing(part, "vpc_id", "aws_vpc_endpoint")
        .some(
          (each) =>
            serviceOf(each, world).endsWith(service) && each.text("vpc_endpoint_type") === "Interface",
        ),
  };
}

/** The service of an endpoint: by its name, or by what the data source looks up. */
function serviceOf(part: Part, world: World): string {
  const unknown = unknownIn(part.value("service_name"));
  const lookedUp = world
    .beside(part, "data.aws_vpc_endpoint_service")
    .find(({ address }) => address === unknown?.address);
  return lookedUp === undefined
    ? String(part.value("service_name") ?? "")
    : `.${lookedUp.text("service") ?? lookedUp.text("service_name") ?? ""}`;
}

export const vpc: readonly Rule[] = [
  {
    ids: ["CKV2_AWS_11", "AWS-0178", "EC2.6", "AwsSolutions-VPC7", "NIST-VPCFlowLogsEnabled"],
    meaning: "The connections of a VPC are recorded",
    source: SECURITY_HUB,
    types: ["aws_vpc"],
    closedBy: ["regions.*.network.create.flowLogs"],
    holds: (part, world) =>
      world
        .pointing(part, "vpc_id", "aws_flow_log")
        .some((log) => ["ALL", "REJECT"].includes(log.text("traffic_type") ?? "ALL")),
  },
  {
    ids: ["CKV2_AWS_12", "EC2.2", "AWS-0173", "NIST-VPCDefaultSecurityGroupClosed"],
    meaning: "The default security group of a VPC lets nothing through",
    source: SECURITY_HUB,
    types: ["aws_vpc", DEFAULT_GROUP],
    holds: (part, world) => {
      if (part.type === DEFAULT_GROUP) {
        const isJudgedThere = world.beside(part, "aws_vpc").some((vpc) => part.refersTo("vpc_id", vpc));
        return isJudgedThere ? undefined : isClosed(part, world);
      }
      const groups = world.pointing(part, "vpc_id", DEFAULT_GROUP);
      return groups.length > 0 && groups.every((each) => isClosed(each, world)) && !opensDefault(part, world);
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
        [table, ...world.pointing(table, "route_table_id", "aws_route")].some((each) =>
          routesOf(each).some((route) => leadsToInternet(route)),
        );
      return tables.some(isPublic) && !tables.every(isPublic);
    },
  },
  {
    ids: ["AWS-0101", "CKV_AWS_148"],
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
    ids: ["CKV2_AWS_1", "EC2.16"],
    meaning: "A network ACL is in use",
    source: CHECKOV,
    types: ["aws_network_acl"],
    holds: (part, world) =>
      part.has("subnet_ids") ||
      world.pointing(part, "network_acl_id", "aws_network_acl_association").length > 0,
  },
  {
    ids: ["AWS-0102", "CKV_AWS_352"],
    meaning: "A network ACL names the protocols that it lets through",
    source: "Trivy checks, AWS EC2",
    types: ACLS,
    holds: (part) => {
      const own = part.type === "aws_network_acl_rule";
      const rules = own ? [part] : [...part.blocks("ingress"), ...part.blocks("egress")];
      return rules.every(
        (rule) =>
          rule.text(own ? "rule_action" : "action") !== "allow" ||
          !["-1", "all"].includes(rule.text("protocol") ?? ""),
      );
    },
  },
  {
    ids: ["AWS-0105", "EC2.21"],
    meaning: "No network ACL lets everyone reach a port for remote administration",
    source: SECURITY_HUB,
    ...withoutPort(22, 3389),
  },
  {
    ids: ["CKV_AWS_229"],
    meaning: "No network ACL lets everyone reach port 21",
    source: CHECKOV,
    ...withoutPort(21),
  },
  {
    ids: ["CKV_AWS_230"],
    meaning: "No network ACL lets everyone reach port 20",
    source: CHECKOV,
    ...withoutPort(20),
  },
  {
    ids: ["CKV_AWS_231"],
    meaning: "No network ACL lets everyone reach port 3389",
    source: CHECKOV,
    ...withoutPort(3389),
  },
  {
    ids: ["CKV_AWS_232"],
    meaning: "No network ACL lets everyone reach port 22",
    source: CHECKOV,
    ...withoutPort(22),
  },
  {
    ids: ["NIST-VPCNoUnrestrictedRouteToIGW"],
    meaning: "No route leads all addresses to an internet gateway",
    source: "cdk-nag, NIST 800-53 rev 5",
    types: ["aws_route", "aws_route_table"],
    closedBy: ["regions.*.network.existing"],
    holds: (part) => !routesOf(part).some((route) => leadsToInternet(route) && isForAll(route)),
  },
  {
    ids: ["CKV2_AWS_44"],
    meaning: "No route leads all addresses to another VPC",
    source: CHECKOV,
    types: ["aws_route", "aws_route_table"],
    holds: (part) =>
      !routesOf(part).some((route) => route.has("vpc_peering_connection_id") && isForAll(route)),
  },
  endpoint("EC2.55", "the API of Amazon ECR", ".ecr.api"),
  endpoint("EC2.56", "the images of Amazon ECR", ".ecr.dkr"),
  endpoint("EC2.57", "Systems Manager", ".ssm"),
  { ...endpoint("EC2.10", "the API of EC2", ".ec2"), closedBy: undefined, price: undefined },
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
    holds: (part) => !routesOf(part).some((route) => route.has("instance_id")),
  },
  {
    ids: ["vpc_endpoint_multi_az_enabled"],
    meaning: "An interface endpoint is in two zones or more",
    source: "Prowler hub, vpc_endpoint_multi_az_enabled",
    types: ["aws_vpc_endpoint"],
    holds: (part, world) =>
      part.text("vpc_endpoint_type") === "Interface"
        ? countZones([
            ...subnetsOf(part, "subnet_ids", world),
            ...subnetsOf(part, "subnet_configuration", world),
          ]) >= 2
        : undefined,
  },
];
