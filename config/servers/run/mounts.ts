import { presetOf, type ServerName } from "../presets";

/** Folders in which images keep their caches by default, where instances move them. Source: Dockerfile of Ollama. */
const MOVED: Partial<Readonly<Record<ServerName, string>>> = { ollama: "/root/.ollama" };

/** Whether a mount of a `docker run` line keeps the server's own cache, which instances keep by themselves. */
export function isCache(server: ServerName, target: string): boolean {
  const path = target.replace(/\/+$/, "");
  return (
    /\/\.cache(\/(huggingface(\/hub)?|vllm|sglang|flashinfer|llama\.cpp|triton))?$/.test(path) ||
    path.endsWith("/.triton") ||
    path === presetOf(server)?.caches?.directory ||
    path === MOVED[server]
  );
}
