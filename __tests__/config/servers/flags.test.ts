import { flagsOf, judgeFlags, numbersOf } from "../../../config/servers/flags";
import { presetOf, type ServerName, serverPresets } from "../../../config/servers/presets";
import { compareVersions } from "../../../config/servers/version";

/** What is found, as `found word`. */
function found(server: ServerName, version: string | undefined, words: readonly string[]): readonly string[] {
  return judgeFlags(server, version === undefined ? undefined : numbersOf(version), words).map(
    ({ found: what, word }) => `${what} ${word}`,
  );
}

test.each<[string, ServerName, string | undefined, readonly string[]]>([
  ["values of every form", "vllm", "0.18.0", ["--max-model-len", "8192", "--dtype=half", "--seed", "-1"]],
  ["underscores", "vllm", "0.18.0", ["--max_model_len", "8192", "--tensor_parallel_size=2"]],
  ["other names", "vllm", "0.18.0", ["-tp", "2", "-dp=2", "-q", "fp8"]],
  ["a negation", "vllm", "0.18.0", ["--no-enable-prefix-caching", "--no_enable_log_requests"]],
  ["a beginning that is enough", "vllm", "0.18.0", ["--max-model", "8192", "--enable-expert"]],
  ["keys of JSON", "vllm", "0.18.0", ["--compilation-config.level", "3", "-cc.level=3"]],
  ["JSON", "vllm", "0.18.0", ["--speculative-config", '{"model": "--x", "num": 5}']],
  ["optimization levels", "vllm", "0.18.0", ["-O3", "-O.level=3", "-O=3"]],
  ["several values", "vllm", "0.18.0", ["meta/llama", "--served-model-name", "a", "b", "--seed", "1"]],
  ["a model that stands alone", "vllm", "0.18.0", ["meta/llama", "--seed", "1"]],
  [
    "several values, and the model by its flag",
    "vllm",
    "0.18.0",
    ["--served-model-name", "a", "b/c", "--model", "d"],
  ],
  ["a template with hyphens", "vllm", "0.18.0", ["--chat-template", "{{ x }} - y"]],
  ["what was removed before, of an unknown version", "vllm", undefined, ["--swap-space", "4"]],
  ["what a newer version than listed may have", "vllm", "0.30.0", ["--grpc"]],
  ["a patch between two listed versions", "vllm", "0.19.1", ["--grpc"]],
  ["a word that looks like a flag", "llama.cpp", "b10573", ["--alias", "--x", "-c", "8192", "-ngl", "99"]],
  ["a negation in the list", "llama.cpp", "b10573", ["--no-mmap", "-nocb", "--no_warmup"]],
  ["a flag of TGI", "tgi", "3.3.7", ["-p", "80", "--trust-remote-code", "--quantize", "awq"]],
  ["Triton's", "triton", "26.07", ["--model-repository=/m", "--log-verbose", "1"]],
  [
    "Triton's with settings as their values",
    "triton",
    "25.03",
    ["--backend-config=python,shm-region-prefix-name=p_", "--metrics-config", "summary_latencies=true"],
  ],
  ["servers without a list", "ray-serve", undefined, ["serve", "run", "--what"]],
  ["custom servers", "custom", undefined, ["--what", "ever"]],
])("%s is accepted", (_, server, version, words) => {
  expect(found(server, version, words)).toEqual([]);
});

