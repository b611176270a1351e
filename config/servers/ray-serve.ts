import { CACHE_DIRECTORY, COMPILER_CACHES, HUGGING_FACE_CACHE, HUGGING_FACE_OFFLINE } from "./caches";
import type { ServerPreset } from "./preset";

/** Ray Serve. */
export const rayServe = {
  images: [/(?:^|\/)ray(?:-llm)?:(\d+)\.(\d+)\.(\d+)/],
  port: 8000,
  protocols: { http2: "never", source: "Ray Serve docs, HTTP guide; its proxy is uvicorn" },
  healthPath: "/-/healthz",
  pathPrefix: { argument: "--route-prefix", none: "/" },
  apiKey: { by: "none", instead: "Ray Serve LLM has none (ray-project/ray#59578)" },
  model: {
    hub: false,
    namedByAnyArgument: true,
    withoutOne: "ray-serve starts no application",
    source: "Ray Serve docs: Serve Config Files; Serve LLM, model_loading_config",
  },
  metrics: {
    path: "/metrics",
    gauges: ["ray_serve_deployment_queued_queries", "ray_serve_replica_processing_queries"],
    waiting: "ray_serve_deployment_queued_queries",
  },
  publicPaths: {
    GET: ["/-/healthz", "/v1/models", "/v1/models/{model}"],
    POST: [
      "/detokenize",
      "/tokenize",
      "/v1/audio/transcriptions",
      "/v1/chat/completions",
      "/v1/completions",
      "/v1/embeddings",
      "/v1/score",
    ],
    notForCallers: ["GET /-/routes"],
    source: "Ray docs, Serve LLM, OpenAI-compatible API; HTTP proxy, /-/routes",
  },
  keepAlive: { by: "env", name: "RAY_SERVE_HTTP_KEEP_ALIVE_TIMEOUT_S" },
  drain: { by: "none" },
  tls: {
    by: "none",
    why: "ray-serve sets it in its own configuration only (http_options)",
    source: "Ray Serve docs: ray.serve.config.HTTPOptions, ssl_certfile",
  },
  command: [],
  commandLines: [],
  arguments: {},
  // Its default is the loopback address.
  environment: { RAY_SERVE_DEFAULT_HTTP_HOST: "0.0.0.0" },
  portVariables: { RAY_SERVE_DEFAULT_HTTP_PORT: "{port}" },
  argumentNames: {},
  // Ray Serve LLM runs vLLM.
  caches: {
    offline: HUGGING_FACE_OFFLINE,
    environment: {
      ...HUGGING_FACE_CACHE,
      ...COMPILER_CACHES,
      VLLM_CACHE_ROOT: `${CACHE_DIRECTORY}/vllm`,
    },
    source: "Ray docs, Serving LLMs: engines; vllm/envs.py",
  },
  source:
    "Ray Serve docs: Set Up FastAPI and HTTP (keep-alive), serve CLI (serve run --route-prefix), Monitor Your Application (metrics; --metrics-export-port), HAProxy guide (RAY_SERVE_DEFAULT_HTTP_HOST)",
} as const satisfies ServerPreset;
