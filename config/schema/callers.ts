import * as z from "zod";
import {
  JWKS_ENDPOINT,
  JWT_CLAIM_FORMATS,
  JWT_CLAIM_VALUE,
  JWT_CLAIMS_CHECKED,
  JWT_CLAIMS_PER_ACTION,
  JWT_ISSUER,
  JWT_VALUES_PER_CLAIM,
  OIDC_ENDPOINT,
  OIDC_SESSION,
  REVOCATION_LISTS_PER_TRUST_STORE,
} from "../../aws/limits";
import { finding } from "./errors/codes";
import { providerUrl } from "./provider-url";
import { duration, range, storedObject } from "./scalars";

const claimName = z
  .string()
  .min(1)
  .refine((name) => !JWT_CLAIMS_CHECKED.names.some((each) => each === name), {
    error: ({ input }) =>
      `"${input}" is always checked, as are ${JWT_CLAIMS_CHECKED.names.filter((name) => name !== input).join(", ")}; leave it out`,
  });

const claim = z
  .strictObject({
    format: z.enum(JWT_CLAIM_FORMATS.values).meta({
      description:
        "How a token writes it: `single-string`, a text; `string-array`, a list of texts; `space-separated-values`, a text with spaces between several, as OAuth writes `scope`.",
    }),
    values: z
      .array(z.string().min(JWT_CLAIM_VALUE.minLength).max(JWT_CLAIM_VALUE.maxLength))
      .min(1)
      .max(JWT_VALUES_PER_CLAIM.max)
      .meta({
        description: `Values, 1–${JWT_VALUES_PER_CLAIM.max} of up to ${JWT_CLAIM_VALUE.maxLength} characters. Whether one of several is enough, AWS does not say: try it, or write one.`,
        examples: [["models.invoke"]],
      }),
  })
  .superRefine(({ format, values }, context) => {
    const index = values.findIndex((value) => value.includes(" "));
    if (format === "space-separated-values" && index >= 0) {
      context.addIssue({
        code: "custom",
        path: ["values", index],
        message: `"${values[index]}" holds a space, which stands between values; write several values`,
      });
    }
  })
  .meta({ id: "claim" });

const claims = z.record(claimName, claim);

const jwt = z.strictObject({
  issuer: z
    .string()
    .min(JWT_ISSUER.minLength)
    .max(JWT_ISSUER.maxLength)
    .regex(/^\S(.*\S)?$/, {
      error: ({ input }) =>
        `"${input}" has spaces around it, and a token has none; write it as the token does`,
    })
    .meta({
      description: `The claim \`iss\` of the tokens, letter by letter, up to ${JWT_ISSUER.maxLength} characters.`,
      examples: ["https://login.example.com/"],
    }),
  jwks: providerUrl({
    limit: JWKS_ENDPOINT,
    example: "https://login.example.com/.well-known/jwks.json",
    askedBy: "load balancer",
  }).meta({
    description: `URL of the issuer's public keys (JWKS), up to ${JWKS_ENDPOINT.maxLength} characters, which AWS reaches over the internet. Up to 10 keys for RS256 in 150 KB; with more nobody gets through.`,
    examples: ["https://login.example.com/.well-known/jwks.json"],
  }),
  claims: claims.optional().meta({
    description: `Claims that a token has to have, by name, up to ${JWT_CLAIMS_PER_ACTION.max} with those of the model. \`iss\` and \`exp\` are always checked; \`nbf\` and \`iat\`, where a token has them. Default: none.`,
  }),
});

const mtls = z.strictObject({
  bundle: storedObject("s3://example-authorities/clients.pem").meta({
    description:
      "Certificates of the authorities whose clients may connect, as PEM, in S3: up to 25. AWS reads the object once. To change it, write another key.",
    examples: ["s3://example-authorities/clients/2026-11.pem"],
  }),
  revocations: z
    .array(storedObject("s3://example-authorities/clients.crl"))
    .min(1)
    .max(REVOCATION_LISTS_PER_TRUST_STORE.max)
    .optional()
    .meta({
      description: `Lists of revoked certificates in S3, 1–${REVOCATION_LISTS_PER_TRUST_STORE.max}. AWS reads each once. To change one, write another key. Default: none.`,
      examples: [["s3://example-authorities/clients/2026-11.crl"]],
    }),
});

