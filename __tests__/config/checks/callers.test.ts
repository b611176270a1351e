import { server, testRules } from "../../support/rule-cases";

const UNAUTHENTICATED = "callers: unauthenticated";
const ALLOW = "  allow: [203.0.113.0/24]\n";
const WAYS =
  "write entry.callers: jwt, mtls or oidc, which the load balancer checks; apiKey, where each model asks for its own; or unauthenticated";
const JWT = "jwt: { issuer: https://login.example.com/, jwks: https://login.example.com/keys }";
const MTLS = "mtls: { bundle: s3://example-authorities/clients.pem }";
const OIDC =
  "oidc: { issuer: https://login.example.com, authorizationEndpoint: https://login.example.com/authorize, tokenEndpoint: https://login.example.com/token, userInfoEndpoint: https://login.example.com/userinfo, clientId: models, clientSecretInState: accepted }";
const KEY = "apiKey: arn:aws:secretsmanager:us-east-1:123456789012:secret:chat-key-AbCdEf";
const TIME = "    loadTime: 6m\n";

/** Callers of the entry. */
const entry = (callers: string): readonly [string, string] => [UNAUTHENTICATED, `callers: ${callers}`];
/** A field of the model. */
const model = (field: string): readonly [string, string] => [TIME, `${TIME}    ${field}\n`];
const claims = (count: number, letter = "c") =>
  `{ ${Array.from({ length: count }, (_, index) => `${letter}${index}: { format: single-string, values: [a] }`).join(", ")} }`;
const jwt = (more: string) =>
  `{ jwt: { issuer: https://login.example.com/, jwks: https://login.example.com/keys, ${more} } }`;

describe("left out", () => {
  testRules([
    {
      name: "behind a few addresses",
      changes: [
        [`  ${UNAUTHENTICATED}\n`, ""],
        [ALLOW, "  allow: ▸[203.0.113.0/24]\n"],
      ],
      expected: [
        `warning  entry.allow  callers-unauthenticated  whoever connects from there may call every model, and nobody asks who it is; ${WAYS}`,
      ],
    },
    {
      name: "behind a few addresses, with a key of each model",
      changes: [[`  ${UNAUTHENTICATED}\n`, ""], [ALLOW, "  allow: ▸[203.0.113.0/24]\n"], model(KEY)],
      expected: [
        `warning  entry.allow  callers-unauthenticated  whoever connects from there may call, and nothing but the key of each model is asked for; ${WAYS}`,
      ],
    },
    {
      name: "and accepted",
      changes: [
        [
          `  ${UNAUTHENTICATED}\n`,
          "  accept: { callers-unauthenticated: nobody but the gateway is there }\n",
        ],
      ],
      expected: [],
    },
    {
      name: "with the whole internet",
      changes: [
        [`  ${UNAUTHENTICATED}\n`, ""],
        [ALLOW, "  allow: ▸anyone-on-the-internet\n"],
      ],
      expected: [
        `error  entry.allow  callers-not-chosen  anyone may connect, and nothing says how callers show who they are; ${WAYS}`,
      ],
    },
    {
      name: "in one of two regions, which has more clients",
      changes: [
        [`  ${UNAUTHENTICATED}\n`, ""],
        [
          "  us-east-1:\n    network",
          `  eu-west-1:\n    network: { create: { cidr: 10.1.0.0/16 } }\n    entry: { ${UNAUTHENTICATED} }\n  us-east-1:\n    entry: { allow: ▸[198.51.100.0/24] }\n    network`,
        ],
      ],
      expected: ["warning  regions.us-east-1.entry.allow  callers-unauthenticated"],
    },
  ]);
});

