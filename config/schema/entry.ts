import * as z from "zod";
import { ARN_FORMS } from "../../aws/arn";
import {
  CLIENT_KEEP_ALIVE,
  DESYNC_MITIGATIONS,
  DOMAIN_LABEL,
  FIXED_RESPONSE_BODY,
  IDLE_TIMEOUT,
  LOAD_BALANCER_CAPACITY_UNITS,
  LOG_FOLDER,
} from "../../aws/limits";
import { DEFAULT_TLS_POLICY } from "../../aws/tls-policies";
import { acceptSchema } from "./accept";
import { callersSchema } from "./callers";
import { arn, bucketName, clients, duration, name, optionalFields, range, shared, whole } from "./scalars";
import { wafSchema } from "./waf";

const logs = z.strictObject({
  bucket: bucketName().optional().meta({
    description:
      "S3 bucket in the load balancer's region whose policy allows ALB log delivery. Default: one is made in each region.",
  }),
  prefix: z
    .string()
    .optional()
    .meta({
      description: `Prefix of the log objects. It must not contain \`${LOG_FOLDER.name}\`. Default: none.`,
    }),
  retention: duration().optional().meta({
    description:
      "How long the bucket that is made here keeps a log, in whole days, 1d or more. Default: 90d.",
  }),
  access: z.boolean().prefault(true).meta({
    description: "Whether each request is logged. Default: `true`.",
  }),
  connections: z.boolean().prefault(true).meta({
    description: "Whether each client connection is logged. Default: `true`.",
  }),
});

function whyNoDomain(text: string): string {
  const long = text.split(".").find((label) => label.length > DOMAIN_LABEL.maxLength);
  return long === undefined
    ? `"${text}" is not a domain name in lower case; write it as models.example.com`
    : `"${long}" has ${long.length} characters, and what stands between dots has at most ${DOMAIN_LABEL.maxLength} (${DOMAIN_LABEL.source}); use a shorter one`;
}

