import * as z from "zod";
import { isLogRetention, nearestLogRetention } from "../aws/log-retention";
import { awsId, cidr, duration } from "./scalars";

const DAY = 86_400;

/** How long CloudWatch Logs keeps something: a duration of as many days as AWS allows. */
const retention = () =>
  duration().refine((seconds) => isLogRetention(seconds / DAY), {
    error: ({ input }) => {
      const days = Number(input) / DAY;
      const near = nearestLogRetention(days).map((each) => `${each}d`);
      return `CloudWatch keeps logs for certain numbers of days only, and ${days} is none of them; nearest: ${near.join(", ")}`;
    },
  });

const created = z.strictObject({
  cidr: cidr().meta({
    description: "IPv4 block of the VPC, /16 to /21, so that each load balancer subnet is at least a /27.",
    examples: ["10.0.0.0/16"],
  }),
  zones: z
    .union([z.int().min(2).max(6), z.array(z.string()).min(2).max(6)])
    .prefault(3)
    .meta({
      description:
        "How many Availability Zones (2–6), or their names. Name them when your GPU types are offered in some zones only.",
      default: 3,
    }),
  nat: z.enum(["per-zone", "none"]).prefault("per-zone").meta({
    description:
      "`per-zone`: a NAT gateway in each zone, so that losing a zone takes no other's way out. `none`: boxes reach AWS through VPC endpoints only, and images must come from Amazon ECR.",
    default: "per-zone",
  }),
  endpoints: z.boolean().optional().meta({
    description:
      "Interface endpoints for the AWS services a box calls (ECR, Systems Manager, CloudWatch, Auto Scaling, Secrets Manager, STS). Default: true without NAT, false with it. The S3 gateway endpoint is always there.",
  }),
  flowLogs: z
    .union([z.literal(false), retention()])
    .prefault("90d")
    .meta({
      description: "How long CloudWatch keeps the VPC's flow logs; `false`: none are made.",
      default: "90d",
    }),
});

const subnetIds = (whose: string) =>
  z
    .array(awsId("subnet"))
    .min(1)
    .optional()
    .meta({ description: `Subnets of ${whose}, one in each zone. Or give tags.` });

const subnetTags = (whose: string) =>
  z
    .record(z.string().min(1), z.string())
    .optional()
    .meta({ description: `Tags that find the subnets of ${whose} in the VPC. Or give ids.` });

const existing = z.strictObject({
  vpcId: awsId("vpc").meta({ description: "The VPC to build in.", examples: ["vpc-0123456789abcdef0"] }),
  albSubnetIds: subnetIds("the load balancer"),
  albSubnetTags: subnetTags("the load balancer"),
  boxSubnetIds: subnetIds("the boxes"),
  boxSubnetTags: subnetTags("the boxes"),
  zones: z.int().min(1).max(6).optional().meta({
    description:
      "How many zones the boxes' subnets lie in. Default: the number of ids; with tags it must be given. Checked when Terraform plans.",
  }),
  publicAddresses: z.boolean().prefault(false).meta({
    description:
      "Gives each box a public IPv4 address, for a VPC whose subnets have no NAT. Nothing reaches the box from outside all the same: its security group admits only the load balancer.",
    default: false,
  }),
});

/** Where a region's load balancer and boxes stand: a VPC made for them, or one that is there. */
export const networkSchema = z.strictObject({
  create: created.optional().meta({ description: "Make a VPC with public and private subnets." }),
  existing: existing.optional().meta({ description: "Use a VPC and subnets that are there." }),
});

export type NetworkFile = z.output<typeof networkSchema>;
export type CreatedNetwork = z.output<typeof created>;
export type ExistingNetworkFile = z.output<typeof existing>;
