import { server, testRules } from "../../support/rule-cases";

const CAPACITY = "capacity: { min: 3, max: 6 }";
const with_ = (fields: string): readonly [string, string] => [CAPACITY, `${CAPACITY}\n    ${fields}`];
const withoutWeights: readonly [string, string] = [
  "    weights: { uri: s3://example-weights/llama/, size: 15GiB }\n",
  "    memory: { parameters: 8B }\n",
];
const secret = (path: string, what: string, field: string) =>
  `error  models.llama.${path}  secret-in-plain-text  ${what} looks like a secret, which anyone who reads the plan would see; put it into Secrets Manager or a SecureString parameter, and its ARN into ${field}`;

describe("what follows the server's own words in command is judged as in arguments", () => {
  testRules([
    {
      name: "another model than the field's",
      changes: [
        server("sglang"),
        withoutWeights,
        with_(
          "model: Qwen/Qwen3-4B\n    command: [python3, -m, sglang.launch_server, ▸--model-path, Qwen/Qwen3-8B]",
        ),
      ],
      expected: [
        "error  models.llama.command[3]  model-named-twice  names the model Qwen/Qwen3-8B, and the field model names Qwen/Qwen3-4B; remove one of the two",
      ],
    },
    {
      name: "no model at all",
      changes: [["models:\n  llama:", "models:\n  ▸llama:"], withoutWeights, with_("command: [vllm, serve]")],
      expected: ["error  models.llama.model  no-model-named"],
    },
    {
      name: "a port that contradicts the file",
      changes: [with_("command: [vllm, serve, /models, ▸--port, '9000']")],
      expected: [
        "error  models.llama.command[3]  argument-contradicts-file  --port 9000 contradicts port, which is 8000; write it there only",
      ],
    },
    {
      name: "an address that the load balancer does not reach",
      changes: [with_("command: [vllm, serve, /models, ▸--host, 127.0.0.1]")],
      expected: ["error  models.llama.command[3]  server-not-reachable"],
    },
    {
      name: "more GPUs than there are, in arguments behind it",
      changes: [with_("command: [vllm, serve, /models]\n    arguments: [--seed, '1', ▸-tp, '8']")],
      expected: ["error  models.llama.arguments[2]  too-few-gpus"],
    },
    {
      name: "a flag that the version does not have",
      changes: [
        with_(
          "command: [/usr/bin/python3.12, -u, -m, vllm.entrypoints.openai.api_server, --model, /models, ▸--swap-space, '4']",
        ),
      ],
      expected: ["error  models.llama.command[6]  removed-flag"],
    },
  ]);
});

describe("the server's own words are judged behind programs that start it", () => {
  const TRITON = server("triton");
  testRules([
    {
      name: "a port of Triton behind mpirun, up to the next program",
      changes: [
        TRITON,
        with_(
          "probe: health\n    command: [mpirun, -n, '1', tritonserver, ▸--http-port, '9000', ':', -n, '1', tritonserver, --x]",
        ),
      ],
      expected: [
        "error  models.llama.command[4]  argument-contradicts-file  --http-port 9000 contradicts port, which is 8000; write it there only",
      ],
    },
    {
      name: "a flag that Triton does not have, in arguments",
      changes: [
        TRITON,
        with_(
          "probe: health\n    command: [nice, -n, '-5']\n    arguments: [/opt/tritonserver/bin/tritonserver, ▸--bogus]",
        ),
      ],
      expected: ["warning  models.llama.arguments[1]  unknown-flag"],
    },
    ...[
      "numactl, -N, '0'",
      "tini, --",
      "env, A=b",
      "dumb-init",
      "/app/entrypoint.sh",
      "timeout, 1h, nice",
    ].map((before) => ({
      name: `a removed flag behind ${before}`,
      changes: [with_(`command: [${before}, vllm, serve, /models, ▸--swap-space, '4']`)],
      expected: [`error  models.llama.command[${before.split(",").length + 3}]  removed-flag`],
    })),
    {
      name: "an address in the line of a shell",
      changes: [with_("command: [bash, -c, ▸'cd /app; exec vllm serve /models --host 127.0.0.1']")],
      expected: ["error  models.llama.command[2]  server-not-reachable"],
    },
    {
      name: "a port in the line of a shell behind docker run",
      changes: [
        [
          "    image: vllm/vllm-openai:v0.28.0\n",
          "    run: ▸docker run --entrypoint bash vllm/vllm-openai:v0.28.0 -c 'vllm serve /models --port 9000'\n",
        ],
      ],
      expected: [
        "error  models.llama.run  argument-contradicts-file  --port 9000 contradicts port, which is 8000; write it there only",
      ],
    },
    {
      name: "but not where the shell alone knows them",
      changes: [with_("command: [bash, -c, 'vllm serve $MODEL --host 127.0.0.1 \"$@\"', x]")],
      expected: [],
    },
  ]);
});

