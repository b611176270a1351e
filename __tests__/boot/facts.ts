import { gunzipSync } from "node:zlib";
import { parse } from "yaml";
import { type InstanceFacts, renderUserData } from "../../boot/user-data";

/** Facts of an ordinary instance. */
export const plainFacts: InstanceFacts = {
  image: "vllm/vllm-openai:v0.28.0",
  arguments: ["--model", "/models"],
  env: {},
  secrets: {},
  health: { protocol: "http", port: 8000, path: "/health" },
  region: "eu-west-1",
  autoScalingGroupName: "chat.llama.main",
  launchHookName: "model-ready",
  terminateHookName: "server-stopped",
  startTimeoutSeconds: 600,
  stopTimeoutSeconds: 120,
  drainSeconds: 130,
};

/** Texts that bash, YAML, Terraform or gzip might interpret. */
export const awkward = [
  `\${x}`,
  "%{if}",
  "it's",
  '"',
  "$HOME `id` $(id) \\",
  "a\nb\n",
  "",
  " ",
  "*",
  "é😀",
  "-e",
  "#",
  "\r",
];

/** The cloud-config that cloud-init finds in user data. */
export const cloudConfigOf = (userData: Buffer) => gunzipSync(userData).toString();

/** The files cloud-init would write, by path. */
export function filesOf(userData: Buffer): Map<string, string> {
  const { write_files } = parse(cloudConfigOf(userData), { version: "1.1" });
  return new Map(write_files.map((file: { path: string; content: string }) => [file.path, file.content]));
}

/** The facts of an instance as the scripts read them. */
export const factsFile = (facts: InstanceFacts) =>
  filesOf(renderUserData(facts)).get("/etc/model-server/instance.sh") ?? "";
