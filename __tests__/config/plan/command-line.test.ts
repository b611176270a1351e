import type { ServerName } from "../../../config/servers/presets";
import { SERVER_IMAGES } from "../../support/server-images";
import { loadFile, validFile, validModel, type WrittenFile } from "../../support/serving-file";

type Fields = Partial<WrittenFile["models"][string]>;

/** What follows the image on the instances, with the entry point in brackets; for a file that is refused, why. */
function started(server: ServerName, fields: Fields): string {
  const model = {
    ...validModel(),
    ...{ weights: undefined, volume: { size: "200GiB" }, server },
    image: fields.run === undefined ? SERVER_IMAGES[server] : undefined,
    ...fields,
  };
  const loaded = loadFile({ ...validFile(), models: { llama: model } });
  if (!loaded.ok) {
    return loaded.diagnostics
      .filter(({ severity }) => severity === "error")
      .map(({ path, code, message }) => `${path.slice(2).join(".")} ${code}: ${message}`)
      .join("\n");
  }
  const variant = loaded.deployment.regions[0]?.models[0]?.variants[0];
  const entrypoint = variant?.entrypoint === undefined ? [] : [`[${variant.entrypoint}]`];
  return [...entrypoint, ...(variant?.arguments ?? [])].join(" ");
}

const SGLANG = "python3 -m sglang.launch_server --host 0.0.0.0 --enable-metrics";
const KEY = "arn:aws:secretsmanager:us-east-1:123456789012:secret:chat-key-AbCdEf";
const run = (image: string, after: string, options = "") => ({
  run: `docker run --gpus all ${options} ${image} ${after}`,
});

describe("a docker run line with the server's own command has it once", () => {
  test.each<[ServerName, string, string]>([
    [
      "sglang",
      "python3 -m sglang.launch_server --model-path Qwen/Qwen3-8B",
      `${SGLANG} --model-path Qwen/Qwen3-8B`,
    ],
    [
      "triton",
      "tritonserver --model-repository=/app",
      "tritonserver --exit-timeout-secs 300 --model-repository=/app",
    ],
    [
      "trtllm-serve",
      "trtllm-serve Qwen/Qwen3-8B --max_batch_size 8",
      "trtllm-serve Qwen/Qwen3-8B --host 0.0.0.0 --max_batch_size 8",
    ],
    ["vllm", "vllm serve Qwen/Qwen3-8B", "Qwen/Qwen3-8B --shutdown-timeout 300"],
    [
      "sglang",
      "python -u -B -m sglang.launch_server --model-path Qwen/Qwen3-8B",
      `${SGLANG} --model-path Qwen/Qwen3-8B`,
    ],
    [
      "vllm",
      "/usr/bin/python3.12 -u -m vllm.entrypoints.openai.api_server --model Qwen/Qwen3-8B",
      "--shutdown-timeout 300 --model Qwen/Qwen3-8B",
    ],
  ])("%s: %s", (server, after, words) => {
    expect(started(server, run(SERVER_IMAGES[server], after))).toBe(words);
  });

  test("and gets its key by the preset's command", () => {
    const line = run(SERVER_IMAGES.sglang, "python3 -m sglang.launch_server --model-path Qwen/Qwen3-8B");
    expect(started("sglang", { ...line, apiKey: KEY })).toMatch(/^python3 -c import .*SERVER_API_KEY/);
  });

  test("but an entry point in the line stands in the way of the key", () => {
    const line = run(
      SERVER_IMAGES.sglang,
      "-m sglang.launch_server --model-path Qwen/Qwen3-8B",
      "--entrypoint python3",
    );
    expect(started("sglang", { ...line, apiKey: KEY })).toMatch(
      /api-key-not-taken: .*which --entrypoint replaces; remove --entrypoint$/,
    );
  });
});

