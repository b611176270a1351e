import * as z from "zod";
import { REWRITE, RULE_PRIORITY } from "../../aws/limits";
import { cidr, range } from "./scalars";

const oneOrMore = <T extends z.ZodType>(value: T) => z.union([value, z.array(value).min(1)]);
const asList = <T>(given: T | T[]) => (Array.isArray(given) ? given : [given]);

/** Stands in the JSON Schema once, under this id. */
const texts = oneOrMore(z.string()).meta({ id: "texts" }).transform(asList);

const rewrite = (example: string) =>
  z.strictObject({
    regex: z
      .string()
      .min(REWRITE.minLength)
      .max(REWRITE.maxLength)
      .meta({
        description: `Regular expression over what is rewritten, up to ${REWRITE.maxLength} characters.`,
        examples: [example],
      }),
    replace: z
      .string()
      .max(REWRITE.maxLength)
      .meta({
        description: `What a match becomes, up to ${REWRITE.maxLength} characters; \`$1\`–\`$9\` stand for the groups.`,
        examples: ["/$1"],
      }),
  });

const rewrites = z.strictObject({
  path: rewrite("^/llama/(.*)$").optional().meta({
    description: "Rewrites the path before it reaches the server. Default: as it came.",
  }),
  host: rewrite("^api\\.(.*)$").optional().meta({
    description: "Rewrites the Host header before it reaches the server. Default: as it came.",
  }),
});

/** One way to reach a model: what is given must all match; of several values any one does. */
export const routeSchema = z.strictObject({
  path: texts.optional().meta({
    description:
      "Paths, case-sensitive, up to 128 characters each; `*` stands for any run of characters, `?` for one.",
    examples: ["/v1/llama/*"],
  }),
  pathRegex: texts.optional().meta({
    description:
      "Regular expressions over the path, up to 128 characters each; not beside `path`. One that every path matches, as `^/.*$`, counts as path `/*`.",
  }),
  host: texts.optional().meta({
    description:
      "Host names, in any case, up to 128 characters each; `*` and `?` as in paths. Records and certificates are made here for `<region>.<domain>`, and with a global endpoint for `domain`; any other host needs your own.",
    examples: ["llama.example.com"],
  }),
  hostRegex: texts.optional().meta({
    description: "Regular expressions over the host name, up to 128 characters each; not beside `host`.",
  }),
  headers: z
    .record(z.string(), texts)
    .optional()
    .meta({
      description:
        "Header names, up to 40 characters, with the values that match, `*` and `?` as in paths. Of several headers all must match.",
      examples: [{ "x-model": "llama" }],
    }),
  method: texts.optional().meta({ description: "HTTP methods in upper case.", examples: ["POST"] }),
  query: oneOrMore(
    z.strictObject({
      key: z.string().optional().meta({ description: "Name of the parameter. Default: any." }),
      value: z.string().meta({ description: "Its value; `*` and `?` as in paths." }),
    }),
  )
    .transform(asList)
    .optional()
    .meta({ description: "Query parameters, any of which matches." }),
  sourceIp: oneOrMore(cidr()).transform(asList).optional().meta({
    description:
      "CIDR blocks of the callers as the load balancer sees them; X-Forwarded-For is not looked at.",
  }),
  priority: z
    .int()
    .meta({ minimum: RULE_PRIORITY.min, maximum: RULE_PRIORITY.max })
    .optional()
    .meta({
      description: `Place in the listener, ${range(RULE_PRIORITY)}, lowest first. Default: derived from the conditions alone, the more special route first, so that adding a route moves no other.`,
    }),
  rewrite: rewrites.optional().meta({
    description: "What to change in a request before it is passed on. Default: nothing.",
  }),
});

export type RouteFile = z.output<typeof routeSchema>;
