import * as z from "zod";
import { REWRITE, RULE_PRIORITY } from "../../aws/limits";
import type { RouteConditions } from "../routes/route";
import { cidr, range } from "./scalars";

const oneOrMore = <T extends z.ZodType>(value: T) => z.union([value, z.array(value).min(1)]);
const asList = <T>(given: T | T[]) => (Array.isArray(given) ? given : [given]);

/** Under its id it is in the JSON Schema once. */
const texts = oneOrMore(z.string()).meta({ id: "texts" }).transform(asList);

const rewrite = (example: string) =>
  z.strictObject({
    regex: z
      .string()
      .min(REWRITE.minLength)
      .max(REWRITE.maxLength)
      .meta({
        description: `Regular expression for the text to rewrite, up to ${REWRITE.maxLength} characters.`,
        examples: [example],
      }),
    replace: z
      .string()
      .max(REWRITE.maxLength)
      .meta({
        description: `Replacement of a match, up to ${REWRITE.maxLength} characters. \`$1\`–\`$9\` stand for the groups.`,
        examples: ["/$1"],
      }),
  });

const rewrites = z.strictObject({
  path: rewrite("^/llama/(.*)$").optional().meta({
    description: "Rewrites the path before the request reaches the server. Default: unchanged.",
  }),
  host: rewrite("^api\\.(.*)$").optional().meta({
    description: "Rewrites the Host header before the request reaches the server. Default: unchanged.",
  }),
});

/** A field for each kind of condition. */
const conditionFields = {
  path: texts.optional().meta({
    description:
      "Paths, case-sensitive, up to 128 characters each. `*` stands for any run of characters, `?` for one.",
    examples: ["/v1/llama/*"],
  }),
  pathRegex: texts.optional().meta({
    description:
      "Regular expressions for the path, up to 128 characters each. Not together with `path`. One that every path matches, such as `^/.*$`, counts as the path `/*`.",
  }),
  host: texts.optional().meta({
    description:
      "Host names, in upper or lower case, up to 128 characters each; `*` and `?` as in paths. Records and certificates are made for `<region>.<domain>`, and with a global endpoint for `domain`. For any other host you need your own.",
    examples: ["llama.example.com"],
  }),
  hostRegex: texts.optional().meta({
    description:
      "Regular expressions for the host name, up to 128 characters each. Not together with `host`.",
  }),
  headers: z
    .record(z.string(), texts)
    .optional()
    .meta({
      description:
        "Header names, up to 40 characters each, with the values that match; `*` and `?` as in paths. If there are several headers, all must match.",
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
    .meta({ description: "Query parameters. One of them has to match." }),
  sourceIp: oneOrMore(cidr()).transform(asList).optional().meta({
    description:
      "CIDR blocks of the clients, by the address that the load balancer sees. X-Forwarded-For is ignored.",
  }),
} satisfies { readonly [Kind in keyof RouteConditions]-?: z.ZodType<RouteConditions[Kind]> };

/** HTTP methods, one or several. */
export const methods = texts;

/** One way to reach a model. All written conditions must match. A condition with several values matches when one of them does. */
export const routeSchema = z.strictObject({
  ...conditionFields,
  prefix: z
    .string()
    .regex(/^(\/[A-Za-z0-9_.~-]+)+$/, {
      error: ({ input }) => `"${input}" is no prefix; write it as /llama, without a slash at its end`,
    })
    .optional()
    .meta({
      description:
        "Beginning of the path, which is removed before the request reaches the server. It opens the `publicPaths` of the model below it. Not together with `path`, `pathRegex` or `rewrite.path`.",
      examples: ["/llama"],
    }),
  priority: z
    .int()
    .meta({ minimum: RULE_PRIORITY.min, maximum: RULE_PRIORITY.max })
    .optional()
    .meta({
      description: `Priority of the listener rule, ${range(RULE_PRIORITY)}; the lowest is tried first. Default: derived from the conditions alone, the more specific route first, so that a new route does not move the others.`,
    }),
  rewrite: rewrites.optional().meta({
    description: "What to change in a request before it is forwarded. Default: nothing.",
  }),
});

export type RouteFile = z.output<typeof routeSchema>;
