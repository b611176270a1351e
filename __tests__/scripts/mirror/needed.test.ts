import { neededFiles, type Reader } from "../../../scripts/mirror/needed";

const VLLM: Reader = { server: "vllm", image: "vllm/vllm-openai:v0.28.0", arguments: [] };

const needed = (paths: string, reader: Partial<Reader> = {}, include?: readonly string[]) =>
  neededFiles(
    paths.split(" ").map((path) => ({ path, size: 1, known: {} })),
    { ...VLLM, ...reader },
    include,
  )
    .map(({ path }) => path)
    .join(" ");

test.each<[string, string, Partial<Reader>, string]>([
  [
    "safetensors before others",
    ".gitattributes README.md LICENSE config.json model.safetensors pytorch_model.bin tf_model.h5 model.gguf onnx/model.onnx tokenizer.model images/a.png",
    {},
    "LICENSE config.json model.safetensors tokenizer.model",
  ],
  [
    "pickled ones without them",
    "config.json pytorch_model.bin flax_model.msgpack",
    {},
    "config.json pytorch_model.bin",
  ],
  [
    "one copy of Mistral's",
    "config.json params.json consolidated.safetensors model-00001-of-00002.safetensors",
    {},
    "config.json params.json model-00001-of-00002.safetensors",
  ],
  [
    "the other copy, as it is asked for",
    "params.json consolidated.safetensors model-00001-of-00002.safetensors",
    { arguments: ["--load-format", "mistral"] },
    "params.json consolidated.safetensors model-00001-of-00002.safetensors",
  ],
  ["the only copy", "params.json consolidated.safetensors", {}, "params.json consolidated.safetensors"],
  [
    "folders of parts",
    "1_Pooling/config.json text_encoder/model.safetensors original/consolidated.00.pth modeling_x.py",
    {},
    "1_Pooling/config.json text_encoder/model.safetensors modeling_x.py",
  ],
  [
    "ONNX on CPUs",
    "config.json model.safetensors onnx/model.onnx onnx/model_int8.onnx",
    { server: "tei", image: "ghcr.io/huggingface/text-embeddings-inference:cpu-1.9" },
    "config.json model.safetensors onnx/model.onnx",
  ],
  [
    "the quantization of llama.cpp",
    "README.md chat-Q4_K_M-00001-of-00002.gguf chat-Q4_K_M-00002-of-00002.gguf chat-Q8_0.gguf",
    { server: "llama.cpp", quantization: "q4_k_m" },
    "chat-Q4_K_M-00001-of-00002.gguf chat-Q4_K_M-00002-of-00002.gguf",
  ],
  [
    "the quantization, and none whose name begins or ends with it",
    "chat-Q2_K.gguf chat-Q2_K_L.gguf chat-IQ2_K.gguf mmproj-Q2_K.gguf",
    { server: "llama.cpp", quantization: "Q2_K" },
    "chat-Q2_K.gguf",
  ],
  [
    "no projector of pictures, unless it is asked for",
    "chat-F16.gguf chat-BF16.gguf mmproj-F16.gguf",
    { server: "llama.cpp", quantization: "F16" },
    "chat-F16.gguf",
  ],
  [
    "pickled weights of a folder that has no others",
    "model.safetensors pytorch_model.bin 2_Dense/pytorch_model.bin",
    {},
    "model.safetensors 2_Dense/pytorch_model.bin",
  ],
  [
    "no checkpoints of the training",
    "config.json model.safetensors checkpoint-500/model.safetensors",
    {},
    "config.json model.safetensors",
  ],
  [
    "all of a model repository",
    "ensemble/config.pbtxt ensemble/1/model.onnx",
    { server: "triton" },
    "ensemble/config.pbtxt ensemble/1/model.onnx",
  ],
])("a server needs %s", (_name, paths, reader, wanted) => {
  expect(needed(paths, reader)).toBe(wanted);
});

test("patterns choose instead, across folders", () => {
  expect(needed("a.json b/c.json d.txt e[1].txt", {}, ["*.json", "e[1].???"])).toBe(
    "a.json b/c.json e[1].txt",
  );
  expect(() => needed("a.json", {}, ["*.bin"])).toThrow("there is no file that fits *.bin; there are a.json");
});

test("of several models it is asked which", () => {
  expect(() => needed("a-Q4_0.gguf a-Q8_0.gguf", { server: "llama.cpp" })).toThrow(
    "there are 2 models, such as a-Q4_0.gguf, a-Q8_0.gguf; choose one, such as by --include 'a-Q4_0.gguf'",
  );
  expect(() => needed("a-00001-of-00002.gguf a-00002-of-00002.gguf b.gguf", { server: "llama.cpp" })).toThrow(
    "choose one, such as by --include 'a-*.gguf'",
  );
  expect(() => needed("config.json", { server: "llama.cpp" })).toThrow(
    "there is no file that llama.cpp reads",
  );
});

test("what holds no weights that the server reads is no model", () => {
  expect(() => needed("config.json model-Q4_K_M.gguf")).toThrow("there are no weights that vllm reads");
  expect(() => needed("config.json model-Q4_K_M.gguf", { quantization: "Q4_K_M" })).toThrow(
    "vllm takes a GGUF file of a folder by its path alone: choose it, such as by --include '*Q4_K_M.gguf'",
  );
});
