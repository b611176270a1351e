import { server, testRules } from "../../support/rule-cases";

const CAPACITY = "capacity: { min: 3, max: 6 }";
const with_ = (fields: string): readonly [string, string] => [CAPACITY, `${CAPACITY}\n    ${fields}`];
const KEY = 'apiKey: "arn:aws:secretsmanager:us-east-1:123456789012:secret:key-AbCdEf"\n    ';
/** What keeps a server from other warnings. */
const QUIET: Readonly<Record<string, string>> = {
  triton: "timing: { serverKeepAlive: 2h }\n    probe: health\n    ",
  "llama.cpp": "timing: { serverKeepAlive: 2h }\n    ",
};
const warns = (where: string, paths: string) =>
  `warning  models.llama.${where}  server-controls-open  also opens what callers of ${paths}`;

describe("a segment that stands for any", () => {
  const NAME = "name the paths that callers need";
  testRules([
    ...(
      [
        ["ollama", '["/api/{id}"]', "POST /api/pull, POST /api/push, POST /api/create and 3 more"],
        [
          "vllm",
          '["/{id}"]',
          "POST /scale_elastic_ep, POST /is_scaling_elastic_ep, POST /invocations and 5 more",
        ],
        [
          "sglang",
          '["/{id}"]',
          "POST /update_weights_from_disk, POST /update_weights_from_tensor, POST /update_weights_from_distributed and 26 more",
        ],
        ["llama.cpp", '["/{id}"]', "GET /slots, GET /props, GET /metrics and 2 more"],
        [
          "triton",
          '["/v2/{id}/{id}/{id}/{id}"]',
          "POST /v2/repository/models/*, POST /v2/systemsharedmemory/*, POST /v2/cudasharedmemory/* and 1 more",
        ],
      ] as const
    ).map(([name, paths, open]) => ({
      name: `in a path of ${name}`,
      changes: [server(name), with_(`${QUIET[name] ?? ""}publicPaths: ▸${paths}`)],
      expected: [warns("publicPaths", `${name} must not have: ${open}; ${NAME}`)],
    })),
    {
      name: "where nothing but the inference API is",
      changes: [
        server("triton"),
        with_(
          `${QUIET.triton}publicPaths: ["/v2/models/{model}/versions/{version}", "/v2/models/{model}/infer"]`,
        ),
      ],
      expected: [],
    },
    {
      name: "by another method",
      changes: [with_('publicPaths: [{ path: "/{id}", method: OPTIONS }]')],
      expected: [],
    },
  ]);
});

describe("a route with a path and a rewrite", () => {
  const route = (text: string) => with_(`routes: [${text}]`);
  const OPEN = warns(
    "routes[0].path",
    "vllm must not have: POST /scale_elastic_ep, POST /is_scaling_elastic_ep, POST /invocations and 5 more; write prefix instead, which opens publicPaths alone, or name the paths",
  );
  const pathRewrite = (regex: string, replace: string) =>
    `rewrite: { path: { regex: "${regex}", replace: ${replace} } }`;
  testRules([
    ...(
      [
        ["which takes the beginning off", "/v1/*", "^/v1/(.*)$", "/$1"],
        ["which takes any segment off", "/*", "^/[^/]+/(.*)$", "/$1"],
        ["which takes one of two segments off", "/*", "^/(a|b)/(.*)$", "/$2"],
        ["which takes a segment with its slash off", "/*/*", "^/[^/]*(/.*)$", "$1"],
      ] as const
    ).map(([name, path, regex, replace]) => ({
      name,
      changes: [route(`{ path: ▸"${path}", ${pathRewrite(regex, replace)} }`)],
      expected: [OPEN],
    })),
    {
      name: "which gives the path another beginning",
      changes: [server("sglang"), route(`{ path: ▸"/loads/*", ${pathRewrite("^/loads/(.*)$", "/v1/$1")} }`)],
      expected: [
        warns(
          "routes[0].path",
          "sglang must not have: GET /v1/loads; write prefix instead, which opens publicPaths alone, or name the paths",
        ),
      ],
    },
    {
      name: "which leads to the inference API alone",
      changes: [route(`{ path: "/v1/chat/*", ${pathRewrite("^/v1/chat/(.*)$", "/v1/chat/$1")} }`)],
      expected: [],
    },
  ]);
});