test.each<[ServerName, string | undefined, readonly string[], readonly string[]]>([
  ["vllm", "0.18.0", ["--max-model-length", "1"], ["unknown --max-model-length"]],
  ["vllm", undefined, ["--nonsense=1", "--seed", "1"], ["unknown --nonsense"]],
  ["vllm", "0.17.0", ["--swap-space", "4"], []],
  ["vllm", "0.18.0", ["--swap-space", "4"], ["removed --swap-space"]],
  ["vllm", "0.18.0", ["--swap_space=4"], ["removed --swap_space"]],
  ["vllm", "0.19.0", ["--grpc"], ["too-new --grpc"]],
  ["vllm", "0.20.0", ["--grpc"], []],
  ["vllm", "0.18.0", ["--dtype", "--seed", "1"], ["without-value --dtype"]],
  ["vllm", "0.18.0", ["--seed"], ["without-value --seed"]],
  ["vllm", "0.18.0", ["--served-model-name", "a", "b/c"], ["swallows-model --served-model-name"]],
  ["sglang", "0.5.13", ["--context_length", "1"], ["unknown --context_length"]],
  ["sglang", "0.5.13", ["--enable-ep-moe"], ["removed --enable-ep-moe"]],
  [
    "sglang",
    "0.5.18",
    ["--enable-expert-distribution-metrics"],
    ["removed --enable-expert-distribution-metrics"],
  ],
  ["sglang", "0.5.9", ["--ssl-certfile", "x"], ["too-new --ssl-certfile"]],
  ["sglang", "0.5.13", ["Qwen/Qwen3-8B"], ["stray Qwen/Qwen3-8B"]],
  ["llama.cpp", "b10573", ["--draft-max", "16"], ["removed --draft-max"]],
  [
    "llama.cpp",
    "b10573",
    ["--draft-n-min", "5", "--spec-ngram-size-n", "3"],
    ["removed --draft-n-min", "removed --spec-ngram-size-n"],
  ],
  ["llama.cpp", "b8352", ["--draft-max", "16", "--draft-min", "5"], []],
  ["tgi", "3.2.1", ["--graceful-termination-timeout", "1"], ["too-new --graceful-termination-timeout"]],
  ["tgi", "3.3.7", ["text", "--quant", "awq"], ["stray text", "unknown --quant"]],
  ["tgi", "3.3.7", ["--quantize", "awq", "--quantize=gptq"], ["twice --quantize"]],
  ["tei", "1.9.3", ["--auto-truncate", "--auto-truncate"], ["twice --auto-truncate"]],
  ["llama.cpp", "b10573", ["model.gguf"], ["stray model.gguf"]],
  ["triton", "26.07", ["/models"], ["stray /models"]],
])("of %s %s %j is found", (server, version, words, expected) => {
  expect(found(server, version, words)).toEqual(expected);
});

test("what may be meant is named", () => {
  const near = (word: string) => judgeFlags("sglang", [0, 5, 13], [word, "1"])[0]?.near;
  expect(near("--contxt-length")).toEqual(["--context-length"]);
  expect(near("--pp-")).toEqual(["--pp-async-batch-depth", "--pp-max-micro-batch-size", "--pp-size"]);
  expect(near("--qqqqqqqqqqqq")).toEqual([]);
  expect(judgeFlags("vllm", [0, 18], ["--max-model-length", "1"])[0]?.near).toEqual(["--max-model-len"]);
});

test("the gone are named with what replaces them", () => {
  expect(judgeFlags("vllm", [0, 13], ["--task", "embed"])[0]?.flag?.instead).toBe("--runner or --convert");
});

describe("every list", () => {
  const lists = [...Object.keys(serverPresets)].flatMap((server) => {
    const list = flagsOf(server as ServerName);
    return list === undefined ? [] : [[server, list] as const];
  });

  test("is there for servers with a parser", () => {
    expect(lists.map(([server]) => server)).toEqual(["vllm", "sglang", "tgi", "tei", "triton", "llama.cpp"]);
  });

  test.each(lists)("of %s is consistent", (_, { versions, flags }) => {
    const numbers = versions.map(numbersOf);
    expect([...numbers].sort(compareVersions)).toEqual(numbers);
    const wrong = Object.entries(flags).filter(
      ([name, { of, first, last }]) =>
        !/^--?[A-Za-z]/.test(name) ||
        (of !== undefined && flags[of]?.kind === undefined) ||
        (first !== undefined && versions.indexOf(first) < 1) ||
        (last !== undefined && !versions.slice(0, -1).includes(last)) ||
        (first !== undefined && last !== undefined && compareVersions(numbersOf(first), numbersOf(last)) > 0),
    );
    expect(wrong).toEqual([]);
  });

  test.each(lists)("of %s has the names of the preset, in the newest version", (server, { versions }) => {
    const preset = presetOf(server as ServerName);
    const named = Object.values(preset?.argumentNames ?? {}).flatMap((name) => [name, "1"]);
    const fixed = Object.entries(preset?.arguments ?? {}).flatMap((pair) =>
      pair.filter((word) => word !== true),
    );
    const newest = numbersOf(versions.at(-1) ?? "");
    expect(judgeFlags(server as ServerName, newest, [...named, ...fixed])).toEqual([]);
  });
});