describe("with an entry point of the team's own, what is derived follows the server's command", () => {
  test.each<[string, ServerName, Fields, string]>([
    [
      "of a docker run line",
      "vllm",
      run(SERVER_IMAGES.vllm, "serve acme/llama --seed 1", "--entrypoint vllm"),
      "[vllm] serve acme/llama --shutdown-timeout 300 --seed 1",
    ],
    [
      "in two fields",
      "vllm",
      { command: ["vllm"], arguments: ["serve", "acme/llama"] },
      "[vllm] serve acme/llama --shutdown-timeout 300",
    ],
    [
      "with the model in a field of its own",
      "vllm",
      { command: ["/opt/venv/bin/vllm", "serve"], arguments: ["--seed", "1"], model: "acme/llama" },
      "[/opt/venv/bin/vllm] serve acme/llama --shutdown-timeout 300 --seed 1",
    ],
    [
      "of a module of Python",
      "sglang",
      run(
        "lmsysorg/sglang:v0.5.10",
        "-m sglang.launch_server --model-path acme/llama",
        "--entrypoint python3",
      ),
      `[python3] ${SGLANG.slice("python3 ".length)} --model-path acme/llama`,
    ],
    [
      "behind programs that start it, in two fields",
      "triton",
      { command: ["mpirun", "-n", "1"], arguments: ["tritonserver", "--model-repository=/app"] },
      "[mpirun] -n 1 tritonserver --exit-timeout-secs 300 --model-repository=/app",
    ],
    [
      "and the arguments of a command that is not known",
      "triton",
      { command: ["/app/start.sh"], arguments: ["--model-repository=/app"] },
      "[/app/start.sh] --model-repository=/app --exit-timeout-secs 300",
    ],
    [
      "which has some of it already",
      "vllm",
      { command: ["vllm", "serve", "acme/llama", "--shutdown-timeout", "300"], arguments: ["--seed", "1"] },
      "[vllm] serve acme/llama --shutdown-timeout 300 --seed 1",
    ],
    [
      "in a shell, whose -c is not the server's",
      "llama.cpp",
      {
        command: ["bash", "-c", 'exec /app/llama-server -m /app.gguf --metrics "$@"', "x"],
        memory: { parameters: "8B", contextLength: 8192 },
        env: { LLAMA_ARG_MODEL: "/app.gguf" },
      },
      '[bash] -c exec /app/llama-server "$@" x --host 0.0.0.0 --port 8080 --ctx-size 8192 -m /app.gguf --metrics',
    ],
    [
      "behind a program, in a line of an image that runs what it is given",
      "triton",
      run(SERVER_IMAGES.triton, "mpirun -n 2 tritonserver --model-repository=/app"),
      "[mpirun] -n 2 tritonserver --exit-timeout-secs 300 --model-repository=/app",
    ],
    [
      "in a shell, as the arguments of such an image",
      "sglang",
      { arguments: ["bash", "-c", "python3 -m sglang.launch_server --model-path acme/llama"] },
      '[bash] -c python3 -m sglang.launch_server "$@" python3 --host 0.0.0.0 --enable-metrics --model-path acme/llama',
    ],
    [
      "after the tool that llama.cpp's full image takes first",
      "llama.cpp",
      run("ghcr.io/ggml-org/llama.cpp:full-cuda-b10573", "--server -hf ggml-org/x --n-gpu-layers 99"),
      "--server --host 0.0.0.0 --metrics --port 8080 -hf ggml-org/x --n-gpu-layers 99",
    ],
    [
      "after the short name of that tool",
      "llama.cpp",
      run("ghcr.io/ggml-org/llama.cpp:full-cuda-b10573", "-s -hf ggml-org/x"),
      "--server --host 0.0.0.0 --metrics --port 8080 -hf ggml-org/x",
    ],
    [
      "with a seed, which that is elsewhere",
      "llama.cpp",
      run("ghcr.io/ggml-org/llama.cpp:server-cuda-b10573", "-s -1 -hf ggml-org/x"),
      "--host 0.0.0.0 --metrics --port 8080 -s -1 -hf ggml-org/x",
    ],
    [
      "and that tool is written by the preset, too",
      "llama.cpp",
      { image: "ghcr.io/ggml-org/llama.cpp:full-cuda-b10573", model: "ggml-org/x" },
      "--server --host 0.0.0.0 --metrics --hf-repo ggml-org/x --port 8080",
    ],
    [
      "in a shell's line that does more, before the server's own words in it",
      "vllm",
      {
        command: [
          "bash",
          "-lc",
          "pip install 'a b' && X=1 exec numactl -N 0 vllm serve acme/llama \\\n  --seed 1",
        ],
        arguments: ["--dtype", "auto"],
      },
      `[bash] -lc pip install 'a b' && X=1 exec numactl -N 0 vllm serve "$@" vllm acme/llama --shutdown-timeout 300 --seed 1 --dtype auto`,
    ],
  ])("%s", (_, server, fields, words) => {
    expect(started(server, fields)).toBe(words);
  });
});

