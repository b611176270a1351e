import { llamaCpp } from "./llama-cpp";
import { nim } from "./nim";
import { ollama } from "./ollama";
import type { Protocol, ServerPreset, Tls } from "./preset";
import { OPENAI_PATHS, type PublicPaths } from "./public-paths";
import { rayServe } from "./ray-serve";
import { sglang } from "./sglang";
import { tei } from "./tei";
import { tgi } from "./tgi";
import { triton } from "./triton";
import { trtllmServe } from "./trtllm-serve";
import { type Version, versionIn } from "./version";
import { vllm } from "./vllm";

/** The presets, by the server's name in `serving.yaml`. */
export const serverPresets = {
  vllm,
  sglang,
  tgi,
  tei,
  triton,
  "trtllm-serve": trtllmServe,
  nim,
  ollama,
  "llama.cpp": llamaCpp,
  "ray-serve": rayServe,
} as const;

/** A server in `serving.yaml`. `custom` is any other server: the file has its port and health check. */
export type ServerName = keyof typeof serverPresets | "custom";

/** The servers that work without GPUs, by their names. */
export const serversWithoutGpus: readonly string[] = Object.entries<ServerPreset>(serverPresets)
  .filter(([, { withoutGpus }]) => withoutGpus !== undefined)
  .map(([name]) => name);

/** The preset of a server; undefined for a `custom` one. */
export function presetOf(server: ServerName): ServerPreset | undefined {
  return server === "custom" ? undefined : serverPresets[server];
}

/** The version of a server in an image; undefined when the image's name does not have it, and for a `custom` one. */
export function versionOf(server: ServerName, image: string): Version | undefined {
  return versionIn(presetOf(server)?.images ?? [], image);
}

/** Command of a server in the container of an image, before any argument; empty when it is the image's entry point. */
export function commandOf(server: ServerName, image: string): readonly string[] {
  const { command = [], commandIn } = presetOf(server) ?? {};
  return commandIn?.images.test(image) ? commandIn.command : command;
}

/** What callers may request of a server. */
export function publicPathsOf(server: ServerName): PublicPaths {
  return presetOf(server)?.publicPaths ?? OPENAI_PATHS;
}

/** The TCP port on which a server serves this protocol by default; undefined for a `custom` one. */
export function defaultPort(server: ServerName, protocol: Protocol): number | undefined {
  const preset = presetOf(server);
  return (protocol === "grpc" ? preset?.grpcPort : undefined) ?? preset?.port;
}

/** How TLS is enabled in a server for this protocol; undefined for a `custom` one. */
export function tlsOf(server: ServerName, protocol: Protocol): Tls | undefined {
  const tls = presetOf(server)?.tls;
  return tls !== undefined && tls.by !== "none" && tls.grpcOnly && protocol !== "grpc"
    ? { by: "none", why: `${server} supports it for gRPC only`, source: tls.source }
    : tls;
}
