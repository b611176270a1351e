import { hubAddress } from "../../../config/servers/hub-address";

test.each([
  ["https://huggingface.co/Qwen/Qwen3-8B", { id: "Qwen/Qwen3-8B" }],
  ["Https://HuggingFace.co/Qwen/Qwen3-8B", { id: "Qwen/Qwen3-8B" }],
  ["huggingface.co/Qwen/Qwen3-8B/tree/main", { id: "Qwen/Qwen3-8B" }],
  ["hf.co/bartowski/Qwen3-8B-GGUF:Q4_K_M", { id: "bartowski/Qwen3-8B-GGUF:Q4_K_M" }],
  ["hf://Qwen/Qwen3-8B@v1", { id: "Qwen/Qwen3-8B", revision: "v1" }],
  ["https://huggingface.co/Qwen/Qwen3-8B/tree/refs%2Fpr%2F1", { id: "Qwen/Qwen3-8B", revision: "refs/pr/1" }],
])("%s names a model", (text, address) => {
  expect(hubAddress(text)).toEqual(address);
});

test.each(["Qwen/Qwen3-8B", "hf.co/Qwen", "https://huggingface.co/datasets/a/b", "s3://hf.co/a/b"])(
  "%s does not",
  (text) => {
    expect(hubAddress(text)).toBeUndefined();
  },
);
