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
  pathPrefix: { argument: "--api-prefix", variable: "LLAMA_ARG_API_PREFIX", none: "" },
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
    loadsNoneWith: {
      argument: "--no-models-autoload",
      unless: ["--models-preset", "--model", "--hf-repo", "--model-url"],
    },
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
  publicPaths: {
    GET: ["/health", "/v1/health", "/v1/models"],
    POST: [
      "/apply-template",
      "/audio/transcriptions",
      "/chat/completions",
      "/completion",
      "/completions",
      "/detokenize",
      "/embedding",
      "/embeddings",
      "/infill",
      "/rerank",
      "/reranking",
      "/responses",
      "/tokenize",
      "/v1/audio/transcriptions",
      "/v1/chat/completions",
      "/v1/completions",
      "/v1/embeddings",
      "/v1/messages",
      "/v1/messages/count_tokens",
      "/v1/rerank",
      "/v1/reranking",
      "/v1/responses",
      "/v1/{api}/input_tokens",
    ],
    notForCallers: [
      "GET /slots",
      "GET /props",
      "GET /metrics",
      "POST /lora-adapters",
      "POST /models",
      "POST /models/load",
      "POST /models/unload",
      "DELETE /models",
      "GET /v1/stream",
      "DELETE /v1/stream",
      "POST /v1/streams/lookup",
      "POST /v1/chat/completions/control",
    ],
    // /v1/models is guarded from August 2026 on (ggml-org/llama.cpp#26347).
    openWithKey: ["/health", "/v1/health", "/v1/models"],
    guarded: ["/*"],
    source: "llama.cpp, tools/server/server.cpp and server-http.cpp at b10573",
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
  // Their entry point, tools.sh, takes the tool as its first argument.
  commandIn: { images: /llama\.cpp:full(?:-|$)/, command: ["--server"] },
  // The full images take -s for --server, where a seed follows the server's own -s.
  commandLines: [["llama-server"], ["--server"], ["-s"]],
  // llama.cpp .devops/tools.sh.
  otherTasks: ["--run", "--run-legacy", "--convert", "--quantize", "--all-in-one", "--bench", "--perplexity"],
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
    // As --offline (b5801 and later): the second name is the older one.
    offline: { LLAMA_ARG_OFFLINE: "1", LLAMA_OFFLINE: "1" },
    environment: {
      LLAMA_CACHE: `${CACHE_DIRECTORY}/llama.cpp`,
      CUDA_CACHE_PATH: `${CACHE_DIRECTORY}/cuda`,
    },
    source: "llama.cpp tools/server README; CUDA programming guide, CUDA Environment Variables",
  },
  withoutGpus: {
    cpuImages: /llama\.cpp:(?:server|full)(?:-b\d+)?(?:@|$)/,
    gpuImages: /:[^@]*(?:cuda|rocm|musa|vulkan|intel|sycl|cann)/,
    image: "ghcr.io/ggml-org/llama.cpp:server-b10573",
    source: "llama.cpp docs/docker.md",
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
