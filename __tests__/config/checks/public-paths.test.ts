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
