import { instanceSettings } from "../../../config/plan/overrides";
import { drainSupport, serverOptions, serverStart } from "../../../config/plan/server-start";
import type { StartFacts } from "../../../config/plan/start-facts";
import { valueOfFlag, writtenArgument } from "../../../config/plan/written-argument";
import { presetOf, type ServerName } from "../../../config/servers/presets";
import { SERVER_IMAGES } from "../../support/server-images";
import { valid, validFile, validModel, type WrittenFile } from "../../support/serving-file";

const FACTS: StartFacts = {
  model: "llama",
  server: "vllm",
  port: 8000,
  protocol: "http1",
  speaksTls: false,
  serverDrain: 300,
  serverKeepAlive: 4015,
  startTimeout: 2160,
};
type Fields = Partial<WrittenFile["models"][string]>;
const NO_WEIGHTS = { weights: undefined, volume: { size: "200GiB" } };

/** What has every server know its model without a word of ours. */
const MODEL_ELSEWHERE: Readonly<Partial<Record<ServerName, Fields>>> = {
  vllm: { arguments: ["--config", "/app.yaml"] },
  sglang: { arguments: ["--config", "/app.yaml"] },
  tgi: { env: { MODEL_ID: "acme/llama" } },
  tei: { env: { MODEL_ID: "acme/llama" } },
  triton: { arguments: ["--model-store", "/app"] },
  "trtllm-serve": { arguments: ["acme/llama"] },
  ollama: { env: { OLLAMA_MODELS: "/app" } },
  "llama.cpp": { env: { LLAMA_ARG_MODEL: "/app.gguf" } },
  "ray-serve": { arguments: ["serve", "run", "app:application"] },
};

function settings(server: ServerName = "vllm", fields: Fields = {}) {
  const custom = server === "custom" ? { port: 9000, health: { path: "/" } } : {};
  const model = { ...validModel(), ...custom, server, image: SERVER_IMAGES[server], ...fields };
  const { file } = valid({ ...validFile(), models: { llama: model } });
  return instanceSettings(file, "us-east-1", "llama", "main");
}
const HUGGING_FACE = { HF_HOME: "/cache/huggingface" };
const COMPILERS = {
  FLASHINFER_WORKSPACE_BASE: "/cache",
  TORCHINDUCTOR_CACHE_DIR: "/cache/inductor",
  TRITON_CACHE_DIR: "/cache/triton",
};
const OF_VLLM = {
  ...HUGGING_FACE,
  ...COMPILERS,
  ...{ VLLM_CACHE_ROOT: "/cache/vllm", DG_JIT_CACHE_DIR: "/cache/deep_gemm" },
};
const OF_SGLANG = {
  ...HUGGING_FACE,
  ...COMPILERS,
  ...{ SGLANG_CACHE_DIR: "/cache/sglang", SGLANG_DG_CACHE_DIR: "/cache/deep_gemm" },
};

/** What a server is started with. */
function whole(facts: Partial<StartFacts>, fields: Fields = {}) {
  const { server = "vllm" } = facts;
  const elsewhere = MODEL_ELSEWHERE[server] ?? {};
  return serverStart(
    settings(server, {
      ...NO_WEIGHTS,
      ...fields,
      arguments: [...(elsewhere.arguments ?? []), ...(fields.arguments ?? [])],
      env: { ...elsewhere.env, ...fields.env },
    }),
    { ...FACTS, ...facts },
  );
}

/** What a server is started with, without its model and its caches. */
function start(facts: Partial<StartFacts>, fields: Fields = {}) {
  const { server = "vllm" } = facts;
  const elsewhere = MODEL_ELSEWHERE[server] ?? {};
  const { arguments: args, env } = whole(facts, fields);
  const caches: Readonly<Record<string, string>> = presetOf(server)?.caches?.environment ?? {};
  const known = { ...caches, ...elsewhere.env };
  return {
    arguments: args.filter((argument) => !elsewhere.arguments?.includes(argument)),
    env: Object.fromEntries(Object.entries(env).filter(([name, value]) => known[name] !== value)),
  };
}

