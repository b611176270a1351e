import {
  GP3_SIZE,
  GP3_THROUGHPUT,
  LAUNCH_TEMPLATE_NAME,
  METADATA_HOP_LIMIT,
  type NumberLimit,
  PORT,
  SECURITY_GROUP_NAME,
  type TextLimit,
  USER_DATA,
} from "../../../aws/limits";
import { IPV4_RANGE, IPV6_RANGE } from "../ranges";
import { type Block, documented, limited, none, oneOf, type Service } from "../table";

/** EC2's model has next to no patterns and ranges. What is here is from its reference. */
const DESCRIPTION: TextLimit = {
  minLength: 0,
  maxLength: 255,
  pattern: /^[A-Za-z0-9 ._\-:/()#,@[\]+=&;{}!$*]*$/,
  characters: "letters, digits, spaces and ._-:/()#,@[]+=&;{}!$*",
  source: "EC2 API, CreateSecurityGroup, IpRange",
};

/** A VPC, and a subnet, has from 16 to 65,536 addresses. */
const VPC_RANGE: TextLimit = {
  minLength: 9,
  maxLength: 18,
  pattern: /^((25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(25[0-5]|2[0-4]\d|1?\d?\d)\/(1[6-9]|2[0-8])$/,
  characters: "a range of IPv4 addresses of /16 to /28",
  source: "VPC user guide, VPC CIDR blocks, Subnet CIDR blocks",
};

const IMAGE: TextLimit = {
  minLength: 1,
  maxLength: 2048,
  pattern: /^(ami-([0-9a-f]{8}|[0-9a-f]{17})|resolve:ssm:.+)$/,
  characters: "the ID of an image, or resolve:ssm: with the name of a parameter",
  source: "EC2 API, RequestLaunchTemplateData",
};

const USER_DATA_IN_BASE64: TextLimit = {
  minLength: 0,
  maxLength: Math.ceil(USER_DATA.max / 3) * 4,
  pattern: /^[A-Za-z0-9+/]*={0,2}$/,
  characters: "characters of base64",
  source: USER_DATA.source,
};

/** Of all types of volumes. The least are those of io1 and io2, the most those of io2. */
const VOLUME_IOPS: NumberLimit = {
  min: 100,
  max: 256_000,
  source: "EC2 API, LaunchTemplateEbsBlockDeviceRequest",
};

/** `-1` stands for all protocols; a number for one of IANA's. */
const IP_PROTOCOL = [
  oneOf("EC2 API, IpPermission", "tcp", "udp", "icmp", "icmpv6", "-1"),
  { min: 0, max: 255, source: "EC2 API, IpPermission" },
] as const;

/** Tags that a request takes by the type of what it makes. */
const TAGS = { tags: "TagSpecifications.Tags{}" };

/** Data sources find what they read by filters, which take any text. */
const FILTER = none("filter");

/** A filter too, whose values are documented. */
const INSTANCE_STATES = oneOf(
  "EC2 API, InstanceState",
  ...["pending", "running", "shutting-down", "terminated", "stopping", "stopped"],
);

const SERVICE_TYPE = oneOf("EC2 API, ServiceTypeDetail", "Gateway", "GatewayLoadBalancer", "Interface");

const ZONE_STATE = oneOf(
  "EC2 API, AvailabilityZone",
  ...(["available", "information", "impaired", "unavailable", "constrained"] as const),
);

/** A rule of a security group: one permission with one range. */
const rule = (request: string): Block => ({
  request,
  arguments: {
    ...TAGS,
    security_group_id: "GroupId",
    ip_protocol: limited("IpPermissions.IpProtocol", ...IP_PROTOCOL),
    from_port: limited("IpPermissions.FromPort", PORT, { ...PORT, min: -1 }),
    to_port: limited("IpPermissions.ToPort", PORT, { ...PORT, min: -1 }),
    cidr_ipv4: limited("IpPermissions.IpRanges.CidrIp", IPV4_RANGE),
    cidr_ipv6: limited("IpPermissions.Ipv6Ranges.CidrIpv6", IPV6_RANGE),
    prefix_list_id: "IpPermissions.PrefixListIds.PrefixListId",
    referenced_security_group_id: "IpPermissions.UserIdGroupPairs.GroupId",
    description: limited("IpPermissions.IpRanges.Description", DESCRIPTION),
  },
});

/** What the resources and data sources of EC2 and VPC become. */
export const ec2: Service = {
  service: "ec2",
  lagging: { InstanceType: "AWS adds types between releases of botocore: 1.43.11 lacks g7, of June 2026" },
  blocks: {
    aws_default_security_group: {
      request: "CreateSecurityGroupRequest",
      arguments: TAGS,
      provided: ["GroupName", "Description"],
    },
    aws_eip: {
      request: "AllocateAddressRequest",
      arguments: { ...TAGS, domain: limited("Domain", oneOf("EC2 API, AllocateAddress", "vpc")) },
    },
    aws_flow_log: {
      request: "CreateFlowLogsRequest",
      arguments: {
        ...TAGS,
        iam_role_arn: "DeliverLogsPermissionArn",
        max_aggregation_interval: limited(
          "MaxAggregationInterval",
          oneOf("EC2 API, CreateFlowLogs", "60", "600"),
        ),
        vpc_id: "ResourceIds",
      },
      provided: ["ResourceType"],
    },
    aws_internet_gateway: {
      request: "CreateInternetGatewayRequest",
      arguments: { ...TAGS, vpc_id: "AttachInternetGatewayRequest:VpcId" },
    },
    aws_launch_template: {
      request: "RequestLaunchTemplateData",
      arguments: {
        name: limited("CreateLaunchTemplateRequest:LaunchTemplateName", LAUNCH_TEMPLATE_NAME),
        tags: "CreateLaunchTemplateRequest:TagSpecifications.Tags{}",
        update_default_version: none("version"),
        "block_device_mappings.ebs.iops": limited("Iops", VOLUME_IOPS),
        "block_device_mappings.ebs.throughput": limited("Throughput", GP3_THROUGHPUT),
        "block_device_mappings.ebs.volume_size": limited("VolumeSize", GP3_SIZE),
        "metadata_options.http_put_response_hop_limit": limited(
          "HttpPutResponseHopLimit",
          METADATA_HOP_LIMIT,
        ),
        "network_interfaces.security_groups": "Groups",
        "tag_specifications.tags": "Tags{}",
        image_id: limited("ImageId", IMAGE),
        user_data: limited("UserData", USER_DATA_IN_BASE64),
      },
    },
    aws_nat_gateway: { request: "CreateNatGatewayRequest", arguments: TAGS },
    aws_route: {
      request: "CreateRouteRequest",
      arguments: {
        destination_cidr_block: limited("DestinationCidrBlock", IPV4_RANGE),
        destination_ipv6_cidr_block: limited("DestinationIpv6CidrBlock", IPV6_RANGE),
      },
    },
    aws_route_table: { request: "CreateRouteTableRequest", arguments: TAGS },
    aws_route_table_association: { request: "AssociateRouteTableRequest" },
    aws_security_group: {
      request: "CreateSecurityGroupRequest",
      arguments: {
        ...TAGS,
        name: limited("GroupName", SECURITY_GROUP_NAME),
        description: limited("Description", DESCRIPTION),
      },
      provided: ["GroupName", "Description"],
    },
    aws_subnet: {
      request: "CreateSubnetRequest",
      arguments: {
        ...TAGS,
        cidr_block: limited("CidrBlock", VPC_RANGE),
        ipv6_cidr_block: limited("Ipv6CidrBlock", IPV6_RANGE),
        map_public_ip_on_launch: "ModifySubnetAttributeRequest:MapPublicIpOnLaunch.Value",
      },
    },
    aws_vpc: {
      request: "CreateVpcRequest",
      arguments: {
        ...TAGS,
        cidr_block: limited("CidrBlock", VPC_RANGE),
        assign_generated_ipv6_cidr_block: "AmazonProvidedIpv6CidrBlock",
        enable_dns_hostnames: "ModifyVpcAttributeRequest:EnableDnsHostnames.Value",
        enable_dns_support: "ModifyVpcAttributeRequest:EnableDnsSupport.Value",
      },
    },
    aws_vpc_endpoint: { request: "CreateVpcEndpointRequest", arguments: TAGS },
    aws_vpc_endpoint_route_table_association: {
      request: "ModifyVpcEndpointRequest",
      arguments: { route_table_id: "AddRouteTableIds" },
    },
    aws_vpc_security_group_egress_rule: rule("AuthorizeSecurityGroupEgressRequest"),
    aws_vpc_security_group_ingress_rule: rule("AuthorizeSecurityGroupIngressRequest"),
    "data.aws_availability_zones": {
      request: "DescribeAvailabilityZonesRequest",
      arguments: { state: documented(ZONE_STATE) },
    },
    "data.aws_ec2_instance_type_offerings": { request: "DescribeInstanceTypeOfferingsRequest" },
    "data.aws_ec2_managed_prefix_list": {
      request: "DescribeManagedPrefixListsRequest",
      arguments: { id: "PrefixListIds", name: FILTER },
    },
    "data.aws_instances": {
      request: "DescribeInstancesRequest",
      arguments: { instance_state_names: documented(INSTANCE_STATES) },
    },
    "data.aws_internet_gateway": { request: "DescribeInternetGatewaysRequest" },
    "data.aws_route_table": { request: "DescribeRouteTablesRequest" },
    "data.aws_route_tables": { request: "DescribeRouteTablesRequest", arguments: { vpc_id: FILTER } },
    "data.aws_subnet": { request: "DescribeSubnetsRequest", arguments: { id: "SubnetIds" } },
    "data.aws_subnets": { request: "DescribeSubnetsRequest", arguments: { tags: FILTER } },
    "data.aws_vpc": { request: "DescribeVpcsRequest", arguments: { id: "VpcIds" } },
    "data.aws_vpc_endpoint_service": {
      request: "DescribeVpcEndpointServicesRequest",
      arguments: { service: FILTER, service_type: documented(SERVICE_TYPE) },
    },
  },
};
