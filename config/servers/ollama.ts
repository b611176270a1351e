import type { ServerPreset } from "./preset";

/** Ollama. */
export const ollama = {
  port: 11434,
  protocols: { http2: "never", grpc: "never", source: "Ollama docs, API; Go net/http, without h2c" },
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
  argumentNames: {},
  source: "Ollama docs: FAQ, API",
} as const satisfies ServerPreset;