describe("a server is started", () => {
  test.each<[ServerName, number, readonly string[], Readonly<Record<string, string>>]>([
    ["vllm", 8000, ["--shutdown-timeout", "300"], { VLLM_HTTP_TIMEOUT_KEEP_ALIVE: "4015" }],
    [
      "sglang",
      30000,
      ["python3", "-m", "sglang.launch_server", "--host", "0.0.0.0", "--enable-metrics"],
      { SGLANG_ENABLE_HEALTH_ENDPOINT_GENERATION: "false", SGLANG_TIMEOUT_KEEP_ALIVE: "4015" },
    ],
    ["tgi", 80, ["--graceful-termination-timeout", "300"], {}],
    ["tei", 80, [], {}],
    ["trtllm-serve", 8000, ["trtllm-serve", "--host", "0.0.0.0"], {}],
    ["triton", 8000, ["tritonserver", "--exit-timeout-secs", "300"], {}],
    [
      "nim",
      8000,
      [],
      {
        NIM_BIND_ADDR: "0.0.0.0:8000",
        NIM_HTTP_API_PORT: "8000",
        NIM_SERVER_BIND_ADDR: "0.0.0.0:8000",
        NIM_SERVER_PORT: "8000",
      },
    ],
    ["ollama", 11434, [], { OLLAMA_KEEP_ALIVE: "-1" }],
    ["llama.cpp", 8080, ["--host", "0.0.0.0", "--metrics", "--port", "8080"], {}],
    [
      "ray-serve",
      8000,
      [],
      {
        ...{ RAY_SERVE_DEFAULT_HTTP_HOST: "0.0.0.0", RAY_SERVE_HTTP_KEEP_ALIVE_TIMEOUT_S: "4015" },
      },
    ],
    ["custom", 9000, [], {}],
  ])("%s, with what it needs to keep its promises", (server, port, args, env) => {
    expect(start({ server, port })).toEqual({ arguments: args, env });
  });

  test.each<[ServerName, Readonly<Record<string, string>>]>([
    ["vllm", OF_VLLM],
    ["sglang", OF_SGLANG],
    ["tgi", { TRITON_CACHE_DIR: "/data/triton" }],
    ["triton", { ...HUGGING_FACE, ...COMPILERS }],
    ["trtllm-serve", { ...HUGGING_FACE, ...COMPILERS }],
    ["llama.cpp", { LLAMA_CACHE: "/cache/llama.cpp", CUDA_CACHE_PATH: "/cache/cuda" }],
    ["ray-serve", { ...HUGGING_FACE, ...COMPILERS, VLLM_CACHE_ROOT: "/cache/vllm" }],
  ])("%s with its caches where they last", (server, caches) => {
    expect(whole({ server }).env).toMatchObject(caches);
  });

  test("with a team's own place for a cache", () => {
    expect(whole({}, { env: { HF_HOME: "/mine" } }).env).toMatchObject({ ...OF_VLLM, HF_HOME: "/mine" });
  });

  const both = { adapters: { b: "s3://acme/b/", a: "s3://acme/a/" } };

  test.each<[ServerName, object, readonly string[]]>([
    [
      "vllm",
      both,
      ["--enable-lora", "--lora-modules", "a=/adapters/a", "b=/adapters/b", "--shutdown-timeout"],
    ],
    ["sglang", both, ["--lora-paths", "a=/adapters/a", "b=/adapters/b"]],
    ["tgi", both, ["--lora-adapters", "a=/adapters/a,b=/adapters/b"]],
    [
      "llama.cpp",
      {
        server: "llama.cpp",
        adapters: { b: { uri: "s3://acme/b/", file: "b.gguf" }, a: { uri: "s3://acme/a/", file: "a.gguf" } },
      },
      ["--lora", "/adapters/a/a.gguf", "--lora", "/adapters/b/b.gguf"],
    ],
  ])("%s with its adapters, in its own way", (server, fields, args) => {
    const told = start({ server }, fields).arguments.join(" ");
    expect(told).toContain(args.join(" "));
  });

  test("nim with the folder of its adapters", () => {
    expect(start({ server: "nim" }, both).env).toMatchObject({ NIM_PEFT_SOURCE: "/adapters" });
  });

  test("with what the file says of its memory", () => {
    const memory = {
      ...{ parameters: "8B", tensorParallel: 1, pipelineParallel: 1 },
      ...{ contextLength: 8192, utilization: 0.85 },
    };
    expect(start({}, { memory }).arguments).toEqual([
      ...["--tensor-parallel-size", "1", "--pipeline-parallel-size", "1"],
      ...["--max-model-len", "8192", "--gpu-memory-utilization", "0.85"],
      ...["--shutdown-timeout", "300"],
    ]);
  });

  test("with its stages, as SGLang's argument", () => {
    const memory = { parameters: "8B", tensorParallel: 2, pipelineParallel: 2 };
    const fields = { memory, instanceTypes: ["g6.12xlarge"] };
    expect(start({ server: "sglang", port: 30000 }, fields).arguments.slice(-4)).toEqual([
      ...["--tp-size", "2", "--pp-size", "2"],
    ]);
  });

  test("with its port, where it is not its own", () => {
    expect(start({ port: 9000 }).arguments).toEqual(["--port", "9000", "--shutdown-timeout", "300"]);
  });

  test("with what its own timeouts need, where it has several engines", () => {
    const ready = (...args: string[]) =>
      start({}, { arguments: args, instanceTypes: ["g6.12xlarge"] }).env.VLLM_ENGINE_READY_TIMEOUT_S;
    expect(ready("--data-parallel-size", "2")).toBe("2160");
    expect(ready("--api-server-count=2")).toBe("2160");
    expect(ready("--data-parallel-size", "1")).toBeUndefined();
  });

  test("with its address and metrics once, when they are written too", () => {
    const own = { arguments: ["--host", "0.0.0.0", "--enable-metrics"] };
    expect(start({ server: "sglang", port: 30000 }, own).arguments).toEqual([
      ...["python3", "-m", "sglang.launch_server", "--host", "0.0.0.0", "--enable-metrics"],
    ]);
  });

  test("with the argument that its task needs", () => {
    const args = (facts: Partial<StartFacts>, fields?: Fields) => start(facts, fields).arguments;
    expect(args({ server: "sglang", port: 30000, task: "embed" })).toContain("--is-embedding");
    expect(args({ server: "sglang", port: 30000 }, { arguments: ["--model-path", "BAAI/bge-m3"] })).toContain(
      "--is-embedding",
    );
    expect(args({ server: "sglang", port: 30000 })).not.toContain("--is-embedding");
    expect(args({ server: "llama.cpp", port: 8080, task: "rerank" })).toContain("--rerank");
  });

  test("with its port for gRPC, where the load balancer uses that", () => {
    const grpc = (server: ServerName, port: number) => start({ server, port, protocol: "grpc" }).arguments;
    expect(grpc("triton", 9001)).toEqual([
      ...["tritonserver", "--grpc-port", "9001"],
      ...["--exit-timeout-secs", "300"],
    ]);
    expect(grpc("triton", 8001)).not.toContain("--grpc-port");
    expect(grpc("vllm", 9001)).toContain("--port");
  });

  test("with the team's own words last, and none of them twice", () => {
    const own = {
      arguments: ["--shutdown-timeout=300", "--extra"],
      env: { VLLM_HTTP_TIMEOUT_KEEP_ALIVE: "4015", MORE: "1" },
    };
    expect(start({ port: 9000 }, own)).toEqual({
      arguments: ["--port", "9000", "--shutdown-timeout=300", "--extra"],
      env: { VLLM_HTTP_TIMEOUT_KEEP_ALIVE: "4015", MORE: "1" },
    });
  });

  test("with the team's own words, underscores and all, and none of them twice", () => {
    const own = (flag: string) => ({ arguments: [flag] });
    expect(start({}, own("--shutdown_timeout=300")).arguments).toEqual(["--shutdown_timeout=300"]);
    expect(start({ server: "tgi", port: 80 }, own("--graceful_termination_timeout=300")).arguments).toEqual([
      ...["--graceful-termination-timeout", "300", "--graceful_termination_timeout=300"],
    ]);
  });

  test("with underscores in a value left as they are", () => {
    const read = writtenArgument(
      "vllm",
      "--served-model-name",
      settings("vllm", { arguments: ["--served_model_name=my_llama"] }),
    );
    expect(read).toEqual({ flag: "--served-model-name", value: "my_llama", index: 0 });
  });

  test("by the written arguments alone, where it has no preset", () => {
    const own = { arguments: ["serve"], env: { A: "1" } };
    expect(start({ server: "custom" }, own)).toEqual({ arguments: ["serve"], env: { A: "1" } });
  });
});

