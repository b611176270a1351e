// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are templates of Terraform
import { gzipSync } from "node:zlib";
import type { Cases, Terraform } from "./case";

const template = (body: object): Terraform => ({ aws_launch_template: body });
const ebs = (...encrypted: readonly (boolean | undefined)[]) =>
  template({ block_device_mappings: encrypted.map((each) => ({ ebs: { encrypted: each } })) });
const packed = (text: string) => template({ user_data: gzipSync(text).toString("base64") });
const KEY = ["AKIA", "IOSFODNN7", "EXAMPLE"].join("");
const rule = (direction: "ingress" | "egress", body: object): Terraform => ({
  [`aws_vpc_security_group_${direction}_rule`]: { ip_protocol: "tcp", ...body },
});
const from = (cidr_ipv4: string, port: number, to = port) =>
  rule("ingress", { cidr_ipv4, from_port: port, to_port: to });
const inline = (cidr: string, port: number): Terraform => ({
  aws_security_group: { ingress: [{ cidr_blocks: [cidr], from_port: port, to_port: port, protocol: "tcp" }] },
});
const ALL = "0.0.0.0/0";
const CLIENTS = "203.0.113.0/24";
const vpc = (more: Terraform = {}): Terraform => ({ aws_vpc: { cidr_block: "10.0.0.0/16" }, ...more });
const VPC = { vpc_id: "${aws_vpc.x.id}" };
const endpoint = (service: string) =>
  vpc({
    aws_vpc_endpoint: {
      ...VPC,
      vpc_endpoint_type: "Interface",
      service_name: `com.amazonaws.us-east-1.${service}`,
    },
  });
const acl = (port: number): Terraform => ({
  aws_network_acl: {
    ingress: [{ action: "allow", protocol: "tcp", cidr_block: ALL, from_port: port, to_port: port }],
  },
});
const table = (name: string) => ({
  route_table_id: `\${aws_route_table.${name}.id}`,
  destination_cidr_block: ALL,
});

