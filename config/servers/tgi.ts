import { HUGGING_FACE_OFFLINE } from "./caches";
import type { ServerPreset } from "./preset";

/** Text Generation Inference of Hugging Face. */
export const tgi = {
  images: [
    /(?:^|\/)(?:text-generation-inference|tgi):(\d+)\.(\d+)(?:\.(\d+))?/,
    /tgi-inference:[\w.-]*tgi(\d+)\.(\d+)\.(\d+)/,
  ],
  port: 80,
  protocols: {
    grpc: "never",
    source: "Text Generation Inference docs, Architecture: the router serves HTTP",
  },
  healthPath: "/health",
  tasks: {
    usual: "generate",
    probes: {
      generate: {
        path: "/generate",
        body: '{"inputs":"ready?","parameters":{"max_new_tokens":1}}',
        expect: '"generated_text"',
        source: "Text Generation Inference API, POST /generate",
      },
    },
  },
  apiKey: { by: "env", name: "API_KEY", since: [2, 3] },
  model: {
    argument: "--model-id",
    variable: { name: "MODEL_ID" },
    hub: true,
    revision: "--revision",
    withoutOne: "tgi serves bigscience/bloom-560m",
    source: "Text Generation Inference docs: text-generation-launcher arguments; launcher/src/main.rs",
  },
  metrics: {
    port: 80,
    path: "/metrics",
    gauges: ["tgi_queue_size", "tgi_batch_current_size"],
    waiting: "tgi_queue_size",
  },
  publicPaths: {
    GET: ["/health", "/info", "/v1/models"],
    POST: [
      "/",
      "/chat_tokenize",
      "/generate",
      "/generate_stream",
      "/tokenize",
      "/v1/chat/completions",
      "/v1/completions",
    ],
    notForCallers: ["GET /metrics", "POST /invocations", "POST /vertex"],
    withoutKey: ["/chat_tokenize", "/metrics"],
    openWithKey: ["/", "/health", "/info", "/v1/models"],
    guarded: ["/invocations", "/vertex"],
    source: "Text Generation Inference, router/src/server.rs at v3.3.7",
  },
  keepAlive: { by: "none" },
  // huggingface/text-generation-inference#3126
  drain: { by: "argument", name: "--graceful-termination-timeout", since: [3, 2, 2] },
  tls: {
    by: "none",
    why: "tgi has no such option",
    source: "huggingface/text-generation-inference#850, answered with a proxy in front",
  },
  command: [],
  commandLines: [["text-generation-launcher"]],
  arguments: {},
  argumentNames: {
    port: "--port",
    tensorParallel: "--num-shard",
    contextLength: "--max-total-tokens",
    utilization: "--cuda-memory-fraction",
  },
  aliases: { "--port": ["-p"], "--graceful-termination-timeout": ["-g"] },
  weightsInGpus: {},
  // Its image has HF_HOME=/data. The kernels in /kernels are part of the image.
  caches: {
    offline: HUGGING_FACE_OFFLINE,
    directory: "/data",
    environment: { TRITON_CACHE_DIR: "/data/triton" },
    source: "Text Generation Inference: Dockerfile; docs, Quick Tour (--volume $volume:/data)",
  },
  adapters: {
    by: "argument",
    name: "--lora-adapters",
    several: "commas",
    as: "named folder",
    source: "Text Generation Inference docs, LoRA: Serving multiple LoRA adapters",
  },
  source: "Text Generation Inference docs: text-generation-launcher arguments, Metrics",
} as const satisfies ServerPreset;
