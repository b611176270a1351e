import { CERTIFICATE_FILE, KEY_FILE } from "./certificate";
import type { ServerPreset } from "./preset";

/** NVIDIA NIM for LLMs. */
export const nim = {
  port: 8000,
  healthPath: "/v1/health/ready",
  probe: {
    path: "/v1/chat/completions",
    body: '{"model":"{model}","messages":[{"role":"user","content":"ready?"}],"max_tokens":1}',
    expect: '"choices"',
    source: "NVIDIA NIM for LLMs docs, API Reference: POST /v1/chat/completions, GET /v1/models",
  },
  metrics: {
    port: 8000,
    path: "/v1/metrics",
    // The metrics of vLLM, which NIM exposes since 2.0. Before 2.0 they had no prefix.
    gauges: ["vllm:num_requests_waiting", "vllm:num_requests_running", "vllm:kv_cache_usage_perc"],
    waiting: "vllm:num_requests_waiting",
  },
  keepAlive: { by: "unknown" },
  drain: { by: "none" },
  tls: {
    by: "env",
    options: {
      NIM_SSL_MODE: "TLS",
      NIM_SSL_CERTS_PATH: CERTIFICATE_FILE,
      NIM_SSL_KEY_PATH: KEY_FILE,
    },
    source: "NVIDIA NIM for LLMs docs: Environment Variables; Architecture, proxy",
  },
  command: [],
  arguments: [],
  portVariable: { name: "NIM_SERVER_PORT", value: "{port}" },
  argumentNames: {},
  source:
    "NVIDIA NIM for LLMs 2.0 docs: API Reference, Environment Variables, Logging and Observability (metrics)",
} as const satisfies ServerPreset;
