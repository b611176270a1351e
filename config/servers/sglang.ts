import { CACHE_DIRECTORY, COMPILER_CACHES, HUGGING_FACE_CACHE, HUGGING_FACE_OFFLINE } from "./caches";
import { CERTIFICATE_FILE, KEY_FILE } from "./certificate";
import { completion, embedding } from "./openai";
import type { ServerPreset } from "./preset";

/** Adds the key to the arguments within the process, and starts the server as `python3 -m` does. */
const WITH_API_KEY = [
  "import os, runpy, sys",
  'sys.argv += ["--api-key", os.environ["SERVER_API_KEY"]]',
  'runpy.run_module("sglang.launch_server", run_name="__main__", alter_sys=True)',
].join("; ");

/**
 * The series that count. Every stage of a pipeline repeats the numbers of the first, as every scheduler of tensor
 * parallelism does with `--enable-metrics-for-all-schedulers`. With priorities there is one series for each besides the
 * total.
 *
 * Source: python/sglang/srt/observability/metrics_collector.py and metrics_reporter.py at v0.5.18.
 */
export const SGLANG_SERIES = { pp_rank: "0?", tp_rank: "0?", priority: "" } as const;

/** SGLang. */
export const sglang = {
  images: [/(?:^|\/)sglang:v?(0)\.(\d+)(?:\.(\d+))?/],
  port: 30000,
  protocols: {
    http2: { enabledBy: "--enable-http2" },
    grpc: { enabledBy: "--grpc-mode" },
    source: "sgl-project/sglang#21700, Support HTTP2 server; SGLang docs, Server Arguments: HTTP server",
  },
  gpus: {
    needs: [
      { least: 8 },
      { weights: /^(fp8|mxfp4|awq|gptq|int4)$/, least: 8 },
      { weights: /^nvfp4$/, least: 10 },
      { argument: { name: "--dtype", values: /^bfloat16$/ }, least: 8 },
    ],
    source: "sgl-project/sglang docker/Dockerfile and srt/layers/quantization, get_min_capability",
  },
  healthPath: "/health",
  tasks: {
    usual: "generate",
    probes: {
      generate: completion("SGLang docs, OpenAI APIs - Completions"),
      embed: embedding("SGLang docs, OpenAI APIs - Embedding"),
      rerank: {
        path: "/v1/rerank",
        body: '{"model":"{model}","query":"a","documents":["b"]}',
        expect: '"score"',
        source: "SGLang docs, Native APIs: Rerank",
      },
      classify: {
        path: "/v1/classify",
        body: '{"model":"{model}","input":"ready?"}',
        expect: '"data"',
        source: "SGLang docs, Classification API",
      },
      transcribe: "health",
    },
    images: {
      told: [
        { argument: "--model-type", values: /^diffusion$/ },
        ...["--num-gpus", "--ulysses-degree", "--ring-degree", "--sp-degree", "--dit-cpu-offload"].map(
          (argument) => ({ argument }),
        ),
      ],
      fields: `server: custom, port: 30000, health: { path: /health }, command: [sglang, serve, --model-path, {model}, --host, 0.0.0.0, --port, "30000"] and probe: { path: /v1/images/generations, body: '{"prompt":"ready?","size":"256x256","n":1}' }; for videos publicPaths: [/v1/videos, "/v1/videos/{id}", "/v1/videos/{id}/content"] and probe: health`,
      source:
        "SGLang docs, SGLang Diffusion: CLI, OpenAI-compatible API; multimodal_gen/runtime/server_args.py: --host is 127.0.0.1",
    },
    told: [{ argument: "--is-embedding", task: "embed" }],
    needs: { embed: "--is-embedding", classify: "--is-embedding" },
  },
  apiKey: { by: "argument", name: "--api-key", command: ["python3", "-c", WITH_API_KEY] },
  model: {
    argument: "--model-path",
    hub: true,
    revision: "--revision",
    servedName: { argument: "--served-model-name" },
    namedBy: ["--config"],
    withoutOne: "sglang does not start",
    source: "SGLang docs, Server Arguments",
  },
  metrics: {
    port: 30000,
    path: "/metrics",
    gauges: ["sglang:num_queue_reqs", "sglang:num_running_reqs", "sglang:token_usage"],
    waiting: "sglang:num_queue_reqs",
    countedSeries: SGLANG_SERIES,
  },
  publicPaths: {
    GET: [
      "/health",
      "/v1/models",
      "/v1/models/{model}",
      "/v1/realtime",
      "/v1/responses/{id}",
      "/api/tags",
      "/model_info",
    ],
    POST: [
      "/v1/audio/transcriptions",
      "/v1/chat/completions",
      "/v1/classify",
      "/v1/completions",
      "/v1/detokenize",
      "/v1/embeddings",
      "/v1/messages",
      "/v1/messages/count_tokens",
      "/v1/rerank",
      "/v1/responses",
      "/v1/responses/{id}/cancel",
      "/v1/score",
      "/v1/tokenize",
      "/api/chat",
      "/api/generate",
      "/api/show",
      "/classify",
      "/detokenize",
      "/encode",
      "/generate",
      "/tokenize",
    ],
    grpc: [
      "/sglang.grpc.scheduler.SglangScheduler/Embed",
      "/sglang.grpc.scheduler.SglangScheduler/Generate",
      "/sglang.grpc.scheduler.SglangScheduler/GetModelInfo",
      "/sglang.grpc.scheduler.SglangScheduler/HealthCheck",
    ],
    notForCallers: [
      "POST /update_weights_from_disk",
      "POST /update_weights_from_tensor",
      "POST /update_weights_from_distributed",
      "POST /update_weights_from_ipc",
      "POST /init_weights_update_group",
      "POST /load_lora_adapter",
      "POST /unload_lora_adapter",
      "POST /pause_generation",
      "POST /continue_generation",
      "POST /abort_request",
      "GET /release_memory_occupation",
      "POST /release_memory_occupation",
      "GET /resume_memory_occupation",
      "GET /flush_cache",
      "POST /flush_cache",
      "GET /slow_down",
      "GET /open_session",
      "GET /close_session",
      "GET /start_profile",
      "GET /stop_profile",
      "GET /configure_logging",
      "GET /get_weights_by_name",
      "POST /set_internal_state",
      "GET /get_server_info",
      "GET /server_info",
      "GET /get_load",
      "GET /v1/loads",
      "GET /metrics",
      "POST /invocations",
      "POST /vertex_generate",
      "GRPC /sglang.grpc.scheduler.SglangScheduler/Abort",
      "GRPC /sglang.grpc.scheduler.SglangScheduler/GetServerInfo",
    ],
    withoutKey: ["/v1/realtime", "/metrics*", "/health?*"],
    openWithKey: ["/health"],
    guarded: ["/*"],
    source:
      "SGLang, python/sglang/srt/entrypoints/http_server.py and srt/utils/auth.py at v0.5.18; sglang_scheduler.proto",
  },
  // sgl-project/sglang#19847
  keepAlive: { by: "env", name: "SGLANG_TIMEOUT_KEEP_ALIVE", since: [0, 5, 10] },
  drain: { by: "itself" },
  tls: {
    by: "argument",
    options: { "--ssl-certfile": CERTIFICATE_FILE, "--ssl-keyfile": KEY_FILE },
    since: [0, 5, 10],
    source: "sgl-project/sglang#18973, Add SSL/TLS support for HTTP and gRPC servers",
  },
  command: ["python3", "-m", "sglang.launch_server"],
  commandLines: [
    ["python3", "-m", "sglang.launch_server"],
    ["sglang", "serve"],
  ],
  arguments: { "--host": "0.0.0.0", "--enable-metrics": true },
  // Its /health is a generation otherwise, which a busy server answers late: the instance would be replaced.
  // sglang/srt/entrypoints/http_server.py, from 0.5.5.post3.
  environment: { SGLANG_ENABLE_HEALTH_ENDPOINT_GENERATION: "false" },
  healthGeneratesBefore: [0, 5, 6],
  argumentNames: {
    port: "--port",
    tensorParallel: "--tp-size",
    pipelineParallel: "--pp-size",
    contextLength: "--context-length",
    utilization: "--mem-fraction-static",
  },
  longerContext: {
    variable: "SGLANG_ALLOW_OVERWRITE_LONGER_CONTEXT_LEN",
    scaledBy: ["--json-model-override-args"],
    source: "SGLang, configs/model_config.py, _derive_context_length",
  },
  aliases: {
    "--tp-size": ["--tp", "--tensor-parallel-size"],
    "--pp-size": ["--pp", "--pipeline-parallel-size"],
    "--dp-size": ["--dp", "--data-parallel-size"],
    "--model-path": ["--model"],
  },
  // sglang docker/Dockerfile: CUDA 13.0, but for tags that end in -cu129.
  cuda13Since: [0, 5, 11],
  gpuMultipliers: [{ name: "--dp-size", unless: "--enable-dp-attention" }],
  weightsInGpus: { unless: "--cpu-offload-gb" },
  caches: {
    offline: HUGGING_FACE_OFFLINE,
    environment: {
      ...HUGGING_FACE_CACHE,
      ...COMPILER_CACHES,
      SGLANG_CACHE_DIR: `${CACHE_DIRECTORY}/sglang`,
      SGLANG_DG_CACHE_DIR: `${CACHE_DIRECTORY}/deep_gemm`,
    },
    source: "sglang/srt/environ.py, entrypoints/engine.py; huggingface_hub docs, Environment variables",
  },
  // With it --enable-lora is on, in the versions that have that (from 0.4.10), too.
  adapters: {
    by: "argument",
    name: "--lora-paths",
    several: "values",
    as: "named folder",
    source: "SGLang docs, LoRA Serving; srt/server_args.py, check_lora_server_args",
  },
  source: "SGLang docs: Server Arguments, Production Metrics; DP, DPA and SGLang DP Router",
} as const satisfies ServerPreset;
