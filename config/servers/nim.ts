import { CERTIFICATE_FILE, KEY_FILE } from "./certificate";
import type { ServerPreset } from "./preset";
import { SGLANG_SERIES } from "./sglang";

/**
 * Names of images of language models, in the last part of which none of the others has its words: those read pages, guard,
 * translate, speak or draw, and answer other requests. Source: NVIDIA NGC catalog, NIM; docs.nvidia.com/nim.
 */
const LANGUAGE_MODELS =
  /(?:^|\/)(?![^/]*(?:page-elements|table-structure|graphic-elements|ocr|parse|jailbreak|detect|asr|tts|speech|translate|text2|video2))[^/]*(?:instruct|chat|llm|vlm|-vl-|-it\b|llama|nemotron|minitron|mi[sx]tral|m(?:in|ag)istral|(?:code|dev|math)stral|pixtral|qwen|deepseek|gpt-oss|gemma|phi-?\d|granite|kimi|glm|minimax|starcoder|cosmos-reason)[^/]*$/i;

/** NVIDIA NIM for LLMs, and those for retrievers and speech that answer like them. */
export const nim = {
  // Images of a model have versions of their own, which follow those of NIM from 2.0 on.
  images: [/(?:^|\/)nim\/[\w./-]+:v?(\d+)\.(\d+)(?:\.(\d+))?/],
  port: 8000,
  healthPath: "/v1/health/ready",
  tasks: {
    usual: "generate",
    namedByImage: { usual: LANGUAGE_MODELS },
    probes: {
      generate: {
        path: "/v1/chat/completions",
        body: '{"model":"{model}","messages":[{"role":"user","content":"ready?"}],"max_tokens":1}',
        expect: '"choices"',
        source: "NVIDIA NIM for LLMs docs, API Reference: POST /v1/chat/completions, GET /v1/models",
      },
      embed: {
        path: "/v1/embeddings",
        body: '{"model":"{model}","input":["ready?"],"input_type":"query"}',
        expect: '"embedding"',
        source: "NVIDIA NeMo Retriever embedding NIM docs, API Reference: POST /v1/embeddings",
      },
      rerank: {
        path: "/v1/ranking",
        body: '{"model":"{model}","query":{"text":"a"},"passages":[{"text":"b"}]}',
        expect: '"rankings"',
        source: "NVIDIA NeMo Retriever reranking NIM docs, Use the API: POST /v1/ranking",
      },
      // Its request holds a sound file.
      transcribe: "health",
    },
  },
  apiKey: { by: "none", instead: "NGC_API_KEY is for downloads" },
  model: {
    variable: { name: "NIM_MODEL_PATH", hubPrefix: "hf://", since: [2, 0] },
    hub: true,
    servedNameVariable: "NIM_SERVED_MODEL_NAME",
    source: "NVIDIA NIM for LLMs 2.0 docs: Environment Variables",
  },
  metrics: {
    port: 8000,
    path: "/v1/metrics",
    gauges: ["vllm:num_requests_waiting", "vllm:num_requests_running", "vllm:kv_cache_usage_perc"],
    waiting: "vllm:num_requests_waiting",
    // Those of vLLM, which had no prefix before 2.0. Since 2.1 some images serve by SGLang.
    otherNames: {
      num_requests_waiting: "vllm:num_requests_waiting",
      num_requests_running: "vllm:num_requests_running",
      gpu_cache_usage_perc: "vllm:kv_cache_usage_perc",
      "vllm:gpu_cache_usage_perc": "vllm:kv_cache_usage_perc",
      "sglang:num_queue_reqs": "vllm:num_requests_waiting",
      "sglang:num_running_reqs": "vllm:num_requests_running",
      "sglang:token_usage": "vllm:kv_cache_usage_perc",
    },
    countedSeries: SGLANG_SERIES,
  },
  publicPaths: {
    GET: ["/v1/health/live", "/v1/health/ready", "/v1/models"],
    POST: [
      "/v1/audio/transcriptions",
      "/v1/audio/translations",
      "/v1/chat/completions",
      "/v1/completions",
      "/v1/embeddings",
      "/v1/messages",
      "/v1/ranking",
      "/v1/responses",
    ],
    notForCallers: ["GET /v1/metrics"],
    source:
      "NVIDIA NIM for LLMs docs, API Reference; NVIDIA NeMo Retriever NIM docs, API Reference; NVIDIA NIM for speech docs, ASR HTTP REST API Reference",
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
  commandLines: [["nim-serve"], ["nim-run"]],
  arguments: {},
  // Those of speech have 9000.
  defaultPortVaries: true,
  // Of NIM for LLMs; of those for speech, images and retrievers; of retrievers from 2.0 and from 2.2 on.
  portVariables: {
    NIM_SERVER_PORT: "{port}",
    NIM_HTTP_API_PORT: "{port}",
    NIM_BIND_ADDR: "0.0.0.0:{port}",
    NIM_SERVER_BIND_ADDR: "0.0.0.0:{port}",
  },
  argumentNames: {},
  caches: {
    directory: "/opt/nim/.cache",
    environment: {},
    source: "NVIDIA NIM for LLMs docs, Environment Variables: NIM_CACHE_PATH",
  },
  adapters: {
    by: "env",
    name: "NIM_PEFT_SOURCE",
    source: "NVIDIA NIM for LLMs docs, Fine-Tuning with LoRA: Configure Adapter Discovery",
  },
  source:
    "NVIDIA NIM for LLMs 2.0 docs: API Reference, Environment Variables, Logging and Observability (metrics)",
} as const satisfies ServerPreset;
