import { server, testRules } from "../../support/rule-cases";

const PLAIN: readonly [string, string] = ["domain: models.example.com", "protocol: ▸unencrypted-http"];
const UNAUTHENTICATED = "callers: unauthenticated";
const KEY = "apiKey: arn:aws:secretsmanager:us-east-1:123456789012:secret:chat-key-AbCdEf";
const JWT = "jwt: { issuer: https://login.example.com/, jwks: https://login.example.com/keys }";
const MTLS = "mtls: { bundle: s3://example-authorities/clients.pem }";
const OIDC =
  "oidc: { issuer: https://login.example.com, authorizationEndpoint: https://login.example.com/authorize, tokenEndpoint: https://login.example.com/token, userInfoEndpoint: https://login.example.com/userinfo, clientId: models, clientSecretInState: accepted }";

type Change = readonly [string, string];

/** Callers of the entry, and plain HTTP without a mark. */
const entry = (callers: string): readonly Change[] => [
  ["domain: models.example.com", "protocol: unencrypted-http"],
  [UNAUTHENTICATED, `callers: ${callers}`],
];
/** A field of the model. */
const model = (field: string): Change => ["    loadTime: 6m\n", `    loadTime: 6m\n    ${field}\n`];
const INTERNAL: Change = ["  allow: [203.0.113.0/24]\n", "  allow: [10.0.0.0/8]\n  scheme: internal\n"];
/** A server without a preset. */
const gateway: readonly Change[] = [
  server("custom"),
  [
    "    longestRequest: 5m\n",
    "    longestRequest: 5m\n    port: 4000\n    health: { path: /health/liveliness }\n    probe: health\n    timing: { serverKeepAlive: 2h }\n",
  ],
];
const SENT =
  "clients send the key of llama over plain HTTP, where whoever is on the way reads what gives access; write protocol: https and a domain";

describe("plain HTTP", () => {
  testRules([
    ...["jwt", "mtls", "oidc"].map((way, index) => ({
      name: `with ${way}, which needs HTTPS`,
      changes: entry(`{ ▸${[JWT, MTLS, OIDC][index]} }`),
      expected: [
        `error  entry.callers.${way}  callers-need-https  a load balancer takes ${way} with HTTPS alone; write protocol: https and a domain, or callers: unauthenticated`,
      ],
    })),
    {
      name: "with keys that cross the internet",
      changes: [...entry("▸apiKey"), model(KEY)],
      expected: [
        "error  entry.callers  callers-need-https  without HTTPS whoever is on the way of a request reads its key, and a key is all that guards these models; write protocol: https and a domain",
      ],
    },
    {
      name: "with keys that cross the internet to one of two regions",
      changes: [
        ["  domain: models.example.com\n", ""],
        [UNAUTHENTICATED, "callers: ▸apiKey\n  protocol: unencrypted-http"],
        [
          "  us-east-1:\n    network",
          "  eu-west-1:\n    network: { create: { cidr: 10.1.0.0/16 } }\n    entry: { protocol: https, domain: models.example.com }\n    models: { llama: { apiKey: arn:aws:secretsmanager:eu-west-1:123456789012:secret:chat-key-AbCdEf } }\n  us-east-1:\n    network",
        ],
        model(KEY),
      ],
      expected: ["error  entry.callers  callers-need-https"],
    },
    {
      name: "with keys within one's own networks",
      changes: [PLAIN, [UNAUTHENTICATED, "callers: apiKey"], INTERNAL, model(KEY)],
      expected: [`warning  entry.protocol  key-unencrypted  ${SENT}`],
    },
    {
      name: "with keys that come from an accelerator to an internal load balancer",
      changes: [
        ["domain: models.example.com", "domain: models.example.com\n  protocol: unencrypted-http"],
        [UNAUTHENTICATED, "callers: ▸apiKey"],
        ["  allow: [203.0.113.0/24]\n", "  allow: [203.0.113.0/24]\n  scheme: internal\n"],
        [
          "  us-east-1:\n    network",
          "  eu-west-1:\n    network: { create: { cidr: 10.1.0.0/16 } }\n    models: { llama: { apiKey: arn:aws:secretsmanager:eu-west-1:123456789012:secret:chat-key-AbCdEf } }\n  us-east-1:\n    network",
        ],
        ["alarms:\n", "globalEndpoint: { routing: accelerator }\nalarms:\n"],
        model(KEY),
      ],
      expected: ["error  entry.callers  callers-need-https"],
    },
    {
      name: "with a key of a model beside what addresses guard",
      changes: [PLAIN, model(KEY)],
      expected: [`warning  entry.protocol  key-unencrypted  ${SENT}`],
    },
    {
      name: "with the key of a gateway, by its name",
      changes: [
        PLAIN,
        ...gateway,
        model(
          "secrets: { LITELLM_MASTER_KEY: arn:aws:secretsmanager:us-east-1:123456789012:secret:gateway-AbCdEf }",
        ),
      ],
      expected: ["warning  entry.protocol  key-unencrypted"],
    },
    {
      name: "with a key, accepted",
      changes: [
        ["domain: models.example.com", "protocol: unencrypted-http"],
        [UNAUTHENTICATED, `${UNAUTHENTICATED}\n  accept: { key-unencrypted: a tunnel encrypts it }`],
        model(KEY),
      ],
      expected: [],
    },
    { name: "without keys", changes: entry("unauthenticated"), expected: [] },
  ]);
});
