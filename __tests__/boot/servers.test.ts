import type { InstanceFacts } from "../../boot/user-data";
import { instanceFacts } from "../../config/plan/boot-config";
import { presetOf, type ServerName, type serverPresets } from "../../config/servers/presets";
import { instancesOf } from "../support/instance";
import { SERVER_IMAGES } from "../support/server-images";
import { valid, validFile, validModel, type WrittenFile } from "../support/serving-file";
import { FakeInstance } from "./instance";

/** The settings of a server in its documents, as an instance needs them. */
interface Documented {
  /** The command in the container: arguments of its entrypoint, or the command itself. */
  readonly args: readonly string[];
  /** Variables, sorted. */
  readonly env: readonly string[];
  /** Its health check, with the port. */
  readonly health: string;
  /** The request before it enters service, and the expected answer. */
  readonly probe: readonly [request: string, body: string, expect: string] | undefined;
  /** Port and path of its metrics, and its gauges, with that of the waiting requests first. */
  readonly metrics: readonly [where: string, ...gauges: string[]] | undefined;
  /** Running requests at SIGTERM: the server finishes them within a configured time, finishes them all, or drops them. */
  readonly atSigterm: "configured" | "finishes" | "drops";
  /** Arguments or variables for port 9000, which is the default of no server. */
  readonly at9000: readonly string[];
}

/**
 * Written by hand from the named documents, and not from the presets. All have the same settings: weights from S3,
 * a context of 8192 tokens, nine tenths of the GPUs' memory, 300 s to finish requests, 4015 s for idle connections.
 */
