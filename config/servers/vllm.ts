import { CACHE_DIRECTORY, COMPILER_CACHES, HUGGING_FACE_CACHE, HUGGING_FACE_OFFLINE } from "./caches";
import { CERTIFICATE_FILE, KEY_FILE } from "./certificate";
import { completion, embedding } from "./openai";
import type { ServerPreset } from "./preset";

/** vLLM. */
export const vllm = {
  // AWS's, NVIDIA's and other makers' images have other numbers, whose first is not 0.
  images: [/(?:^|\/)vllm-openai[\w-]*:v?(0)\.(\d+)(?:\.(\d+))?/, /(?:^|\/)vllm:v?(0)\.(\d+)(?:\.(\d+))?/],
  port: 8000,
  protocols: {
    http2: "never",
    grpc: { enabledBy: "--grpc" },
    source: "vllm-project/vllm#17695 (uvicorn) and #36169, add --grpc flag to vllm serve",
  },
  gpus: {
    needs: [
      { least: 7.5, since: [0, 20] },
      { weights: /^(fp8|mxfp8)$/, least: 8, before: [0, 14] },
      { weights: /^mxfp4$/, least: 8 },
      { weights: /^nvfp4$/, least: 8, before: [0, 14] },
      { argument: { name: "--dtype", values: /^bfloat16$/ }, least: 8 },
    ],
    source:
      "vllm-project/vllm docker/Dockerfile (torch_cuda_arch_list) and model_executor/layers/quantization, get_min_capability",
  },
  healthPath: "/health",
  tasks: {
    usual: "generate",
    probes: {
      generate: completion("vLLM docs, OpenAI-Compatible Server: Completions API, Models API"),
      embed: embedding("vLLM docs, OpenAI-Compatible Server: Embeddings API"),
      rerank: {
        path: "/v1/rerank",
        body: '{"model":"{model}","query":"a","documents":["b"]}',
        expect: '"results"',
        source: "vLLM docs, OpenAI-Compatible Server: Re-rank API",
      },
      classify: {
        path: "/classify",
        body: '{"model":"{model}","input":"ready?"}',
        expect: '"data"',
        source: "vLLM docs, OpenAI-Compatible Server: Classification API",
      },
      transcribe: "health",
    },
    images: {
      told: [{ argument: "--omni" }],
      fields: `server: custom, image: vllm/vllm-omni:…, port: 8000, health: { path: /health }, command: [vllm, serve, {model}, --omni, --host, 0.0.0.0, --port, "8000"] and probe: { path: /v1/images/generations, body: '{"prompt":"ready?","size":"256x256","n":1}' }; for videos publicPaths: [/v1/videos, "/v1/videos/{id}", "/v1/videos/{id}/content"] and probe: health`,
      source: "vLLM-Omni docs, Quickstart; Online serving: Image Generation API, Video Generation API",
    },
    // --task until 0.12, --runner and --convert from 0.10.1 on.
    told: [
      { argument: "--convert", values: /^embed$/, task: "embed" },
      { argument: "--convert", values: /^classify$/, task: "classify" },
      { argument: "--task", values: /^(embed|embedding)$/, task: "embed" },
      { argument: "--task", values: /^score$/, task: "rerank" },
      { argument: "--task", values: /^classify$/, task: "classify" },
      { argument: "--task", values: /^transcription$/, task: "transcribe" },
      { argument: "--runner", values: /^pooling$/, task: "unknown" },
      { argument: "--convert", values: /^reward$/, task: "unknown" },
      { argument: "--task", values: /^reward$/, task: "unknown" },
    ],
  },
  apiKey: { by: "env", name: "VLLM_API_KEY" },
  model: {
    argument: "--model",
    // `python3 -m vllm.entrypoints.openai.api_server` ignores it, and serves another model. Images of vLLM's own began so until
    // 0.11.0 (vllm-project/vllm#25967), and AWS's still may.
    positional: { command: ["vllm", "serve"], images: /(?:^|\/)vllm-openai[\w-]*:/, since: [0, 11, 1] },
    hub: true,
    revision: "--revision",
    servedName: { argument: "--served-model-name" },
    namedBy: ["--config"],
    withoutOne: "vllm serves a small model of its own choice",
    source: "vLLM docs, vllm serve; vllm/config/model.py: the default of --model",
  },
  metrics: {
    port: 8000,
    path: "/metrics",
    gauges: ["vllm:num_requests_waiting", "vllm:num_requests_running", "vllm:kv_cache_usage_perc"],
    waiting: "vllm:num_requests_waiting",
    // Until 0.11. Source: vllm/v1/metrics/loggers.py.
    otherNames: { "vllm:gpu_cache_usage_perc": "vllm:kv_cache_usage_perc" },
  },
  publicPaths: {
    GET: ["/health", "/v1/models", "/v1/realtime", "/v1/responses/{id}"],
    POST: [
      "/v1/audio/transcriptions",
      "/v1/audio/translations",
      "/v1/chat/completions",
      "/v1/chat/completions/batch",
      "/v1/completions",
      "/v1/embeddings",
      "/v1/messages",
      "/v1/messages/count_tokens",
      "/v1/rerank",
      "/v1/responses",
      "/v1/responses/{id}/cancel",
      "/v1/score",
      "/classify",
      "/cohere/v2/chat",
      "/detokenize",
      "/pooling",
      "/rerank",
      "/score",
      "/tokenize",
      "/v2/embed",
      "/v2/rerank",
    ],
    grpc: [
      "/vllm.grpc.engine.VllmEngine/Embed",
      "/vllm.grpc.engine.VllmEngine/Generate",
      "/vllm.grpc.engine.VllmEngine/GetModelInfo",
      "/vllm.grpc.engine.VllmEngine/HealthCheck",
    ],
    notForCallers: [
      "POST /scale_elastic_ep",
      "POST /is_scaling_elastic_ep",
      "POST /invocations",
      "POST /pause",
      "POST /resume",
      "GET /is_paused",
      "GET /load",
      "GET /metrics",
      "GRPC /vllm.grpc.engine.VllmEngine/Abort",
      "GRPC /vllm.grpc.engine.VllmEngine/GetServerInfo",
    ],
    notForCallersWith: {
      VLLM_ALLOW_RUNTIME_LORA_UPDATING: ["POST /v1/load_lora_adapter", "POST /v1/unload_lora_adapter"],
      VLLM_SERVER_DEV_MODE: [
        "POST /collective_rpc",
        "POST /sleep",
        "POST /wake_up",
        "POST /reset_prefix_cache",
        "POST /update_weights",
        "POST /abort_requests",
        "GET /server_info",
      ],
    },
    withoutKey: [
      "/classify",
      "/cohere/v2/chat",
      "/detokenize",
      "/generative_scoring",
      "/invocations",
      "/is_scaling_elastic_ep",
      "/pooling",
      "/rerank",
      "/scale_elastic_ep",
      "/score",
      "/tokenize",
      "/v2/embed",
      "/v2/rerank",
      "/load",
      "/metrics",
      "/version",
    ],
    openWithKey: ["/health"],
    guarded: ["/v1/*"],
    source:
      "vLLM docs, usage/security.md, and vllm/entrypoints/serve/middleware/authenticate.py, whose key guards /v1, later /v2 (0.22) and /cohere (0.28) too; /pause and /resume are there without a switch in 0.12-0.15; vllm_engine.proto",
  },
  keepAlive: { by: "env", name: "VLLM_HTTP_TIMEOUT_KEEP_ALIVE", since: [0, 9, 2] },
  drain: {
    by: "argument",
    name: "--shutdown-timeout",
    since: [0, 18],
    // vllm-project/vllm#49668: before, its web server may close the connections first.
    reliableSince: [0, 27],
  },
  tls: {
    by: "argument",
    options: { "--ssl-certfile": CERTIFICATE_FILE, "--ssl-keyfile": KEY_FILE },
    source: "vLLM docs, vllm serve; vllm-project/vllm#2109, in every version with --shutdown-timeout",
  },
  command: [],
  // NVIDIA's images run what they are given. Source: NVIDIA Optimized Frameworks docs, vLLM Release Notes: Running vLLM.
  commandIn: { images: /(?:^|\/)nvidia\/vllm[:@]/, command: ["vllm", "serve"] },
  commandLines: [["vllm", "serve"], ["python3", "-m", "vllm.entrypoints.openai.api_server"], ["serve"]],
  arguments: {},
  // Its default, 600 s, ends the API servers while several engines load. vllm-project/vllm#27444
  readyTimeout: {
    name: "VLLM_ENGINE_READY_TIMEOUT_S",
    withMoreThanOne: ["--data-parallel-size", "--api-server-count"],
  },
  argumentNames: {
    port: "--port",
    tensorParallel: "--tensor-parallel-size",
    pipelineParallel: "--pipeline-parallel-size",
    contextLength: "--max-model-len",
    utilization: "--gpu-memory-utilization",
  },
  longerContext: {
    variable: "VLLM_ALLOW_LONG_MAX_MODEL_LEN",
    scaledBy: ["--hf-overrides", "--rope-scaling"],
    source: "vLLM, config/model.py, _get_and_verify_max_len",
  },
  aliases: {
    "--tensor-parallel-size": ["-tp"],
    "--pipeline-parallel-size": ["-pp"],
    "--data-parallel-size": ["-dp"],
    "--data-parallel-size-local": ["-dpl"],
    "--quantization": ["-q"],
  },
  // vllm/utils/argparse_utils.py, FlexibleArgumentParser.
  acceptsUnderscores: true,
  // vllm docker/Dockerfile: CUDA 13.0, but for tags that end in -cu129.
  cuda13Since: [0, 20],
  gpuMultipliers: [{ name: "--data-parallel-size", onInstance: "--data-parallel-size-local" }],
  weightsInGpus: { unless: "--cpu-offload-gb" },
  caches: {
    offline: HUGGING_FACE_OFFLINE,
    environment: {
      ...HUGGING_FACE_CACHE,
      ...COMPILER_CACHES,
      VLLM_CACHE_ROOT: `${CACHE_DIRECTORY}/vllm`,
      DG_JIT_CACHE_DIR: `${CACHE_DIRECTORY}/deep_gemm`,
    },
    source: "vllm/envs.py; vLLM docs, torch.compile integration; huggingface_hub docs, Environment variables",
  },
  adapters: {
    by: "argument",
    name: "--lora-modules",
    enabledBy: "--enable-lora",
    several: "values",
    as: "named folder",
    source: "vLLM docs, LoRA Adapters: Serving LoRA Adapters",
  },
  source:
    "vLLM docs: Environment Variables, Production Metrics, Parallelism and Scaling, Data Parallel Deployment; vllm serve --help (--shutdown-timeout, from 0.18)",
} as const satisfies ServerPreset;