export const ec2: Cases = {
  CKV_AWS_88: [
    template({ network_interfaces: [{ associate_public_ip_address: "false" }] }),
    template({ network_interfaces: [{ associate_public_ip_address: "true" }] }),
  ],
  CKV_AWS_79: [template({ metadata_options: { http_tokens: "required" } }), template({})],
  CKV_AWS_341: [
    template({ metadata_options: { http_put_response_hop_limit: 1 } }),
    template({ metadata_options: { http_put_response_hop_limit: 2 } }),
  ],
  "EC2.181": [ebs(true), ebs(true, undefined)],
  "AWS-0129": [packed("echo hello"), packed(`export AWS_ACCESS_KEY_ID=${KEY}`)],
  "AwsSolutions-EC28": [template({ monitoring: { enabled: true } }), template({})],
  CKV_AWS_135: [template({ ebs_optimized: "true" }), template({})],
  CKV2_AWS_41: [template({ iam_instance_profile: { name: "x" } }), template({})],
  "EC2.180": [{ aws_network_interface: {} }, { aws_network_interface: { source_dest_check: false } }],
  CKV_AWS_386: [
    { "data.aws_ami": { owners: ["amazon"], filter: [{ name: "name", values: ["al2023-*"] }] } },
    { "data.aws_ami": { filter: [{ name: "name", values: ["al2023-*"] }] } },
  ],
  "AWS-0344": [
    { "data.aws_ami": { owners: ["amazon"], filter: [{ name: "name", values: ["al2023-1"] }] } },
    { "data.aws_ami": { filter: [{ name: "name", values: ["al2023-1"] }] } },
  ],
  CKV_AWS_23: [
    { aws_security_group: { description: "Load balancer" } },
    { aws_security_group: { description: "Managed by Terraform" } },
  ],
  CKV_AWS_24: [from(CLIENTS, 22), from(ALL, 0, 1024)],
  CKV_AWS_25: [inline(CLIENTS, 3389), inline(ALL, 3389)],
  "EC2.53": [
    from(ALL, 443),
    { aws_security_group_rule: { type: "ingress", ipv6_cidr_blocks: ["::/0"], protocol: "-1" } },
  ],
  CKV_AWS_260: [from(CLIENTS, 80), from(ALL, 80)],
  CKV_AWS_277: [from(ALL, 443), rule("ingress", { cidr_ipv4: ALL, ip_protocol: "-1" })],
  "EC2.18": [from(ALL, 443), from(ALL, 8443)],
  "EC2.19": [from(ALL, 443), from(ALL, 8080)],
  "AwsSolutions-EC23": [from(CLIENTS, 443), from(ALL, 443)],
  "AWS-0104": [
    rule("egress", { cidr_ipv4: "10.0.0.0/8", from_port: 443, to_port: 443 }),
    rule("egress", { cidr_ipv4: ALL, from_port: 443, to_port: 443 }),
  ],
  CKV_AWS_382: [
    rule("egress", { cidr_ipv4: ALL, from_port: 443, to_port: 443 }),
    rule("egress", { cidr_ipv4: ALL, ip_protocol: "-1" }),
  ],
  CKV2_AWS_5: [
    { aws_security_group: { name: "x" }, aws_lb: { security_groups: ["${aws_security_group.x.id}"] } },
    { aws_security_group: { name: "x" } },
  ],
  aws_security_group_inline_rules: [{ aws_security_group: {} }, inline(CLIENTS, 443)],
  CKV2_AWS_11: [vpc({ aws_flow_log: VPC }), vpc()],
  CKV2_AWS_12: [
    vpc({ aws_default_security_group: VPC }),
    vpc({ aws_default_security_group: { ...VPC, ingress: [{ self: true }] } }),
  ],
  CKV_AWS_130: [{ aws_subnet: {} }, { aws_subnet: { map_public_ip_on_launch: true } }],
  vpc_subnet_separate_private_public: [
    vpc({
      "aws_route_table[]": { open: VPC, closed: VPC },
      aws_route: { ...table("open"), gateway_id: "igw-1" },
    }),
    vpc({ "aws_route_table[]": { open: VPC }, aws_route: { ...table("open"), gateway_id: "igw-1" } }),
  ],
  CKV2_AWS_1: [{ aws_network_acl: { subnet_ids: ["subnet-1"] } }, { aws_network_acl: {} }],
  "AWS-0102": [
    { aws_network_acl_rule: { rule_action: "allow", protocol: "tcp" } },
    { aws_network_acl_rule: { rule_action: "allow", protocol: "-1" } },
  ],
  "AWS-0105": [acl(443), acl(22)],
  CKV_AWS_229: [acl(22), acl(21)],
  CKV_AWS_230: [acl(22), acl(20)],
  CKV_AWS_231: [acl(22), acl(3389)],
  CKV_AWS_232: [acl(21), acl(22)],
  "NIST-VPCNoUnrestrictedRouteToIGW": [
    { aws_route_table: { route: [{ cidr_block: ALL, nat_gateway_id: "nat-1" }] } },
    { aws_route: { destination_ipv6_cidr_block: "::/0", gateway_id: "igw-1" } },
  ],
  CKV2_AWS_44: [
    { aws_route: { destination_cidr_block: "10.1.0.0/16", vpc_peering_connection_id: "pcx-1" } },
    { aws_route_table: { route: [{ cidr_block: ALL, vpc_peering_connection_id: "pcx-1" }] } },
  ],
  "EC2.55": [endpoint("ecr.api"), vpc()],
  "EC2.56": [endpoint("ecr.dkr"), endpoint("ecr.api")],
  "EC2.57": [endpoint("ssm"), endpoint("ssmmessages")],
  "EC2.10": [endpoint("ec2"), endpoint("ec2messages")],
  CKV2_AWS_19: [
    { aws_eip: { domain: "vpc" }, aws_nat_gateway: { allocation_id: "${aws_eip.x.id}" } },
    { aws_eip: { domain: "vpc" } },
  ],
  CKV2_AWS_35: [{ aws_route: { nat_gateway_id: "nat-1" } }, { aws_route: { instance_id: "i-1" } }],
  vpc_endpoint_multi_az_enabled: [
    { aws_vpc_endpoint: { vpc_endpoint_type: "Interface", subnet_ids: ["subnet-1", "subnet-2"] } },
    { aws_vpc_endpoint: { vpc_endpoint_type: "Interface", subnet_ids: ["subnet-1"] } },
  ],
};

/** What may not be there at all: it fails wherever it is, and passes by its absence. */
export const never: Readonly<Record<string, Terraform>> = {
  aws_security_group_rule_deprecated: { aws_security_group_rule: { type: "egress" } },
  "AWS-0101": { aws_default_vpc: {} },
  "AwsSolutions-VPC3": { aws_network_acl: {} },
};