describe("a secret in command", () => {
  const key = "sk-1234567890abcdefghij";
  testRules([
    {
      name: "behind the server's own words",
      changes: [with_(`command: [vllm, serve, /models, ▸--api-key, ▸${key}]`)],
      expected: [
        secret("command[3]", "the argument", "apiKey"),
        secret("command[4]", "the argument", "apiKey"),
      ],
    },
    {
      name: "as a variable in the line of a shell",
      changes: [with_(`command: [bash, -c, ▸'HF_TOKEN=letmein exec vllm serve /models "$@"', x]`)],
      expected: [secret("command[2]", "a word of the command", "secrets")],
    },
    {
      name: "as an argument in the line of a shell",
      changes: [with_(`command: [bash, -c, ▸'exec vllm serve /models --api-key letmein "$@"', x]`)],
      expected: [secret("command[2]", "the argument", "apiKey")],
    },
    {
      name: "not where a variable gives it",
      changes: [
        with_(`command: [bash, -c, 'HF_TOKEN=$TOKEN exec vllm serve /models --api-key "$KEY" "$@"', x]`),
      ],
      expected: [],
    },
  ]);
});

describe("a command without a program", () => {
  testRules([
    {
      name: "as compose files have it",
      changes: [withoutWeights, with_("model: Qwen/Qwen3-8B\n    command: [▸--max-model-len, '8192']")],
      expected: [
        "error  models.llama.command[0]  misplaced-word  --max-model-len is an argument, and the first word of command is the program that starts; write these words into arguments",
      ],
    },
    ...["exec", "source", "cd"].map((word) => ({
      name: `that begins with ${word}`,
      changes: [with_(`command: [▸${word}, vllm, serve, /models]`)],
      expected: [
        `error  models.llama.command[0]  misplaced-word  ${word} is a word of a shell, and none runs here: no program has that name; leave it out`,
      ],
    })),
    {
      name: "that begins with a variable, whose value is not shown",
      changes: [with_("command: [▸SOME_NAME=abc, vllm, serve, /models]")],
      expected: [
        "error  models.llama.command[0]  misplaced-word  SOME_NAME=… sets a variable in a shell, and none runs here: no program has that name; remove the word, and write env: { SOME_NAME: … }",
      ],
    },
    {
      name: "that is a whole line",
      changes: [with_("command: [▸'vllm serve /models --seed 1']")],
      expected: [
        'error  models.llama.command[0]  misplaced-word  several words are written as one, and no shell parts them: no program has that name; write each on its own, command: [vllm, serve, /models, --seed, "1"]',
      ],
    },
    {
      name: "that does something else than to serve",
      changes: [server("ollama"), with_("arguments: [▸run, llama3.2]")],
      expected: [
        "error  models.llama.arguments[0]  misplaced-word  run has the program do something else than to serve, and then end; leave it out, and what belongs to it; what is served lies in weights",
      ],
    },
  ]);
});

describe("a configuration file of the server", () => {
  const config = (text: string) =>
    with_(
      `arguments: [--config, /etc/vllm.yaml]\n    files: { /etc/vllm.yaml: { text: ${JSON.stringify(text)} } }`,
    );
  const model = (name: string): readonly [string, string] => [
    "    loadTime: 6m",
    `    model: ${name}\n    loadTime: 6m`,
  ];
  testRules([
    {
      name: "may stand beside the model, which it does not name",
      changes: [withoutWeights, config("max-model-len: 8192"), model("Qwen/Qwen3-8B")],
      expected: [],
    },
    {
      name: "names another model",
      changes: [
        withoutWeights,
        config("model: Qwen/Qwen3-4B\nmax-model-len: 8192"),
        model("Qwen/Qwen3-8B"),
        ["arguments: [--config", "arguments: [▸--config"],
      ],
      expected: ["error  models.llama.arguments[0]  model-named-twice"],
    },
    {
      name: "names no model, and nothing else does",
      changes: [["models:\n  llama:", "models:\n  ▸llama:"], withoutWeights, config("max-model-len: 8192")],
      expected: ["error  models.llama.model  no-model-named"],
    },
    {
      name: "has a key, by its name",
      changes: [config("max-model-len: 8192\napi-key: letmein"), ["/etc/vllm.yaml: {", "/etc/vllm.yaml: ▸{"]],
      expected: [secret(`files["/etc/vllm.yaml"]`, "api-key in the file", "apiKey")],
    },
    {
      name: "has tokens of text, and a key from a variable",
      changes: [config("eos_token: </s>\napi-key: $VLLM_API_KEY")],
      expected: [],
    },
    {
      name: "has an address in S3 that nothing grants",
      changes: [
        config("load: s3://acme-models/qwen/model.tensors"),
        ["/etc/vllm.yaml: {", "/etc/vllm.yaml: ▸{"],
      ],
      expected: [
        `error  models.llama.files["/etc/vllm.yaml"]  s3-not-granted  the instances may not read s3://acme-models/qwen/model.tensors; write reads: [s3://acme-models/qwen/]`,
      ],
    },
  ]);
});

