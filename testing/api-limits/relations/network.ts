import ipaddr from "ipaddr.js";
import { GP3_IOPS, GP3_THROUGHPUT_PER_IOPS } from "../../../aws/limits";
import type { Json } from "../../terraform/json";
import {
  ABSENT,
  atMost,
  atMostOneOf,
  compared,
  exactlyOneOf,
  needs,
  type Relation,
  refuses,
  takes,
} from "./rule";

const PROVIDER = "Terraform AWS provider, internal/service/ec2";
const EBS = "block_device_mappings.ebs";
const VOLUME = "EC2 API, LaunchTemplateEbsBlockDeviceRequest";
const PORTS = ["from_port", "to_port"];

const TARGETS = [
  ...["carrier_gateway_id", "core_network_arn", "egress_only_gateway_id", "gateway_id", "local_gateway_id"],
  ...["nat_gateway_id", "network_interface_id", "transit_gateway_id", "vpc_endpoint_id"],
  "vpc_peering_connection_id",
];

/** A block begins with its first address, or AWS writes another one than Terraform has. */
function block(argument: string): Relation {
  return {
    rules: [
      ({ [argument]: value }: Json) => {
        const first = typeof value === "string" ? firstAddress(value) : undefined;
        return first === undefined || String(value).toLowerCase() === first
          ? []
          : [`has ${argument} ${JSON.stringify(value)}, which AWS writes ${first}`];
      },
    ],
    source: "EC2 API, CreateVpc and IpRange",
  };
}

/** The block that a text is in, as AWS writes it; `undefined` for what is no block. */
function firstAddress(text: string): string | undefined {
  const parser = [ipaddr.IPv4, ipaddr.IPv6].find((each) => each.isValidCIDR(text));
  return parser && `${parser.networkAddressFromCIDR(text)}/${text.split("/")[1]}`;
}

const ruleOfGroup: readonly Relation[] = [
  block("cidr_ipv4"),
  block("cidr_ipv6"),
  {
    rules: [exactlyOneOf("cidr_ipv4", "cidr_ipv6", "prefix_list_id", "referenced_security_group_id")],
    source: `${PROVIDER}, aws_vpc_security_group_ingress_rule`,
  },
  { when: { ip_protocol: ["-1"] }, rules: [refuses(...PORTS)], source: "EC2 API, IpPermission" },
  {
    when: { ip_protocol: ["tcp", "udp", "6", "17"] },
    rules: [needs(...PORTS), atMost("from_port", "to_port")],
    source: "EC2 API, IpPermission",
  },
];

/** What belongs together in the resources and data sources of EC2 and VPC. */
export const network: Readonly<Record<string, readonly Relation[]>> = {
  aws_vpc_security_group_ingress_rule: ruleOfGroup,
  aws_vpc_security_group_egress_rule: ruleOfGroup,
  aws_subnet: [block("cidr_block"), block("ipv6_cidr_block")],
  aws_route: [
    block("destination_cidr_block"),
    block("destination_ipv6_cidr_block"),
    { rules: [exactlyOneOf(...TARGETS)], source: `${PROVIDER}, aws_route` },
    {
      rules: [
        exactlyOneOf("destination_cidr_block", "destination_ipv6_cidr_block", "destination_prefix_list_id"),
      ],
      source: `${PROVIDER}, aws_route`,
    },
  ],
  aws_route_table_association: [
    { rules: [exactlyOneOf("subnet_id", "gateway_id")], source: `${PROVIDER}, aws_route_table_association` },
  ],
  aws_nat_gateway: [
    {
      when: { connectivity_type: [ABSENT, "public"], availability_mode: [ABSENT, "zonal"] },
      rules: [needs("allocation_id", "subnet_id")],
      source: "EC2 API, CreateNatGateway",
    },
    {
      when: { connectivity_type: ["private"] },
      rules: [refuses("allocation_id")],
      source: "EC2 API, CreateNatGateway",
    },
  ],
  aws_vpc_endpoint: [
    {
      rules: [exactlyOneOf("service_name", "resource_configuration_arn", "service_network_arn")],
      source: `${PROVIDER}, aws_vpc_endpoint`,
    },
    {
      when: { vpc_endpoint_type: [ABSENT, "Gateway"] },
      rules: [
        refuses("subnet_ids", "security_group_ids", "subnet_configuration"),
        takes("private_dns_enabled", /^false$/, "false for a gateway endpoint"),
      ],
      source: "EC2 API, CreateVpcEndpoint",
    },
  ],
  aws_flow_log: [
    {
      rules: [
        exactlyOneOf(
          ...["eni_id", "subnet_id", "transit_gateway_attachment_id", "transit_gateway_id", "vpc_id"],
          "regional_nat_gateway_id",
        ),
      ],
      source: `${PROVIDER}, aws_flow_log`,
    },
    {
      when: { log_destination_type: [ABSENT, "cloud-watch-logs"] },
      rules: [needs("iam_role_arn")],
      source: "EC2 API, CreateFlowLogs",
    },
    {
      when: { log_destination_type: ["s3"] },
      rules: [refuses("iam_role_arn")],
      source: "EC2 API, CreateFlowLogs",
    },
  ],
  aws_vpc: [
    { rules: [atMostOneOf("cidr_block", "ipv4_netmask_length")], source: `${PROVIDER}, aws_vpc` },
    block("cidr_block"),
  ],
  aws_launch_template: [
    {
      rules: [atMostOneOf("vpc_security_group_ids", "network_interfaces")],
      source: "EC2 API, RequestLaunchTemplateData",
    },
    {
      block: "iam_instance_profile",
      rules: [atMostOneOf("arn", "name")],
      source: `${PROVIDER}, aws_launch_template`,
    },
    {
      block: EBS,
      when: { volume_type: ["gp3"] },
      rules: [
        takes("iops", /^([3-9]\d{3}|[1-7]\d{4}|80000)$/, `${GP3_IOPS.min} to ${GP3_IOPS.max} for gp3`),
        compared("throughput", "iops", GP3_THROUGHPUT_PER_IOPS.max, 0),
      ],
      source: VOLUME,
    },
    {
      block: EBS,
      when: { volume_type: [ABSENT, "gp2", "standard", "st1", "sc1"] },
      rules: [refuses("iops", "throughput")],
      source: VOLUME,
    },
    {
      block: EBS,
      when: { volume_type: ["io1", "io2"] },
      rules: [needs("iops"), refuses("throughput")],
      source: VOLUME,
    },
  ],
};
