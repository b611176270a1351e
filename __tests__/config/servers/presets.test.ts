import {
  defaultPort,
  presetOf,
  type ServerName,
  serverPresets,
  tlsOf,
  versionOf,
} from "../../../config/servers/presets";

test("a custom server has no preset", () => {
  expect(presetOf("custom")).toBeUndefined();
  expect(defaultPort("custom", "http1")).toBeUndefined();
  expect(tlsOf("custom", "http1")).toBeUndefined();
});

test.each(Object.keys(serverPresets) as ServerName[])("of %s all facts have a source", (server) => {
  expect(presetOf(server)?.source).toMatch(/\w/);
  expect(presetOf(server)?.tls.source).toMatch(/\w/);
  expect(presetOf(server)?.model.source).toMatch(/\w/);
  for (const probe of Object.values(presetOf(server)?.tasks?.probes ?? {})) {
    expect(typeof probe === "object" ? probe.source : probe).toMatch(/\w/);
  }
  expect(presetOf(server)?.protocols?.source ?? "nothing is documented").toMatch(/\w/);
});

test("gRPC has a port of its own where the server has one for it", () => {
  expect([defaultPort("triton", "http1"), defaultPort("triton", "grpc")]).toEqual([8000, 8001]);
  expect([defaultPort("sglang", "http1"), defaultPort("sglang", "grpc")]).toEqual([30000, 30000]);
});

test("a server that supports TLS for gRPC only has none for another protocol", () => {
  expect(tlsOf("triton", "grpc")?.by).toBe("argument");
  expect(tlsOf("triton", "http1")).toMatchObject({ by: "none", why: "triton supports it for gRPC only" });
  expect(tlsOf("vllm", "http1")).toBe(serverPresets.vllm.tls);
});

test.each(Object.entries(serverPresets))("one of the gauges of %s counts waiting requests", (_, preset) => {
  const { gauges = [], waiting } = "metrics" in preset ? preset.metrics : {};
  expect(waiting === undefined || (gauges as readonly string[]).includes(waiting)).toBe(true);
});

test("what is posted to a server is JSON", () => {
  const bodies = Object.keys(serverPresets).flatMap((server) =>
    Object.values(presetOf(server as ServerName)?.tasks?.probes ?? {}).flatMap((probe) =>
      typeof probe === "object" && probe.body !== undefined ? [probe.body] : [],
    ),
  );
  expect(bodies).toHaveLength(21);
  for (const body of bodies) {
    expect(() => JSON.parse(body)).not.toThrow();
  }
});

test.each(Object.keys(serverPresets) as ServerName[])("the usual task of %s has a request", (server) => {
  const tasks = presetOf(server)?.tasks;
  expect(tasks === undefined || typeof tasks.probes[tasks.usual] === "object").toBe(true);
});

describe("the version of a server is in the name of its image", () => {
  test.each<[ServerName, string, readonly number[] | undefined]>([
    ["vllm", "vllm/vllm-openai:v0.18.0", [0, 18, 0]],
    ["vllm", "vllm/vllm-openai-nonroot:v0.22.1-cu129", [0, 22, 1]],
    ["vllm", "vllm/vllm-openai:nightly-0123abc", undefined],
    [
      "vllm",
      "763104351884.dkr.ecr.us-east-1.amazonaws.com/vllm:0.11-gpu-py312-cu128-ubuntu22.04-ec2",
      [0, 11],
    ],
    ["vllm", "public.ecr.aws/deep-learning-containers/vllm:server-cuda-v1.0.0", undefined],
    ["vllm", "nvcr.io/nvidia/vllm:25.09-py3", undefined],
    ["vllm", "ghcr.io/acme/my-vllm-fork:0.9.0", undefined],
    ["sglang", "lmsysorg/sglang:v0.5.5.post3-cu129", [0, 5, 5]],
    ["sglang", "nvcr.io/nvidia/sglang:25.10-py3", undefined],
    ["tgi", "ghcr.io/huggingface/text-generation-inference:3.3.5", [3, 3, 5]],
    [
      "tgi",
      "763104351884.dkr.ecr.us-east-1.amazonaws.com/huggingface-pytorch-tgi-inference:2.6.0-tgi3.2.3-gpu-py311-cu124-ubuntu22.04",
      [3, 2, 3],
    ],
    ["tei", "ghcr.io/huggingface/text-embeddings-inference:89-1.9", [1, 9]],
    ["tei", "ghcr.io/huggingface/text-embeddings-inference:cuda-1.9.3", [1, 9, 3]],
    ["tei", "ghcr.io/huggingface/text-embeddings-inference:cpu-1.8", [1, 8]],
    ["tei", "ghcr.io/huggingface/text-embeddings-inference:1.9", [1, 9]],
    ["llama.cpp", "ghcr.io/ggml-org/llama.cpp:server-cuda-b7736", [7736]],
    ["llama.cpp", "ghcr.io/ggml-org/llama.cpp:server-cuda", undefined],
    ["nim", "nvcr.io/nim/meta/llama-3.1-8b-instruct:1.8.4", [1, 8, 4]],
    ["trtllm-serve", "nvcr.io/nvidia/tensorrt-llm/release:1.2.0rc1", [1, 2, 0]],
    ["ollama", "ollama/ollama:0.12.6", [0, 12, 6]],
    ["ray-serve", "rayproject/ray-llm:2.49.0-py311-cu128", [2, 49, 0]],
    ["custom", "vllm/vllm-openai:v0.18.0", undefined],
  ])("%s, %s: %j", (server, image, version) => {
    expect(versionOf(server, image)).toEqual(version);
  });
});