describe("said", () => {
  testRules([
    { name: "to be tokens", changes: [entry(`{ ${JWT} }`)], expected: [] },
    { name: "to be certificates", changes: [entry(`{ ${MTLS} }`)], expected: [] },
    { name: "to be sign-ins", changes: [entry(`{ ${OIDC} }`)], expected: [] },
    { name: "to be keys", changes: [entry("apiKey"), model(KEY)], expected: [] },
    {
      name: "to be anyone on the internet",
      changes: [[ALLOW, "  allow: anyone-on-the-internet\n"]],
      expected: [],
    },
    {
      name: "in two ways",
      changes: [entry(`{ ${JWT}, mtls: ▸{ bundle: s3://example-authorities/clients.pem } }`)],
      expected: [
        "error  entry.callers.mtls  both-given  jwt and mtls are two ways to show who calls; keep one of them",
      ],
    },
    {
      name: "in no way",
      changes: [entry("▸{}")],
      expected: [
        "error  entry.callers  wrong-length  must have jwt, mtls or oidc; or write callers: apiKey, or callers: unauthenticated",
      ],
    },
    ...(
      [
        [
          "jwt",
          "{ jwt: { issuer: https://login.example.com/, jwks: https://login.example.com/.well-known/jwks.json } }",
        ],
        ["mtls", "{ mtls: { bundle: s3://example-authorities/clients.pem } }"],
        ["OIDC", "{ oidc: { issuer: https://login.example.com, … } }"],
      ] as const
    ).map(([way, fields]) => ({
      name: `to be ${way}, without its fields`,
      changes: [entry(`▸${way}`)],
      expected: [`error  entry.callers  wrong-type  "${way}" needs fields; write callers: ${fields}`],
    })),
    ...["apiKey", "unauthenticated"].map((word) => ({
      name: `to be ${word}, with fields`,
      changes: [entry(`▸{ ▸${word}: {} }`)],
      expected: [
        "error  entry.callers  wrong-length",
        `error  entry.callers.${word}  unknown-field  unknown field "${word}": it is a word, and has no fields; write callers: ${word}`,
      ],
    })),
    ...["basic", "constructor"].map((word) => ({
      name: `to be ${word}, which is no way`,
      changes: [entry(`▸${word}`)],
      expected: [
        `error  entry.callers  wrong-type  expected one of "apiKey", "unauthenticated" or a mapping; got a string ("${word}")`,
      ],
    })),
    {
      name: "to be sign-ins at an internal load balancer of a network made here",
      changes: [[ALLOW, "  allow: [10.0.0.0/8]\n  scheme: internal\n"], entry(`{ ▸${OIDC} }`)],
      expected: [
        "error  entry.callers.oidc  identity-provider-not-reached  an internal load balancer in a network that is made here has no way to an identity provider; use an existing network whose albSubnetIds have a NAT gateway, or callers: { mtls: … }",
      ],
    },
  ]);
});

