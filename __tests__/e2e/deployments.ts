import { readFileSync } from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import type { WrittenFile } from "../support/serving-file";
import { inWorld } from "./in-world";
import { repository } from "./surroundings";
import type { FoundNetwork, World } from "./world";

/** Two regions over HTTPS, with a canary on trial. */
export function chat(): WrittenFile {
  return {
    name: "chat",
    state: { bucket: "example-chat-tfstate", region: "us-east-1" },
    tags: { team: "serving" },
    entry: {
      domain: "models.example.com",
      hostedZone: "example.com",
      allow: ["203.0.113.0/24"],
      callers: "unauthenticated",
      deletionProtection: false,
    },
    alarms: { email: "on-call@example.com" },
    regions: {
      "us-east-1": { network: { create: { cidr: "10.0.0.0/16", zones: 3 } } },
      "eu-west-1": { network: { create: { cidr: "10.1.0.0/16", zones: 2 } } },
    },
    models: {
      llama: {
        ...smallModel(),
        routes: [{ headers: { "x-model": "llama" } }, { path: "/llama/*" }],
        variants: { stable: { weight: 95 }, canary: { weight: 5, image: "vllm/vllm-openai:v0.18.1" } },
      },
      qwen: smallModel(),
    },
  };
}

/** Two regions under one global endpoint, over both versions of IP, in networks that are there. */
export function underOneGlobalEndpoint(networkIn: World["networkIn"]): WrittenFile {
  return {
    name: "front",
    state: { bucket: "example-front-tfstate", region: "us-east-1" },
    entry: {
      domain: "models.example.com",
      hostedZone: "example.com",
      allow: ["203.0.113.0/24"],
      callers: "unauthenticated",
      dualStack: true,
    },
    globalEndpoint: { routing: "latency", minimumHealthyModels: 1 },
    alarms: { email: "on-call@example.com" },
    regions: {
      "us-east-1": inNetwork(networkIn("us-east-1")),
      "eu-west-1": inNetwork(networkIn("eu-west-1")),
    },
    models: { llama: smallModel(), qwen: smallModel() },
  };
}

/** A region in a network that is there. */
export function inNetwork({
  vpcId,
  publicSubnetIds,
  privateSubnetIds,
}: FoundNetwork): WrittenFile["regions"][string] {
  const existing = { vpcId, albSubnetIds: [...publicSubnetIds], instanceSubnetIds: [...privateSubnetIds] };
  return { network: { existing } };
}

/** A small model that fits one GPU. */
export function smallModel(): WrittenFile["models"][string] {
  return {
    server: "vllm",
    image: "vllm/vllm-openai:v0.28.0",
    weights: { uri: "s3://example-weights/small/v1/", size: "15GiB" },
    instanceTypes: ["g6.2xlarge", "g5.2xlarge"],
    loadTime: "6m",
    longestRequest: "5m",
    capacity: { min: 3, max: 6 },
    scaling: { requestsPerMinutePerInstance: 60 },
  };
}

/** `examples/minimal.yaml` in a network that is there, and free to be taken down. */
export function minimal(network: FoundNetwork): WrittenFile {
  const file: WrittenFile = parse(readFileSync(path.join(repository, "examples/minimal.yaml"), "utf8"));
  return inWorld({ ...file, entry: { ...file.entry, deletionProtection: false } }, () => network);
}