describe("what no server understands", () => {
  const model = (name: string): readonly [string, string] => [
    "    loadTime: 6m",
    `    model: ${name}\n    loadTime: 6m`,
  ];
  testRules([
    {
      name: "the page of a model on the hub",
      changes: [withoutWeights, model("▸https://huggingface.co/Qwen/Qwen3-8B/tree/main")],
      expected: [
        'error  models.llama.model  no-hub-id  "https://huggingface.co/Qwen/Qwen3-8B/tree/main" is no id on the hub, where vllm looks; write Qwen/Qwen3-8B',
      ],
    },
    ...[
      ["hf://Qwen/Qwen3-8B", "write Qwen/Qwen3-8B"],
      ["hf://Qwen/Qwen3-8B@v1.0", "write Qwen/Qwen3-8B, and revision: v1.0"],
      ["https://hf.co/Qwen/Qwen3-8B/tree/v1.0", "write Qwen/Qwen3-8B, and revision: v1.0"],
      ["HuggingFace.co/Qwen/Qwen3-8B", "write Qwen/Qwen3-8B"],
      ["https://hf.co/Qwen/Qwen3-8B/tree/refs%2Fpr%2F1", "write Qwen/Qwen3-8B, and revision: refs/pr/1"],
      ["https://huggingface.co/datasets/a/b", "write it as on the hub, such as Qwen/Qwen3-8B"],
      ["hf.co/Qwen", "write it as on the hub, such as Qwen/Qwen3-8B"],
      ["../x", "write it as on the hub, such as Qwen/Qwen3-8B"],
    ].map(([address, remedy]) => ({
      name: `an address of the hub, ${address}`,
      changes: [withoutWeights, model(`▸${address}`)],
      expected: [
        `error  models.llama.model  no-hub-id  "${address}" is no id on the hub, where vllm looks; ${remedy}`,
      ],
    })),
    {
      name: "an address of the hub beside another revision, without a word of that",
      changes: [withoutWeights, model('▸"hf://Qwen/Qwen3-8B@v2"\n    revision: v1')],
      expected: [
        'error  models.llama.model  no-hub-id  "hf://Qwen/Qwen3-8B@v2" is no id on the hub, where vllm looks; write Qwen/Qwen3-8B, and one revision, v1 or v2',
      ],
    },
    {
      name: "an address of the hub in an argument",
      changes: [withoutWeights, with_('arguments: [▸--model, "hf://Qwen/Qwen3-8B@v1.0"]')],
      expected: [
        'error  models.llama.arguments[0]  no-hub-id  "hf://Qwen/Qwen3-8B@v1.0" is no id on the hub, where vllm looks; write Qwen/Qwen3-8B and --revision v1.0',
      ],
    },
    {
      name: "the name of another library",
      changes: [withoutWeights, model("▸llama3.1:8b")],
      expected: [
        'error  models.llama.model  no-hub-id  "llama3.1:8b" is no id on the hub, where vllm looks; write it as on the hub, such as Qwen/Qwen3-8B',
      ],
    },
    {
      name: "but a quantization in a repository, and one without an owner",
      changes: [withoutWeights, model("unsloth/Qwen3-0.6B-GGUF:Q4_K_M")],
      expected: [],
    },
    {
      name: "variables of Kubernetes and of a shell",
      changes: [with_("arguments: [--max-model-len, ▸$(MAX_LEN), ▸'--seed=$SEED', --dtype, auto]")],
      expected: [
        "error  models.llama.arguments[1]  variable-not-replaced  no shell runs, and the server gets $(MAX_LEN) as it stands; write its value",
        "error  models.llama.arguments[2]  variable-not-replaced  no shell runs, and the server gets $SEED as it stands; write its value",
      ],
    },
    {
      name: "that it is one of several machines",
      changes: [with_("arguments: [▸--nnodes, '2', --node-rank, '0']")],
      expected: [
        "error  models.llama.arguments[0]  several-machines  with --nnodes 2 each instance waits for others, and instances of a group do not know one another; use a type whose GPUs hold the model",
      ],
    },
  ]);
});
