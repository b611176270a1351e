import { server, testRules } from "../../support/rule-cases";

const CAPACITY = "capacity: { min: 3, max: 6 }";
const withFields = (fields: string): readonly [string, string] => [CAPACITY, `${CAPACITY}\n    ${fields}`];
const WEIGHTS = "    weights: { uri: s3://example-weights/llama/, size: 15GiB }\n";
const ECR = "123456789012.dkr.ecr.us-east-1.amazonaws.com/nim/";
const BERT = JSON.stringify({
  ...{ architectures: ["BertModel"], model_type: "bert", torch_dtype: "float16", hidden_size: 1024 },
  ...{ intermediate_size: 4096, num_attention_heads: 16, num_hidden_layers: 24, vocab_size: 30_522 },
  max_position_embeddings: 512,
});
const GRPC = "protocol: grpc\n    arguments: [--grpc]\n    routes: [{ headers: { x-model: llama } }]\n    ";

describe("a probe", () => {
  testRules([
    { name: "is the server's own", changes: [], expected: [] },
    { name: "is the health check", changes: [withFields("probe: health")], expected: [] },
    {
      name: "is the team's own",
      changes: [
        withFields(
          `env: { KEY: k }\n    probe: { path: /v1/embeddings, body: '{"model": "{model}"}', expect: embedding, bearer: KEY }`,
        ),
      ],
      expected: [],
    },
    {
      name: "posts JSON",
      changes: [withFields("probe: { path: /ask, body: ▸ready? }")],
      expected: ["error  models.llama.probe.body  probe-body-not-json  must be JSON; got 'ready?'"],
    },
    ...["path: ▸/ask?key=KEY", `path: /ask, body: ▸'{"key":"KEY"}'`].map((fields) => ({
      name: `holds no secret, as ${fields}`,
      changes: [withFields(`probe: { ${fields.replace("KEY", `sk-${"a1".repeat(12)}`)} }`)],
      expected: [
        `error  models.llama.probe.${fields.includes("body") ? "body" : "path"}  secret-in-plain-text  its text looks like a secret, which anyone who reads the plan would see; put it into Secrets Manager or a SecureString parameter, and its ARN into secrets`,
      ],
    })),
    {
      name: "carries a key that the server has",
      changes: [
        [
          CAPACITY,
          `${CAPACITY}\n    probe: { path: /ask, bearer: ▸KEY }\n    variants:\n      a: { weight: 1 }\n      b: { weight: 1, env: { KEY: k } }`,
        ],
      ],
      expected: [
        "error  models.llama.probe.bearer  unknown-bearer  KEY is neither in secrets nor in env; add it, or leave bearer out",
      ],
    },
    {
      name: "carries a key that is a secret",
      changes: [
        withFields(
          "probe: { path: /ask, bearer: KEY }\n    secrets: { KEY: 'arn:aws:secretsmanager:us-east-1:123456789012:secret:key-AbCdEf' }",
        ),
      ],
      expected: [],
    },
    {
      name: "does not speak gRPC",
      changes: [["vllm-openai:v0.28.0", "vllm-openai:v0.28.0"], withFields(`${GRPC}probe: ▸{ path: /ask }`)],
      expected: [
        "error  models.llama.probe  probe-port-missing  a probe speaks HTTP, and the model's port gRPC; add probe.port, where the server speaks HTTP, or use probe: health",
      ],
    },
    {
      name: "may speak HTTP to another port than that of gRPC",
      changes: [
        ["vllm-openai:v0.28.0", "vllm-openai:v0.28.0"],
        withFields(`${GRPC}probe: { path: /ask, port: 9000 }`),
      ],
      expected: [],
    },
    {
      name: "asks for a path",
      changes: [withFields("probe: { path: ▸ask }")],
      expected: ['error  models.llama.probe.path  wrong-format  "ask" must start with "/"'],
    },
    {
      name: "[text] holds no NUL character",
      changes: [withFields('probe: { path: /ask, expect: ▸"a\\0" }')],
      expected: [
        "error  models.llama.probe.expect  nul-character  holds a NUL character, which no argument or variable can; leave it out",
      ],
    },
  ]);
});

