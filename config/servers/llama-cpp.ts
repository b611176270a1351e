import { CERTIFICATE_FILE, KEY_FILE } from "./certificate";
import type { ServerPreset } from "./preset";

/** The server of llama.cpp. */
export const llamaCpp = {
  port: 8080,
  protocols: {
    http2: "never",
    grpc: "never",
    source: "llama.cpp tools/server README; cpp-httplib, HTTP/1.1",
  },
  healthPath: "/health",
  probe: {
    path: "/completion",
    body: '{"prompt":"ready?","n_predict":1}',
    expect: '"content"',
    source: "llama.cpp tools/server README: POST /completion",
  },
  apiKey: "LLAMA_API_KEY",
  metrics: {
    port: 8080,
    path: "/metrics",
    gauges: ["llamacpp:requests_deferred", "llamacpp:requests_processing"],
    waiting: "llamacpp:requests_deferred",
  },
  keepAlive: { by: "fixed", seconds: 5 },
  drain: { by: "none" },
  tls: {
    by: "argument",
    options: { "--ssl-cert-file": CERTIFICATE_FILE, "--ssl-key-file": KEY_FILE },
    // Since this version its images are built with OpenSSL. A server built without it does not start with these arguments.
    since: { tag: /(?:^|\/)llama\.cpp:[\w.-]*-b(\d+)/, numbers: [7736], prefix: "b" },
    source: "llama.cpp tools/server README; ggml-org/llama.cpp#18828, .devops/cuda.Dockerfile",
  },
  command: [],
  arguments: ["--host", "0.0.0.0", "--metrics"],
  // 8080 is to become 9931 (ggml-org/llama.cpp#26508).
  defaultPortVaries: true,
  argumentNames: { port: "--port" },
  // llama.cpp common/arg.cpp, common_params_parse_ex.
  acceptsUnderscores: true,
  source: "llama.cpp tools/server README; cpp-httplib: CPPHTTPLIB_KEEPALIVE_TIMEOUT_SECOND is 5",
} as const satisfies ServerPreset;