describe("values that AWS refuses", () => {
  testRules([
    {
      name: "keys without https",
      changes: [entry("{ jwt: { issuer: a, jwks: ▸http://login.example.com/keys } }")],
      expected: [
        'error  entry.callers.jwt.jwks  wrong-format  "http://login.example.com/keys" is no URL with https; write it as https://login.example.com/.well-known/jwks.json',
      ],
    },
    {
      name: "a claim that is always checked",
      changes: [entry(jwt("claims: { ▸exp: { format: single-string, values: [a] } }"))],
      expected: [
        'error  entry.callers.jwt.claims.exp  wrong-format  "exp" is always checked, as are iat, iss, nbf; leave it out',
      ],
    },
    {
      name: "a value of several words",
      changes: [entry(jwt("claims: { scope: { format: space-separated-values, values: [▸a b] } }"))],
      expected: [
        'error  entry.callers.jwt.claims.scope.values[0]  wrong-format  "a b" holds a space, which stands between values; write several values',
      ],
    },
    {
      name: "a folder for a bundle",
      changes: [entry("{ mtls: { bundle: ▸s3://example-authorities/ } }")],
      expected: [
        'error  entry.callers.mtls.bundle  wrong-format  "s3://example-authorities/" is no object in S3; write it as s3://example-authorities/clients.pem',
      ],
    },
    {
      name: "a list of revocations twice",
      changes: [
        entry(
          "{ mtls: { bundle: s3://example-authorities/a.pem, revocations: [s3://example-authorities/a.crl, ▸s3://example-authorities/a.crl] } }",
        ),
      ],
      expected: [
        "error  entry.callers.mtls.revocations[1]  duplicate-item  s3://example-authorities/a.crl repeats revocations[0]; remove it",
      ],
    },
    {
      name: "a secret that is not accepted in the state",
      changes: [entry(`{ ▸${OIDC.replace(", clientSecretInState: accepted", "")} }`)],
      expected: ["error  entry.callers.oidc.clientSecretInState  missing-field"],
    },
    { name: "ten claims", changes: [entry(jwt(`claims: ${claims(10)}`))], expected: [] },
    {
      name: "eleven claims",
      changes: [entry(jwt(`claims: ▸${claims(11)}`))],
      expected: [
        "error  entry.callers.jwt.claims  too-many-claims  has 11 claims, and AWS checks 10; leave some out",
      ],
    },
    {
      name: "no claims",
      changes: [entry(jwt("claims: ▸{}")), model("callers: { claims: ▸{} }")],
      expected: [
        "error  entry.callers.jwt.claims  field-without-effect  names no claim, so it asks for none; name one, or remove it",
        "error  models.llama.callers.claims  field-without-effect",
      ],
    },
    {
      name: "a value of a claim twice",
      changes: [
        entry(jwt("claims: { a: { format: single-string, values: [b, ▸b] } }")),
        model("callers: { claims: { c: { format: string-array, values: [d, e, ▸d] } } }"),
      ],
      expected: [
        "error  entry.callers.jwt.claims.a.values[1]  duplicate-item  b repeats values[0]; remove it",
        "error  models.llama.callers.claims.c.values[2]  duplicate-item",
      ],
    },
    {
      name: "eleven claims in one region, for two models",
      changes: [
        [
          "  us-east-1:\n    network",
          `  us-east-1:\n    entry: { callers: ${jwt(`claims: ▸${claims(11)}`)} }\n    network`,
        ],
        [
          "models:\n  llama:\n",
          "models:\n  mistral:\n    server: vllm\n    image: vllm/vllm-openai:v0.28.0\n    weights: { uri: s3://example-weights/mistral/, size: 15GiB }\n    instanceTypes: [g6.2xlarge, g5.2xlarge]\n    loadTime: 5m\n    longestRequest: 4m\n    capacity: { min: 3, max: 5 }\n    scaling: { requestsPerMinutePerInstance: 50 }\n  llama:\n",
        ],
      ],
      expected: ["error  regions.us-east-1.entry.callers.jwt.claims  too-many-claims"],
    },
    {
      name: "eleven claims, and one of a model",
      changes: [entry(jwt(`claims: ▸${claims(11)}`)), model(`callers: { claims: ${claims(1, "d")} }`)],
      expected: ["error  entry.callers.jwt.claims  too-many-claims"],
    },
    {
      name: "a claim of a model that one region asks for too",
      changes: [
        entry(`{ ${JWT} }`),
        [
          "  us-east-1:\n    network",
          `  us-east-1:\n    entry: { callers: ${jwt("claims: { a: { format: single-string, values: [b] } }")} }\n    network`,
        ],
        model("callers: { claims: { ▸a: { format: single-string, values: [b] } } }"),
      ],
      expected: [
        "error  models.llama.callers.claims.a  duplicate-item  a is among the claims of regions.us-east-1.entry.callers.jwt, which each model asks for; write it in one of the two places",
      ],
    },
    {
      name: "ten claims and one of a model",
      changes: [entry(jwt(`claims: ${claims(10)}`)), model(`callers: { claims: ▸${claims(1, "d")} }`)],
      expected: ["error  models.llama.callers.claims  too-many-claims"],
    },
  ]);
});

