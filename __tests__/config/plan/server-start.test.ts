import { instanceSettings } from "../../../config/plan/overrides";
import {
  type StartFacts,
  serverOptions,
  serverStart,
  valueOfFlag,
  writtenArgument,
} from "../../../config/plan/server-start";
import type { ServerName } from "../../../config/servers/presets";
import { valid, validFile, validModel, type WrittenFile } from "../../support/serving-file";

const FACTS: StartFacts = {
  model: "llama",
  server: "vllm",
  port: 8000,
  protocol: "http1",
  speaksTls: false,
  serverDrain: 300,
  serverKeepAlive: 4015,
};
const NO_WEIGHTS = { weights: undefined, volume: { size: "200GiB" } };

function settings(fields: Partial<WrittenFile["models"][string]> = NO_WEIGHTS) {
  const { file } = valid({ ...validFile(), models: { llama: { ...validModel(), ...fields } } });
  return instanceSettings(file, "us-east-1", "llama", "main");
}
const start = (facts: Partial<StartFacts>, fields?: Partial<WrittenFile["models"][string]>) =>
  serverStart(settings(fields), { ...FACTS, ...facts });

describe("a server is started", () => {
  test.each<[ServerName, number, readonly string[], Readonly<Record<string, string>>]>([
    ["vllm", 8000, ["--shutdown-timeout", "300"], { VLLM_HTTP_TIMEOUT_KEEP_ALIVE: "4015" }],
    [
      "sglang",
      30000,
      ["python3", "-m", "sglang.launch_server", "--host", "0.0.0.0", "--enable-metrics"],
      { SGLANG_TIMEOUT_KEEP_ALIVE: "4015" },
    ],
    ["tgi", 80, ["--graceful-termination-timeout", "300"], {}],
    ["triton", 8000, ["tritonserver", "--exit-timeout-secs", "300"], {}],
    ["nim", 8000, [], {}],
    ["ollama", 11434, [], {}],
    ["llama.cpp", 8080, ["--host", "0.0.0.0", "--metrics", "--port", "8080"], {}],
    [
      "ray-serve",
      8000,
      [],
      { RAY_SERVE_DEFAULT_HTTP_HOST: "0.0.0.0", RAY_SERVE_HTTP_KEEP_ALIVE_TIMEOUT_S: "4015" },
    ],
    ["custom", 9000, [], {}],
  ])("%s, with what it needs to keep its promises", (server, port, args, env) => {
    expect(start({ server, port })).toEqual({ arguments: args, env });
  });

  test("with its weights, under the model's name", () => {
    expect(start({}, {}).arguments).toEqual([
      ...["--model", "/models", "--served-model-name", "llama"],
      ...["--shutdown-timeout", "300"],
    ]);
  });

  test("with what the file says of its memory", () => {
    const memory = {
      ...{ parameters: "8B", tensorParallel: 1, pipelineParallel: 1 },
      ...{ contextLength: 8192, utilization: 0.85 },
    };
    expect(start({}, { ...NO_WEIGHTS, memory }).arguments).toEqual([
      ...["--tensor-parallel-size", "1", "--pipeline-parallel-size", "1"],
      ...["--max-model-len", "8192", "--gpu-memory-utilization", "0.85"],
      ...["--shutdown-timeout", "300"],
    ]);
  });

  test("with its stages, as SGLang's argument", () => {
    const memory = { parameters: "8B", tensorParallel: 2, pipelineParallel: 2 };
    const fields = { ...NO_WEIGHTS, memory, instanceTypes: ["g6.12xlarge"] };
    expect(start({ server: "sglang", port: 30000 }, fields).arguments.slice(-4)).toEqual([
      ...["--tp-size", "2", "--pp-size", "2"],
    ]);
  });

  test("with its port, where it is not its own", () => {
    expect(start({ port: 9000 }).arguments).toEqual(["--port", "9000", "--shutdown-timeout", "300"]);
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
      ...NO_WEIGHTS,
      arguments: ["--shutdown-timeout=300", "--extra"],
      env: { VLLM_HTTP_TIMEOUT_KEEP_ALIVE: "4015", MORE: "1" },
    };
    expect(start({ port: 9000 }, own)).toEqual({
      arguments: ["--port", "9000", "--shutdown-timeout=300", "--extra"],
      env: { VLLM_HTTP_TIMEOUT_KEEP_ALIVE: "4015", MORE: "1" },
    });
  });

  test("with the team's own words, underscores and all, and none of them twice", () => {
    const own = (flag: string) => ({ ...NO_WEIGHTS, arguments: [flag] });
    expect(start({}, own("--shutdown_timeout=300")).arguments).toEqual(["--shutdown_timeout=300"]);
    expect(start({ server: "tgi", port: 80 }, own("--graceful_termination_timeout=300")).arguments).toEqual([
      ...["--graceful-termination-timeout", "300", "--graceful_termination_timeout=300"],
    ]);
  });

  test("with underscores in a value left as they are", () => {
    const read = writtenArgument(
      "vllm",
      "--served-model-name",
      settings({ ...NO_WEIGHTS, arguments: ["--served_model_name=my_llama"] }),
    );
    expect(read).toEqual({ flag: "--served-model-name", value: "my_llama", index: 0 });
  });

  test("by the written arguments alone, where it has no preset", () => {
    const own = { ...NO_WEIGHTS, arguments: ["serve"], env: { A: "1" } };
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

  // vLLM v0.18.0 docs, vllm serve; sgl-project/sglang#18973; llama.cpp tools/server README, NIM for LLMs 2.0 docs,
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
