import { CERTIFICATE_FILE, KEY_FILE } from "./certificate";
import type { ServerVersion } from "./version";

/** How a model server is told how long to keep an idle connection open. */
export type KeepAlive =
  | { readonly by: "env"; readonly name: string }
  /** The server never closes an idle connection by itself. */
  | { readonly by: "none" }
  /** The server closes idle connections after this many seconds and cannot be told otherwise. */
  | { readonly by: "fixed"; readonly seconds: number }
  /** Not documented: the team has to make sure of it. */
  | { readonly by: "unknown" };

/** How a model server is told to finish running requests after SIGTERM. */
export type Drain =
  | {
      readonly by: "argument";
      readonly name: string;
      /** The first version that knows the argument; others do not start with it. */
      readonly since?: ServerVersion;
    }
  | { readonly by: "env"; readonly name: string }
  /** It finishes them by itself, for as long as it is let. */
  | { readonly by: "itself" }
  /** It drops them, or nobody says: only the target group's drain protects them. */
  | { readonly by: "none" };

/** How a model server is told to speak TLS itself, where it serves. */
export type Tls =
  | {
      readonly by: "argument" | "env";
      /** Names of the arguments, or the variables, with their values. */
      readonly options: Readonly<Record<string, string>>;
      /** Whether it can do so for gRPC alone. */
      readonly grpcOnly?: true;
      /** The first version known to have it. */
      readonly since?: ServerVersion;
      readonly source: string;
    }
  /** It cannot, or nobody outside its image can tell it to. */
  | { readonly by: "none"; readonly why: string; readonly source: string };

/** What a server is known to speak beside HTTP/1.1: never, or only when an argument tells it to. */
export interface Speaks {
  /** Left out: it does, or nobody says. */
  readonly http2?: "never" | { readonly enabledBy: string };
  /** Left out: it does, or nobody says. */
  readonly grpc?: "never" | { readonly enabledBy: string };
  readonly source: string;
}

/** A real request, which a server answers once its model works: it shows more than a health check does. */
export interface ServerProbe {
  readonly path: string;
  /**
   * JSON that is posted to the path; without it the path is asked for. `{model}` in it stands for the model that the
   * server names first under `/v1/models`, so that it is right whatever the server was told to call its model.
   */
  readonly body?: string;
  /** What the answer has to hold, beside a status from 200 to 299. */
  readonly expect?: string;
  /** Where the request and its answer stand. */
  readonly source: string;
}

/** What is known of a model server: where it listens, how it says that it is well, how it leaves. */
export interface ServerPreset {
  /** TCP port on which it serves. */
  readonly port: number;
  /** TCP port on which it serves gRPC, where that is another. */
  readonly grpcPort?: number;
  /** What the load balancer can speak to it beside HTTP/1.1; nothing where nothing is known. */
  readonly speaks?: Speaks;
  /** Path that answers 200 once the model can serve. */
  readonly healthPath: string;
  /** What shows that its model works; nothing where only the team knows what its requests look like. */
  readonly probe?: ServerProbe;
  /** Variable of the server that holds the key which requests have to carry, where it can have one. */
  readonly apiKey?: string;
  /** Prometheus metrics, where it has any. */
  readonly metrics?: {
    /** Nothing where the server takes any port that is free: then only the team knows which it was told. */
    readonly port?: number;
    readonly path: string;
    /** Gauges that tell how much it has to do: those CloudWatch hears of. */
    readonly gauges: readonly string[];
    /** The one of them that counts requests waiting in its queue. */
    readonly waiting: string;
  };
  readonly keepAlive: KeepAlive;
  readonly drain: Drain;
  readonly tls: Tls;
  /** What its image has to be told to run, before any argument; empty when the image knows. */
  readonly command: readonly string[];
  /** Arguments the server needs so that the facts above hold. */
  readonly arguments: readonly string[];
  /** Variables it needs for that. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Whether it is told its port even where that is its own: not every version's is. */
  readonly ownPortVaries?: true;
  /** The variable that takes its port, where no argument does; `{port}` in the value stands for the number. */
  readonly portVariable?: { readonly name: string; readonly value: string };
  /** Arguments that take what `serving.yaml` says elsewhere, so that it is said once. */
  readonly takes: {
    readonly port?: string;
    /** Instead of `port`, when the load balancer speaks gRPC to it. */
    readonly grpcPort?: string;
    readonly weights?: string;
    /** The name by which clients ask for the model; the one in `serving.yaml`. */
    readonly servedName?: string;
    readonly tensorParallel?: string;
    readonly pipelineParallel?: string;
    readonly contextLength?: string;
    readonly utilization?: string;
  };
  /** Other names of these arguments, by the name above. */
  readonly alsoCalled?: Readonly<Record<string, readonly string[]>>;
  /** Whether it takes `_` for `-` in the names of its arguments that begin with `--`. */
  readonly underscores?: true;
  /** Arguments beside those of tensor and pipeline parallelism that multiply the GPUs it takes: by copies of the model. */
  readonly multipliesGpus?: readonly GpuMultiplier[];
  /** Where all weights have to lie in its GPUs: the argument that lets some lie in main memory, if there is one. */
  readonly weightsInGpus?: { readonly unless?: string };
  /** Where these facts stand. */
  readonly source: string;
}

