import { testRules } from "../../support/rule-cases";
import { reportOf, VALID_YAML, valid, validFile, validModel } from "../../support/serving-file";

const IMAGE = "    image: vllm/vllm-openai:v0.28.0\n";
const INSTEAD = "docker run --gpus all";
const line = (options: string, after = "") =>
  [IMAGE, `    run: ▸'${INSTEAD} ${options} vllm/vllm-openai:v0.28.0 ${after}'\n`] as const;
const CAPACITY = "capacity: { min: 3, max: 6 }";
const with_ = (fields: string): readonly [string, string] => [CAPACITY, `${CAPACITY}\n    ${fields}`];
const SECRET = "arn:aws:secretsmanager:us-east-1:123456789012:secret:hf-AbCdEf";

describe("a docker run line", () => {
  testRules([
    { name: "alone is accepted", changes: [line("--ipc=host --rm -it -p 80:8000")], expected: [] },
    {
      name: "that is none",
      changes: [[IMAGE, "    run: ▸docker compose up\n"]],
      expected: [
        "error  models.llama.run  malformed-run  is docker compose, which reads its containers from a file; write the docker run of the server",
      ],
    },
    {
      name: "beside the fields that it sets",
      changes: [
        line("--shm-size 16g"),
        with_(
          "▸image: x/y:1.0\n    ▸arguments: [--seed, '1']\n    ▸env: { A: b }\n    ▸command: [x]\n    ▸sharedMemory: 8GiB",
        ),
      ].map(
        ([a, b], index) =>
          [a, index === 0 ? b.replace("▸", "") : b.replaceAll(/▸(\w+): /g, "$1: ▸")] as const,
      ),
      expected: ["image", "arguments", "env", "command", "sharedMemory"].map(
        (field) => `error  models.llama.${field}  both-given`,
      ),
    },
    {
      name: "beside fields that it leaves open",
      changes: [
        line("").map((text) => text.replace("▸", "")) as [string, string],
        with_("sharedMemory: 8GiB"),
      ],
      expected: [],
    },
    {
      name: "that sets variables of the shell before",
      changes: [
        [
          IMAGE,
          "    run: ▸|\n      model=acme/chat\n      docker run --gpus all acme/vllm:1.0 --model $model\n",
        ],
      ],
      expected: [
        "error  models.llama.run  malformed-run  begins with model=…, which sets a variable of a shell, and none runs here; begin with docker run, and write the value where the line has $model",
      ],
    },
    {
      name: "with the variable of the server's key",
      changes: [line("-e VLLM_API_KEY")],
      expected: [
        "error  models.llama.run  run-variable-without-value  VLLM_API_KEY has no value in the line, and instances have none to take it from; write the ARN of its secret into apiKey",
      ],
    },
    {
      name: "with the variable of the server's key, which is given",
      changes: [
        line("-e VLLM_API_KEY=$KEY").map((text) => text.replace("▸", "")) as [string, string],
        with_(`apiKey: ${SECRET}`),
      ],
      expected: [],
    },
    {
      name: "with variables of the shell",
      changes: [line("-e HF_TOKEN=$HF_TOKEN -e OTHER")],
      expected: [
        "error  models.llama.run  run-variable-without-value  HF_TOKEN has no value in the line, and instances have none to take it from; write the ARN of its secret into secrets",
        "error  models.llama.run  run-variable-without-value",
      ],
    },
    {
      name: "with variables whose values are in secrets",
      changes: [
        line("-e HF_TOKEN=$HF_TOKEN").map((text) => text.replace("▸", "")) as [string, string],
        with_(`secrets: { HF_TOKEN: '${SECRET}' }`),
      ],
      expected: [],
    },
    {
      name: "with a secret",
      changes: [line("-e HF_TOKEN=hf_abcdefghijklmnopqrstuvwxyz")],
      expected: ["error  models.llama.run  secret-in-plain-text"],
    },
    {
      name: "that publishes another port",
      changes: [line("-p 80:9000")],
      expected: [
        "error  models.llama.run  run-port-differs  the line publishes port 9000 of the container, and the model's port is 8000; write port: 9000",
      ],
    },
    {
      name: "with files of its machine",
      changes: [
        line("-v /a:/etc/app --env-file x -v ~/.cache/huggingface:/root/.cache/huggingface -v m:/models/"),
      ],
      expected: Array(2).fill("error  models.llama.run  run-files-not-carried-over"),
    },
    {
      name: "with options that instances have no counterpart for",
      changes: [line("--privileged --user 1 --gpus 2")],
      expected: [
        "warning  models.llama.run  run-options-lost  instances start the container without --privileged and --user; remove them, or build what the server needs into the image",
        "warning  models.llama.run  run-gpus-chosen",
      ],
    },
    {
      name: "whose arguments contradict the file",
      changes: [line("", "--port 9000")],
      expected: ["error  models.llama.run  argument-contradicts-file"],
    },
    {
      name: "whose image may change",
      changes: [[IMAGE, "    run: ▸docker run vllm/vllm-openai\n"]],
      expected: ["error  models.llama.run  image-tag-moves"],
    },
    {
      name: "and no image at all",
      changes: [
        [IMAGE, ""],
        ["  llama:\n", "  ▸llama:\n"],
      ],
      expected: ["error  models.llama.image  missing-field"],
    },
  ]);
});

test("no finding repeats the value of a variable", () => {
  const value = "hf_abcdefghijklmnopqrstuvwxyz";
  for (const options of [`-e HF_TOKEN=${value}`, `-e HF_TOKEN=${value} --frobnicate`, `-e "A B=${value}"`]) {
    const found = reportOf(
      VALID_YAML.replace(IMAGE, `    run: '${INSTEAD} ${options} vllm/vllm-openai:v0.28.0'\n`),
    );
    expect(found).not.toEqual([]);
    expect(found.join()).not.toContain(value);
  }
});

describe("a shell as the command", () => {
  const reported = (command: readonly string[]) =>
    reportOf(VALID_YAML.replace(CAPACITY, `${CAPACITY}\n    command: ${JSON.stringify(command)}`)).map(
      (each) => each.split("  ")[3],
    );

  test.each([
    [["bash", "-c", "exec vllm serve"], []],
    [["bash", "-c", "exec vllm serve $MODEL"], ["shell-hides-arguments"]],
    [["bash", "-c", "vllm serve | tee /log"], ["shell-hides-arguments"]],
    [["/bin/sh", "-lc", "/app/start.sh"], ["shell-hides-arguments"]],
    [["bash", "-c", 'exec vllm serve "$@"', "vllm"], []],
    [["bash", "/app/start.sh"], []],
    [["vllm", "serve"], []],
  ])("%j", (command, codes) => {
    expect(reported(command)).toEqual(codes);
  });
});

test("a place nearer to the instances has its own image, and keeps the rest of the line", () => {
  const { deployment } = valid({
    ...validFile(),
    regions: {
      "us-east-1": {
        network: { create: { cidr: "10.0.0.0/16" } },
        models: { llama: { image: "123456789012.dkr.ecr.us-east-1.amazonaws.com/vllm:v1" } },
      },
    },
    models: {
      llama: {
        ...validModel(),
        image: undefined,
        run: "docker run -e A=1 vllm/vllm-openai:v0.28.0 --seed 1",
      },
    },
  });
  expect(deployment.regions[0]?.models[0]?.variants[0]?.settings).toMatchObject({
    image: "123456789012.dkr.ecr.us-east-1.amazonaws.com/vllm:v1",
    env: { A: "1" },
    arguments: ["--seed", "1"],
  });
});
