import { COMPILER_CACHES, HUGGING_FACE_CACHE, HUGGING_FACE_OFFLINE } from "./caches";
import { completion } from "./openai";
import type { ServerPreset } from "./preset";

/** The OpenAI server of TensorRT-LLM. */
export const trtllmServe = {
  images: [/(?:^|\/)tensorrt-llm\/release:v?(\d+)\.(\d+)(?:\.(\d+))?/],
  port: 8000,
  protocols: {
    http2: "never",
    grpc: { enabledBy: "--grpc" },
    source: "TensorRT-LLM docs, trtllm-serve; its HTTP server is uvicorn",
  },
  healthPath: "/health",
  tasks: {
    usual: "generate",
    probes: {
      generate: completion("TensorRT-LLM docs, trtllm-serve: Completions API"),
    },
  },
  apiKey: { by: "none", instead: "it has no such option" },
  model: {
    positional: {},
    hub: true,
    revision: "--revision",
    withoutOne: "trtllm-serve does not start",
    source: "TensorRT-LLM docs, trtllm-serve: MODEL; tensorrt_llm/commands/serve.py",
  },
  publicPaths: {
    GET: ["/health", "/v1/models", "/version"],
    POST: ["/v1/chat/completions", "/v1/completions", "/v1/embeddings", "/v1/responses"],
    notForCallers: [
      "POST /release_memory",
      "POST /resume_memory",
      "POST /update_weights",
      "POST /v1/kv_cache_hints",
      "POST /kv_cache_events",
      "POST /steady_clock_offset",
      "GET /server_info",
      "GET /metrics",
      "GET /perf_metrics",
      "GET /prometheus/metrics",
      "DELETE /v1/responses/*",
    ],
    source: "TensorRT-LLM docs, trtllm-serve; tensorrt_llm/serve/openai_server.py, register_routes",
  },
  keepAlive: { by: "fixed", seconds: 5 },
  drain: { by: "itself" },
  tls: { by: "none", why: "trtllm-serve has no such option", source: "TensorRT-LLM docs, trtllm-serve" },
  command: ["trtllm-serve"],
  commandLines: [["trtllm-serve", "serve"], ["trtllm-serve"], ["serve"]],
  // Its default is the loopback address.
  arguments: { "--host": "0.0.0.0" },
  argumentNames: {
    port: "--port",
    tensorParallel: "--tp_size",
    pipelineParallel: "--pp_size",
    contextLength: "--max_seq_len",
  },
  weightsInGpus: {},
  caches: {
    offline: HUGGING_FACE_OFFLINE,
    environment: { ...HUGGING_FACE_CACHE, ...COMPILER_CACHES },
    source:
      "huggingface_hub docs, Environment variables; TensorRT-LLM docs, Installation (PyTorch, Triton, FlashInfer)",
  },
  source:
    "TensorRT-LLM docs, trtllm-serve; tensorrt_llm/serve/openai_server.py (uvicorn, timeout_keep_alive)",
} as const satisfies ServerPreset;
