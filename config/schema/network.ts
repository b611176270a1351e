import * as z from "zod";
import { LOAD_BALANCER_ZONES, PORT } from "../../aws/limits";
import { finding } from "./errors/codes";
import { awsId, cidr, destination, name, range, retention, whole } from "./scalars";

/** Availability Zones of the instances. In a VPC created by the stack they are also those of the load balancer. */
const INSTANCE_ZONES = { ...LOAD_BALANCER_ZONES, min: 1 } as const;

const created = z.strictObject({
  cidr: cidr("VPC").meta({
    description:
      "IPv4 block of the VPC, /16–/21. Each of the load balancer's subnets is then a /27 or larger, which AWS requires. A plan refuses another one.",
    examples: ["10.0.0.0/16"],
  }),
  zones: z
    .union([
      whole(LOAD_BALANCER_ZONES),
      z.array(z.string()).min(LOAD_BALANCER_ZONES.min).max(LOAD_BALANCER_ZONES.max),
    ])
    .prefault(3)
    .meta({
      description: `How many Availability Zones, ${range(LOAD_BALANCER_ZONES)}, or their names. A number takes zones by their ids, those first that offer the instance types, and a subnet stays in the zone that it was made in. The letter in a name means another zone in another account. A plan refuses to change from one to the other. Default: \`3\`.`,
    }),
  nat: z.enum(["per-zone", "none"]).prefault("per-zone").meta({
    description:
      "How instances reach the internet. `per-zone`: by a NAT gateway in each zone, so that the loss of a zone affects no other zone. `none`: not at all; they reach AWS through VPC endpoints, and container images must be in Amazon ECR. Default: `per-zone`.",
  }),
  endpoints: z.boolean().optional().meta({
    description:
      "Whether to make interface endpoints for the AWS services that instances call (ECR, Systems Manager, CloudWatch, Auto Scaling, Elastic Load Balancing, Secrets Manager, STS). The S3 gateway endpoint is always made. Default: true with `nat: none`, else false.",
  }),
  flowLogs: z
    .union([z.literal(false), retention()])
    .prefault("365d")
    .meta({
      description:
        "How long CloudWatch keeps the VPC's flow logs: one of the numbers of days that it allows. `false`: no flow logs. Default: `365d`.",
    }),
});

const subnetIds = (whose: string) =>
  z
    .array(awsId("subnet"))
    .min(1)
    .optional()
    .meta({ description: `Ids of the subnets of ${whose}, one in each zone. Or give tags instead.` });

const subnetTags = (whose: string) =>
  z
    .record(z.string().min(1), z.string())
    .optional()
    .meta({ description: `Tags that find the subnets of ${whose} in the VPC. Or give ids instead.` });

const existing = z.strictObject({
  vpcId: awsId("vpc").meta({
    description: "The VPC to build in. A plan refuses another one.",
    examples: ["vpc-0123456789abcdef0"],
  }),
  albSubnetIds: subnetIds("the load balancer"),
  albSubnetTags: subnetTags("the load balancer"),
  instanceSubnetIds: subnetIds("the instances"),
  instanceSubnetTags: subnetTags("the instances"),
  zones: whole(INSTANCE_ZONES)
    .optional()
    .meta({
      description: `How many zones the instances' subnets are in, ${range(INSTANCE_ZONES)}. Terraform checks it when it plans. Required with tags. Default: the number of \`instanceSubnetIds\`.`,
    }),
  publicAddresses: z.boolean().prefault(false).meta({
    description:
      "Whether each instance has a public IPv4 address, for subnets without NAT. Its security group still admits nobody but the load balancer. Default: `false`.",
  }),
});

/** Name of the rule for HTTPS to anywhere, which every security group of instances has. */
export const TO_ANYWHERE = "internet";

const egress = z.record(
  name().refine((text) => text !== TO_ANYWHERE, {
    ...finding("malformed-name"),
    error: `"${TO_ANYWHERE}" is the rule for HTTPS, which is always there; use another name`,
  }),
  z.strictObject({
    to: destination().meta({
      description:
        "CIDR block, managed prefix list, or security group of the same VPC or of one connected to it.",
      examples: ["10.20.0.0/16"],
    }),
    port: whole(PORT).meta({ description: `TCP port, ${range(PORT)}.`, examples: [6379] }),
  }),
);

/** Where a region's load balancer and instances are: a VPC made for them, or an existing one. */
export const networkSchema = z.strictObject({
  create: created
    .optional()
    .meta({ description: "A VPC to make, with public and private subnets in each zone. Or use `existing`." }),
  existing: existing.optional().meta({ description: "An existing VPC with its subnets. Or use `create`." }),
  egress: egress.optional().meta({
    description:
      "What instances may connect to beside port 443 anywhere, such as Redis or Postgres, each by a name. Whoever is there has to admit them. Default: nothing.",
    examples: [{ redis: { to: "sg-0123456789abcdef0", port: 6379 } }],
  }),
});

export type CreatedNetwork = z.output<typeof created>;
export type ExistingNetworkFile = z.output<typeof existing>;