describe("URLs of an identity provider", () => {
  const jwks = (url: string) => entry(`{ jwt: { issuer: a, jwks: ▸"${url}" } }`);
  const oidc = (field: string, text: string) =>
    entry(`{ ${OIDC.replace(new RegExp(`${field}: [^ ,]+`), `${field}: ▸"${text}"`)} }`);
  const KEYS = "write it as https://login.example.com/.well-known/jwks.json";
  const refused = (field: string, message = "") => [
    `error  entry.callers.${field}  wrong-format${message && `  ${message}`}`,
  ];
  testRules([
    ...(
      [
        [
          "https://10.0.0.5/keys",
          "has 10.0.0.5 for a host, and AWS takes a domain that it finds in public DNS",
        ],
        [
          "https://[2001:db8::1]/keys",
          "has [2001:db8::1] for a host, and AWS takes a domain that it finds in public DNS",
        ],
        [
          "https://localhost/keys",
          "has localhost for a host, and AWS takes a domain that it finds in public DNS",
        ],
        [
          "https://login.example.com:8443/keys",
          "has port 8443, and the load balancer reaches port 443 alone",
        ],
        ["https://login.example.com/keys#now", "holds a fragment, which no request has"],
        [
          "https://bücher.example/keys",
          "holds other characters than ASCII has; its host is xn--bcher-kva.example in DNS",
        ],
      ] as const
    ).map(([url, fault]) => ({
      name: `keys at ${url}`,
      changes: [jwks(url)],
      expected: refused("jwt.jwks", `"${url}" ${fault}; ${KEYS}`),
    })),
    ...["https://0x7f.1/keys", "https://3232235521/keys", "https://169.254.169.254/keys"].map((url) => ({
      name: `keys at ${url}, an address in another form`,
      changes: [jwks(url)],
      expected: refused("jwt.jwks"),
    })),
    {
      name: "keys with a password, which is not shown",
      changes: [jwks("https://me:hunter2@login.example.com/keys")],
      expected: [
        `error  entry.callers.jwt.jwks  secret-in-plain-text  holds a user or a password, which anyone who reads the plan would see; ${KEYS}`,
      ],
    },
    ...["https://login.example.com/keys?p=b2c_1", "https://login.example.com:443/keys"].map((url) => ({
      name: `keys at ${url}, which is right`,
      changes: [entry(`{ jwt: { issuer: a, jwks: "${url}" } }`)],
      expected: [],
    })),
    {
      name: "an issuer with a space at its end",
      changes: [
        entry('{ jwt: { issuer: ▸"https://login.example.com/ ", jwks: https://login.example.com/keys } }'),
      ],
      expected: refused("jwt.issuer"),
    },
    ...(
      [
        ["tokenEndpoint", "https://login.example.com:8443/token"],
        ["userInfoEndpoint", "https://login.example.com:444/userinfo"],
        ["userInfoEndpoint", "https://192.168.0.4/userinfo"],
        ["tokenEndpoint", "https://[fd00::1]/token"],
        ["tokenEndpoint", "https://login.example.com"],
        ["authorizationEndpoint", "https://login.example.com"],
        ["authorizationEndpoint", "https://login.example.com/"],
        ["issuer", "https://login.example.com?tenant=a"],
        ["clientId", " "],
        ["clientId", ""],
      ] as const
    ).map(([field, text]) => ({
      name: `sign-ins with ${field} "${text}"`,
      changes: [oidc(field, text)],
      expected: refused(`oidc.${field}`),
    })),
    {
      name: "sign-ins without openid",
      changes: [entry(`{ ${OIDC.replace("clientId", 'scope: ▸"email profile", clientId')} }`)],
      expected: refused(
        "oidc.scope",
        '"email profile" lacks openid, without which a provider gives no id token; write openid email profile',
      ),
    },
    {
      name: "browsers at another port",
      changes: [
        entry(
          `{ ${OIDC.replace("https://login.example.com/authorize", "https://login.example.com:8443/authorize")} }`,
        ),
      ],
      expected: [],
    },
  ]);
});

