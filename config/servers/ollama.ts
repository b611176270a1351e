import { CACHE_DIRECTORY } from "./caches";
import type { ServerPreset } from "./preset";

/** Ollama. */
export const ollama = {
  images: [/(?:^|\/)ollama:v?(\d+)\.(\d+)\.(\d+)/],
  port: 11434,
  protocols: { http2: "never", grpc: "never", source: "Ollama docs, API; Go net/http, without h2c" },
  healthPath: "/",
  tasks: {
    usual: "generate",
    probes: {
      generate: {
        path: "/api/generate",
        body: '{"model":"{model}","prompt":"ready?","stream":false,"options":{"num_predict":1}}',
        expect: '"done":true',
        source: "Ollama docs, API: Generate a completion; OpenAI compatibility: /v1/models",
      },
      embed: {
        path: "/api/embed",
        body: '{"model":"{model}","input":"ready?"}',
        expect: '"embeddings"',
        source: "Ollama docs, API: Generate Embeddings",
      },
    },
  },
  apiKey: { by: "none", instead: "OLLAMA_API_KEY and OLLAMA_AUTH are its own towards ollama.com" },
  model: {
    variable: { name: "OLLAMA_MODELS" },
    hub: false,
    hasOwnNames: true,
    withoutOne: "ollama has none to serve",
    source: "Ollama docs, FAQ: where are models stored; OpenAI compatibility: Models",
  },
  publicPaths: {
    GET: ["/", "/api/ps", "/api/tags", "/api/version", "/v1/models", "/v1/models/{model}"],
    POST: [
      "/api/chat",
      "/api/embed",
      "/api/embeddings",
      "/api/generate",
      "/api/show",
      "/v1/audio/transcriptions",
      "/v1/chat/completions",
      "/v1/completions",
      "/v1/embeddings",
      "/v1/messages",
      "/v1/responses",
    ],
    notForCallers: [
      "POST /api/pull",
      "POST /api/push",
      "POST /api/create",
      "POST /api/copy",
      "DELETE /api/delete",
      "POST /api/blobs/*",
      "POST /api/signout",
      "POST /api/me",
      "DELETE /api/user/keys/*",
      "POST /api/experimental/web_search",
      "POST /api/experimental/web_fetch",
      "GET /debug/pprof/*",
    ],
    source: "Ollama, server/routes.go",
  },
  keepAlive: { by: "none" },
  drain: { by: "none" },
  tls: { by: "none", why: "ollama has no such option", source: "Ollama docs, FAQ: proxy servers" },
  command: [],
  commandLines: [["ollama", "serve"], ["serve"]],
  // Ollama docs, CLI reference. They are clients of a server that runs.
  otherTasks: ["run", "pull", "push", "create", "show", "list", "ls", "ps", "stop", "cp", "rm"],
  arguments: {},
  // Without it the model is unloaded after five idle minutes.
  environment: { OLLAMA_KEEP_ALIVE: "-1" },
  portVariables: { OLLAMA_HOST: "0.0.0.0:{port}" },
  argumentNames: {},
  // Without OLLAMA_NOPRUNE it deletes, at its start, what no manifest names: downloads that a stop has cut.
  caches: {
    environment: { OLLAMA_MODELS: `${CACHE_DIRECTORY}/ollama`, OLLAMA_NOPRUNE: "1" },
    source: "Ollama docs, FAQ: Where are models stored?; envconfig/config.go, server/routes.go",
  },
  withoutGpus: {
    gpuImages: /:[^@]*rocm/,
    image: "ollama/ollama:0.33.0",
    source: "Ollama docs, Docker: CPU only",
  },
  // Manifests and blobs, of what it pulls.
  writesWeights: true,
  source: "Ollama docs: FAQ, API",
} as const satisfies ServerPreset;