/** An argument of a server by whose value it takes as many times the GPUs. */
export interface GpuMultiplier {
  readonly name: string;
  /** The argument that says how many of them are on this instance, where they may be on several. */
  readonly onInstance?: string;
  /** The argument with which it divides the GPUs of tensor parallelism, and takes no more of them. */
  readonly unless?: string;
}

/** The model servers known by name; `custom` is anything else, with port and health written out. */
export const serverPresets = {
  vllm: {
    port: 8000,
    speaks: {
      http2: "never",
      grpc: { enabledBy: "--grpc" },
      source: "vllm-project/vllm#17695 (uvicorn) and #36169, add --grpc flag to vllm serve",
    },
    healthPath: "/health",
    probe: {
      path: "/v1/completions",
      body: '{"model":"{model}","prompt":"ready?","max_tokens":1}',
      expect: '"choices"',
      source: "vLLM docs, OpenAI-Compatible Server: Completions API, Models API",
    },
    apiKey: "VLLM_API_KEY",
    metrics: {
      port: 8000,
      path: "/metrics",
      gauges: ["vllm:num_requests_waiting", "vllm:num_requests_running", "vllm:kv_cache_usage_perc"],
      waiting: "vllm:num_requests_waiting",
    },
    keepAlive: { by: "env", name: "VLLM_HTTP_TIMEOUT_KEEP_ALIVE" },
    drain: {
      by: "argument",
      name: "--shutdown-timeout",
      since: { tag: /(?:^|\/)vllm-openai:v?(\d+)\.(\d+)/, numbers: [0, 18] },
    },
    tls: {
      by: "argument",
      options: { "--ssl-certfile": CERTIFICATE_FILE, "--ssl-keyfile": KEY_FILE },
      source: "vLLM docs, vllm serve; vllm-project/vllm#2109, in every version with --shutdown-timeout",
    },
    command: [],
    arguments: [],
    takes: {
      port: "--port",
      weights: "--model",
      servedName: "--served-model-name",
      tensorParallel: "--tensor-parallel-size",
      pipelineParallel: "--pipeline-parallel-size",
      contextLength: "--max-model-len",
      utilization: "--gpu-memory-utilization",
    },
    alsoCalled: {
      "--tensor-parallel-size": ["-tp"],
      "--pipeline-parallel-size": ["-pp"],
      "--data-parallel-size": ["-dp"],
      "--data-parallel-size-local": ["-dpl"],
    },
    // vllm/utils/argparse_utils.py, FlexibleArgumentParser.
    underscores: true,
    multipliesGpus: [{ name: "--data-parallel-size", onInstance: "--data-parallel-size-local" }],
    weightsInGpus: { unless: "--cpu-offload-gb" },
    source:
      "vLLM docs: Environment Variables, Production Metrics, Parallelism and Scaling, Data Parallel Deployment; vllm serve --help (--shutdown-timeout, from 0.18)",
  },
  sglang: {
    port: 30000,
    speaks: {
      http2: { enabledBy: "--enable-http2" },
      grpc: { enabledBy: "--grpc-mode" },
      source: "sgl-project/sglang#21700, Support HTTP2 server; SGLang docs, Server Arguments: HTTP server",
    },
    healthPath: "/health",
    probe: {
      path: "/v1/completions",
      body: '{"model":"{model}","prompt":"ready?","max_tokens":1}',
      expect: '"choices"',
      source: "SGLang docs, OpenAI APIs - Completions",
    },
    metrics: {
      port: 30000,
      path: "/metrics",
      gauges: ["sglang:num_queue_reqs", "sglang:num_running_reqs", "sglang:token_usage"],
      waiting: "sglang:num_queue_reqs",
    },
    keepAlive: { by: "env", name: "SGLANG_TIMEOUT_KEEP_ALIVE" },
    drain: { by: "itself" },
    tls: {
      by: "argument",
      options: { "--ssl-certfile": CERTIFICATE_FILE, "--ssl-keyfile": KEY_FILE },
      // Merged in spring 2026; it may be in an earlier version too.
      since: { tag: /(?:^|\/)sglang:v?(\d+)\.(\d+)\.(\d+)/, numbers: [0, 5, 13] },
      source: "sgl-project/sglang#18973, Add SSL/TLS support for HTTP and gRPC servers",
    },
    command: ["python3", "-m", "sglang.launch_server"],
    arguments: ["--host", "0.0.0.0", "--enable-metrics"],
    takes: {
      port: "--port",
      weights: "--model-path",
      servedName: "--served-model-name",
      tensorParallel: "--tp-size",
      pipelineParallel: "--pp-size",
      contextLength: "--context-length",
      utilization: "--mem-fraction-static",
    },
    alsoCalled: {
      "--tp-size": ["--tp", "--tensor-parallel-size"],
      "--pp-size": ["--pp", "--pipeline-parallel-size"],
      "--dp-size": ["--dp", "--data-parallel-size"],
      "--model-path": ["--model"],
    },
    multipliesGpus: [{ name: "--dp-size", unless: "--enable-dp-attention" }],
    weightsInGpus: { unless: "--cpu-offload-gb" },
    source: "SGLang docs: Server Arguments, Production Metrics; DP, DPA and SGLang DP Router",
  },
  tgi: {
    port: 80,
    speaks: { grpc: "never", source: "Text Generation Inference docs, Architecture: the router serves HTTP" },
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
    takes: {
      port: "--port",
      weights: "--model-id",
      tensorParallel: "--num-shard",
      contextLength: "--max-total-tokens",
      utilization: "--cuda-memory-fraction",
    },
    alsoCalled: { "--port": ["-p"], "--graceful-termination-timeout": ["-g"] },
    weightsInGpus: {},
    source: "Text Generation Inference docs: text-generation-launcher arguments, Metrics",
  },
  triton: {
    port: 8000,
    grpcPort: 8001,
    speaks: {
      http2: "never",
      source: "Triton Inference Server docs, Inference Protocols; its HTTP server is libevhtp",
    },
    healthPath: "/v2/health/ready",
    metrics: {
      port: 8002,
      path: "/metrics",
      gauges: ["nv_inference_pending_request_count"],
      waiting: "nv_inference_pending_request_count",
    },
    keepAlive: { by: "none" },
    drain: { by: "argument", name: "--exit-timeout-secs" },
    tls: {
      by: "argument",
      options: {
        "--grpc-use-ssl": "true",
        "--grpc-server-cert": CERTIFICATE_FILE,
        "--grpc-server-key": KEY_FILE,
      },
      grpcOnly: true,
      source: "Triton Inference Server docs, Inference Protocols: GRPC Options, SSL/TLS; none for HTTP",
    },
    command: ["tritonserver"],
    arguments: [],
    takes: { port: "--http-port", grpcPort: "--grpc-port", weights: "--model-repository" },
    source: "Triton Inference Server docs: tritonserver options, Metrics",
  },
  nim: {
    port: 8000,
    healthPath: "/v1/health/ready",
    probe: {
      path: "/v1/chat/completions",
      body: '{"model":"{model}","messages":[{"role":"user","content":"ready?"}],"max_tokens":1}',
      expect: '"choices"',
      source: "NVIDIA NIM for LLMs docs, API Reference: POST /v1/chat/completions, GET /v1/models",
    },
    metrics: {
      port: 8000,
      path: "/v1/metrics",
      // Those of vLLM, which it hands on from 2.0 on; before, they had no prefix.
      gauges: ["vllm:num_requests_waiting", "vllm:num_requests_running", "vllm:kv_cache_usage_perc"],
      waiting: "vllm:num_requests_waiting",
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
    arguments: [],
    portVariable: { name: "NIM_SERVER_PORT", value: "{port}" },
    takes: {},
    source:
      "NVIDIA NIM for LLMs 2.0 docs: API Reference, Environment Variables, Logging and Observability (metrics)",
  },
  ollama: {
    port: 11434,
    speaks: { http2: "never", grpc: "never", source: "Ollama docs, API; Go net/http, without h2c" },
    healthPath: "/",
    probe: {
      path: "/api/generate",
      body: '{"model":"{model}","prompt":"ready?","stream":false,"options":{"num_predict":1}}',
      expect: '"done":true',
      source: "Ollama docs, API: Generate a completion; OpenAI compatibility: /v1/models",
    },
    keepAlive: { by: "none" },
    drain: { by: "none" },
    tls: { by: "none", why: "ollama has no such option", source: "Ollama docs, FAQ: proxy servers" },
    command: [],
    arguments: [],
    portVariable: { name: "OLLAMA_HOST", value: "0.0.0.0:{port}" },
    takes: {},
    source: "Ollama docs: FAQ, API",
  },
  "llama.cpp": {
    port: 8080,
    speaks: { http2: "never", grpc: "never", source: "llama.cpp tools/server README; cpp-httplib, HTTP/1.1" },
    healthPath: "/health",
    probe: {
      path: "/completion",
      body: '{"prompt":"ready?","n_predict":1}',
      expect: '"content"',
      source: "llama.cpp tools/server README: POST /completion",
    },
    apiKey: "LLAMA_API_KEY",
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
      // From then on its images are built with OpenSSL; what is built without it does not start with the arguments.
      since: { tag: /(?:^|\/)llama\.cpp:[\w.-]*-b(\d+)/, numbers: [7736], prefix: "b" },
      source: "llama.cpp tools/server README; ggml-org/llama.cpp#18828, .devops/cuda.Dockerfile",
    },
    command: [],
    arguments: ["--host", "0.0.0.0", "--metrics"],
    // 8080 is to become 9931 (ggml-org/llama.cpp#26508).
    ownPortVaries: true,
    takes: { port: "--port" },
    // llama.cpp common/arg.cpp, common_params_parse_ex.
    underscores: true,
    source: "llama.cpp tools/server README; cpp-httplib: CPPHTTPLIB_KEEPALIVE_TIMEOUT_SECOND is 5",
  },
  "ray-serve": {
    port: 8000,
    speaks: { http2: "never", source: "Ray Serve docs, HTTP guide; its proxy is uvicorn" },
    healthPath: "/-/healthz",
    metrics: {
      path: "/metrics",
      gauges: ["ray_serve_deployment_queued_queries", "ray_serve_replica_processing_queries"],
      waiting: "ray_serve_deployment_queued_queries",
    },
    keepAlive: { by: "env", name: "RAY_SERVE_HTTP_KEEP_ALIVE_TIMEOUT_S" },
    drain: { by: "none" },
    tls: {
      by: "none",
      why: "ray-serve is told so by its own configuration alone (http_options)",
      source: "Ray Serve docs: ray.serve.config.HTTPOptions, ssl_certfile",
    },
    command: [],
    arguments: [],
    // By itself it serves on the loopback address alone.
    environment: { RAY_SERVE_DEFAULT_HTTP_HOST: "0.0.0.0" },
    portVariable: { name: "RAY_SERVE_DEFAULT_HTTP_PORT", value: "{port}" },
    takes: {},
    source:
      "Ray Serve docs: Set Up FastAPI and HTTP (keep-alive), Monitor Your Application (metrics; --metrics-export-port), HAProxy guide (RAY_SERVE_DEFAULT_HTTP_HOST)",
  },
} as const satisfies Record<string, ServerPreset>;

export type ServerName = keyof typeof serverPresets | "custom";
