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