const DOCUMENTED: Readonly<Record<keyof typeof serverPresets, Documented>> = {
  // vLLM v0.18 docs: CLI Reference, vllm serve (arguments; port 8000); Environment Variables (keep-alive, 5 s by
  // default); OpenAI-Compatible Server (Completions, Models; /health); Production Metrics; vllm-project/vllm#36666
  // (--shutdown-timeout: at SIGTERM new requests are refused, running ones have so many seconds; 0 by default).
  vllm: {
    args: [
      ...["/models", "--served-model-name", "llama"],
      ...["--max-model-len", "8192", "--gpu-memory-utilization", "0.9"],
      ...["--shutdown-timeout", "300"],
    ],
    env: [
      "DG_JIT_CACHE_DIR=/cache/deep_gemm",
      "FLASHINFER_WORKSPACE_BASE=/cache",
      "HF_HOME=/cache/huggingface",
      "TORCHINDUCTOR_CACHE_DIR=/cache/inductor",
      "TRITON_CACHE_DIR=/cache/triton",
      "VLLM_CACHE_ROOT=/cache/vllm",
      "VLLM_HTTP_TIMEOUT_KEEP_ALIVE=4015",
    ],
    health: "http 8000 /health",
    probe: ["8000 /v1/completions", '{"model":"{model}","prompt":"ready?","max_tokens":1}', '"choices"'],
    metrics: [
      "8000 /metrics",
      ...["vllm:num_requests_waiting", "vllm:num_requests_running", "vllm:kv_cache_usage_perc"],
    ],
    atSigterm: "configured",
    at9000: ["--port", "9000"],
  },
  // SGLang v0.5 docs: advanced_features/server_arguments.md (127.0.0.1 and 30000 by default; --enable-metrics);
  // OpenAI APIs - Completions; Production Metrics. srt/managers/tokenizer_manager.py, sigterm_handler and
  // sigterm_watchdog (it drains requests); srt/entrypoints/http_server.py, SGLANG_TIMEOUT_KEEP_ALIVE.
  sglang: {
    args: [
      ...["python3", "-m", "sglang.launch_server", "--host", "0.0.0.0", "--enable-metrics"],
      ...["--model-path", "/models", "--served-model-name", "llama"],
      ...["--context-length", "8192", "--mem-fraction-static", "0.9"],
    ],
    env: [
      "FLASHINFER_WORKSPACE_BASE=/cache",
      "HF_HOME=/cache/huggingface",
      "SGLANG_CACHE_DIR=/cache/sglang",
      "SGLANG_DG_CACHE_DIR=/cache/deep_gemm",
      "SGLANG_ENABLE_HEALTH_ENDPOINT_GENERATION=false",
      "SGLANG_TIMEOUT_KEEP_ALIVE=4015",
      "TORCHINDUCTOR_CACHE_DIR=/cache/inductor",
      "TRITON_CACHE_DIR=/cache/triton",
    ],
    health: "http 30000 /health",
    probe: ["30000 /v1/completions", '{"model":"{model}","prompt":"ready?","max_tokens":1}', '"choices"'],
    metrics: ["30000 /metrics", "sglang:num_queue_reqs", "sglang:num_running_reqs", "sglang:token_usage"],
    atSigterm: "finishes",
    at9000: ["--port", "9000"],
  },
  // Text Generation Inference 3.3.7: docs/source/reference/launcher.md (arguments; 90 s to terminate by default);
  // metrics.md; Dockerfile (PORT=80); API, POST /generate and GET /health. hyper keeps idle connections.
  tgi: {
    args: [
      ...["--model-id", "/models", "--max-total-tokens", "8192", "--cuda-memory-fraction", "0.9"],
      ...["--graceful-termination-timeout", "300"],
    ],
    env: ["TRITON_CACHE_DIR=/data/triton"],
    health: "http 80 /health",
    probe: ["80 /generate", '{"inputs":"ready?","parameters":{"max_new_tokens":1}}', '"generated_text"'],
    metrics: ["80 /metrics", "tgi_queue_size", "tgi_batch_current_size"],
    atSigterm: "configured",
    at9000: ["--port", "9000"],
  },
  // Text Embeddings Inference 1.9.3: docs/source/en/cli_arguments.md; Dockerfile-cuda (PORT=80); router/src/http/server.rs:
  // at SIGTERM running requests are finished.
  tei: {
    args: ["--model-id", "/models", "--served-model-name", "llama"],
    env: [],
    health: "http 80 /health",
    probe: ["80 /embed", '{"inputs":"ready?"}', "[["],
    metrics: ["80 /metrics", "te_queue_size"],
    atSigterm: "finishes",
    at9000: ["--port", "9000"],
  },
  // TensorRT-LLM 1.2 docs, trtllm-serve (MODEL; localhost and 8000 by default; --max_seq_len); commands/serve.py;
  // serve/openai_server.py: uvicorn with its own signal handlers, which finish running requests.
  "trtllm-serve": {
    args: ["trtllm-serve", "/models", "--host", "0.0.0.0", "--max_seq_len", "8192"],
    env: [
      "FLASHINFER_WORKSPACE_BASE=/cache",
      "HF_HOME=/cache/huggingface",
      "TORCHINDUCTOR_CACHE_DIR=/cache/inductor",
      "TRITON_CACHE_DIR=/cache/triton",
    ],
    health: "http 8000 /health",
    probe: ["8000 /v1/completions", '{"model":"{model}","prompt":"ready?","max_tokens":1}', '"choices"'],
    metrics: undefined,
    atSigterm: "finishes",
    at9000: ["--port", "9000"],
  },
  // Triton 2.71 (server/src/command_line_parser.cc: 8000 HTTP, 8001 gRPC, 8002 metrics; --exit-timeout-secs: "to wait
  // for in-flight inferences to finish"; triton_signal.cc: at SIGTERM); docs/user_guide/metrics.md (pending
  // requests); KServe protocol v2, v2/health/ready.
  triton: {
    args: ["tritonserver", "--model-repository", "/models", "--exit-timeout-secs", "300"],
    env: [
      "FLASHINFER_WORKSPACE_BASE=/cache",
      "HF_HOME=/cache/huggingface",
      "TORCHINDUCTOR_CACHE_DIR=/cache/inductor",
      "TRITON_CACHE_DIR=/cache/triton",
    ],
    health: "http 8000 /v2/health/ready",
    probe: undefined,
    metrics: ["8002 /metrics", "nv_inference_pending_request_count"],
    atSigterm: "configured",
    at9000: ["--http-port", "9000"],
  },
  // NVIDIA NIM for LLMs 2.0 docs: API Reference (/v1/health/ready, /v1/metrics, /v1/models, /v1/chat/completions);
  // Environment Variables (NIM_SERVER_PORT, 8000; of the other NIMs NIM_HTTP_API_PORT, NIM_BIND_ADDR); Logging and Observability ("passes through the inference backend's
  // native Prometheus metrics without modification": vLLM's). They do not mention SIGTERM.
  nim: {
    args: [],
    env: [
      ...["NIM_BIND_ADDR=0.0.0.0:8000", "NIM_HTTP_API_PORT=8000", "NIM_MODEL_PATH=/models"],
      ...["NIM_SERVED_MODEL_NAME=llama", "NIM_SERVER_BIND_ADDR=0.0.0.0:8000", "NIM_SERVER_PORT=8000"],
    ],
    health: "http 8000 /v1/health/ready",
    probe: [
      "8000 /v1/chat/completions",
      '{"model":"{model}","messages":[{"role":"user","content":"ready?"}],"max_tokens":1}',
      '"choices"',
    ],
    metrics: [
      "8000 /v1/metrics",
      ...["vllm:num_requests_waiting", "vllm:num_requests_running", "vllm:kv_cache_usage_perc"],
    ],
    atSigterm: "drops",
    at9000: [
      ...["NIM_BIND_ADDR=0.0.0.0:9000", "NIM_HTTP_API_PORT=9000"],
      ...["NIM_SERVER_BIND_ADDR=0.0.0.0:9000", "NIM_SERVER_PORT=9000"],
    ],
  },
  // Ollama 0.33: docs/api.md, Generate a completion; docs/faq.mdx (OLLAMA_HOST); Dockerfile (0.0.0.0:11434);
  // server/routes.go: GET / and GET /v1/models; http.Server without timeouts; at SIGTERM srvr.Close(), which ends
  // requests.
  ollama: {
    args: [],
    env: ["OLLAMA_KEEP_ALIVE=-1", "OLLAMA_MODELS=/models", "OLLAMA_NOPRUNE=1"],
    health: "http 11434 /",
    probe: [
      "11434 /api/generate",
      '{"model":"{model}","prompt":"ready?","stream":false,"options":{"num_predict":1}}',
      '"done":true',
    ],
    metrics: undefined,
    atSigterm: "drops",
    at9000: ["OLLAMA_HOST=0.0.0.0:9000"],
  },
  // llama.cpp tools/server/README.md, autumn 2026 (127.0.0.1 and 9931 by default; before, as ggml-org/llama.cpp#26508
  // announces, 8080; --metrics; GET /health, POST /completion, GET /metrics).
  "llama.cpp": {
    args: [
      ...["--host", "0.0.0.0", "--metrics", "--model", "/models/llama.gguf", "--alias", "llama"],
      ...["--port", "8080", "--ctx-size", "8192"],
    ],
    env: ["CUDA_CACHE_PATH=/cache/cuda", "LLAMA_CACHE=/cache/llama.cpp"],
    health: "http 8080 /health",
    probe: ["8080 /completion", '{"prompt":"ready?","n_predict":1}', '"content"'],
    metrics: ["8080 /metrics", "llamacpp:requests_deferred", "llamacpp:requests_processing"],
    atSigterm: "drops",
    at9000: ["--port", "9000"],
  },
  // Ray 2.5x docs, Ray Serve: Set Up FastAPI and HTTP (RAY_SERVE_HTTP_KEEP_ALIVE_TIMEOUT_S); HAProxy guide
  // (RAY_SERVE_DEFAULT_HTTP_HOST, 127.0.0.1 by default); serve/_private/constants.py (RAY_SERVE_DEFAULT_HTTP_PORT,
  // 8000); Monitor Your Application (gauges; a port of metrics only by --metrics-export-port, else any); /-/healthz.
  "ray-serve": {
    args: ["serve", "run", "/models/app.yaml"],
    env: [
      "FLASHINFER_WORKSPACE_BASE=/cache",
      "HF_HOME=/cache/huggingface",
      "RAY_SERVE_DEFAULT_HTTP_HOST=0.0.0.0",
      "RAY_SERVE_HTTP_KEEP_ALIVE_TIMEOUT_S=4015",
      "TORCHINDUCTOR_CACHE_DIR=/cache/inductor",
      "TRITON_CACHE_DIR=/cache/triton",
      "VLLM_CACHE_ROOT=/cache/vllm",
    ],
    health: "http 8000 /-/healthz",
    probe: undefined,
    metrics: undefined,
    atSigterm: "drops",
    at9000: ["RAY_SERVE_DEFAULT_HTTP_PORT=9000"],
  },
};

