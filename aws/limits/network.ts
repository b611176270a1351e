import type { NumberLimit, QuotaLimit, TextLimit } from "./limit";

/** Elastic IP addresses of an account in a region. Each NAT gateway has one. */
export const ELASTIC_ADDRESSES_PER_REGION = {
  max: 5,
  adjustable: true,
  source: "VPC user guide, Amazon VPC quotas",
} as const satisfies QuotaLimit;

/** Rules of a security group each way: inbound, and outbound. Rules for IPv4 and rules for IPv6 count separately. */
export const RULES_PER_SECURITY_GROUP = {
  max: 60,
  adjustable: true,
  source: "VPC user guide, Amazon VPC quotas",
} as const satisfies QuotaLimit;

/**
 * What EC2's ids begin with. The rest is theirs: its length has changed before, so only its characters are checked.
 * Source: EC2 user guide, "Resource IDs".
 */
export const EC2_IDS = {
  characters: /^[A-Za-z0-9-]+$/,
  prefixes: {
    image: "ami",
    launchTemplate: "lt",
    prefixList: "pl",
    reservation: "cr",
    securityGroup: "sg",
    subnet: "subnet",
    vpc: "vpc",
  },
  source: "EC2 user guide, Resource IDs",
} as const;

/** Name of a security group. */
export const SECURITY_GROUP_NAME = {
  minLength: 1,
  maxLength: 255,
  pattern: /^(?!sg-)[A-Za-z0-9 ._\-:/()#,@[\]+=&;{}!$*]*$/,
  characters: "letters, digits, spaces and ._-:/()#,@[]+=&;{}!$*, not beginning with sg-",
  source: "EC2 API, CreateSecurityGroup",
} as const satisfies TextLimit;

/** Addresses of each subnet that AWS keeps for itself. */
export const SUBNET_RESERVED = {
  addresses: 5,
  source: "VPC user guide, Subnet CIDR blocks",
} as const;

/** Prefix length of the IPv4 block of a VPC. */
export const VPC_PREFIX = {
  min: 16,
  max: 28,
  source: "VPC user guide, VPC CIDR blocks",
} as const satisfies NumberLimit;

/**
 * Zones, by their ids, that AWS does not extend any more. It makes no NAT gateway there, and newer accounts do not see
 * some of them. AWS publishes no list; these are what it excludes by name from other services.
 */
export const CONSTRAINED_ZONES = {
  ids: ["apne1-az3", "cac1-az3", "use1-az3", "usw1-az2"],
  source:
    "VPC user guide, Troubleshoot NAT gateways, NotAvailableInZone; EKS user guide, Amazon EKS networking requirements; Global Accelerator developer guide, AWS Region availability",
} as const;
