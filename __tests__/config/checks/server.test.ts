import { server, testRules } from "../../support/rule-cases";

const CAPACITY = "capacity: { min: 3, max: 6 }";
const with_ = (fields: string): readonly [string, string] => [CAPACITY, `${CAPACITY}\n    ${fields}`];

describe("what the server is told by hand", () => {
  const says = (path: string, what: string, field: string, stated: string | number) =>
    `error  models.llama.${path}  argument-contradicts-file  ${what} contradicts ${field}, which is ${stated}; write it there only`;
  testRules([
    {
      name: "and is not what the file says",
      changes: [
        with_(
          "arguments: [▸--port, '9000', ▸--tensor-parallel-size=4, ▸--max-model-len, '100', ▸--gpu-memory-utilization, '0.5', ▸--shutdown-timeout=5]",
        ),
        [
          "instanceTypes: [g6",
          "memory: { parameters: 8B, contextLength: 8192, utilization: 0.9 }\n    instanceTypes: [g6",
        ],
      ],
      expected: [
        says("arguments[0]", "--port 9000", "port", 8000),
        says("arguments[2]", "--tensor-parallel-size 4", "memory.tensorParallel", 1),
        says("arguments[3]", "--max-model-len 100", "memory.contextLength", 8192),
        says("arguments[5]", "--gpu-memory-utilization 0.5", "memory.utilization", 0.9),
        says("arguments[7]", "--shutdown-timeout 5", "timing.serverDrain", 300),
      ],
    },
    {
      name: "and is what the file says",
      changes: [
        with_(
          "arguments: [--port, '8000', --tensor-parallel-size=1, --max-model-len, '8192', --gpu-memory-utilization, '.90', --shutdown-timeout=300]",
        ),
        [
          "instanceTypes: [g6",
          "memory: { parameters: 8B, contextLength: 8192, utilization: 0.9 }\n    instanceTypes: [g6",
        ],
      ],
      expected: [],
    },
    {
      name: "and of which the file says nothing",
      changes: [with_("arguments: [--tensor-parallel-size=1, --max-model-len, '100']")],
      expected: [],
    },
    {
      name: "by another name, and is not what the file says",
      changes: [
        with_("arguments: [▸-tp, '1']"),
        [
          "instanceTypes: [g6.2xlarge, g5.2xlarge]",
          "memory: { parameters: 8B, tensorParallel: 2 }\n    instanceTypes: [g6.12xlarge]",
        ],
      ],
      expected: [says("arguments[0]", "-tp 1", "memory.tensorParallel", 2)],
    },
    {
      name: "with underscores, which vllm reads as hyphens, and is not what the file says",
      changes: [
        with_("arguments: [▸--tensor_parallel_size=4, ▸--max_model_len, '100']"),
        ["instanceTypes: [g6", "memory: { parameters: 8B, contextLength: 8192 }\n    instanceTypes: [g6"],
      ],
      expected: [
        says("arguments[0]", "--tensor-parallel-size 4", "memory.tensorParallel", 1),
        says("arguments[1]", "--max-model-len 100", "memory.contextLength", 8192),
      ],
    },
    {
      name: "with underscores, which sglang does not know",
      changes: [
        server("sglang"),
        with_("arguments: [▸--context_length=100]"),
        ["instanceTypes: [g6", "memory: { parameters: 8B, contextLength: 8192 }\n    instanceTypes: [g6"],
      ],
      expected: [
        'warning  models.llama.arguments[0]  unknown-flag  sglang 0.5.13 has no flag --context_length, and does not start with one that it does not know; did you mean "--context-length"?',
      ],
    },
    ...(
      [
        ["arguments: [▸--host, 127.0.0.1]", "arguments[0]", "--host 127.0.0.1"],
        ["arguments: ['▸--host=::1']", "arguments[0]", "--host ::1"],
        ["arguments: [▸--uds, /tmp/s]", "arguments[0]", "--uds"],
        ["arguments: [▸--headless]", "arguments[0]", "--headless"],
        ["env: { HOST: ▸localhost }", "env.HOST", "HOST=localhost"],
      ] as const
    ).map(([field, at, words]) => ({
      name: `by which only the instance reaches the server: ${words}`,
      changes: [with_(field.replace("'▸", "▸'"))],
      expected: [
        `error  models.llama.${at}  server-not-reachable  with ${words} the load balancer does not reach vllm, and the instance's own probe passes; leave it out`,
      ],
    })),
    {
      name: "last, without a value",
      changes: [with_("arguments: [▸--port]")],
      expected: [
        says("arguments[0]", "--port ", "port", 8000),
        "warning  models.llama.arguments[0]  flag-without-value",
      ],
    },
    {
      name: "in a variable, and is not what follows from the file",
      changes: [with_("env: { VLLM_HTTP_TIMEOUT_KEEP_ALIVE: ▸'5' }")],
      expected: [says("env.VLLM_HTTP_TIMEOUT_KEEP_ALIVE", "5", "timing.serverKeepAlive", 4015)],
    },
    {
      name: "in a variable with its port, and is another",
      changes: [server("ollama"), with_("port: 9000"), with_("env: { OLLAMA_HOST: ▸'0.0.0.0:11434' }")],
      expected: [says("env.OLLAMA_HOST", "0.0.0.0:11434", "port", 9000)],
    },
    {
      name: "in a variable that leaves the port to the server, and is another",
      changes: [server("ollama"), with_("port: 9000"), with_("env: { OLLAMA_HOST: ▸0.0.0.0 }")],
      expected: [says("env.OLLAMA_HOST", "0.0.0.0", "port", 9000)],
    },
    {
      name: "in a variable with its port",
      changes: [server("ollama"), with_("port: 9000"), with_("env: { OLLAMA_HOST: '[::]:9000' }")],
      expected: [],
    },
    {
      name: "in a variable, and is what follows from the file",
      changes: [with_("env: { VLLM_HTTP_TIMEOUT_KEEP_ALIVE: '4015' }")],
      expected: [],
    },
    {
      name: "of its weights and its name, which are its own business",
      changes: [with_("arguments: [--model, /models/llama, --served-model-name, other]")],
      expected: [],
    },
    {
      name: "and puts it where the load balancer does not reach it",
      changes: [server("sglang"), with_("arguments: [▸--host=127.0.0.1]")],
      expected: [
        "error  models.llama.arguments[0]  server-not-reachable  with --host 127.0.0.1 the load balancer does not reach sglang; leave it out, and it listens at 0.0.0.0",
      ],
    },
    {
      name: "of its address, which is all addresses",
      changes: [server("sglang"), with_("arguments: [--host, 0.0.0.0]")],
      expected: [],
    },
  ]);
});