describe("what a variable adds to a server", () => {
  const LORA = 'env: { VLLM_ALLOW_RUNTIME_LORA_UPDATING: "True" }\n    ';
  const open = (where: string, remedy: string) =>
    warns(where, `vllm must not have: POST /v1/load_lora_adapter, POST /v1/unload_lora_adapter; ${remedy}`);
  testRules([
    {
      name: "is open by a wildcard",
      changes: [with_(`${LORA}publicPaths: ▸["/v1/*"]`)],
      expected: [open("publicPaths", "name the paths that callers need")],
    },
    {
      name: "is open by a route",
      changes: [with_(`${LORA}routes: [{ path: ▸"/v1*" }]`)],
      expected: [
        open("routes[0].path", "write prefix instead, which opens publicPaths alone, or name the paths"),
      ],
    },
    {
      name: "is open on one of the variants",
      changes: [
        with_(
          `variants: { a: { weight: 1 }, b: { weight: 1, ${LORA.trim()} } }\n    publicPaths: ▸["/v1/*"]`,
        ),
      ],
      expected: [open("publicPaths", "name the paths that callers need")],
    },
    {
      name: "is not there without it",
      changes: [with_('env: { VLLM_ALLOW_RUNTIME_LORA_UPDATING: "0" }\n    publicPaths: ["/v1/*"]')],
      expected: [],
    },
  ]);
});

describe("a path of a server with a key", () => {
  const END = "the key guards other paths; leave these out, or let only callers in whom you trust";
  testRules([
    {
      name: "that shows how it is run",
      changes: [with_(`${KEY}publicPaths: ▸[preset, /metrics, /version]`)],
      expected: [
        `warning  models.llama.publicPaths  open-without-key  vllm answers /metrics, /version without its API key: ${END}`,
      ],
    },
    {
      name: "that is not known",
      changes: [with_(`${KEY}publicPaths: ▸[preset, /pooling, "/plugin/{id}"]`)],
      expected: [
        `warning  models.llama.publicPaths  open-without-key  vllm answers /pooling without its API key, and is not known to ask for its API key at /plugin/{id}: ${END}`,
      ],
    },
    {
      name: "that is not known, by a route",
      changes: [with_(`${KEY}routes: [{ path: ▸[/v1/chat/completions, /plugin] }]`)],
      expected: [
        `warning  models.llama.routes[0].path  open-without-key  vllm is not known to ask for its API key at /plugin: ${END}`,
      ],
    },
    {
      name: "that the key guards",
      changes: [with_(`${KEY}publicPaths: [preset, /v1/plugin, "/v1/responses/{id}", /health]`)],
      expected: [],
    },
    {
      name: "of a server whose key guards all of them",
      changes: [
        server("llama.cpp"),
        with_(`${QUIET["llama.cpp"]}${KEY}publicPaths: [preset, /metrics, /anything]`),
      ],
      expected: [],
    },
    {
      name: "of a server whose key guards all but some",
      changes: [server("sglang"), with_(`${KEY}publicPaths: ▸[preset, /metrics, /anything]`)],
      expected: ["warning  models.llama.publicPaths  open-without-key"],
    },
    {
      name: "of a server without a key",
      changes: [with_("publicPaths: [preset, /metrics]")],
      expected: [],
    },
  ]);
});