type Fields = Partial<WrittenFile["models"][string]>;

function factsOf(server: ServerName, fields: Fields = {}): InstanceFacts {
  const model = {
    ...validModel(),
    ...{ server, image: SERVER_IMAGES[server] },
    ...(server === "llama.cpp" ? { model: "llama.gguf" } : {}),
    ...(server === "ray-serve" ? { arguments: ["serve", "run", "/models/app.yaml"] } : {}),
    memory: { parameters: "8B", contextLength: 8192, utilization: 0.9 },
    ...fields,
  };
  const { deployment } = valid({ ...validFile(), models: { llama: model } });
  return instanceFacts(...instancesOf(deployment));
}

/** The instance's own `docker run` of the server: its options, and the arguments after the image. */
function dockerRun(facts: InstanceFacts) {
  const instance = new FakeInstance((folder) => ({
    ...facts,
    dataDirectory: folder,
  }))
    .fake("docker", "if [[ $1 == info ]]; then echo '{\"nvidia\":{}} true'; fi")
    .fake("systemctl")
    .fake("aws", "if [[ $1 == s3 ]]; then : >weights; fi")
    .real("mkdir", "install");
  instance.set("MEMINFO", instance.file("meminfo", "MemTotal: 16777216 kB\n"));
  expect(instance.run("model-server.sh", "start")).toMatchObject({ status: 0 });
  const run = instance.calls("docker").find(([, command]) => command === "run") ?? [];
  instance.remove();
  const image = run.indexOf(facts.image);
  const options = run.slice(0, image);
  const [gpus, ...env] = options.filter((_, index) => options[index - 1] === "--env");
  expect(gpus).toBe("NVIDIA_VISIBLE_DEVICES=runtime.nvidia.com/gpu=all");
  env.sort();
  return { options: options.join(" "), env, args: run.slice(image + 1) };
}

