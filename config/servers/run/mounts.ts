import { presetOf, type ServerName } from "../presets";

/** Folders in which images keep their caches by default, where instances move them. Source: Dockerfile of Ollama. */
const MOVED: Partial<Readonly<Record<ServerName, string>>> = { ollama: "/root/.ollama" };

/** Where libraries of servers keep their caches by default. */
const USUAL_CACHE =
  /\/\.cache(\/(huggingface(\/hub)?|vllm|sglang|flashinfer|llama\.cpp|triton))?$|\/\.triton$/;

/** Whether a mount of a `docker run` line keeps the server's own cache, which instances keep by themselves. */
export function isCache(server: ServerName, target: string): boolean {
  const path = target.replace(/\/+$/, "");
  const { caches } = presetOf(server) ?? {};
  return (
    (caches !== undefined && USUAL_CACHE.test(path)) || path === caches?.directory || path === MOVED[server]
  );
}