const fields = shared("entry.", {
  scheme: z.enum(["internet-facing", "internal"]).meta({
    description:
      "`internet-facing`: public addresses. `internal`: private addresses, for clients in the VPC and in networks connected to it. A plan refuses to change it. Default: `internet-facing`.",
  }),
  protocol: z.enum(["https", "unencrypted-http"]).meta({
    description:
      "Protocol of the clients. `https` needs `domain` or `certificateArn`. `unencrypted-http` sends prompts and answers unencrypted: for trials, and for networks that encrypt by other means. Default: `https`.",
  }),
  domain: z
    .string()
    .regex(/^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/, {
      error: ({ input }) => whyNoDomain(String(input)),
    })
    .meta({
      description:
        "Domain of the models. Each region answers as `<region>.<domain>`, with its own certificate, which is validated through the hosted zone. Default: none; clients use the load balancer's own name.",
      examples: ["models.example.com"],
    }),
  hostedZone: z
    .string()
    .min(1)
    .meta({
      description:
        "Name of the public Route 53 hosted zone that contains `domain`. Default: `domain` itself.",
      examples: ["example.com"],
    }),
  hostedZoneId: z
    .string()
    .regex(/^Z[A-Z0-9]{1,31}$/)
    .meta({
      description: "Id of the hosted zone, instead of its name. Default: looked up by `hostedZone`.",
      examples: ["Z0123456789EXAMPLE"],
    }),
  certificateArn: arn(ARN_FORMS.certificate).meta({
    description:
      "ACM certificate to use, in the load balancer's region. Default: one is made for `<region>.<domain>`.",
  }),
  tlsPolicy: z.string().meta({
    description: `Security policy of the HTTPS listener, TLS 1.2 or later. Default: \`${DEFAULT_TLS_POLICY}\`, which AWS recommends.`,
  }),
  redirectHttp: z.boolean().meta({
    description: "Whether port 80 redirects to HTTPS. Default: true with `https`.",
  }),
  allow: z.union([z.literal("anyone-on-the-internet"), z.array(clients()).min(1)]).meta({
    description:
      "Who may connect: CIDR blocks, managed prefix lists and security groups by their ids, or `anyone-on-the-internet`. `callers` says what else they need.",
    examples: [["203.0.113.0/24"], ["pl-0123456789abcdef0"], "anyone-on-the-internet"],
  }),
  callers: callersSchema.meta({
    description:
      "How callers show who they are: `jwt`, `mtls` or `oidc`, which the load balancer checks; `apiKey`, where each model asks for a key of its own; or `unauthenticated`, where addresses alone decide. All but `unauthenticated` need HTTPS, `apiKey` only where clients come over the internet. Default: as `unauthenticated`, with a warning; an error with `allow: anyone-on-the-internet`.",
    examples: [
      "unauthenticated",
      "apiKey",
      {
        jwt: {
          issuer: "https://login.example.com/",
          jwks: "https://login.example.com/.well-known/jwks.json",
        },
      },
    ],
  }),
  waf: wafSchema,
  webAclArn: arn(ARN_FORMS.webAcl).meta({
    description:
      "A web ACL of AWS WAF that you have, in the load balancer's region, instead of `waf`. Rules about bodies block long prompts: see docs/security.md. Default: none.",
  }),
  default: name().meta({
    description:
      "Model that answers what no route matches: its `publicPaths`. Default: none. Any other request gets a 404 with a JSON body in the form of OpenAI's errors.",
  }),
  idleTimeout: duration(IDLE_TIMEOUT).meta({
    description: `How long the load balancer keeps a connection without traffic, ${range(IDLE_TIMEOUT)}. Default: the longest silence of all models + 30s, at least 60s.`,
  }),
  modelList: z.boolean().meta({
    description: `Whether the load balancer itself answers \`GET /v1/models\` with the list of the models that speak OpenAI's API, up to ${FIXED_RESPONSE_BODY.maxLength} characters of JSON. Names that only a server knows, as a \`custom\` one does, are not in it. Not where a model has that path. Default: where it fits, but not with \`callers: apiKey\`, as the load balancer would tell anybody.`,
  }),
  clientKeepAlive: duration(CLIENT_KEEP_ALIVE).meta({
    description: `How long a client may keep one connection, ${range(CLIENT_KEEP_ALIVE)}. Default: the longest request of all models, at least 1h.`,
  }),
  dualStack: z.boolean().meta({
    description: "Whether clients may use IPv6, too. `allow` may then contain IPv6 blocks. Default: `false`.",
  }),
  deletionProtection: z.boolean().meta({
    description:
      "Whether AWS refuses to delete the load balancer, and Terraform to delete its logs. Before you destroy, set it to false and deploy. Default: `true`.",
  }),
  zonalShift: z.boolean().meta({
    description: "Whether you, or AWS, may shift traffic away from an impaired zone. Default: `true`.",
  }),
  dropInvalidHeaders: z.boolean().meta({
    description:
      "Whether the load balancer drops headers whose names contain anything but letters, digits and hyphens, such as `x_model`. Routes do not see them then. Default: `true`.",
  }),
  desyncMitigation: z.enum(DESYNC_MITIGATIONS.values).meta({
    description:
      "How the load balancer handles requests that two servers could read differently (HTTP desync). Default: `defensive`.",
  }),
  reservedCapacityUnits: whole(LOAD_BALANCER_CAPACITY_UNITS).meta({
    description: `Load balancer capacity units to reserve for a rush that you expect, ${range(LOAD_BALANCER_CAPACITY_UNITS)}. The account's quota is 0 until AWS raises it. Default: none.`,
  }),
  logs: logs.meta({ description: "Logs of the load balancer, in S3." }),
});

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

/** How clients reach the load balancers; the same for all regions, except for what a region overrides. */
export const entrySchema = z.strictObject({
  allow,
  ...optionalFields(others, defaults),
  accept: acceptSchema.optional(),
});

/** A region's overrides of its entry. */
export const entryOverrideSchema = z.strictObject({
  ...z.strictObject(fields).partial().shape,
  accept: acceptSchema.optional(),
});

export type EntryFile = z.output<typeof entrySchema>;
