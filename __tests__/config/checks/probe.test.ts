import { server, testRules } from "../../support/rule-cases";

const CAPACITY = "capacity: { min: 3, max: 6 }";
const withFields = (fields: string): readonly [string, string] => [CAPACITY, `${CAPACITY}\n    ${fields}`];
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
      changes: [withFields("task: ▸image")],
      expected: [
        "error  models.llama.task  task-not-known  no request for the task image is known of vllm, only for generate, embed, rerank, classify, transcribe; write a probe, or probe: health",
      ],
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
    {
      name: "is to generate",
      changes: [withFields("arguments: [--runner, generate]")],
      expected: [],
    },
  ]);
});
