import { server, testRules } from "../../support/rule-cases";
import { reportOf, VALID_YAML } from "../../support/serving-file";

const CAPACITY = "capacity: { min: 3, max: 6 }";
const with_ = (fields: string): readonly [string, string] => [CAPACITY, `${CAPACITY}\n    ${fields}`];
const IMAGE = "    image: vllm/vllm-openai:v0.28.0\n";
const line = (after: string) => [IMAGE, `    run: ▸docker run vllm/vllm-openai:v0.28.0 ${after}\n`] as const;

describe("the first word that a server gets", () => {
  testRules([
    {
      name: "may not be a whole line",
      changes: [with_("arguments: [▸vllm serve Qwen/Qwen3-8B --max-model-len 8192]")],
      expected: [
        'error  models.llama.arguments[0]  misplaced-word  several words are written as one, and no shell parts them: vllm would take it for its model; write each on its own, arguments: [vllm, serve, Qwen/Qwen3-8B, --max-model-len, "8192"]',
      ],
    },
    {
      name: "may not be a variable, whose value is not shown",
      changes: [with_("arguments: [▸SOME_NAME=abc, vllm, serve, Qwen/Qwen3-8B]")],
      expected: [
        "error  models.llama.arguments[0]  misplaced-word  SOME_NAME=… sets a variable in a shell, and none runs here: vllm would take it for its model; remove the word, and write env: { SOME_NAME: … }",
      ],
    },
    {
      name: "may not be a program",
      changes: [with_("arguments: [▸torchrun, --nproc-per-node, '1', -m, vllm]")],
      expected: [
        "error  models.llama.arguments[0]  misplaced-word  torchrun is a program, and the container starts another one already: vllm would take it for its model; write it and the words up to the server's flags as command: [torchrun, …], or leave them out",
      ],
    },
    {
      name: "may not be a program in a docker run line",
      changes: [line("bash -c 'exec vllm serve X'")],
      expected: [
        "error  models.llama.run  misplaced-word  bash is a program, and the container starts another one already: vllm would take it for its model; write --entrypoint bash before the image, and what follows it after the image",
      ],
    },
    {
      name: "may not be a variable in a docker run line",
      changes: [line("VLLM_USE_V1=1 vllm serve X")],
      expected: [
        "error  models.llama.run  misplaced-word  VLLM_USE_V1=… sets a variable in a shell, and none runs here: vllm would take it for its model; write -e VLLM_USE_V1=… before the image",
      ],
    },
    {
      name: "may not be a line in quotes in a docker run line",
      changes: [line('"vllm serve X"')],
      expected: [
        "error  models.llama.run  misplaced-word  several words are written as one, and no shell parts them: vllm would take it for its model; remove the quotes around them",
      ],
    },
    {
      name: "may not be the rest of a line, after words of its own",
      changes: [with_("command: [vllm, serve, ▸Qwen/Qwen3-8B --seed 1]")],
      expected: ["error  models.llama.command[2]  misplaced-word"],
    },
    {
      name: "may not be one for a server that names its model by a flag",
      changes: [server("sglang"), with_("arguments: [▸bash, /app/start.sh]")],
      expected: [
        "error  models.llama.arguments[0]  misplaced-word  bash is a program, and the container starts another one already: sglang does not start with it; write it and the words up to the server's flags as command: [bash, …], or leave them out",
      ],
    },
    {
      name: "may not be another task of llama.cpp's full image",
      changes: [
        server("▸llama.cpp", "ghcr.io/ggml-org/llama.cpp:full-cuda-b10573"),
        with_("arguments: [▸--run, -p, hello]"),
      ],
      expected: [
        "warning  models.llama.server  keep-alive-unknown",
        "error  models.llama.arguments[0]  misplaced-word",
      ],
    },
    {
      name: "is not judged after a command of other words",
      changes: [with_("command: [mpirun, -n, '1']\n    arguments: [python3, -m, acme.server]")],
      expected: [],
    },
    {
      name: "may be a path or an address with an equals sign",
      changes: [with_("arguments: [/models/version=1]")],
      expected: [],
    },
  ]);

  test.each([
    ...["mpirun", "/usr/bin/python3.12", "bash", "/bin/sh", "env", "exec", "numactl", "accelerate", "vllm"],
  ])("may not be %s", (word) => {
    const written = VALID_YAML.replace(CAPACITY, `${CAPACITY}\n    arguments: [${word}, X]`);
    expect(reportOf(written).map((each) => each.split("  ")[3])).toEqual(["misplaced-word"]);
  });

  test.each(["sh", "bashful/model", "acme/env-1", "python3-coder"])("is read whole: %s", (word) => {
    const written = VALID_YAML.replace(/weights.*/, `volume: { size: 200GiB }`).replace(
      CAPACITY,
      `${CAPACITY}\n    arguments: [${word}]`,
    );
    expect(reportOf(written).join().includes("misplaced-word")).toBe(word === "sh");
  });
});

test("a key in a line is not shown", () => {
  const written = VALID_YAML.replace(
    CAPACITY,
    `${CAPACITY}\n    arguments: [vllm serve X --api-key hunter2hunter2]`,
  );
  expect(reportOf(written).join()).toMatch(/misplaced-word/);
  expect(reportOf(written).join()).not.toContain("hunter2");
});
