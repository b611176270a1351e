import { join } from "node:path";
import type { Image } from "./image";

/** Paths below the tools of an image. */
const PATHS = { dnsmasq: "usr/sbin/dnsmasq", "systemd-nspawn": "usr/bin/systemd-nspawn" };

/** A program of those that run instances, and the environment that it needs. */
export function toolOf(
  { folder }: Image,
  name: keyof typeof PATHS,
): { readonly command: string; readonly env: NodeJS.ProcessEnv } {
  const tools = join(folder, "tools");
  const machine = { arm64: "aarch64", x64: "x86_64" }[process.arch as string] ?? process.arch;
  const libraries = [
    `usr/lib/${machine}-linux-gnu`,
    `lib/${machine}-linux-gnu`,
    `usr/lib/${machine}-linux-gnu/systemd`,
  ];
  const env = { ...process.env, LD_LIBRARY_PATH: libraries.map((each) => join(tools, each)).join(":") };
  return { command: join(tools, PATHS[name]), env };
}
