import { instanceFieldNames } from "../../../config/schema/instance";
import { usualName } from "../../../config/schema/usual-names";
import { reportOf, VALID_YAML } from "../../support/serving-file";

const CAPACITY = "capacity: { min: 3, max: 6 }";
const WEIGHTS = "    weights: { uri: s3://example-weights/llama/, size: 15GiB }\n";
const withField = (field: string) => VALID_YAML.replace(CAPACITY, `${CAPACITY}\n    ${field}`);

describe("a field by the name that another tool has for it", () => {
  test.each([
    ["environment: { A: b }", "write env: { NAME: value }"],
    ["args: [--seed, '1']", "write arguments, a list"],
    ["entrypoint: [vllm]", "write command, a list"],
    ["volumes: ['/a:/b']", "write mounts: { /path: {} }"],
    ["ports: ['8000:8000']", "write port, "],
    ["gpus: all", "write instanceTypes, such as"],
    ["shm_size: 16g", "write sharedMemory, such as"],
    ["modelId: a/b", "write model, with its id"],
    ["env_file: .env", "write each variable into env"],
    ["replicas: 3", "write capacity: "],
    ["healthcheck: { test: x }", "write health: "],
    ["ipc: host", "leave it out: instances start every container alike"],
    ["maxModelLen: 8192", "write memory: { contextLength: 8192 }"],
    ["name: llama", "the name of a model is its key under models"],
  ])("%s", (field, instead) => {
    const [found, ...others] = reportOf(withField(field));
    expect(others).toEqual([]);
    expect(found).toContain(`unknown-field  unknown field "${field.split(":")[0]}"; ${instead}`);
  });

  test("in a variant too", () => {
    const [found] = reportOf(withField("variants: { a: { weight: 1, args: [--seed] } }"));
    expect(found).toContain("write arguments");
  });

  test("but not elsewhere", () => {
    const [found] = reportOf(VALID_YAML.replace("name: chat\n", "name: chat\nargs: []\n"));
    expect(found).not.toContain("write arguments");
  });

  test("is none of the fields here", () => {
    const known: readonly string[] = instanceFieldNames;
    expect(known.filter((name) => usualName(name, known) !== undefined)).toEqual([]);
  });
});

test("variables as Docker Compose lists them", () => {
  expect(reportOf(withField("env: [A=b, C=d=e]")).join()).toMatch(
    /; write each of its items as NAME: value$/,
  );
  expect(reportOf(withField("env: [A]")).join()).not.toContain("NAME: value");
});

describe("what only follows from a malformed command is not told", () => {
  test.each([
    ["run: docker compose up", "malformed-run"],
    ["run: vllm serve Qwen/Qwen3-8B", "malformed-run"],
    ["arguments: serve", "wrong-type"],
    ["arguments: { model: Qwen/Qwen3-8B }", "wrong-type"],
    ["arguments: [--model, Qwen/Qwen3-8B, --max-model-len, 8192]", "wrong-type"],
    ["env: [MODEL=Qwen/Qwen3-8B]", "wrong-type"],
    ["args: [--model, Qwen/Qwen3-8B]", "unknown-field"],
    ["modelName: Qwen/Qwen3-8B", "unknown-field"],
    ["s3Uri: s3://example-weights/llama/", "unknown-field"],
    ["variants: { a: { weight: 1, arguments: x }, b: { weight: 1, arguments: x } }", "wrong-type"],
  ])("%s", (field, code) => {
    const image = field.startsWith("run") ? "    image: vllm/vllm-openai:v0.28.0\n" : "";
    const found = reportOf(withField(field).replace(WEIGHTS, "").replace(image, ""));
    expect([...new Set(found.map((each) => each.split("  ")[3]))]).toEqual([code]);
  });

  test("nor a protocol that an argument turns on, nor memory that one divides", () => {
    const grpc = withField(
      "protocol: grpc\n    probe: health\n    routes: [{ headers: { x-model: llama } }]\n    arguments: --grpc",
    );
    expect(reportOf(grpc).map((each) => each.split("  ")[3])).toEqual(["wrong-type"]);
    const large = withField(
      "model: a/b\n    memory: { parameters: 70B }\n    arguments: --tensor-parallel-size 4",
    );
    expect(reportOf(large.replace(WEIGHTS, "")).map((each) => each.split("  ")[3])).toEqual(["wrong-type"]);
  });

  test("but what another model lacks", () => {
    const second =
      "  other:\n    server: vllm\n    image: vllm/vllm-openai:v0.28.0\n    instanceTypes: [g6.2xlarge]\n    loadTime: 6m\n    longestRequest: 5m\n    capacity: { min: 3, max: 6 }\n";
    const found = reportOf(withField("arguments: x") + second);
    expect(found.join()).toContain("models.other.model  no-model-named");
  });
});
