import { server, testRules } from "../../support/rule-cases";

const CAPACITY = "capacity: { min: 3, max: 6 }";
const with_ = (fields: string): readonly [string, string] => [CAPACITY, `${CAPACITY}\n    ${fields}`];

describe("a file that an argument names", () => {
  testRules([
    {
      name: "has to come from somewhere",
      changes: [with_("arguments: [--seed, '1', ▸--chat-template, /etc/chat.jinja]")],
      expected: [
        "warning  models.llama.arguments[2]  file-not-given  --chat-template names /etc/chat.jinja, which nothing brings into the container, and vllm does not start without; put the file beside serving.yaml, and write files: { /etc/chat.jinja: chat.jinja }",
      ],
    },
    {
      name: "has to come from somewhere in the server's own command, too",
      changes: [with_('command: [bash, -c, ▸"vllm serve /models --reasoning-parser-plugin=/etc/parser.py"]')],
      expected: ["warning  models.llama.command[2]  file-not-given"],
    },
    {
      name: "has to come from somewhere for TensorRT-LLM",
      changes: [
        server("trtllm-serve"),
        with_(
          "timing: { serverKeepAlive: 2h }\n    arguments: [▸--extra_llm_api_options, /config/extra.yaml]",
        ),
      ],
      expected: ["warning  models.llama.arguments[0]  file-not-given"],
    },
    ...[
      "arguments: [--chat-template, /models/chat.jinja]",
      "arguments: [--chat-template, /vllm-workspace/examples/chat.jinja]",
      "arguments: [--chat-template, examples/chat.jinja]",
      "arguments: [--chat-template, '{{ x }}']",
      "arguments: [--chat-template, /etc/chat.jinja]\n    files: { /etc/chat.jinja: { text: a } }",
      "arguments: [--chat-template, /extra/chat.jinja]\n    mounts: { /extra: { size: 1GiB } }",
    ].map((fields) => ({ name: `comes with ${fields}`, changes: [with_(fields)], expected: [] })),
  ]);
});