describe("vLLM is told its model by name where its first argument may be ignored", () => {
  const model = "acme/llama";
  const module = ["python3", "-m", "vllm.entrypoints.openai.api_server"];

  test.each<[string, Fields, string]>([
    [
      "in a module as the command",
      { command: module },
      "[python3] -m vllm.entrypoints.openai.api_server --model acme/llama --shutdown-timeout 300",
    ],
    [
      "in a module of a docker run line",
      run(SERVER_IMAGES.vllm, module.slice(1).join(" "), "--entrypoint python3"),
      "[python3] -m vllm.entrypoints.openai.api_server --model acme/llama --shutdown-timeout 300",
    ],
    [
      "in AWS's images",
      { image: "763104351884.dkr.ecr.us-east-1.amazonaws.com/vllm:0.18-gpu-py312-cu129-ubuntu22.04-ec2" },
      "--model acme/llama --shutdown-timeout 300",
    ],
    [
      "in AWS's public images",
      { image: "public.ecr.aws/deep-learning-containers/vllm:server-cuda-v1.0.0" },
      "--model acme/llama",
    ],
    [
      "in a program that is not known",
      { command: ["/app/start.sh"] },
      "[/app/start.sh] --model acme/llama --shutdown-timeout 300",
    ],
  ])("%s", (_, fields, words) => {
    expect(started("vllm", { ...fields, model })).toBe(words);
  });

  test.each<[string, Fields, string]>([
    ["whose entry point runs them", {}, "acme/llama --shutdown-timeout 300"],
    ["that run what they are given", { image: "nvcr.io/nvidia/vllm:26.08-py3" }, "vllm serve acme/llama"],
  ])("and as the first argument in images %s", (_, fields, words) => {
    expect(started("vllm", { ...fields, model })).toBe(words);
  });
});

test.each([
  ["vllm", "serve", "acme/llama"],
  ["serve", "acme/llama"],
  ["python3", "-m", "vllm.entrypoints.openai.api_server", "--model", "acme/llama"],
])("NVIDIA's image of vLLM keeps the words that start it: %s", (...written) => {
  const fields = { image: "nvcr.io/nvidia/vllm:26.08-py3", arguments: written };
  expect(started("vllm", fields)).toMatch(/^vllm serve (--model )?acme\/llama$/);
});

describe("a model in the words of the team's command is told once", () => {
  test.each<[string, Fields, string]>([
    [
      "in a line of a shell",
      { command: ["bash", "-c", 'exec vllm serve acme/llama "$@"', "x"], model: "acme/llama" },
      '[bash] -c exec vllm serve "$@" x acme/llama --shutdown-timeout 300',
    ],
    [
      "with its flag",
      { command: ["/app/start.sh", "--model=acme/llama"], model: "acme/llama" },
      "[/app/start.sh] --model=acme/llama --shutdown-timeout 300",
    ],
    [
      "without one",
      { command: ["vllm", "serve", "acme/llama"], model: "acme/llama" },
      "[vllm] serve acme/llama --shutdown-timeout 300",
    ],
    [
      "by the folder of its weights, and by a name of its own",
      {
        command: ["bash", "-c", 'exec vllm serve /models/ --served-model-name mine "$@"', "x"],
        weights: { uri: "s3://example-weights/llama/", size: "15GiB" },
      },
      '[bash] -c exec vllm serve "$@" x /models/ --shutdown-timeout 300 --served-model-name mine',
    ],
  ])("%s", (_, fields, words) => {
    expect(started("vllm", fields)).toBe(words);
  });
});