describe("a method of a route", () => {
  const NOTHING = (where: string, message: string) =>
    `error  models.llama.${where}.method  route-opens-nothing  ${message}`;
  testRules([
    ...[
      ["of a route by header", "headers: { x-model: llama }, "],
      ["of a prefix", "prefix: /chat, "],
    ].map(([name, condition]) => ({
      name: `${name} by which no public path is open`,
      changes: [with_(`routes: [{ ${condition}method: ▸[DELETE, POST, OPTIONS] }]`)],
      expected: [
        NOTHING(
          "routes[0]",
          "the public paths are open by GET, POST, and this route opens nothing by DELETE, OPTIONS; leave method out, or write publicPaths with paths that are open by it, as { path: /v1/files, method: DELETE }",
        ),
      ],
    })),
    {
      name: "by which a public path is open",
      changes: [
        with_(
          'publicPaths: [preset, { path: "/v1/*", method: OPTIONS }]\n    routes: [{ headers: { x-model: llama }, method: [POST, OPTIONS] }]',
        ),
      ],
      expected: [],
    },
    {
      name: "of a route with a path of its own",
      changes: [with_("routes: [{ path: /v1/files, method: DELETE }]")],
      expected: [],
    },
    {
      name: "of a route that opens every path",
      changes: [
        with_(
          "publicPaths: every-path-of-the-server\n    routes: [{ headers: { x-model: llama }, method: DELETE }]",
        ),
      ],
      expected: [],
    },
    {
      name: "that is none",
      changes: [with_("routes: [{ headers: { x-model: llama }, method: [▸post] }]")],
      expected: ["error  models.llama.routes[0].method[0]  condition-refused"],
    },
    {
      name: "that gRPC never has",
      changes: [
        server("triton"),
        with_(
          `${QUIET.triton}protocol: grpc\n    routes: [{ path: /inference.GRPCInferenceService/ModelInfer, method: ▸[GET, POST] }]`,
        ),
      ],
      expected: [NOTHING("routes[0]", "requests of gRPC have the method POST, not GET; leave method out")],
    },
    {
      name: "that gRPC never has, in publicPaths",
      changes: [
        server("triton"),
        with_(
          `${QUIET.triton}protocol: grpc\n    routes: [{ headers: { x-model: llama } }]\n    publicPaths: [preset, { path: /a.B/C, method: ▸GET }]`,
        ),
      ],
      expected: [
        NOTHING("publicPaths[1]", "requests of gRPC have the method POST, not GET; leave method out"),
      ],
    },
  ]);
});

describe("a model with gRPC", () => {
  const grpc = (routes: string, mark = "") => [
    server("triton"),
    with_(`${QUIET.triton}protocol: ${mark}grpc${routes}`),
  ];
  const BEHIND = (field: string) =>
    `warning  models.llama.${field}  grpc-behind-prefix  clients of gRPC ask for /package.Service/Method, and most cannot write a path before it, as each route in us-east-1 needs; write a route by host or by metadata, as routes: [{ headers: { x-model: llama } }], or make it the entry's default`;
  const REWRITE = '{ path: ▸/llama/*, rewrite: { path: { regex: "^/llama/(.*)$", replace: "/$1" } } }';
  testRules([
    { name: "behind its own name", changes: grpc("", "▸"), expected: [BEHIND("protocol")] },
    {
      name: "behind prefixes alone",
      changes: grpc("\n    routes: ▸[{ prefix: /a }, { prefix: /b, host: us-east-1.models.example.com }]"),
      expected: [BEHIND("routes")],
    },
    {
      name: "behind a path that is rewritten",
      changes: grpc(`\n    routes: ▸[${REWRITE}]`),
      expected: [BEHIND("routes"), "warning  models.llama.routes[0].path  server-controls-open"],
    },
    ...[
      "{ headers: { x-model: llama } }",
      "{ host: us-east-1.models.example.com }",
      "{ path: /inference.GRPCInferenceService/ModelInfer }",
      "{ prefix: /a }, { headers: { x-model: llama } }",
    ].map((routes) => ({
      name: `reached by ${routes}`,
      changes: grpc(`\n    routes: [${routes}]`),
      expected: [],
    })),
    {
      name: "that is the default",
      changes: [
        ...grpc(""),
        ["  domain: models.example.com\n", "  domain: models.example.com\n  default: llama\n"] as const,
      ],
      expected: [],
    },
  ]);
});
