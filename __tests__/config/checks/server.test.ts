import { testRules } from "../../support/rule-cases";

const CAPACITY = "capacity: { min: 3, max: 6 }";
const with_ = (fields: string): readonly [string, string] => [CAPACITY, `${CAPACITY}\n    ${fields}`];

describe("what the server is told by hand", () => {
  const says = (path: string, what: string, field: string, stated: string | number) =>
    `error  models.llama.${path}  ${what} contradicts ${field}, ${stated}; say it there alone`;
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
      said: [
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
      said: [],
    },
    {
      name: "and of which the file says nothing",
      changes: [with_("arguments: [--tensor-parallel-size=4, --max-model-len, '100']")],
      said: [],
    },
    {
      name: "last, without a value",
      changes: [with_("arguments: [▸--port]")],
      said: [says("arguments[0]", "--port ", "port", 8000)],
    },
    {
      name: "in a variable, and is not what follows from the file",
      changes: [with_("env: { VLLM_HTTP_TIMEOUT_KEEP_ALIVE: ▸'5' }")],
      said: [says("env.VLLM_HTTP_TIMEOUT_KEEP_ALIVE", "5", "timing.serverKeepAlive", 4015)],
    },
    {
      name: "in a variable, and is what follows from the file",
      changes: [with_("env: { VLLM_HTTP_TIMEOUT_KEEP_ALIVE: '4015' }")],
      said: [],
    },
    {
      name: "of its weights and its name, which are its own business",
      changes: [with_("arguments: [--model, meta/llama, --served-model-name, other]")],
      said: [],
    },
  ]);
});