describe("an instance that would enter service unasked", () => {
  const unasked = (what: string) =>
    `warning  models.llama.server  no-probe  llama: no probe is known for ${what}, so an instance enters service when its health check passes, even if its model does not work; write a probe, or probe: health if that is enough`;
  testRules([
    { name: "with triton", changes: [server("▸triton")], expected: [unasked("triton")] },
    {
      name: "with ray-serve",
      changes: [server("▸ray-serve"), withFields("arguments: [serve, run, /models/app.yaml]")],
      expected: [unasked("ray-serve")],
    },
    {
      name: "with a custom server",
      changes: [
        server("▸custom"),
        withFields("port: 8000\n    health: { path: /healthz }\n    timing: { serverKeepAlive: 2h }"),
      ],
      expected: [unasked("a custom server")],
    },
    {
      name: "with gRPC",
      changes: [["server: vllm", "server: ▸vllm"], withFields(GRPC.trim())],
      expected: [unasked("gRPC")],
    },
    {
      name: "knowingly",
      changes: [server("triton"), withFields("probe: health")],
      expected: [],
    },
    {
      name: "but for the team's probe",
      changes: [server("triton"), withFields("probe: { path: /v2/models/llama/ready }")],
      expected: [],
    },
  ]);
});

describe("the task of a model", () => {
  const untold = (index: number, flag: string, name = "vllm") =>
    `error  models.llama.arguments[${index}]  task-not-told  with ${flag} ${name} generates no text, and the request that it answers depends on its task; write task: embed, rerank or classify, or a probe`;
  testRules([
    {
      name: "is not told by --runner pooling",
      changes: [withFields("arguments: [--dtype, half, ▸--runner, pooling]")],
      expected: [untold(2, "--runner")],
    },
    {
      name: "is not told by --convert=reward, in a variant",
      changes: [
        withFields("variants: { a: { weight: 1, arguments: [▸--convert=reward] }, b: { weight: 1 } }"),
      ],
      expected: [untold(0, "--convert").replace("llama.arguments", "llama.variants.a.arguments")],
    },
    {
      name: "is told by the file",
      changes: [withFields("task: embed\n    arguments: [--runner, pooling]")],
      expected: [],
    },
    {
      name: "is told by the argument",
      changes: [withFields("arguments: [--runner, pooling, --convert, embed]")],
      expected: [],
    },
    {
      name: "is told twice",
      changes: [withFields("task: rerank\n    arguments: [▸--convert, embed]")],
      expected: [
        "error  models.llama.arguments[0]  task-contradicts-arguments  with --convert vllm does another task, embed, than task: rerank says; remove one of the two",
      ],
    },
    {
      name: "is one of which no request is known",
      changes: [server("tgi"), withFields("task: ▸embed")],
      expected: [
        "error  models.llama.task  task-not-known  no request for the task embed is known of tgi, only for generate; write a probe, or probe: health",
      ],
    },
    {
      name: "is told by the class of the model, and the server does not have it",
      changes: [
        server("tgi"),
        ["size: 15GiB", "size: 1GiB"],
        withFields(`memory: { config: ▸{ text: '${BERT}' } }`),
      ],
      expected: [
        "error  models.llama.memory.config  task-not-known  is of a BertModel, whose task is embed, and tgi has only generate; use another server, or write task or probe if it has",
      ],
    },
    {
      name: "is told by the class of the model, and a probe says otherwise",
      changes: [
        server("tgi"),
        ["size: 15GiB", "size: 1GiB"],
        withFields(`probe: health\n    memory: { config: { text: '${BERT}' } }`),
      ],
      expected: [],
    },
    {
      name: "does not matter where a probe is written",
      changes: [
        withFields(
          `task: image\n    arguments: [--runner, pooling]\n    probe: { path: /v1/embeddings, body: '{"model": "{model}", "input": "ready?"}' }`,
        ),
      ],
      expected: [],
    },
    ...[
      ...["nvidia/magpie-tts-multilingual:1.3.0", "black-forest-labs/flux.1-dev:1.2.3", "arc/evo2-40b:2.1.0"],
      ...["nvidia/nemotron-page-elements-v3:1.7.0", "baidu/paddleocr:1.5.0", "nvidia/nvclip:2.0.0"],
      ...["nvidia/riva-translate-1_6b:1.5.0", "nvidia/nemoguard-jailbreak-detect:1.10.1"],
    ].flatMap((image) => [
      {
        name: `is not told by the image of a NIM, ${image}`,
        changes: nimImage(`▸${ECR}${image}`),
        expected: [
          "error  models.llama.image  task-not-told  the name of the image does not tell what its model does, and the request that it answers depends on that; write task: generate, embed, rerank or transcribe, or a probe; for another task probe: health, and its paths as publicPaths: [/v1/infer]",
        ],
      },
      {
        name: `does not matter with probe: health, of ${image}`,
        changes: [...nimImage(`${ECR}${image}`), withFields("probe: health")],
        expected: [],
      },
    ]),
    ...[
      ...[
        "nvidia/parakeet-1-1b-ctc-en-us:1.3.0",
        "nvidia/canary-1b:1.3.0",
        "nvidia/nemotron-transcribe:1.0.0",
      ],
      ...["nvidia/nemotron-asr-streaming:1.0.0", "openai/whisper-large-v3:1.3.0"],
    ].map((image) => ({
      name: `is told by the image of a NIM for speech, ${image}`,
      changes: nimImage(`${ECR}${image}`),
      expected: [],
    })),
    {
      name: "is to generate",
      changes: [withFields("arguments: [--runner, generate]")],
      expected: [],
    },
  ]);
});

