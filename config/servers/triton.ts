import { COMPILER_CACHES, HUGGING_FACE_CACHE } from "./caches";
import { CERTIFICATE_FILE, KEY_FILE } from "./certificate";
import type { ServerPreset } from "./preset";

/** Triton Inference Server of NVIDIA. */
export const triton = {
  images: [/(?:^|\/)tritonserver:(\d+)\.(\d+)/],
  port: 8000,
  grpcPort: 8001,
  protocols: {
    http2: "never",
    source: "Triton Inference Server docs, Inference Protocols; its HTTP server is libevhtp",
  },
  healthPath: "/v2/health/ready",
  apiKey: {
    by: "none",
    instead: "it asks for a header by --http-restricted-api only, whose value every list of processes shows",
  },
  model: {
    argument: "--model-repository",
    hub: false,
    namedBy: ["--model-store"],
    loadsNoneWith: { argument: "--model-control-mode", values: /^explicit$/, unless: ["--load-model"] },
    withoutOne: "triton does not start",
    source: "Triton Inference Server docs: Model Repository, Model Management",
  },
  metrics: {
    port: 8002,
    path: "/metrics",
    gauges: ["nv_inference_pending_request_count"],
    waiting: "nv_inference_pending_request_count",
  },
  publicPaths: {
    GET: [
      "/v2",
      "/v2/health/live",
      "/v2/health/ready",
      "/v2/models/{model}",
      "/v2/models/{model}/ready",
      "/v2/models/{model}/config",
      "/v2/models/{model}/versions/{version}",
      "/v2/models/{model}/versions/{version}/ready",
    ],
    POST: [
      "/v2/models/{model}/generate",
      "/v2/models/{model}/generate_stream",
      "/v2/models/{model}/infer",
      "/v2/models/{model}/versions/{version}/generate",
      "/v2/models/{model}/versions/{version}/generate_stream",
      "/v2/models/{model}/versions/{version}/infer",
    ],
    grpc: [
      "/inference.GRPCInferenceService/ModelConfig",
      "/inference.GRPCInferenceService/ModelInfer",
      "/inference.GRPCInferenceService/ModelMetadata",
      "/inference.GRPCInferenceService/ModelReady",
      "/inference.GRPCInferenceService/ModelStreamInfer",
      "/inference.GRPCInferenceService/ServerLive",
      "/inference.GRPCInferenceService/ServerMetadata",
      "/inference.GRPCInferenceService/ServerReady",
    ],
    notForCallers: [
      "POST /v2/repository/index",
      "POST /v2/repository/models/*",
      "POST /v2/systemsharedmemory/*",
      "POST /v2/cudasharedmemory/*",
      "POST /v2/trace/setting",
      "POST /v2/logging",
      "POST /v2/models/{model}/trace/setting",
      "GET /v2/models/{model}/stats",
      "GET /v2/models/{model}/versions/{version}/stats",
      "GRPC /inference.GRPCInferenceService/RepositoryModelLoad",
      "GRPC /inference.GRPCInferenceService/RepositoryModelUnload",
      "GRPC /inference.GRPCInferenceService/SystemSharedMemoryRegister",
      "GRPC /inference.GRPCInferenceService/CudaSharedMemoryRegister",
      "GRPC /inference.GRPCInferenceService/TraceSetting",
      "GRPC /inference.GRPCInferenceService/LogSettings",
    ],
    source:
      "Triton Inference Server, docs/protocol: the KServe API and its extensions, and grpc_service.proto",
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
  commandLines: [["tritonserver"]],
  arguments: {},
  argumentNames: { port: "--http-port", grpcPort: "--grpc-port" },
  // For the backends in Python, vLLM and TensorRT-LLM.
  caches: {
    environment: { ...HUGGING_FACE_CACHE, ...COMPILER_CACHES },
    source:
      "Triton Inference Server docs, Python and vLLM backends; huggingface_hub docs, Environment variables",
  },
  source: "Triton Inference Server docs: tritonserver options, Metrics",
} as const satisfies ServerPreset;