describe("the stages of a model", () => {
  const EIGHT = "instanceTypes: [g6.48xlarge]";
  const staged = (memory: string, more = "", types = EIGHT) => [
    ["instanceTypes: [g6.2xlarge, g5.2xlarge]", types] as const,
    ["size: 15GiB", "size: 132GiB"] as const,
    with_(`memory: { parameters: 70B, tensorParallel: 4, layers: 80${memory} }${more}`),
  ];
  testRules([
    { name: "that memory asks for", changes: staged(", pipelineParallel: 2"), expected: [] },
    {
      name: "that the arguments ask for",
      changes: staged("", "\n    arguments: [--pipeline_parallel_size=2]"),
      expected: [],
    },
    {
      name: "that SGLang's arguments ask for",
      changes: [server("sglang"), ...staged("", "\n    arguments: [--pp-size, '2']")],
      expected: [],
    },
    {
      name: "that both ask for, and the same",
      changes: staged(", pipelineParallel: 2", "\n    arguments: [-pp=2]"),
      expected: [],
    },
    {
      name: "that both ask for, and not the same",
      changes: staged(", pipelineParallel: 2", "\n    arguments: [▸-pp, '1']"),
      expected: [
        "error  models.llama.arguments[0]  argument-contradicts-file  -pp 1 contradicts memory.pipelineParallel, which is 2; write it there only",
      ],
    },
    {
      name: "that are no number",
      changes: staged("", "\n    arguments: [-pp=two]", EIGHT.replace("g6", "▸g6")),
      expected: [
        "error  models.llama.instanceTypes[0]  model-does-not-fit  g6.48xlarge (22.03 GiB a GPU, as CUDA reports it) does not hold the model: it needs 34.6 GiB per GPU before any KV cache, and utilization 0.9 leaves 19.8 GiB; every type listed must hold the model; types that do: g7e.12xlarge with tensorParallel 2 ($8.29/h), g6e.12xlarge ($10.49/h), g6.48xlarge with tensorParallel 8 ($13.35/h)",
      ],
    },
    {
      name: "of a server that has none",
      changes: [server("tgi"), ...staged(", pipelineParallel: ▸2")],
      expected: [
        "error  models.llama.memory.pipelineParallel  stages-not-supported  tgi does not split a model into stages; leave pipelineParallel out, and count all GPUs in tensorParallel",
      ],
    },
    {
      name: "of a server that has one alone",
      changes: [server("tgi"), ...staged(", pipelineParallel: 1", "", "instanceTypes: [p5.48xlarge]")],
      expected: [],
    },
    {
      name: "of a server that is told neither of them nor of the split",
      changes: [
        server("triton"),
        ...staged(", pipelineParallel: 2", "\n    probe: { path: /v2/models/llama/ready }"),
      ],
      expected: [],
    },
  ]);
});

