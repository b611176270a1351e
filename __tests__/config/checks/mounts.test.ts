import { testRules } from "../../support/rule-cases";

const WEIGHTS = "weights: { uri: s3://example-weights/llama/, size: 15GiB }";
const with_ = (fields: string): readonly [string, string] => [WEIGHTS, `${WEIGHTS}\n    ${fields}`];
const VLLM = "server: vllm\n    image: vllm/vllm-openai:v0.28.0";
const on = (server: string, image: string): readonly [string, string] => [
  VLLM,
  `server: ${server}\n    image: ${image}`,
];
const LLAMA_CPP = on(
  "llama.cpp",
  "ghcr.io/ggml-org/llama.cpp:server-cuda-b10573\n    model: model.gguf\n    accept: { keep-alive-unknown: clients try again }",
);

describe("adapters", () => {
  testRules([
    {
      name: "for a server that takes them",
      changes: [with_("adapters: { sql: s3://b-b/sql/ }")],
      expected: [],
    },
    {
      name: "for one that does not",
      changes: [on("ollama", "ollama/ollama:0.32.15"), with_("adapters: ▸{ sql: s3://b-b/sql/ }")],
      expected: [
        "error  models.llama.adapters  adapters-not-taken  ollama takes no adapters at its start; vllm, sglang, tgi, nim, llama.cpp do, and a custom server finds them in /adapters",
      ],
    },
    {
      name: "that the arguments give, too",
      changes: [with_("adapters: { sql: s3://b-b/sql/ }\n    arguments: [▸--lora-modules, a=/adapters/sql]")],
      expected: [
        "error  models.llama.arguments[0]  both-given  --lora-modules is what adapters become; write all of them there, or none",
      ],
    },
    {
      name: "without the file that llama.cpp takes",
      changes: [LLAMA_CPP, with_("adapters: { sql: ▸s3://b-b/sql/ }")],
      expected: [
        "error  models.llama.adapters.sql  adapter-file-missing  llama.cpp takes the file of an adapter, not its folder; write { uri: …, file: <name of the file in it> }",
      ],
    },
    {
      name: "with that file",
      changes: [LLAMA_CPP, with_("adapters: { sql: { uri: s3://b-b/sql/, file: sql.gguf } }")],
      expected: [],
    },
    {
      name: "with a file that the server does not take",
      changes: [with_("adapters: { sql: { uri: s3://b-b/sql/, file: ▸sql.gguf } }")],
      expected: [
        "error  models.llama.adapters.sql.file  field-without-effect  vllm takes the folder of an adapter; leave file out",
      ],
    },
    {
      name: "with the name of the model",
      changes: [with_("adapters: { llama: ▸s3://b-b/sql/ }")],
      expected: [
        'error  models.llama.adapters.llama  adapter-named-as-model  "llama" is the name of the model itself, by which clients ask for it without an adapter; choose another name',
      ],
    },
    {
      name: "at places that S3 or the copy refuses",
      changes: [
        with_("adapters: { a: ▸s3://b-b/sql.safetensors, b: { uri: s3://b-b/b/, mirrors: [▸s3://b-b/b] } }"),
      ],
      expected: [
        'error  models.llama.adapters.a  weights-not-a-folder  "s3://b-b/sql.safetensors" is a file, and an instance copies folders; write s3://b-b/',
        "error  models.llama.adapters.b.mirrors[0]  duplicate-item",
      ],
    },
    {
      name: "by a name that no server takes",
      changes: [with_('adapters: { ▸"a=b": s3://b-b/sql/ }')],
      expected: [
        'error  models.llama.adapters["a=b"]  wrong-format  "a=b" is no name of an adapter: 1–63 letters, digits, dots, hyphens and _, a letter or digit first',
      ],
    },
  ]);
});

describe("a place in the container", () => {
  const taken = (field: string, path: string, why: string) =>
    `error  models.llama.${field}["${path}"]  place-taken  ${why}`;
  testRules([
    {
      name: "that is free",
      changes: [
        with_('mounts: { /srv: {}, /srv/out: { size: 1GiB } }\n    files: { /srv/a.yaml: { text: "a: 1" } }'),
      ],
      expected: [],
    },
    ...[
      ["/models", "/models has the weights; choose a place outside of it"],
      ["/models/x", "/models has the weights; choose a place outside of it"],
      ["/adapters/x", "/adapters has the adapters; choose a place outside of it"],
      ["/tls/x", "/tls has the certificate for targetTls; choose a place outside of it"],
      ["/dev/shm", "/dev has the devices; choose a place outside of it"],
    ].map(([path = "", why = ""]) => ({
      name: `that is taken: ${path}`,
      changes: [with_(`mounts: { ${path}: ▸{} }`)],
      expected: [taken("mounts", path, why)],
    })),
    {
      name: "within a file",
      changes: [with_("mounts: { /a/b: ▸{} }\n    files: { /a: { text: x }, /a/c: ▸{ text: x } }")],
      expected: [
        taken("mounts", "/a/b", "files has a file /a; choose another place"),
        taken("files", "/a/c", "files has a file /a; choose another place"),
      ],
    },
    ...["work", "/", "/a/../b", "/a:b", "/a/", "/a,b"].map((path) => ({
      name: `that is no path: ${path}`,
      changes: [with_(`mounts: { ▸"${path}": {} }`)],
      expected: [
        `error  models.llama.mounts${path === "work" ? ".work" : `["${path}"]`}  wrong-format  "${path}" is no path in a container; write it as /etc/app/config.yaml`,
      ],
    })),
  ]);
});

describe("a file", () => {
  testRules([
    {
      name: "with a secret in it",
      changes: [with_("files: { /a: ▸{ text: 'key: AKIAABCDEFGHIJKLMNOP' } }")],
      expected: [
        'error  models.llama.files["/a"]  secret-in-plain-text  a word of the file looks like a secret, which anyone who reads the plan would see; put it into Secrets Manager or a SecureString parameter, and its ARN into secrets',
      ],
    },
    {
      name: "with the name of a variable for one",
      changes: [with_("files: { /a: { text: 'api_key: os.environ/API_KEY' } }")],
      expected: [],
    },
    {
      name: "that is not there",
      changes: [with_("files: { /a: ▸config/none.yaml }")],
      expected: [
        'error  models.llama.files["/a"]  file-not-found  there is no file config/none.yaml; the path is relative to serving.yaml',
      ],
    },
    ...["/etc/a.yaml", "~/a.yaml", "C:/a.yaml"].map((path) => ({
      name: `by a path of one machine: ${path}`,
      changes: [with_(`files: { /a: ▸"${path}" }`)],
      expected: [
        `error  models.llama.files["/a"]  wrong-format  "${path}" is no path relative to this file; write it as config/app.yaml`,
      ],
    })),
  ]);
});
