import * as z from "zod";
import { REWRITE } from "../aws/limits";
import { cidr } from "./scalars";

const oneOrMore = <T extends z.ZodType>(value: T) =>
  z.union([value, z.array(value).min(1)]).transform((given) => (Array.isArray(given) ? given : [given]));

const rewrite = (example: string) =>
  z.strictObject({
    regex: z
      .string()
      .min(REWRITE.minLength)
      .max(REWRITE.maxLength)
      .meta({
        description: `Regular expression over what is rewritten, e.g. \`${example}\`. Up to 1,024 characters.`,
      }),
    replace: z.string().max(REWRITE.maxLength).meta({
      description: "What a match becomes; $1–$9 stand for the groups. Up to 1,024 characters.",
    }),
  });

const rewrites = z.strictObject({
  path: rewrite("^/llama/(.*)$").optional().meta({
    description: "Rewrites the path before it reaches the server.",
  }),
  host: rewrite("^api\\.(.*)$").optional().meta({
    description: "Rewrites the Host header before it reaches the server.",
  }),
});

/** One way to reach a model: what is given must all match; of several values any one does. */
export const routeSchema = z.strictObject({
  path: oneOrMore(z.string())
    .optional()
    .meta({
      description:
        "Paths, case-sensitive; `*` stands for any run of characters, `?` for one. Up to 128 characters each.",
      examples: ["/v1/llama/*"],
    }),
  pathRegex: oneOrMore(z.string()).optional().meta({
    description: "Regular expressions over the path, up to 128 characters each.",
  }),
  host: oneOrMore(z.string())
    .optional()
    .meta({
      description: "Host names, in any case; `*` and `?` as in paths.",
      examples: ["llama.example.com"],
    }),
  hostRegex: oneOrMore(z.string()).optional().meta({
    description: "Regular expressions over the host name, up to 128 characters each.",
  }),
  headers: z
    .record(z.string(), oneOrMore(z.string()))
    .optional()
    .meta({
      description: "Header names with the values that match; several headers must all match.",
      examples: [{ "x-model": "llama" }],
    }),
  method: oneOrMore(z.string())
    .optional()
    .meta({ description: "HTTP methods in upper case.", examples: ["POST"] }),
  query: oneOrMore(
    z.strictObject({
      key: z.string().optional().meta({ description: "Name of the parameter; any, when left out." }),
      value: z.string().meta({ description: "Its value; `*` and `?` as in paths." }),
    }),
  )
    .optional()
    .meta({ description: "Query parameters, any of which matches." }),
  sourceIp: oneOrMore(cidr()).optional().meta({
    description:
      "CIDR blocks of the callers as the load balancer sees them (X-Forwarded-For is not looked at).",
  }),
  priority: z.int().optional().meta({
    description:
      "Place in the listener, 1–50000, lower first. Default: derived from the conditions alone, the more special route first, so that adding a route moves no other.",
  }),
  rewrite: rewrites.optional().meta({ description: "What to change in a request before it is passed on." }),
});

export type RouteFile = z.output<typeof routeSchema>;