describe("a model", () => {
  const gateway = (fields: string) =>
    [
      [
        "server: vllm\n    image: vllm/vllm-openai:v0.28.0",
        `server: custom\n    image: ghcr.io/berriai/litellm:v1.80.0\n    port: 4000\n    health: { path: /health }\n    probe: health\n    timing: { serverKeepAlive: 2h }\n    ${fields}`,
      ],
    ] as const;
  testRules([
    {
      name: "that asks for more",
      changes: [entry(`{ ${JWT} }`), model(`callers: { claims: ${claims(1)} }`)],
      expected: [],
    },
    {
      name: "that asks for a claim again",
      changes: [
        entry(jwt(`claims: ${claims(1)}`)),
        model("callers: { claims: { ▸c0: { format: single-string, values: [b] } } }"),
      ],
      expected: [
        "error  models.llama.callers.claims.c0  duplicate-item  c0 is among the claims of entry.callers.jwt, which each model asks for; write it in one of the two places",
      ],
    },
    {
      name: "that asks for claims where callers show no token",
      changes: [model(`callers: { claims: ▸${claims(1)} }`)],
      expected: [
        "error  models.llama.callers.claims  field-without-effect  claims mean nothing in us-east-1, whose callers show no token; remove them, or write entry.callers: { jwt: … }",
      ],
    },
    {
      name: "that is open",
      changes: [entry(`{ ${JWT} }`), model("callers: unauthenticated")],
      expected: [],
    },
    {
      name: "that would be open behind a listener that asks for certificates",
      changes: [entry(`{ ${MTLS} }`), model("callers: ▸unauthenticated")],
      expected: [
        "error  models.llama.callers  field-without-effect  means nothing in us-east-1: the listener asks every client for its certificate, whatever the model; remove it, or use another way than mtls",
      ],
    },
    {
      name: "with a key, which a token would meet",
      changes: [entry(`{ ${JWT} }`), model(KEY.replace("arn:", "▸arn:"))],
      expected: [
        "error  models.llama.apiKey  token-meets-api-key  the load balancer passes the token on as it is, and the server takes it for a wrong key; remove the key, or write callers: unauthenticated for the model, whose key then stands alone",
      ],
    },
    ...(
      [
        ["LITELLM_MASTER_KEY", ["warning  models.llama.secrets  token-may-meet-key"]],
        ["GATEWAY_API_KEY", ["warning  models.llama.secrets  token-may-meet-key"]],
        ["HF_TOKEN", []],
        ["LANGFUSE_API_KEY", []],
        ["OPENAI_API_KEY", []],
      ] as const
    ).map(([variable, expected]) => ({
      name: `of a custom server with the secret ${variable}`,
      changes: [
        entry(`{ ${JWT} }`),
        ...gateway(
          `secrets: ▸{ ${variable}: arn:aws:secretsmanager:us-east-1:123456789012:secret:gateway-AbCdEf }`,
        ),
      ],
      expected,
    })),
    {
      name: "of a custom server with a key, open to all",
      changes: [
        entry(`{ ${JWT} }`),
        ...gateway(
          "callers: unauthenticated\n    secrets: { LITELLM_MASTER_KEY: arn:aws:secretsmanager:us-east-1:123456789012:secret:gateway-AbCdEf }",
        ),
      ],
      expected: [],
    },
    {
      name: "with a key alone beside tokens",
      changes: [entry(`{ ${JWT} }`), model(`callers: unauthenticated\n    ${KEY}`)],
      expected: [],
    },
    {
      name: "without a key, where keys are all",
      changes: [entry("apiKey"), ["  llama:", "  ▸llama:"]],
      expected: [
        "error  models.llama  model-without-api-key  nothing gives llama a key to ask for; write apiKey: with the ARN of its secret, or write callers: unauthenticated for the model, which opens it to all who may connect",
      ],
    },
    {
      name: "that is open, where keys are all",
      changes: [entry("apiKey"), model("callers: unauthenticated")],
      expected: [],
    },
  ]);
});

