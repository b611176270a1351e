import { existingNetwork, many, model, parts, region, secondRegion } from "./example";
import type { Findings } from "./finding";

const ALB = "albSubnetIds: [subnet-0aaaaaaaaaaaaaaa1, subnet-0bbbbbbbbbbbbbbb2]";

/** The VPC of a region, made or found. */
export const network = {
  "network-missing": {
    severity: "error",
    sentence: "The region has no network. Its load balancer and instances need a VPC to stand in.",
    example: region("network: {}"),
    remedy:
      "Write `create`, with a `cidr`, for a new VPC; or `existing`, with a `vpcId`, for one that is there.",
  },
  "vpc-size-refused": {
    severity: "error",
    sentence:
      "AWS allows no VPC larger than /16, and below /21 the load balancer's subnets become too small to grow in.",
    example: region("network: { create: { cidr: 10.0.0.0/24 } }"),
    remedy: "Write an IPv4 block from /16 to /21.",
  },
  "too-few-addresses": {
    severity: "error",
    sentence:
      "An instance takes an address of its zone's subnet, which is a 16th of the VPC's block. AWS launches none where no address is free.",
    example: parts(
      region("network: { create: { cidr: 10.0.0.0/21 } }"),
      model("capacity: { min: 300, max: 600 }"),
    ),
    remedy: "Write a larger block before the first deploy, or lower `max`.",
  },
  "too-many-elastic-addresses": {
    severity: "warning",
    sentence:
      "Each NAT gateway takes an Elastic IP address. A new account has fewer of them in a region than this network takes.",
    example: region("network: { create: { cidr: 10.0.0.0/16, zones: 6 } }"),
    remedy:
      "Ask AWS for a higher quota (Service Quotas, EC2-VPC Elastic IPs) and accept the warning, or use fewer zones.",
  },
  "networks-overlap": {
    severity: "warning",
    sentence:
      "The VPCs of two regions have addresses in common. AWS connects no such VPCs, and the block of a VPC cannot be changed.",
    example: ["regions:", "  eu-west-1:", "    network: { create: { cidr: 10.0.128.0/17 } }"].join("\n"),
    remedy: "Write a block for each region that no other region uses.",
  },
  "egress-to-everyone": {
    severity: "warning",
    sentence:
      "Instances may connect to everyone, or nearly everyone, at a port besides 443. Whoever takes over a server may send what it knows there.",
    example: region("network: { egress: { anything: { to: 0.0.0.0/0, port: 22 } } }"),
    remedy: "Name the block of what is meant. Accept the warning where the hosts change their addresses.",
  },
  "too-many-egress-rules": {
    severity: "error",
    sentence:
      "Each block and each security group that instances may connect to takes a rule of their security group, and AWS limits their number. A prefix list takes as many rules as it may have entries, which a plan asks AWS for.",
    example: region(
      `network: { egress: { ${many(60, (index) => `t${index}: { to: 10.20.${index}.0/24, port: 5432 }`)} } }`,
    ),
    remedy: "Name fewer and larger blocks.",
  },
  "no-way-to-aws": {
    severity: "error",
    sentence:
      "Instances have neither NAT gateways nor VPC endpoints. They could not pull their image or report that they are ready.",
    example: region("network: { create: { cidr: 10.0.0.0/16, nat: none, endpoints: false } }"),
    remedy: "Remove `endpoints: false`, or write `nat: per-zone`.",
  },
  "too-many-zones": {
    severity: "error",
    sentence: "AWS gives an account fewer Availability Zones in this region.",
    example: ["regions:", "  us-west-1:", "    network: { create: { cidr: 10.1.0.0/16, zones: 3 } }"].join(
      "\n",
    ),
    remedy: "Write as many zones as the message says.",
  },
  "unknown-zone": {
    severity: "error",
    sentence: "The text is not the name of a zone of this region.",
    example: region("network: { create: { cidr: 10.0.0.0/16, zones: [us-east-1a, us-west-1b] } }"),
    remedy: "Write the region's code and a letter, such as `us-east-1a`.",
  },
  "load-balancer-in-one-zone": {
    severity: "error",
    sentence: "An Application Load Balancer needs subnets in two zones at least. AWS refuses fewer.",
    example: existingNetwork(
      "albSubnetIds: [subnet-0aaaaaaaaaaaaaaa1]",
      "instanceSubnetIds: [subnet-0ddddddddddddddd4]",
    ),
    remedy: "Add a subnet in another zone.",
  },
  "subnets-missing": {
    severity: "error",
    sentence: "The file does not say which subnets of the VPC to use.",
    example: existingNetwork(ALB),
    remedy: "List the ids of the subnets, or write tags that find them.",
  },
  "subnet-tags-empty": {
    severity: "error",
    sentence: "Without a tag to look for, every subnet of the VPC would be found.",
    example: existingNetwork(ALB, "instanceSubnetTags: {}", "zones: 2"),
    remedy: "Write a tag that only the wanted subnets have, such as `tier: private`.",
  },
  "zones-missing": {
    severity: "error",
    sentence:
      "How many zones the instances lie in decides how many of them survive the loss of one. The subnets as they are written do not show that.",
    example: existingNetwork(ALB, "instanceSubnetTags: { tier: private }"),
    remedy:
      "Add `zones`, with the number of zones that the subnets lie in. Terraform checks it when it plans.",
  },
  "zones-without-subnet": {
    severity: "error",
    sentence: "There are fewer subnets than zones, and a subnet lies in one zone.",
    example: existingNetwork(ALB, "instanceSubnetIds: [subnet-0ddddddddddddddd4]", "zones: 2"),
    remedy: "List one subnet for each zone, or lower `zones`.",
  },
  "zones-without-load-balancer": {
    severity: "error",
    sentence:
      "Instances lie in more zones than the load balancer. It would send nothing to instances in the others.",
    example: existingNetwork(
      ALB,
      "instanceSubnetIds: [subnet-0ddddddddddddddd4, subnet-0eeeeeeeeeeeeeee5, subnet-0fffffffffffffff6]",
    ),
    remedy: "Add a subnet of the load balancer in each zone that has instances.",
  },
  "subnets-public-and-private": {
    severity: "error",
    sentence:
      "An internet-facing load balancer needs subnets with a route to an internet gateway. Instances without public addresses need subnets without one, and these are the same subnets.",
    example: existingNetwork(ALB, "instanceSubnetIds: [subnet-0aaaaaaaaaaaaaaa1, subnet-0bbbbbbbbbbbbbbb2]"),
    remedy:
      "Write `publicAddresses: true`, or give the instances subnets that reach the internet through a NAT gateway.",
  },
  "instances-in-one-zone": {
    severity: "error",
    sentence: "All instances lie in one zone, so its loss takes the model down.",
    example: existingNetwork(ALB, "instanceSubnetIds: [subnet-0ddddddddddddddd4]"),
    remedy: "Use subnets in two zones or more, or write `survive: nothing` for the model.",
  },
  "partition-not-served": {
    severity: "error",
    sentence:
      "A global endpoint routes to regions of the partition `aws` only. Route 53 and Global Accelerator are separate in China and GovCloud.",
    example: `globalEndpoint: { routing: latency }\n${secondRegion([], [], "cn-north-1")}`,
    remedy: "Leave the global endpoint out, or serve the region in a deployment of its own.",
  },
} as const satisfies Findings;