const endpoint = (name: string, askedBy: Parameters<typeof providerUrl>[0]["askedBy"]) =>
  providerUrl({ limit: OIDC_ENDPOINT, example: `https://login.example.com${name}`, askedBy });

const oidc = z.strictObject({
  issuer: endpoint("", "nobody").meta({
    description: "Identifier of the identity provider, a URL with https.",
    examples: ["https://login.example.com"],
  }),
  authorizationEndpoint: endpoint("/authorize", "browser").meta({
    description: "Where browsers are sent to sign in.",
  }),
  tokenEndpoint: endpoint("/token", "load balancer").meta({
    description: "Where the load balancer gets tokens, over IPv4 and port 443.",
  }),
  userInfoEndpoint: endpoint("/userinfo", "load balancer").meta({
    description: "Where the load balancer gets the claims about a user, over IPv4 and port 443.",
  }),
  clientId: z
    .string()
    .regex(/^\S(.*\S)?$/, { error: ({ input }) => `"${input}" is no id; write it as the provider shows it` })
    .meta({ description: "Id of the load balancer at the provider." }),
  clientSecretInState: z.literal("accepted").meta({
    description:
      "Says that the client's secret lies in the Terraform state, since AWS takes it in no other way. Its value is never in this file: Terraform reads the variable `oidc_client_secret`, so set `TF_VAR_oidc_client_secret`.",
  }),
  scope: z
    .string()
    .refine((scope) => scope.split(" ").includes("openid"), {
      error: ({ input }) =>
        `"${input}" lacks openid, without which a provider gives no id token; write openid ${input}`.trimEnd(),
    })
    .optional()
    .meta({
      description: "What is asked of the provider about a user, `openid` among it. Default: `openid`.",
    }),
  sessionTimeout: duration(OIDC_SESSION)
    .optional()
    .meta({
      description: `How long a browser is known after it has signed in, ${range(OIDC_SESSION)}. Default: 7d.`,
    }),
});

/** Ways that take fields, with the least of them. */
const WITH_FIELDS: ReadonlyMap<string, string> = new Map([
  [
    "jwt",
    "{ jwt: { issuer: https://login.example.com/, jwks: https://login.example.com/.well-known/jwks.json } }",
  ],
  ["mtls", "{ mtls: { bundle: s3://example-authorities/clients.pem } }"],
  ["oidc", "{ oidc: { issuer: https://login.example.com, … } }"],
]);

/** How callers show who they are, for all models. */
export const callersSchema = z.union(
  [
    z.enum(["apiKey", "unauthenticated"]),
    z
      .strictObject({
        jwt: jwt.optional().meta({
          description:
            "For programs: a token (JWT) in each request, `Authorization: Bearer …`. The load balancer checks it before every forward. Models that ask for a key of their own cannot have it, and AWS checks nothing before gRPC.",
        }),
        mtls: mtls.optional().meta({
          description:
            "For programs: a certificate of the client in each connection. Without one nobody connects, not even the health checks of Route 53, so that the global endpoint goes by alarms.",
        }),
        oidc: oidc.optional().meta({
          description:
            "For people with browsers: they sign in at an identity provider, and a cookie says so. Its callback is `https://<host>/oauth2/idpresponse` of each host name that clients use.",
        }),
      })
      .refine((ways) => Object.keys(ways).length > 0, {
        ...finding("wrong-length"),
        error: "must have jwt, mtls or oidc; or write callers: apiKey, or callers: unauthenticated",
      }),
  ],
  {
    error: ({ input }) => {
      const fields = typeof input === "string" ? WITH_FIELDS.get(input.toLowerCase()) : undefined;
      return fields && `"${input}" needs fields; write callers: ${fields}`;
    },
  },
);

/** How callers of one model show who they are, where that differs. */
export const modelCallersSchema = z.union([
  z.literal("unauthenticated"),
  z.strictObject({
    claims: claims.meta({
      description:
        "Claims that a token has to have beside those of `entry.callers.jwt`, by name; together up to 10.",
    }),
  }),
]);

export type CallersFile = z.output<typeof callersSchema>;
export type ModelCallersFile = z.output<typeof modelCallersSchema>;
