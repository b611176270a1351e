import * as z from "zod";
import { COUNTED_RULES, MANAGED_RULE_GROUPS, RATE_LIMIT, RULE_GROUP_VERSION } from "../../aws/waf";
import { range, retention, whole } from "./scalars";

const version = (group: keyof typeof MANAGED_RULE_GROUPS) =>
  z
    .string()
    .regex(RULE_GROUP_VERSION.pattern, {
      error: ({ input }) => `"${input}" is not a version of a rule group; write it as Version_1.23`,
    })
    .optional()
    .meta({
      description: `Version of \`${MANAGED_RULE_GROUPS[group].name}\`, one that AWS has not scheduled to expire. Default: \`${MANAGED_RULE_GROUPS[group].version}\`.`,
    });

const requests = (of: string, also = "") =>
  whole(RATE_LIMIT)
    .optional()
    .meta({
      description: `Requests a minute of ${of}, ${range(RATE_LIMIT)}. More get a 429.${also} Default: what all instances of the region serve at \`max\`.`,
    });

const acl = z.strictObject({
  requestsPerMinute: z
    .strictObject({
      address: requests("one address", " Clients behind one NAT gateway or proxy share it."),
      key: requests("one value of the header `authorization`"),
    })
    .prefault({})
    .meta({
      description: "The most that one client may send. AWS WAF counts the last minute, and not exactly.",
    }),
  block: z
    .array(z.enum(COUNTED_RULES))
    .prefault([])
    .meta({
      description:
        "Rules that block, of those that only count because prompts match them: see the table in docs/security.md. Default: none.",
      examples: [["Log4JRCE_BODY"]],
    }),
  versions: z
    .strictObject({ core: version("core"), knownBadInputs: version("knownBadInputs") })
    .prefault({})
    .meta({ description: "Versions of AWS's managed rule groups." }),
  logRetention: retention().prefault("365d").meta({
    description:
      "How long CloudWatch keeps the log of what is blocked and counted: one of the numbers of days that it allows. Default: `365d`.",
  }),
});

/** A web ACL that is made here; `false`: none. */
export const wafSchema = z.union([z.literal(false), acl]).meta({
  description:
    "A web ACL of AWS WAF that is made for the load balancer, fit for prompts: it limits the requests of a client, and has AWS's managed rules without those that prompts match. Models with an `apiKey` get no POST without a key. Write `{}` for the defaults. Default: none.",
});