describe.each(Object.entries(DOCUMENTED))("%s, by its documents,", (name, documented) => {
  const server = name as keyof typeof serverPresets;
  const facts = factsOf(server);
  const run = dockerRun(facts);

  it("is started by this command line, with these variables", () => {
    expect({ args: run.args, env: run.env }).toEqual({ args: documented.args, env: documented.env });
  });

  it("has this health check", () => {
    const { protocol, port, path } = facts.health;
    expect(`${protocol} ${port} ${path}`).toBe(documented.health);
  });

  it("has this probe", () => {
    const { port, path, body, expect: answer } = facts.probe ?? {};
    expect(facts.probe && [`${port} ${path}`, body, answer]).toEqual(documented.probe);
  });

  it("has these metrics", () => {
    const { port, path, gauges = [] } = facts.observability?.serverMetrics ?? {};
    const shown = port === undefined ? undefined : [`${port} ${path}`, ...gauges];
    expect(shown).toEqual(documented.metrics);
    const [, waiting] = documented.metrics ?? [];
    expect(waiting === undefined || presetOf(server)?.metrics?.waiting === waiting).toBe(true);
  });

  it("is stopped by SIGTERM, which its image does not change, with time for its requests and its end", () => {
    expect(run.options).not.toContain("--stop-signal");
    expect(run.options).toContain("--stop-timeout 325");
    const drains = { argument: "configured", itself: "finishes", none: "drops" } as const;
    expect(drains[presetOf(server)?.drain.by ?? "none"]).toBe(documented.atSigterm);
  });

  it("gets another port by its argument or variable", () => {
    const moved = dockerRun(factsOf(server, { port: 9000 }));
    const before = [...documented.args, ...documented.env];
    expect([...moved.args, ...moved.env].filter((word) => !before.includes(word))).toEqual(
      documented.at9000.filter((word) => !before.includes(word)),
    );
  });
});

/** The metrics that an instance sends. */
const metricsOf = (server: ServerName, settings?: Parameters<typeof factsOf>[1]) =>
  factsOf(server, settings).observability?.serverMetrics;

it("has the gauges of vLLM by today's names in all versions", () => {
  // vllm/v1/metrics/loggers.py: gpu_cache_usage_perc until 0.11.
  expect(metricsOf("vllm")?.otherNames).toEqual({ "vllm:gpu_cache_usage_perc": "vllm:kv_cache_usage_perc" });
  // NIM for LLMs docs, Observability: no prefix in 1.x; SGLang in some images since 2.1.
  expect(metricsOf("nim")?.otherNames).toMatchObject({
    num_requests_waiting: "vllm:num_requests_waiting",
    "sglang:num_queue_reqs": "vllm:num_requests_waiting",
  });
});

it("has gauges by another name where the file names them so", () => {
  const metrics = {
    port: 8000,
    path: "/v1/metrics",
    gauges: ["num_requests_running"],
    waiting: "num_requests_waiting",
  };
  expect(metricsOf("nim", { metrics })).toMatchObject({
    gauges: ["num_requests_running", "num_requests_waiting"],
    otherNames: {},
  });
});

it("counts the first stage of SGLang's pipeline, and the total of all priorities", () => {
  // python/sglang/srt/observability/metrics_reporter.py at v0.5.18.
  expect(metricsOf("sglang")?.countedSeries).toEqual({ pp_rank: "0?", tp_rank: "0?", priority: "" });
  expect(metricsOf("vllm")?.countedSeries).toBeUndefined();
});

it("asks llama.cpp for its metrics with the key that it asks for, and without one where it has none", () => {
  const apiKey = "arn:aws:secretsmanager:us-east-1:123456789012:secret:key-AbCdEf";
  expect(metricsOf("llama.cpp", { apiKey })?.bearer).toBe("LLAMA_API_KEY");
  expect(metricsOf("llama.cpp", { secrets: { LLAMA_API_KEY: apiKey } })?.bearer).toBe("LLAMA_API_KEY");
  expect(metricsOf("llama.cpp")?.bearer).toBeUndefined();
});

it("has metrics of ray-serve if the file names their port", () => {
  const { observability } = factsOf("ray-serve", { metrics: { port: 8080, path: "/metrics" } });
  // Ray Serve docs, Monitor Your Application: both are gauges, with the prefix ray_ in Prometheus.
  expect(observability?.serverMetrics).toMatchObject({
    port: 8080,
    gauges: ["ray_serve_deployment_queued_queries", "ray_serve_replica_processing_queries"],
  });
});
