import { model, parts } from "./example";
import type { Findings } from "./finding";

const JWT = "jwt: { issuer: https://login.example.com/, jwks: https://login.example.com/keys }";
const SECRET = "arn:aws:secretsmanager:us-east-1:123456789012:secret:chat-key-AbCdEf";
const URL = "https://login.example.com";

/** How callers show who they are. */
export const callers = {
  "callers-not-chosen": {
    severity: "error",
    sentence: "Anyone on the internet may connect, and nothing says how callers show who they are.",
    example: "entry: { domain: models.example.com, allow: anyone-on-the-internet }",
    remedy:
      "Write `entry.callers`. If anyone may call the models, on GPUs that you pay for, that is `callers: unauthenticated`.",
  },
  "callers-unauthenticated": {
    severity: "warning",
    sentence:
      "Addresses alone decide who calls, and nothing in the file says that this is meant. Any program behind an allowed address may call every model, save those that ask for a key themselves.",
    example: "entry: { domain: models.example.com, allow: [203.0.113.0/24] }",
    remedy: "Write `entry.callers`. If addresses are enough, that is `callers: unauthenticated`.",
  },
  "callers-need-https": {
    severity: "error",
    sentence:
      "A load balancer checks tokens, certificates and sign-ins at a listener for HTTPS alone. And with `callers: apiKey`, where clients come over the internet, whoever reads one request on its way has the key.",
    example: `entry: { protocol: unencrypted-http, allow: [203.0.113.0/24], callers: { ${JWT} } }`,
    remedy: "Write `protocol: https` and a domain or a certificate.",
  },
  "key-unencrypted": {
    severity: "warning",
    sentence:
      "Clients send the key of a model over plain HTTP. It is not all that guards the model: addresses do, or requests stay in your networks.",
    example: parts(
      "entry: { protocol: unencrypted-http, allow: [203.0.113.0/24], callers: unauthenticated }",
      model(`apiKey: ${SECRET}`),
    ),
    remedy:
      "Write `protocol: https` and a domain or a certificate. Accept the warning where nobody but your clients sees the traffic.",
  },
  "callers-of-grpc": {
    severity: "error",
    sentence:
      "AWS takes nothing but a forward before target groups of gRPC, so the load balancer cannot ask for a token or a sign-in.",
    example: parts(
      `entry:\n  callers: { ${JWT} }`,
      model("server: triton", "image: nvcr.io/nvidia/tritonserver:26.09-py3", "protocol: grpc"),
    ),
    remedy:
      "Use `callers: { mtls: … }`, which is of the connection, or write `callers: unauthenticated` for this model.",
  },
  "identity-provider-not-reached": {
    severity: "error",
    sentence:
      "The load balancer asks the identity provider itself, and an internal one in a network made here has no way to the internet.",
    example: `entry:\n  scheme: internal\n  allow: [10.0.0.0/8]\n  callers: { oidc: { issuer: ${URL}, authorizationEndpoint: ${URL}/authorize, tokenEndpoint: ${URL}/token, userInfoEndpoint: ${URL}/userinfo, clientId: models, clientSecretInState: accepted } }`,
    remedy:
      "Use an existing network whose load balancer subnets have a NAT gateway, or `mtls`, which asks nobody. Whether `jwt` needs the same way out, AWS does not say.",
  },
  "too-many-claims": {
    severity: "error",
    sentence:
      "A model asks for more claims than one action of a load balancer checks, with those of the entry.",
    example: `entry:\n  callers: { jwt: { issuer: a, jwks: https://login.example.com/keys, claims: { ${Array.from(
      { length: 11 },
      (_, index) => `c${index}: { format: single-string, values: [a] }`,
    ).join(", ")} } } }`,
    remedy: "Ask for fewer claims.",
  },
  "token-meets-api-key": {
    severity: "error",
    sentence:
      "A client sends one `Authorization` header. The load balancer takes it for a token and passes it on, and the server takes it for its API key: nobody gets an answer.",
    example: parts(`entry:\n  callers: { ${JWT} }`, model(`apiKey: ${SECRET}`)),
    remedy:
      "Remove `apiKey`, since the token guards the model. Or write `callers: unauthenticated` for this model, and its key stands alone.",
  },
  "preflight-turned-away": {
    severity: "warning",
    sentence:
      "By OPTIONS a browser asks whether a page of another origin may send a request. It does so without token or cookie, and the load balancer lets nobody in without.",
    example: parts(
      `entry:\n  callers: { ${JWT} }`,
      model('publicPaths: [preset, { path: "/v1/*", method: OPTIONS }]'),
    ),
    remedy:
      "Leave OPTIONS out, and serve the page from the host of the models, or let the page's own server call them.",
  },
  "token-may-meet-key": {
    severity: "warning",
    sentence:
      "By the names of its secrets a custom server, such as a gateway, asks its callers for a key. A client sends one `Authorization` header, which the load balancer takes for a token and passes on.",
    example: parts(
      `entry:\n  callers: { ${JWT} }`,
      model(
        "server: custom",
        "secrets: { LITELLM_MASTER_KEY: arn:aws:secretsmanager:us-east-1:123456789012:secret:gateway-AbCdEf }",
      ),
    ),
    remedy:
      "Write `callers: unauthenticated` for this model, and its key stands alone. Accept the warning where the server asks for no key, or takes these tokens itself.",
  },
  "model-without-api-key": {
    severity: "error",
    sentence:
      "With `callers: apiKey` the key of its server is all that guards a model, and this one asks for none.",
    example: "entry:\n  callers: apiKey",
    remedy: "Write `apiKey` for the model, or `callers: unauthenticated` if it is meant to be open.",
  },
  "path-without-key": {
    severity: "error",
    sentence:
      "With `callers: apiKey` the key of its server is all that guards a model, and the server answers this path without it.",
    example: parts(
      "entry:\n  callers: apiKey",
      model(`apiKey: ${SECRET}`, "publicPaths: [preset, /tokenize]"),
    ),
    remedy: "Leave the path out. The health check of the load balancer and of the global endpoint need none.",
  },
} as const satisfies Findings;
