import type { ServerName } from "../presets";

/**
 * Folders in which an image keeps its cache, beside those in `.cache` of a home. Sources: Dockerfiles of TGI and Ollama;
 * NVIDIA NIM docs, NIM_CACHE_PATH.
 */
const CACHES: Partial<Readonly<Record<ServerName, readonly string[]>>> = {
  tgi: ["/data", "/kernels"],
  nim: ["/opt/nim/.cache"],
  ollama: ["/root/.ollama"],
};

/** Whether a mount of a `docker run` line keeps the server's own cache, which instances keep by themselves. */
export function isCache(server: ServerName, target: string): boolean {
  const path = target.replace(/\/+$/, "");
  return (
    /\/\.cache(\/(huggingface(\/hub)?|vllm|sglang|flashinfer|llama\.cpp|triton))?$/.test(path) ||
    path.endsWith("/.triton") ||
    CACHES[server]?.includes(path) === true
  );
}
