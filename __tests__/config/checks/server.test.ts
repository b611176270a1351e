import { Buffer } from "node:buffer";
import { encodeUserData, renderUserData } from "../../../boot/user-data";
import { USER_DATA } from "../../../config/aws/limits";
import { testRules } from "../../support/rule-cases";
import { valid, validFile, validModel } from "../../support/serving-file";

const CAPACITY = "capacity: { min: 3, max: 6 }";
const with_ = (fields: string): readonly [string, string] => [CAPACITY, `${CAPACITY}\n    ${fields}`];

describe("what the server is told by hand", () => {
  const says = (path: string, what: string, field: string, stated: string | number) =>
    `error  models.llama.${path}  ${what} contradicts ${field}, ${stated}; say it there alone`;
  testRules([
    {
      name: "and is not what the file says",
      changes: [
        with_(
          "arguments: [▸--port, '9000', ▸--tensor-parallel-size=4, ▸--max-model-len, '100', ▸--gpu-memory-utilization, '0.5', ▸--shutdown-timeout=5]",
        ),
        [
          "instanceTypes: [g6",
          "memory: { parameters: 8B, contextLength: 8192, utilization: 0.9 }\n    instanceTypes: [g6",
        ],
      ],
      said: [
        says("arguments[0]", "--port 9000", "port", 8000),
        says("arguments[2]", "--tensor-parallel-size 4", "memory.tensorParallel", 1),
        says("arguments[3]", "--max-model-len 100", "memory.contextLength", 8192),
        says("arguments[5]", "--gpu-memory-utilization 0.5", "memory.utilization", 0.9),
        says("arguments[7]", "--shutdown-timeout 5", "timing.serverDrain", 300),
      ],
    },
    {
      name: "and is what the file says",
      changes: [
        with_(
          "arguments: [--port, '8000', --tensor-parallel-size=1, --max-model-len, '8192', --gpu-memory-utilization, '.90', --shutdown-timeout=300]",
        ),
        [
          "instanceTypes: [g6",
          "memory: { parameters: 8B, contextLength: 8192, utilization: 0.9 }\n    instanceTypes: [g6",
        ],
      ],
      said: [],
    },
    {
      name: "and of which the file says nothing",
      changes: [with_("arguments: [--tensor-parallel-size=4, --max-model-len, '100']")],
      said: [],
    },
    {
      name: "last, without a value",
      changes: [with_("arguments: [▸--port]")],
      said: [says("arguments[0]", "--port ", "port", 8000)],
    },
    {
      name: "in a variable, and is not what follows from the file",
      changes: [with_("env: { VLLM_HTTP_TIMEOUT_KEEP_ALIVE: ▸'5' }")],
      said: [says("env.VLLM_HTTP_TIMEOUT_KEEP_ALIVE", "5", "timing.serverKeepAlive", 4015)],
    },
    {
      name: "in a variable, and is what follows from the file",
      changes: [with_("env: { VLLM_HTTP_TIMEOUT_KEEP_ALIVE: '4015' }")],
      said: [],
    },
    {
      name: "of its weights and its name, which are its own business",
      changes: [with_("arguments: [--model, meta/llama, --served-model-name, other]")],
      said: [],
    },
  ]);
});

describe("text that cannot reach the server", () => {
  testRules([
    {
      name: "with NUL characters",
      changes: [with_('arguments: [--a, ▸"b\\0"]\n    env: { A: ▸"\\0" }')],
      said: ["arguments[1]", "env.A"].map(
        (path) =>
          `error  models.llama.${path}  holds a NUL character, which no argument or variable can; leave it out`,
      ),
    },
    {
      name: "as long as there is room for",
      changes: [with_(`arguments: [${"a".repeat(4026)}]`)],
      said: [],
    },
    {
      name: "longer than there is room for",
      changes: [with_(`arguments: ▸[${"a".repeat(4027)}]`)],
      said: [
        "error  models.llama.arguments  arguments, env and secrets take 4097 bytes, and the user data of a box has room for 4096; put long ones into the image, or a file beside the weights",
      ],
    },
    {
      name: "longer than there is room for, in variables",
      changes: [with_(`env: { A: "${"é'".repeat(700)}" }`), ["llama:\n    server", "▸llama:\n    server"]],
      said: [
        "error  models.llama.arguments  arguments, env and secrets take 4272 bytes, and the user data of a box has room for 4096; put long ones into the image, or a file beside the weights",
      ],
    },
  ]);

  test("the longest text that is taken fits into the user data of the box with the longest names", () => {
    const name = "m".repeat(32);
    const quotes = "'".repeat(700);
    const model = { ...validModel(), arguments: [quotes, "a".repeat(1180)], health: { path: "/healthz" } };
    const { deployment } = valid({ ...validFile(), name: "d".repeat(20), models: { [name]: model } });
    const variant = deployment.regions[0]?.models[0]?.variants[0];
    const userData = renderUserData({
      image: model.image,
      arguments: [...(variant?.arguments ?? []), "--served-model-name", name],
      env: variant?.env ?? {},
      secrets: {},
      health: { protocol: "http", port: 65_535, path: "/healthz" },
      weights: { uri: "s3://example-weights/llama/", directory: "/models" },
      region: "ap-southeast-1",
      autoScalingGroupName: `${"d".repeat(20)}.${name}.${"v".repeat(16)}`,
      launchHookName: "ready",
      terminateHookName: "drained",
      startTimeoutSeconds: 7185,
      stopTimeoutSeconds: 7170,
    });
    expect(Buffer.from(encodeUserData(userData), "base64").length).toBeLessThanOrEqual(USER_DATA.max);
  });
});

describe("where the weights lie", () => {
  const uri = (text: string): readonly [string, string] => ["s3://example-weights/llama/", text];
  testRules([
    ...[
      "s3://example-weights",
      "s3://example-weights/",
      "s3://a.b/c/d_e-f.g!(h)'/v1",
      "s3://bucket/a/.hidden/",
    ].map((text) => ({ name: text, changes: [uri(`"${text}"`)], said: [] })),
    ...[
      "s3://bucket//a/",
      "s3://bucket/a//b",
      "s3://bucket/a/../b",
      "s3://bucket/a/..",
      "s3://bucket/a?b",
      "s3://bucket/a*",
      "s3://bucket/modèle/",
      "s3://bucket/a#1",
    ].map((text) => ({
      name: `not ${text}`,
      changes: [uri(`▸"${text}"`)],
      said: [
        `error  models.llama.weights.uri  "${text}": use letters, digits and ! - _ . ' ( ) between single slashes; AWS gives others a meaning in permissions and paths`,
      ],
    })),
    {
      name: "[weights-uri] not on a web server",
      changes: [uri("▸http://example-weights/llama/")],
      said: [
        'error  models.llama.weights.uri  must be s3://bucket/prefix; got "http://example-weights/llama/"',
      ],
    },
  ]);
});