describe("an argument", () => {
  const told = (list: string) => with_(`arguments: ${list}`);
  testRules([
    {
      name: "with its value in one",
      changes: [told('[▸"--max-model-len 4096", --seed, "7", ▸"-q  a b"]')],
      expected: [
        'error  models.llama.arguments[0]  arguments-joined  "--max-model-len 4096" reaches the server as one argument; write each word on its own, [--max-model-len, "4096"]',
        'error  models.llama.arguments[3]  arguments-joined  "-q  a b" reaches the server as one argument; write each word on its own, [-q, a, b]',
      ],
    },
    {
      name: "with spaces that are meant",
      changes: [told('["--served-model-name=a b", --chat-template, "{{ x }} - y", "- z", "--", "--x "]')],
      expected: [],
    },
  ]);
});

describe("the version of a server", () => {
  const image = (text: string): readonly [string, string] => ["vllm/vllm-openai:v0.28.0", text];
  const cut = (what: string, remedy = "use 0.27 or later") =>
    `warning  models.llama.image  server-cuts-requests  ${what}, so requests that outlast the load balancer's drain ${what.includes("may") ? "may be" : "are"} cut when an instance stops; ${remedy}`;
  const unknown = cut(
    "the version of vllm is not known from its image, so --shutdown-timeout is left out, and requests",
    "add it to arguments if the image has 0.27 or later",
  ).replace(", and requests, so requests that", ", and requests that");
  testRules([
    {
      name: "has no argument for the drain yet",
      changes: [image("▸vllm/vllm-openai:v0.17.1")],
      expected: [cut("vllm 0.17.1 has no --shutdown-timeout")],
    },
    {
      name: "has an argument for the drain, with a fault",
      changes: [image("▸example/vllm:0.18")],
      expected: [cut("vllm 0.18 may close its connections although --shutdown-timeout is passed")],
    },
    {
      name: "keeps no idle connections yet either",
      changes: [image("▸registry.example.com/mirror/vllm-openai:0.6.3.post1")],
      expected: [
        cut("vllm 0.6.3 has no --shutdown-timeout"),
        "warning  models.llama.image  keep-alive-unknown  vllm before 0.9.2 closes idle connections after 5 s, and then the load balancer answers 502 at random; use a later version",
      ],
    },
    ...[
      "vllm/vllm-openai:nightly-2026-11-01",
      "nvcr.io/nvidia/vllm:25.09-py3",
      `vllm/vllm-openai@sha256:${"a".repeat(64)}`,
    ].map((name) => ({
      name: `is not known from ${name}`,
      changes: [image(`▸${name}`)],
      expected: [unknown],
    })),
    {
      name: "is not known, and the team knows it",
      changes: [image("nvcr.io/nvidia/vllm:25.09-py3"), with_("arguments: [--shutdown-timeout, '300']")],
      expected: [],
    },
    {
      name: "needs a newer driver than a chosen machine image may have",
      changes: [with_("ami: { id: ▸ami-0123456789abcdef0 }")],
      expected: [
        "warning  models.llama.ami.id  driver-may-be-too-old  vllm 0.28.0 needs NVIDIA driver 580 or later, which AWS's images have since December 2025; make sure that this one has it, or leave it out",
      ],
    },
    {
      name: "comes with an older CUDA",
      changes: [image("vllm/vllm-openai:v0.28.0-cu129"), with_("ami: { id: ami-0123456789abcdef0 }")],
      expected: [],
    },
    {
      name: "generates for a health check",
      changes: [server("sglang", "▸lmsysorg/sglang:v0.5.4")],
      expected: [
        "warning  models.llama.image  health-check-generates  before 0.5.6 /health of sglang is a generation, which a busy server answers after up to 20 s, so instances would be replaced for being busy; use a later version, or write health: { interval: 30s, timeout: 21s }",
        "warning  models.llama.image  keep-alive-unknown  sglang before 0.5.10 closes idle connections after 5 s, and then the load balancer answers 502 at random; use a later version",
      ],
    },
    {
      name: "generates for a health check, which has the time",
      changes: [
        server("sglang", "lmsysorg/sglang:v0.5.4"),
        with_("health: { interval: 30s, timeout: 21s }\n    timing: { serverKeepAlive: 2h }"),
      ],
      expected: [],
    },
  ]);
});

