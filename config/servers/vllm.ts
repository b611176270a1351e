import { CERTIFICATE_FILE, KEY_FILE } from "./certificate";
import type { ServerPreset } from "./preset";

/** vLLM. */
export const vllm = {
  port: 8000,
  protocols: {
    http2: "never",
    grpc: { enabledBy: "--grpc" },
    source: "vllm-project/vllm#17695 (uvicorn) and #36169, add --grpc flag to vllm serve",
  },
  healthPath: "/health",
  probe: {
    path: "/v1/completions",
    body: '{"model":"{model}","prompt":"ready?","max_tokens":1}',
    expect: '"choices"',
    source: "vLLM docs, OpenAI-Compatible Server: Completions API, Models API",
  },
  apiKey: "VLLM_API_KEY",
  metrics: {
    port: 8000,
    path: "/metrics",
    gauges: ["vllm:num_requests_waiting", "vllm:num_requests_running", "vllm:kv_cache_usage_perc"],
    waiting: "vllm:num_requests_waiting",
  },
  keepAlive: { by: "env", name: "VLLM_HTTP_TIMEOUT_KEEP_ALIVE" },
  drain: {
    by: "argument",
    name: "--shutdown-timeout",
    since: { tag: /(?:^|\/)vllm-openai:v?(\d+)\.(\d+)/, numbers: [0, 18] },
  },
  tls: {
    by: "argument",
    options: { "--ssl-certfile": CERTIFICATE_FILE, "--ssl-keyfile": KEY_FILE },
    source: "vLLM docs, vllm serve; vllm-project/vllm#2109, in every version with --shutdown-timeout",
  },
  command: [],
  arguments: [],
  argumentNames: {
    port: "--port",
    weights: "--model",
    servedName: "--served-model-name",
    tensorParallel: "--tensor-parallel-size",
    pipelineParallel: "--pipeline-parallel-size",
    contextLength: "--max-model-len",
    utilization: "--gpu-memory-utilization",
  },
  aliases: {
    "--tensor-parallel-size": ["-tp"],
    "--pipeline-parallel-size": ["-pp"],
    "--data-parallel-size": ["-dp"],
    "--data-parallel-size-local": ["-dpl"],
  },
  // vllm/utils/argparse_utils.py, FlexibleArgumentParser.
  acceptsUnderscores: true,
  gpuMultipliers: [{ name: "--data-parallel-size", onInstance: "--data-parallel-size-local" }],
  weightsInGpus: { unless: "--cpu-offload-gb" },
  source:
    "vLLM docs: Environment Variables, Production Metrics, Parallelism and Scaling, Data Parallel Deployment; vllm serve --help (--shutdown-timeout, from 0.18)",
} as const satisfies ServerPreset;