describe("a model for images or videos, of which the preset's server knows nothing,", () => {
  const without: readonly [string, string] = [WEIGHTS, "    volume: { size: 200GiB }\n"];
  const start = "arguments: [sglang, serve, --model-path, ";
  testRules([
    {
      name: "is a custom server's",
      changes: [
        server("sglang"),
        without,
        withFields(`${start}Qwen/Qwen-Image, --num-gpus, '1']`),
        ["  llama:", "  ▸llama:"],
      ],
      expected: [
        `error  models.llama.model  server-of-images  Qwen/Qwen-Image makes images or videos, for which sglang has another server, with other options and paths; write server: custom, port: 30000, health: { path: /health }, command: [sglang, serve, --model-path, Qwen/Qwen-Image, --host, 0.0.0.0, --port, "30000"] and probe: { path: /v1/images/generations, body: '{"prompt":"ready?","size":"256x256","n":1}' }; for videos publicPaths: [/v1/videos, "/v1/videos/{id}", "/v1/videos/{id}/content"] and probe: health`,
      ],
    },
    ...[
      "Wan-AI/Wan2.2-T2V-A14B-Diffusers",
      "black-forest-labs/FLUX.1-dev",
      "hunyuanvideo-community/HunyuanVideo",
      "acme/x, --model-type, diffusion",
    ].map((name) => ({
      name: `is a custom server's: ${name}`,
      changes: [
        server("sglang"),
        without,
        withFields(`${start}${name}]`),
        ["  llama:", "  ▸llama:"] as const,
      ],
      expected: ["error  models.llama.model  server-of-images"],
    })),
    {
      name: "is a custom server's by its task",
      changes: [server("sglang"), withFields("task: ▸image")],
      expected: ["error  models.llama.task  server-of-images"],
    },
    {
      name: "is a custom server's in vLLM-Omni",
      changes: [
        withFields("arguments: [--omni]"),
        without,
        withFieldsAgain("model: ▸Qwen/Qwen3-Omni-30B-A3B-Instruct"),
      ],
      expected: ["error  models.llama.model  server-of-images"],
    },
    {
      name: "and one that is told to do something else",
      changes: [server("sglang"), without, withFields("task: generate\n    model: acme/flux.2-writer")],
      expected: [],
    },
    {
      name: "or has an image in its name",
      changes: [server("sglang"), without, withFields("model: Qwen/Qwen2.5-VL-7B-Instruct")],
      expected: [],
    },
  ]);
});

/** A NIM that serves the model in its image. */
function nimImage(image: string): readonly (readonly [string, string])[] {
  return [
    server("nim", image),
    [WEIGHTS, "    volume: { size: 200GiB }\n    timing: { serverKeepAlive: 2h }\n"],
  ];
}

function withFieldsAgain(fields: string): readonly [string, string] {
  return ["    loadTime: 6m", `    ${fields}\n    loadTime: 6m`];
}
