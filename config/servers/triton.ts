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
    withoutOne: "triton does not start",
    source: "Triton Inference Server docs: Model Repository",
  },
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
  commandLines: [["tritonserver"], ["/opt/tritonserver/bin/tritonserver"]],
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
