import { model } from "./example";
import type { Findings } from "./finding";

/** Instance types: that they exist, that the region has them, and that their GPUs hold the model. */
export const instanceTypes = {
  "unknown-instance-type": {
    severity: "error",
    sentence: "No instance type that this project knows has this name or matches the pattern.",
    example: model("instanceTypes: [g6.2xlarg]"),
    remedy:
      "Correct the name. Of types without GPUs, those of the families m, c and r are known, of generation 5 and later. A pattern is written as `g6.*`, and matches types with GPUs only.",
  },
  "newer-instance-type": {
    severity: "warning",
    sentence:
      "The type is not in this project's list of types, and may be newer, so nothing is checked of it. The machine image is the one for x86_64, unless another type of the list is arm64.",
    example: model("instanceTypes: [g8.2xlarge]"),
    remedy:
      "Look up that its GPUs hold the model and that its processor is x86_64. Then accept the warning, or use a type that is known.",
  },
  "not-nvidia": {
    severity: "error",
    sentence:
      "The type has accelerators that are not from NVIDIA, and model servers here run on NVIDIA GPUs.",
    example: model("instanceTypes: [inf2.xlarge]"),
    remedy: "Use another `g` or `p` type.",
  },
  "gpus-mixed": {
    severity: "error",
    sentence:
      "Some types have GPUs and some have none, and one machine image serves all instances of a group.",
    example: model("instanceTypes: [g6.2xlarge, c7i.2xlarge]"),
    remedy: "Keep the types of one kind, or make two variants.",
  },
  "server-needs-gpus": {
    severity: "error",
    sentence: "The server does not work without GPUs, and the types have none.",
    example: model("instanceTypes: [m7i.2xlarge]"),
    remedy:
      "Use a `g` or `p` type. For a build of the server that works without GPUs, write `server: custom`.",
  },
  "image-for-gpus": {
    severity: "warning",
    sentence:
      "By its name the image is built for GPUs, and the instances have none. The server would not start.",
    example: model(
      "server: tei",
      "image: ghcr.io/huggingface/text-embeddings-inference:cuda-1.9",
      "instanceTypes: [m7i.2xlarge]",
    ),
    remedy: "Use the image that the message names, or accept the warning where the name is misleading.",
  },
  "field-needs-gpus": {
    severity: "error",
    sentence: "The field is about GPUs, and the instances have none.",
    example: model("instanceTypes: [c7i.2xlarge]", "memory: { parameters: 1B, tensorParallel: 2 }"),
    remedy: "Leave it out.",
  },
  "weights-exceed-memory": {
    severity: "error",
    sentence:
      "The main memory of an instance type does not hold the weights. 2 GiB and a thirty-second of it are left to the system.",
    example: model("instanceTypes: [c7i.2xlarge]"),
    remedy: "Use larger types, or weights of a smaller precision.",
  },
  "grid-driver-needed": {
    severity: "error",
    sentence:
      "The type has a part of a GPU, which needs NVIDIA's GRID driver. The machine image does not have it.",
    example: model("instanceTypes: [g6f.2xlarge]"),
    remedy: "Use a type with whole GPUs, such as `g6.2xlarge`.",
  },
  "architectures-mixed": {
    severity: "error",
    sentence:
      "Some types are x86_64 and some are arm64, and one machine image serves all instances of a group.",
    example: model("instanceTypes: [g6.2xlarge, g5g.2xlarge]"),
    remedy: "Keep the types of one architecture, or make two variants.",
  },
  "pattern-without-requirements": {
    severity: "error",
    sentence: "A pattern matches many types, and AWS chooses among them only by `instanceRequirements`.",
    example: model('instanceTypes: ["g6.*"]'),
    remedy: "Add `instanceRequirements`, or name the types.",
  },
  "requirements-match-nothing": {
    severity: "error",
    sentence: "None of the types meets all of `instanceRequirements`.",
    example: model('instanceTypes: ["g6.*"]', "instanceRequirements: { gpus: { min: 8 }, gpuMemory: 1TiB }"),
    remedy: "Lower the requirements, or add larger types.",
  },
  "instance-type-not-offered": {
    severity: "error",
    sentence:
      "AWS did not offer these types in the region when its offerings were recorded. The message gives the date.",
    example: model("instanceTypes: [p5e.48xlarge]"),
    remedy:
      "Use types that the region has, for this region alone if others have them; the message names some.",
  },
  "region-not-recorded": {
    severity: "warning",
    sentence:
      "It was not recorded which instance types this region has, so sizes assume that each of its zones has the types listed.",
    example: ["regions:", "  mx-central-1:", "    network: { create: { cidr: 10.1.0.0/16 } }"].join("\n"),
    remedy:
      "Ask AWS with `aws ec2 describe-instance-type-offerings`, then accept the warning. Terraform asks too when it plans.",
  },
  "instance-type-in-one-zone": {
    severity: "warning",
    sentence:
      "Only one zone of the region has these types, so the loss of that zone takes the model down there. It is an error where the model is to survive that.",
    example: [
      "regions:",
      "  ca-central-1:",
      "    network: { create: { cidr: 10.1.0.0/16 } }",
      "    models: { llama: { survive: nothing, instanceTypes: [p5.48xlarge] } }",
    ].join("\n"),
    remedy: "Add a type that another zone has, or serve the model in another region.",
  },
  "instance-type-in-fewer-zones": {
    severity: "warning",
    sentence:
      "Some zones of the network have none of these types. Sizes count the others only, so that the loss of one of those leaves enough instances.",
    example: [
      "regions:",
      "  ap-northeast-1:",
      "    network: { create: { cidr: 10.1.0.0/16, zones: 3 } }",
    ].join("\n"),
    remedy:
      "Write as many zones as have the types, add a type that the others have, or accept the warning with its reason.",
  },
  "parameters-too-few": {
    severity: "error",
    sentence: "No model has so few parameters. A letter for billions or millions is probably missing.",
    example: model('memory: { parameters: "8" }'),
    remedy: "Write the number with its letter, such as `8B` or `560M`.",
  },
  "weights-contradict-parameters": {
    severity: "error",
    sentence:
      "Weights of this size cannot hold so many parameters in this precision, so one of the three is wrong.",
    example: model("memory: { parameters: 70B }"),
    remedy:
      "Correct `weights.size` or `memory.parameters`, or write the `memory.precision` that the weights have.",
  },
  "uneven-split": {
    severity: "error",
    sentence: "The KV heads of the model do not divide evenly over the GPUs, so the server would not start.",
    example: model("memory: { parameters: 7B, kvHeads: 8, tensorParallel: 3 }"),
    remedy: "Write a `tensorParallel` that divides `kvHeads`, or is a multiple of it.",
  },
  "model-not-described": {
    severity: "error",
    sentence: "`memory` needs the model's config.json, or its number of parameters.",
    example: model("memory: { contextLength: 8192 }"),
    remedy:
      "Copy config.json of the model from the hub beside the file, and write `memory: { config: config.json }`.",
  },
  "config-not-json": {
    severity: "error",
    sentence: "The file that `memory.config` names is no config.json.",
    example: model("memory: { config: { text: llama } }"),
    remedy: "Copy config.json of the model from the hub, the whole file.",
  },
  "context-beyond-model": {
    severity: "error",
    sentence:
      "The context is longer than the one that the model has by its config.json, and the server does not start.",
    example: model(
      'memory: { contextLength: 65536, config: { text: \'{"num_hidden_layers": 4, "hidden_size": 64, "num_attention_heads": 4, "vocab_size": 1000, "max_position_embeddings": 32768}\' } }',
    ),
    remedy:
      "Write a context that the model has; or scale its rotary embeddings by the server's arguments, and set its variable that allows more.",
  },
  "config-not-known": {
    severity: "warning",
    sentence:
      "The model's config.json has kinds of layers or keys that this project does not know. It cannot say how much KV cache a request takes.",
    example: model(
      'memory: { config: { text: \'{"num_hidden_layers": 4, "hidden_size": 64, "num_attention_heads": 4, "layer_types": ["retention"]}\' } }',
    ),
    remedy: "Look at the server's own log for its KV cache, and accept the warning.",
  },
  "gpu-too-old": {
    severity: "error",
    sentence:
      "The GPUs of a type are of a generation that the server does not support with these weights or arguments. It would not start.",
    example: model("instanceTypes: [g4dn.2xlarge]", "memory: { parameters: 8B, precision: mxfp4 }"),
    remedy: "Use a type with newer GPUs, or weights in another precision.",
  },
  "gpu-without-kernels": {
    severity: "warning",
    sentence: "The published images of the server have no kernels for the GPUs of a type.",
    example: model("server: sglang", "image: lmsysorg/sglang:v0.5.18", "instanceTypes: [g4dn.2xlarge]"),
    remedy: "Use a type with newer GPUs; or accept the warning for an image that is built for them.",
  },
  "image-for-another-gpu": {
    severity: "error",
    sentence: "The image is built for one generation of GPUs, and the server does not start on another.",
    example: model(
      "server: tei",
      "image: ghcr.io/huggingface/text-embeddings-inference:hopper-1.9",
      "instanceTypes: [g6.2xlarge]",
    ),
    remedy: "Use the image for the GPUs of all listed types, or types of one generation.",
  },
  "image-for-other-hardware": {
    severity: "warning",
    sentence: "By its name the image is built for accelerators of another maker.",
    example: model("image: vllm/vllm-openai-rocm:v0.28.0"),
    remedy: "Use the image of the server that is built for CUDA.",
  },
  "image-for-cpus": {
    severity: "warning",
    sentence: "By its name the image is built for the CPU. The GPUs of its instances would be idle.",
    example: model("image: vllm/vllm-openai-cpu:v0.28.0"),
    remedy: "Use the image of the server that is built for CUDA, or instance types without GPUs.",
  },
  "size-contradicts-config": {
    severity: "error",
    sentence: "The size of the checkpoint is not that of the model in config.json.",
    example: model(
      'memory: { size: 900GiB, config: { text: \'{"num_hidden_layers": 4, "hidden_size": 64, "num_attention_heads": 4, "vocab_size": 1000}\' } }',
    ),
    remedy: "Correct the size, or take the config.json of the same model.",
  },
  "model-may-not-fit": {
    severity: "warning",
    sentence:
      "By what is known of the server, the model may fit or not. What a server takes beside weights and KV cache differs by version and kernel.",
    example: model(
      'memory: { config: { text: \'{"model_type": "llama", "num_hidden_layers": 32, "hidden_size": 4096, "num_attention_heads": 32, "num_key_value_heads": 8, "intermediate_size": 14336, "vocab_size": 128256, "max_position_embeddings": 32768}\' } }',
    ),
    remedy: "Lower `memory.contextLength`, use more GPUs or a larger type, or try it and accept the warning.",
  },
  "model-does-not-fit": {
    severity: "error",
    sentence:
      "The GPUs of an instance type do not hold the model. Any type listed may be launched, so each must.",
    example: model(
      "weights: { uri: s3://example-weights/llama/, size: 30GiB }",
      "memory: { parameters: 14B }",
    ),
    remedy:
      "Use types with more GPU memory, such as those in the message, or a smaller precision or context.",
  },
  "weights-exceed-gpus": {
    severity: "error",
    sentence:
      "The weights are larger than the memory of all GPUs of an instance, where the server keeps them.",
    example: model("weights: { uri: s3://example-weights/llama/, size: 30GiB }"),
    remedy: "Use larger types.",
  },
  "too-few-gpus": {
    severity: "error",
    sentence: "The server's arguments need more GPUs than an instance type has, so it would not start.",
    example: model('arguments: [--tensor-parallel-size, "4"]'),
    remedy: "Use fewer GPUs, or larger types.",
  },
  "gpu-not-there": {
    severity: "error",
    sentence: "`CUDA_VISIBLE_DEVICES` names a GPU that an instance type does not have.",
    example: model('env: { CUDA_VISIBLE_DEVICES: "0,1" }'),
    remedy: "Leave the variable out: a server sees all GPUs.",
  },
  "gpus-hidden": {
    severity: "error",
    sentence: "`CUDA_VISIBLE_DEVICES` hides GPUs that the arguments of the server use.",
    example: model(
      "instanceTypes: [g6.12xlarge]",
      'arguments: [--tensor-parallel-size, "2"]',
      'env: { CUDA_VISIBLE_DEVICES: "0" }',
    ),
    remedy: "Leave the variable out: a server sees all GPUs.",
  },
} as const satisfies Findings;
