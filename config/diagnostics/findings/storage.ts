import { model, parts, region, secondRegion } from "./example";
import type { Findings } from "./finding";

/** Root volumes, machine images, and where weights lie. */
export const storage = {
  "disk-size-unknown": {
    severity: "warning",
    sentence:
      "Nothing says how large the weights are, and the volume holds the images only. Instances may run out of disk.",
    example: model("weights: { uri: s3://example-weights/llama/ }"),
    remedy: "Add `weights.size`, `memory.parameters` or `volume.size`.",
  },
  "volume-too-small": {
    severity: "error",
    sentence:
      "The volume does not hold the weights, the container image and the machine image with some room to spare.",
    example: model("volume: { size: 90GiB }"),
    remedy: "Write the size in the message, or leave it out.",
  },
  "volume-too-large": {
    severity: "error",
    sentence: "The instances need a larger volume than gp3 has.",
    example: model("volume: { size: 100TiB }"),
    remedy: "Keep less on one instance, or use smaller weights.",
  },
  "too-many-iops": {
    severity: "error",
    sentence: "A gp3 volume of this size does not have so many operations a second.",
    example: model("volume: { size: 120GiB, iops: 80000 }"),
    remedy: "Lower `iops`, or raise `size`.",
  },
  "too-much-throughput": {
    severity: "error",
    sentence: "A gp3 volume with these operations a second does not have so much throughput.",
    example: model("volume: { iops: 3000, throughput: 1000 }"),
    remedy: "Lower `throughput`, or raise `iops`.",
  },
  "ami-of-one-region": {
    severity: "error",
    sentence: "Machine images have another id, and another version number, in each region.",
    example: parts(secondRegion(), model("ami: { id: ami-0123456789abcdef0 }")),
    remedy: "Write each region's own under `regions.<region>.models`.",
  },
  "weights-not-a-folder": {
    severity: "error",
    sentence: "The URI names a file, and an instance copies a folder. It would find nothing there.",
    example: model("weights: { uri: s3://example-weights/llama/model.gguf, size: 15GiB }"),
    remedy: "Write the folder that the file lies in.",
  },
  "weights-key-refused": {
    severity: "error",
    sentence: "The URI holds characters that mean something else in permissions or paths.",
    example: model("weights: { uri: s3://example-weights/llama*/, size: 15GiB }"),
    remedy: "Use letters, digits and `! - _ . ' ( )` between single slashes.",
  },
  "weights-unreachable": {
    severity: "warning",
    sentence:
      "Instances have no way to the internet and reach buckets of their own region only. Where this bucket lies is not known.",
    example: parts(
      region("network: { create: { cidr: 10.0.0.0/16, nat: none } }"),
      model(
        "image: 123456789012.dkr.ecr.us-east-1.amazonaws.com/vllm:v1",
        "weights: { uri: s3://example-weights/llama/, size: 15GiB, mirrors: [s3://example-mirror/llama/] }",
      ),
    ),
    remedy: "See that the bucket lies in the region and accept the warning, or write `nat: per-zone`.",
  },
  "adapters-not-taken": {
    severity: "error",
    sentence: "The server takes no adapters at its start. It would serve the model without them.",
    example: model("server: ollama", "adapters: { sql: s3://example-adapters/sql/ }"),
    remedy: "Use a server that the message names, or `custom` with arguments of its own.",
  },
  "adapter-file-missing": {
    severity: "error",
    sentence: "The server takes the file of an adapter, and only the folder is known.",
    example: model(
      "server: llama.cpp",
      "image: ghcr.io/ggml-org/llama.cpp:server-cuda-b10573",
      "adapters: { sql: s3://example-adapters/sql/ }",
    ),
    remedy: "Write `{ uri: s3://…, file: sql.gguf }`.",
  },
  "adapter-named-as-model": {
    severity: "error",
    sentence: "An adapter has the name of its model. A request for that name could mean either.",
    example: model("adapters: { llama: s3://example-adapters/sql/ }"),
    remedy: "Choose another name for the adapter.",
  },
  "place-taken": {
    severity: "error",
    sentence: "Something else is already at this place in the container.",
    example: model("mounts: { /models/output: {} }"),
    remedy: "Choose another path.",
  },
} as const satisfies Findings;