/** The image of the first version with --grpc, for the servers that take their version from it. */
const WITH_GRPC: readonly [string, string] = ["vllm-openai:v0.28.0", "vllm-openai:v0.28.0"];

describe("the protocol of a server", () => {
  const QUIET =
    "\n    probe: health\n    timing: { serverKeepAlive: 2h }\n    routes: [{ headers: { x-model: llama } }]";
  const spoken = (name: string, protocol: string, flags = "", more = "") => [
    server(name),
    with_(`protocol: ▸${protocol}${QUIET}\n    arguments: [${flags}]${more}`),
  ];
  testRules([
    ...(
      [
        ["vllm", "http2"],
        ["triton", "http2"],
        ["ollama", "http2"],
        ["ollama", "grpc"],
        ["llama.cpp", "http2"],
        ["llama.cpp", "grpc"],
        ["ray-serve", "http2"],
        ["tgi", "grpc"],
      ] as const
    ).map(([name, protocol]) => ({
      name: `${name} never has ${protocol}`,
      changes: spoken(name, protocol),
      expected: [
        `error  models.llama.protocol  protocol-not-spoken  ${name} does not speak ${protocol}, so no instance would become healthy; use http1, or server: custom if yours does`,
      ],
    })),
    ...(
      [
        ["vllm", "grpc", "--grpc"],
        ["sglang", "grpc", "--grpc-mode"],
        ["sglang", "http2", "--enable-http2"],
      ] as const
    ).flatMap(([name, protocol, flag]) => [
      {
        name: `${name} has ${protocol} when it is told, and is not`,
        changes: spoken(name, protocol, "--trust-remote-code"),
        expected: [
          `error  models.llama.protocol  protocol-not-enabled  ${name} speaks ${protocol} only with the argument ${flag}; add it, or use http1`,
        ],
      },
      {
        name: `${name} has ${protocol} when it is told`,
        changes: [WITH_GRPC, ...spoken(name, protocol, flag)],
        expected: [],
      },
    ]),
    ...(
      [
        ["triton", "grpc", ""],
        ["ray-serve", "grpc", "\n    publicPaths: [/userdefined.Service/*]"],
        ["tgi", "http2", ""],
        ["nim", "http2", ""],
        ["nim", "grpc", "\n    publicPaths: [/inference.Service/*]"],
      ] as const
    ).map(([name, protocol, publicPaths]) => ({
      name: `${name} may have ${protocol}`,
      changes: spoken(name, protocol, "", publicPaths),
      expected: [],
    })),
    {
      name: "of a variant alone is told in vain",
      changes: [
        WITH_GRPC,
        with_(
          `protocol: ▸grpc${QUIET}\n    variants: { a: { weight: 1, arguments: [--grpc] }, b: { weight: 1 } }`,
        ),
      ],
      expected: [
        "error  models.llama.protocol  protocol-not-enabled  vllm speaks grpc only with the argument --grpc; add it, or use http1",
      ],
    },
  ]);
});

