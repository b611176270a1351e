import { CACHE_DIRECTORY } from "./caches";
import { CERTIFICATE_FILE, KEY_FILE } from "./certificate";
import { embedding } from "./openai";
import type { ServerPreset } from "./preset";

/** The server of llama.cpp. */
export const llamaCpp = {
  images: [/(?:^|\/)llama\.cpp:[\w.-]*-b(\d+)/],
  versionPrefix: "b",
  port: 8080,
  protocols: {
    http2: "never",
    grpc: "never",
    source: "llama.cpp tools/server README; cpp-httplib, HTTP/1.1",
  },
  healthPath: "/health",
  tasks: {
    usual: "generate",
    probes: {
      generate: {
        path: "/completion",
        body: '{"prompt":"ready?","n_predict":1}',
        expect: '"content"',
        source: "llama.cpp tools/server README: POST /completion",
      },
      embed: embedding("llama.cpp tools/server README: POST /v1/embeddings"),
      rerank: {
        path: "/v1/rerank",
        body: '{"model":"{model}","query":"a","documents":["b"]}',
        expect: '"results"',
        source: "llama.cpp tools/server README: POST /v1/rerank",
      },
    },
    told: [
      { argument: "--rerank", task: "rerank" },
      { argument: "--pooling", values: /^rank$/, task: "rerank" },
      { argument: "--embedding", task: "embed" },
    ],
    needs: { embed: "--embedding", rerank: "--rerank" },
  },
  apiKey: { by: "env", name: "LLAMA_API_KEY" },
  model: {
    argument: "--model",
    variable: { name: "LLAMA_ARG_MODEL" },
    hub: { argument: "--hf-repo" },
    servedName: { argument: "--alias" },
    namedBy: [
      "--model-url",
      "--models-dir",
      "LLAMA_ARG_HF_REPO",
      "LLAMA_ARG_MODEL_URL",
      "LLAMA_ARG_MODELS_DIR",
    ],
    file: true,
    withoutOne: "llama.cpp ends, or from b7225 on is healthy with no model",
    source: "llama.cpp tools/server README: --model, --hf-repo, --alias; ggml-org/llama.cpp#17470",
  },
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
    since: [7736],
    source: "llama.cpp tools/server README; ggml-org/llama.cpp#18828, .devops/cuda.Dockerfile",
  },
  command: [],
  commandLines: [["llama-server"], ["/app/llama-server"], ["./llama-server"]],
  arguments: { "--host": "0.0.0.0", "--metrics": true },
  // 8080 is to become 9931 (ggml-org/llama.cpp#26508).
  defaultPortVaries: true,
  argumentNames: { port: "--port", contextLength: "--ctx-size" },
  aliases: {
    "--model": ["-m"],
    "--hf-repo": ["-hf", "-hfr"],
    "--model-url": ["-mu"],
    "--alias": ["-a"],
    "--embedding": ["--embeddings"],
    "--rerank": ["--reranking"],
    "--ctx-size": ["-c"],
  },
  // llama.cpp common/arg.cpp, common_params_parse_ex.
  acceptsUnderscores: true,
  caches: {
    environment: {
      LLAMA_CACHE: `${CACHE_DIRECTORY}/llama.cpp`,
      CUDA_CACHE_PATH: `${CACHE_DIRECTORY}/cuda`,
    },
    source: "llama.cpp tools/server README; CUDA programming guide, CUDA Environment Variables",
  },
  adapters: {
    by: "argument",
    name: "--lora",
    several: "arguments",
    as: "file",
    source: "llama.cpp tools/server README: --lora",
  },
  source: "llama.cpp tools/server README; cpp-httplib: CPPHTTPLIB_KEEPALIVE_TIMEOUT_SECOND is 5",
} as const satisfies ServerPreset;
