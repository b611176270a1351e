import { llamaCpp } from "./llama-cpp";
import { nim } from "./nim";
import { ollama } from "./ollama";
import type { Protocol, ServerPreset, Tls } from "./preset";
import { rayServe } from "./ray-serve";
import { sglang } from "./sglang";
import { tgi } from "./tgi";
import { triton } from "./triton";
import { vllm } from "./vllm";

/** The model servers known by name, as `serving.yaml` has them. */
export const serverPresets = {
  vllm,
  sglang,
  tgi,
  triton,
  nim,
  ollama,
  "llama.cpp": llamaCpp,
  "ray-serve": rayServe,
} as const;

/** A server in `serving.yaml`; `custom` is any other, of which only the file states port and health check. */
export type ServerName = keyof typeof serverPresets | "custom";

/** What is known of a server; undefined of a `custom` one. */
export function presetOf(server: ServerName): ServerPreset | undefined {
  return server === "custom" ? undefined : serverPresets[server];
}

/** The TCP port on which a server serves this protocol by default; undefined of a `custom` one. */
export function defaultPort(server: ServerName, protocol: Protocol): number | undefined {
  const preset = presetOf(server);
  return (protocol === "grpc" ? preset?.grpcPort : undefined) ?? preset?.port;
}

/** How a server serves TLS where it serves this protocol; undefined of a `custom` one. */
export function tlsOf(server: ServerName, protocol: Protocol): Tls | undefined {
  const tls = presetOf(server)?.tls;
  return tls !== undefined && tls.by !== "none" && tls.grpcOnly && protocol !== "grpc"
    ? { by: "none", why: `${server} has it for gRPC alone`, source: tls.source }
    : tls;
}