describe("configured for TLS, with the certificate in its container,", () => {
  const added = (server: ServerName, protocol: StartFacts["protocol"] = "http1") => {
    const plain = start({ server, protocol });
    const options = start({ server, protocol, speaksTls: true });
    return {
      arguments: options.arguments.filter((argument) => !plain.arguments.includes(argument)),
      env: Object.fromEntries(Object.entries(options.env).filter(([name]) => plain.env[name] === undefined)),
    };
  };
  const nothing = { arguments: [], env: {} };

  // vLLM v0.28.0 docs, vllm serve; sgl-project/sglang#18973; llama.cpp tools/server README, NIM for LLMs 2.0 docs,
  // Environment Variables; Triton docs, Inference Protocols. Of the others none says how, or to whom.
  test.each<[ServerName, ReturnType<typeof added>]>([
    [
      "vllm",
      {
        arguments: ["--ssl-certfile", "/tls/certificate.pem", "--ssl-keyfile", "/tls/key.pem"],
        env: {},
      },
    ],
    [
      "sglang",
      {
        arguments: ["--ssl-certfile", "/tls/certificate.pem", "--ssl-keyfile", "/tls/key.pem"],
        env: {},
      },
    ],
    [
      "llama.cpp",
      {
        arguments: ["--ssl-cert-file", "/tls/certificate.pem", "--ssl-key-file", "/tls/key.pem"],
        env: {},
      },
    ],
    [
      "nim",
      {
        arguments: [],
        env: {
          NIM_SSL_MODE: "TLS",
          NIM_SSL_CERTS_PATH: "/tls/certificate.pem",
          NIM_SSL_KEY_PATH: "/tls/key.pem",
        },
      },
    ],
    ["triton", nothing],
    ["tgi", nothing],
    ["tei", nothing],
    ["trtllm-serve", nothing],
    ["ollama", nothing],
    ["ray-serve", nothing],
    ["custom", nothing],
  ])("%s", (server, options) => {
    expect(added(server)).toEqual(options);
  });

  test("triton, over gRPC", () => {
    expect(added("triton", "grpc").arguments).toEqual([
      ...["--grpc-use-ssl", "true"],
      ...["--grpc-server-cert", "/tls/certificate.pem", "--grpc-server-key", "/tls/key.pem"],
    ]);
  });
});

