import * as z from "zod";
import { CLIENT_KEEP_ALIVE, IDLE_TIMEOUT, LOAD_BALANCER_CAPACITY_UNITS } from "../aws/limits";
import { arn, cidr, duration, name, optionalFields, whole } from "./scalars";

const logs = z.strictObject({
  bucket: z.string().optional().meta({
    description:
      "An existing bucket in the same region whose policy admits ALB log delivery. Default: one is made for each region.",
  }),
  prefix: z.string().optional().meta({ description: "Prefix of the log objects; must not hold `AWSLogs`." }),
  retention: duration().optional().meta({
    description: "How long the bucket made here keeps a log, in whole days. Default: 90d.",
  }),
  access: z.boolean().prefault(true).meta({ description: "One line for each request.", default: true }),
  connections: z
    .boolean()
    .prefault(true)
    .meta({ description: "One line for each client connection.", default: true }),
});

const fields = {
  scheme: z.enum(["internet-facing", "internal"]).meta({
    description:
      "`internet-facing`: public addresses. `internal`: reached from the VPC and what is joined to it.",
  }),
  protocol: z.enum(["https", "unencrypted-http"]).meta({
    description:
      "`https` wants a `certificateArn` or a `domain`. `unencrypted-http` sends prompts and answers in the clear: for trying things out, and for networks that encrypt by other means.",
  }),
  domain: z
    .string()
    .regex(/^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/, {
      error: ({ input }) => `"${input}" is not a domain name in lower case; write it as models.example.com`,
    })
    .meta({
      description:
        "Name under which the models are reached. Each region gets `<region>.<domain>` with a certificate of its own, validated in the hosted zone.",
      examples: ["models.example.com"],
    }),
  hostedZone: z
    .string()
    .min(1)
    .meta({
      description: "Name of the public Route 53 hosted zone that holds `domain`. Default: `domain` itself.",
      examples: ["example.com"],
    }),
  hostedZoneId: z
    .string()
    .regex(/^Z[A-Z0-9]{1,31}$/)
    .meta({
      description: "Id of the hosted zone, when its name is not unique or must not be looked up.",
    }),
  certificateArn: arn("acm", "arn:aws:acm:us-east-1:123456789012:certificate/…").meta({
    description: "An ACM certificate in the load balancer's own region, instead of `domain`.",
  }),
  tlsPolicy: z.string().meta({
    description:
      "Security policy of the HTTPS listener. Default: `ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09`, which AWS recommends.",
  }),
  redirectHttp: z
    .boolean()
    .meta({ description: "Port 80 answers with a redirect to HTTPS. Default: true, with HTTPS." }),
  allow: z.union([z.literal("anyone-on-the-internet"), z.array(cidr()).min(1)]).meta({
    description:
      "Who may connect: CIDR blocks, or, said in so many words, `anyone-on-the-internet`. There is no authentication in front of the models.",
    examples: [["203.0.113.0/24"], "anyone-on-the-internet"],
  }),
  default: name().meta({
    description:
      "Model that answers what no route matches. Default: none does; such a request gets a JSON 404 in the OpenAI error shape.",
  }),
  idleTimeout: duration(IDLE_TIMEOUT).meta({
    description:
      "How long the load balancer waits on a silent connection. Default: derived from the longest silence of all models.",
  }),
  clientKeepAlive: duration(CLIENT_KEEP_ALIVE).meta({
    description: "How long a client may keep one connection. Default: derived from the longest request.",
  }),
  dualStack: z.boolean().meta({ description: "IPv6 beside IPv4; `allow` may then hold IPv6 blocks." }),
  deletionProtection: z.boolean().meta({
    description:
      "AWS refuses to delete the load balancer, and Terraform its logs, until this is false and deployed.",
  }),
  zonalShift: z.boolean().meta({
    description: "Lets an operator, or AWS, shift traffic away from an impaired zone.",
  }),
  dropInvalidHeaders: z.boolean().meta({ description: "Drops headers whose names are not valid in HTTP." }),
  desyncMitigation: z.enum(["defensive", "strictest", "monitor"]).meta({
    description: "What happens to requests that two servers could read differently.",
  }),
  reservedCapacityUnits: whole(LOAD_BALANCER_CAPACITY_UNITS).meta({
    description:
      "Load balancer capacity units held ready for a known rush (LCU reservation). The regional quota is 0 until AWS raises it.",
  }),
  logs: logs.meta({ description: "Access and connection logs, in S3." }),
};

const defaults = {
  scheme: "internet-facing",
  protocol: "https",
  dualStack: false,
  deletionProtection: true,
  zonalShift: true,
  dropInvalidHeaders: true,
  desyncMitigation: "defensive",
  logs: {},
} as const;

const { allow, ...others } = fields;

/** How callers come in; the same for all regions but for what a region overrides. */
export const entrySchema = z.strictObject({ allow, ...optionalFields(others, defaults) });

/** What one region does differently at its entry. */
export const entryOverrideSchema = z.strictObject(fields).partial();

export type EntryFile = z.output<typeof entrySchema>;
