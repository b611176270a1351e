import type { ServerPreset } from "./preset";

/** Text Generation Inference of Hugging Face. */
export const tgi = {
  port: 80,
  protocols: {
    grpc: "never",
    source: "Text Generation Inference docs, Architecture: the router serves HTTP",
  },
  healthPath: "/health",
  probe: {
    path: "/generate",
    body: '{"inputs":"ready?","parameters":{"max_new_tokens":1}}',
    expect: '"generated_text"',
    source: "Text Generation Inference API, POST /generate",
  },
  apiKey: "API_KEY",
  metrics: {
    port: 80,
    path: "/metrics",
    gauges: ["tgi_queue_size", "tgi_batch_current_size"],
    waiting: "tgi_queue_size",
  },
  keepAlive: { by: "none" },
  drain: { by: "argument", name: "--graceful-termination-timeout" },
  tls: {
    by: "none",
    why: "tgi has no such option",
    source: "huggingface/text-generation-inference#850, answered with a proxy in front",
  },
  command: [],
  arguments: [],
  argumentNames: {
    port: "--port",
    weights: "--model-id",
    tensorParallel: "--num-shard",
    contextLength: "--max-total-tokens",
    utilization: "--cuda-memory-fraction",
  },
  aliases: { "--port": ["-p"], "--graceful-termination-timeout": ["-g"] },
  weightsInGpus: {},
  source: "Text Generation Inference docs: text-generation-launcher arguments, Metrics",
} as const satisfies ServerPreset;
