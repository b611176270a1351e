import { CERTIFICATE_FILE, KEY_FILE } from "./certificate";
import type { ServerPreset } from "./preset";

/** SGLang. */
export const sglang = {
  port: 30000,
  protocols: {
    http2: { enabledBy: "--enable-http2" },
    grpc: { enabledBy: "--grpc-mode" },
    source: "sgl-project/sglang#21700, Support HTTP2 server; SGLang docs, Server Arguments: HTTP server",
  },
  healthPath: "/health",
  probe: {
    path: "/v1/completions",
    body: '{"model":"{model}","prompt":"ready?","max_tokens":1}',
    expect: '"choices"',
    source: "SGLang docs, OpenAI APIs - Completions",
  },
  metrics: {
    port: 30000,
    path: "/metrics",
    gauges: ["sglang:num_queue_reqs", "sglang:num_running_reqs", "sglang:token_usage"],
    waiting: "sglang:num_queue_reqs",
  },
  keepAlive: { by: "env", name: "SGLANG_TIMEOUT_KEEP_ALIVE" },
  drain: { by: "itself" },
  tls: {
    by: "argument",
    options: { "--ssl-certfile": CERTIFICATE_FILE, "--ssl-keyfile": KEY_FILE },
    // Merged in spring 2026; it may be in an earlier version too.
    since: { tag: /(?:^|\/)sglang:v?(\d+)\.(\d+)\.(\d+)/, numbers: [0, 5, 13] },
    source: "sgl-project/sglang#18973, Add SSL/TLS support for HTTP and gRPC servers",
  },
  command: ["python3", "-m", "sglang.launch_server"],
  arguments: ["--host", "0.0.0.0", "--enable-metrics"],
  argumentNames: {
    port: "--port",
    weights: "--model-path",
    servedName: "--served-model-name",
    tensorParallel: "--tp-size",
    pipelineParallel: "--pp-size",
    contextLength: "--context-length",
    utilization: "--mem-fraction-static",
  },
  aliases: {
    "--tp-size": ["--tp", "--tensor-parallel-size"],
    "--pp-size": ["--pp", "--pipeline-parallel-size"],
    "--dp-size": ["--dp", "--data-parallel-size"],
    "--model-path": ["--model"],
  },
  gpuMultipliers: [{ name: "--dp-size", unless: "--enable-dp-attention" }],
  weightsInGpus: { unless: "--cpu-offload-gb" },
  source: "SGLang docs: Server Arguments, Production Metrics; DP, DPA and SGLang DP Router",
} as const satisfies ServerPreset;