describe("questions of browsers", () => {
  const PAGE = "publicPaths: [preset, { path: /v1/chat/completions, method: ▸OPTIONS }]";
  testRules([
    {
      name: "where a token is asked for",
      changes: [entry(`{ ${JWT} }`), model(PAGE)],
      expected: [
        "warning  models.llama.publicPaths[1].method  preflight-turned-away  a browser sends OPTIONS without a token, so the load balancer turns it away, and no page of another origin gets an answer; leave OPTIONS out, and serve the page from the same host, or let its own server call",
      ],
    },
    {
      name: "by a route, where people sign in",
      changes: [
        entry(`{ ${OIDC} }`),
        model("routes: [{ path: /v1/chat/completions, method: ▸[POST, OPTIONS] }]"),
      ],
      expected: ["warning  models.llama.routes[0].method  preflight-turned-away"],
    },
    ...["unauthenticated", `{ ${MTLS} }`].map((callers) => ({
      name: `where callers are ${callers}`,
      changes: [entry(callers), model(PAGE.replace("▸", ""))],
      expected: [],
    })),
    {
      name: "to an open model",
      changes: [entry(`{ ${JWT} }`), model(`callers: unauthenticated\n    ${PAGE.replace("▸", "")}`)],
      expected: [],
    },
  ]);
});

describe("secrets in what a load balancer compares", () => {
  const SECRET = "sk-abcdefghijklmnopqrstuvwxyz";
  const code = "secret-in-plain-text";
  const route = (text: string) => model(`routes: [{ path: /v1/chat/completions, ${text} }]`);
  testRules([
    {
      name: "a key in a header",
      changes: [route(`headers: { authorization: ▸"Bearer ${SECRET}" }`)],
      expected: [
        `error  models.llama.routes[0].headers.authorization  ${code}  the value of authorization looks like a secret, which anyone who reads the plan or the state would see; let the server ask for it, by apiKey, or let the load balancer ask for a token`,
      ],
    },
    ...(
      [
        ["x-api-key", "letmein"],
        ["X-API-Key", "hf_abcdefghijklmnopqrstuvwxyz"],
        ["Authorization", "Bearer ab*"],
        ["x-anything", SECRET],
      ] as const
    ).map(([name, value]) => ({
      name: `the header ${name}: ${value}`,
      changes: [route(`headers: { ${name}: ▸"${value}" }`)],
      expected: [`error  models.llama.routes[0].headers.${name}  ${code}`],
    })),
    ...['authorization: "Bearer *"', 'x-api-key: "*"', "x-model: llama"].map((headers) => ({
      name: `no secret in ${headers}`,
      changes: [route(`headers: { ${headers} }`)],
      expected: [],
    })),
    {
      name: "a key in a query",
      changes: [route(`query: ▸{ key: token, value: ${SECRET} }`)],
      expected: [`error  models.llama.routes[0].query  ${code}`],
    },
    {
      name: "a key in a rewrite",
      changes: [
        route(
          `rewrite: { path: { regex: "^/v1/chat/completions$", replace: ▸"/v1/chat/completions?key=${SECRET}" } }`,
        ),
      ],
      expected: [`error  models.llama.routes[0].rewrite.path.replace  ${code}`],
    },
    {
      name: "a key in the claims of all callers, and of a model's",
      changes: [
        entry(jwt(`claims: { a: { format: single-string, values: ▸[${SECRET}] } }`)),
        model(`callers: { claims: { b: { format: single-string, values: ▸[${SECRET}] } } }`),
      ],
      expected: [
        `error  entry.callers.jwt.claims.a.values  ${code}`,
        `error  models.llama.callers.claims.b.values  ${code}`,
      ],
    },
  ]);
});

