import { CERTIFICATE_FILE, KEY_FILE } from "./certificate";
import type { ServerPreset } from "./preset";

/** Triton Inference Server of NVIDIA. */
export const triton = {
  port: 8000,
  grpcPort: 8001,
  protocols: {
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
  argumentNames: { port: "--http-port", grpcPort: "--grpc-port", weights: "--model-repository" },
  source: "Triton Inference Server docs: tritonserver options, Metrics",
} as const satisfies ServerPreset;
