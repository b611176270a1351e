import type { ServerPreset } from "./preset";

/** Text Embeddings Inference of Hugging Face. */
export const tei = {
  // `89-1.9`, `cuda-1.9.3`, `cpu-1.9`, `1.9`: the first part is for which processor the image is built.
  images: [/(?:^|\/)(?:text-embeddings-inference|tei):(?:[a-z0-9]+-)*?(\d+)\.(\d+)(?:\.(\d+))?/],
  port: 80,
  protocols: {
    http2: "never",
    source: "Text Embeddings Inference docs, CLI arguments; its HTTP server is axum",
  },
  gpus: {
    needs: [
      { image: /text-embeddings-inference:turing-/, least: 7.5, most: 7.5 },
      { image: /text-embeddings-inference:\d+\.\d/, least: 8, most: 8.9 },
      { image: /text-embeddings-inference:86-/, least: 8.6, most: 8.9 },
      { image: /text-embeddings-inference:89-/, least: 8.9, most: 8.9 },
      { image: /text-embeddings-inference:hopper-/, least: 9, most: 9 },
    ],
    source:
      "huggingface/text-embeddings-inference backends/candle/src/compute_cap.rs; docs, Supported models and hardware: images",
  },
  healthPath: "/health",
  tasks: {
    usual: "embed",
    probes: {
      embed: {
        path: "/embed",
        body: '{"inputs":"ready?"}',
        expect: "[[",
        source: "Text Embeddings Inference API, POST /embed",
      },
      rerank: {
        path: "/rerank",
        body: '{"query":"a","texts":["b"]}',
        expect: '"score"',
        source: "Text Embeddings Inference API, POST /rerank",
      },
      classify: {
        path: "/predict",
        body: '{"inputs":"ready?"}',
        expect: '"score"',
        source: "Text Embeddings Inference API, POST /predict",
      },
    },
  },
  apiKey: { by: "env", name: "API_KEY", since: [1, 2] },
  model: {
    argument: "--model-id",
    variable: { name: "MODEL_ID" },
    hub: true,
    revision: "--revision",
    servedName: { argument: "--served-model-name", since: [1, 9] },
    withoutOne: "tei does not start",
    source: "Text Embeddings Inference docs, CLI arguments; router/src/main.rs",
  },
  metrics: {
    port: 80,
    path: "/metrics",
    gauges: ["te_queue_size"],
    waiting: "te_queue_size",
  },
  publicPaths: {
    GET: ["/health", "/info"],
    POST: [
      "/decode",
      "/embed",
      "/embed_all",
      "/embed_sparse",
      "/embeddings",
      "/predict",
      "/rerank",
      "/similarity",
      "/tokenize",
      "/v1/embeddings",
    ],
    notForCallers: ["GET /metrics", "GET /docs", "POST /", "POST /invocations", "POST /vertex"],
    withoutKey: ["/docs", "/metrics"],
    openWithKey: ["/health"],
    guarded: ["/vertex"],
    source: "Text Embeddings Inference API; router/src/http/server.rs at v1.9.3",
  },
  keepAlive: { by: "none" },
  drain: { by: "itself" },
  tls: { by: "none", why: "tei has no such option", source: "Text Embeddings Inference docs, CLI arguments" },
  command: [],
  commandLines: [["text-embeddings-router"]],
  arguments: {},
  argumentNames: { port: "--port" },
  aliases: { "--port": ["-p"] },
  weightsInGpus: {},
  withoutGpus: {
    gpuImages: /(?:^|\/)(?:text-embeddings-inference|tei):(?![a-z0-9-]*cpu-)/,
    image: "ghcr.io/huggingface/text-embeddings-inference:cpu-1.9",
    source: "Text Embeddings Inference docs, Supported models and hardware",
  },
  caches: {
    directory: "/data",
    environment: {},
    source: "Text Embeddings Inference: Dockerfile-cuda-all (HUGGINGFACE_HUB_CACHE=/data)",
  },
  source: "Text Embeddings Inference docs: CLI arguments, Supported models and hardware; Dockerfile-cuda",
} as const satisfies ServerPreset;