describe("paths, where keys are all", () => {
  const paths = (publicPaths: string) => [entry("apiKey"), model(`${KEY}\n    ${publicPaths}`)] as const;
  const refused = "error  models.llama.publicPaths  path-without-key";
  testRules([
    { name: "under the key", changes: paths('publicPaths: [preset, "/v1/*"]'), expected: [] },
    {
      name: "that show no more than health",
      changes: paths("publicPaths: ▸[preset, /health]"),
      expected: [
        `${refused}  vllm answers /health without its API key, and with callers: apiKey nothing else is asked of callers; leave these out, or write callers: unauthenticated for the model`,
      ],
    },
    {
      name: "that do work",
      changes: paths("publicPaths: ▸[preset, /tokenize]"),
      expected: [refused],
    },
    { name: "unknown", changes: paths("publicPaths: ▸[/other]"), expected: [refused] },
    {
      name: "all",
      changes: paths("publicPaths: ▸every-path-of-the-server"),
      expected: [refused],
    },
    {
      name: "by a route under the key",
      changes: paths('routes: [{ path: "/v1/*", method: [GET, POST, DELETE] }]'),
      expected: [],
    },
    {
      name: "by a route of any method, OPTIONS too",
      changes: paths('routes: [{ path: ▸"/v1/*" }]'),
      expected: [
        "error  models.llama.routes[0].path  path-without-key  vllm is not known to ask for its API key at OPTIONS, and with callers: apiKey nothing else is asked of callers; leave OPTIONS out, as by method: [GET, POST], or write callers: unauthenticated for the model",
      ],
    },
    ...[
      ["vllm", "publicPaths: ▸[{ path: /*, method: HEAD }]"],
      ["vllm", "publicPaths: ▸[preset, { path: /v1/*, method: OPTIONS }]"],
      ["vllm", "publicPaths: ▸[preset, { path: /metrics, method: [PUT, DELETE] }]"],
      ["vllm", "publicPaths: ▸[{ path: /m*, method: PATCH }]"],
      ["sglang", "publicPaths: ▸[{ path: /health*, method: PUT }]"],
      ["sglang", "publicPaths: ▸[/health_generate]"],
      ["sglang", "publicPaths: ▸[/metrics/all]"],
      ["llama.cpp", "publicPaths: ▸[{ path: /health, method: HEAD }]"],
      ["tgi", "publicPaths: ▸[{ path: /info, method: DELETE }]"],
      ["tei", "publicPaths: ▸[{ path: /metrics, method: PUT }]"],
    ].map(([name = "", publicPaths = ""]) => ({
      name: `of ${name} by another method: ${publicPaths}`,
      changes: [server(name), ...paths(`timing: { serverKeepAlive: 2h }\n    ${publicPaths}`)],
      expected: [refused],
    })),
    ...["DELETE", "HEAD", "[GET, PATCH]"].map((method) => ({
      name: `by a route of ${method}`,
      changes: paths(`routes: [{ path: ▸/metrics, method: ${method} }]`),
      expected: ["error  models.llama.routes[0].path  path-without-key"],
    })),
    ...["HEAD", "DELETE", "[GET, POST, PUT]"].map((method) => ({
      name: `that the key guards by ${method}`,
      changes: paths(`publicPaths: [preset, { path: /v1/files, method: ${method} }]`),
      expected: [],
    })),
    {
      name: "by a route that is rewritten",
      changes: paths(
        'routes: [▸{ path: "/a/*", rewrite: { path: { regex: "^/a/(.*)$", replace: "/v1/$1" } } }]',
      ),
      expected: ["error  models.llama.routes[0]  path-without-key"],
    },
  ]);
});