describe("the port of a server", () => {
  const TRITON: readonly [string, string] = server("triton");
  testRules([
    {
      name: "that speaks gRPC, and has HTTP there",
      changes: [
        TRITON,
        with_(
          "protocol: grpc\n    probe: health\n    routes: [{ headers: { x-model: llama } }]\n    port: ▸8000",
        ),
      ],
      expected: [
        "error  models.llama.port  port-taken  triton serves HTTP at port 8000; leave port out, and grpc uses 8001",
      ],
    },
    ...["", "\n    port: 8001", "\n    port: 9000"].map((port) => ({
      name: `that speaks gRPC, ${port.trim() || "left out"}`,
      changes: [
        TRITON,
        with_(`protocol: grpc\n    probe: health\n    routes: [{ headers: { x-model: llama } }]${port}`),
      ],
      expected: [],
    })),
  ]);
});

describe("a beginning of the server's paths", () => {
  const QUIET = "timing: { serverKeepAlive: 2h }\n    ";
  const moved = (where: string, words: string, name: string) =>
    `error  models.llama.${where}  server-paths-moved  with ${words} /chat the paths of ${name} begin with /chat, and the load balancer, the health check and the probe ask for them without; remove it, and write routes: [{ prefix: /chat }], or leave the default, /llama`;
  const ray = (prefix: string) => [
    server("ray-serve"),
    with_(`probe: health\n    arguments: [serve, run, ${prefix}, app]`),
  ];
  testRules([
    ...["▸--api-prefix, /chat", "▸--api_prefix=/chat"].map((words) => ({
      name: `of llama.cpp by ${words}`,
      changes: [server("llama.cpp"), with_(`${QUIET}arguments: [${words}]`)],
      expected: [moved("arguments[0]", "--api-prefix", "llama.cpp")],
    })),
    {
      name: "of llama.cpp by a variable",
      changes: [server("llama.cpp"), with_(`${QUIET}env: { LLAMA_ARG_API_PREFIX: ▸/chat }`)],
      expected: [moved("env.LLAMA_ARG_API_PREFIX", "LLAMA_ARG_API_PREFIX", "llama.cpp")],
    },
    {
      name: "of llama.cpp in a command of its own",
      changes: [
        server("llama.cpp"),
        with_(`${QUIET}command: [sh, -c, ▸'exec llama-server --api-prefix /chat "$@"', sh]`),
      ],
      expected: [moved("command[2]", "--api-prefix", "llama.cpp")],
    },
    {
      name: "of llama.cpp that is empty",
      changes: [server("llama.cpp"), with_(`${QUIET}env: { LLAMA_ARG_API_PREFIX: "" }`)],
      expected: [],
    },
    {
      name: "of Ray Serve",
      changes: ray("▸--route-prefix, /chat"),
      expected: [moved("arguments[2]", "--route-prefix", "ray-serve")],
    },
    { name: "of Ray Serve that is none", changes: ray("--route-prefix=/"), expected: [] },
  ]);
});
