import type { ServerName } from "../../config/servers/presets";

/** An image of every server, of a version with all that the presets use. */
export const SERVER_IMAGES: Readonly<Record<ServerName, string>> = {
  vllm: "vllm/vllm-openai:v0.28.0",
  sglang: "lmsysorg/sglang:v0.5.13",
  tgi: "ghcr.io/huggingface/text-generation-inference:3.3.7",
  tei: "ghcr.io/huggingface/text-embeddings-inference:cuda-1.9.3",
  triton: "nvcr.io/nvidia/tritonserver:26.08-py3",
  "trtllm-serve": "nvcr.io/nvidia/tensorrt-llm/release:1.2.0",
  nim: "123456789012.dkr.ecr.us-east-1.amazonaws.com/nim/meta/llama-3.1-8b-instruct:2.0.12",
  ollama: "ollama/ollama:0.33.0",
  "llama.cpp": "ghcr.io/ggml-org/llama.cpp:server-cuda-b7736",
  "ray-serve": "rayproject/ray-llm:2.49.0-py311-cu128",
  custom: "ghcr.io/example/server:1.0.0",
};

/** Images for instances without GPUs, of the servers that work there. */
export const CPU_IMAGES: Readonly<Partial<Record<ServerName, string>>> = {
  tei: "ghcr.io/huggingface/text-embeddings-inference:cpu-1.9.3",
  ollama: SERVER_IMAGES.ollama,
  "llama.cpp": "ghcr.io/ggml-org/llama.cpp:server-b7736",
  custom: SERVER_IMAGES.custom,
};