describe("whether a server finishes its requests by an argument, by the name of its image", () => {
  test.each<[ServerName, string, ReturnType<typeof drainSupport>]>([
    ["vllm", "vllm/vllm-openai:v0.28.0", "full"],
    ["vllm", "vllm/vllm-openai:v0.27.0-cu129", "full"],
    ["vllm", "vllm/vllm-openai:v0.18.0", "unreliable"],
    ["vllm", "vllm/vllm-openai:v0.17.1", "none"],
    ["vllm", "vllm/vllm-openai@sha256:".padEnd(88, "0"), "none"],
    ["vllm", "123456789012.dkr.ecr.us-east-1.amazonaws.com/mirror/vllm:v0.28.0", "full"],
    [
      "vllm",
      "763104351884.dkr.ecr.us-east-1.amazonaws.com/vllm:0.11-gpu-py312-cu128-ubuntu22.04-ec2",
      "none",
    ],
    ["vllm", "public.ecr.aws/deep-learning-containers/vllm:server-cuda-v1.0.0", "none"],
    ["vllm", "nvcr.io/nvidia/vllm:25.09-py3", "none"],
    ["tgi", "ghcr.io/huggingface/text-generation-inference:3.2.1", "none"],
    ["tgi", "123456789012.dkr.ecr.us-east-1.amazonaws.com/tgi:3.3.5", "full"],
    ["triton", "ghcr.io/example/any:1", "full"],
    ["sglang", "lmsysorg/sglang:v0.4.5", "full"],
  ])("%s, %s: %s", (server, image, support) => {
    expect(drainSupport(server, image)).toBe(support);
  });

  test("is what decides whether it is passed", () => {
    expect(start({}, { image: "vllm/vllm-openai:v0.17.1" }).arguments).toEqual([]);
  });
});

test("a custom server has no options", () => {
  expect(serverOptions(settings(), { ...FACTS, server: "custom" })).toEqual([]);
});

describe("the value of a flag", () => {
  test.each([
    [["--port", "1"], { value: "1", index: 0 }],
    [["--a", "--port=2"], { value: "2", index: 1 }],
    [["--port="], { value: "", index: 0 }],
    [["--port"], { value: "", index: 0 }],
    [["--ports", "--port-range=3"], undefined],
    [[], undefined],
  ])("in %j is %j", (written, found) => {
    expect(valueOfFlag("--port", written)).toEqual(found);
  });
});
