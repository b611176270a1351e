import { loadDeployment } from "../../config/load";
import { globalEndpointFile } from "../support/global-endpoint-file";
import { testRules } from "../support/rule-cases";
import { loadYaml, reportOf, VALID_YAML, validFile, yamlOf } from "../support/serving-file";

const CAPACITY = "capacity: { min: 3, max: 6 }";
const ALLOW = "allow: [203.0.113.0/24]";
const SECOND_MODEL = `  qwen:
    server: vllm
    image: vllm/vllm-openai:v0.28.0
    weights: { uri: s3://example-weights/qwen/, size: 15GiB }
    instanceTypes: [g6.2xlarge, g5.2xlarge]
    loadTime: 6m
    longestRequest: 5m
    capacity: { min: 3, max: 6 }
    scaling: { requestsPerMinutePerInstance: 60 }
`;

test("a valid file is a deployment, without a word", () => {
  expect(loadYaml(VALID_YAML)).toMatchObject({ ok: true, warnings: [] });
});

test.each(["serving.yaml", "examples/minimal.yaml", "examples/twelve-models.yaml"])(
  "%s is a deployment, without a word",
  (file) => {
    expect(loadDeployment(file)).toMatchObject({ ok: true, warnings: [] });
  },
);

test("warnings do not keep a deployment from being built", () => {
  const loaded = loadYaml(VALID_YAML.replace("alarms:\n  email: on-call@example.com\n", ""));
  expect(loaded).toMatchObject({ ok: true, warnings: [{ severity: "warning", path: ["alarms"] }] });
});

test("a file that is not there is told, not thrown", () => {
  expect(loadDeployment("no/such/file.yaml")).toMatchObject({ ok: false, diagnostics: [{ path: [] }] });
});

test("what is so in every region is said once", () => {
  const regions = ["eu-west-1", "eu-west-2", "eu-central-1"].map(
    (region, index) => `  ${region}:\n    network:\n      create:\n        cidr: 10.${index + 1}.0.0/16\n`,
  );
  const text = VALID_YAML.replace("models:\n", `${regions.join("")}models:\n`).replace("v0.28.0", "latest");
  const loaded = loadYaml(text);
  expect((loaded.ok ? [] : loaded.diagnostics).map(({ code }) => code)).toEqual([
    "server-cuts-requests",
    "image-tag-moves",
  ]);
});

describe("mistakes of many kinds are told at once", () => {
  testRules([
    {
      name: "of form and of meaning, in one model",
      changes: [
        ["loadTime: 6m", "loadTime: ▸6 minutes\n    ▸portt: 9000\n    port: ▸0"],
        ["v0.28.0", "v0.28.0"],
        ["image: vllm", "image: ▸vllm"],
        [":v0.28.0", ":latest"],
        [CAPACITY, "capacity: { min: ▸5, max: 2 }"],
      ],
      expected: [
        "error  models.llama.image  image-tag-moves",
        'error  models.llama.loadTime  wrong-format  "6 minutes" is not a duration; write it as 90s, 5m or 1h',
        'error  models.llama.portt  unknown-field  unknown field "portt"; did you mean "port"?',
        "error  models.llama.port  out-of-range",
        "error  models.llama.capacity.min  min-above-max",
      ],
    },
    {
      name: "of form and of meaning, all over the file",
      changes: [
        ["name: chat", "name: ▸Chat"],
        ["region: us-east-1", "region: ▸us-east-9"],
        [ALLOW, "allow: [203.0.113.0/24, ▸2001:db8::/32]"],
        ["cidr: 10.0.0.0/16", "cidr: ▸10.0.0.0/8"],
        ["server: vllm", "server: ▸vlm"],
        ["instanceTypes: [g6.2xlarge,", "instanceTypes: [▸g6.2xlarg,"],
        ["longestRequest: 5m", "longestRequest: ▸2h"],
      ],
      expected: [
        'error  name  malformed-name  "Chat" may hold only a-z, 0-9 and hyphens (found "C"); write "chat"',
        'error  state.region  unknown-region  region "us-east-9" is not an AWS region; closest: us-east-1, us-east-2',
        "error  entry.allow[1]  ipv6-not-served",
        "error  regions.us-east-1.network.create.cidr  vpc-size-refused  10.0.0.0/8 must be an IPv4 block from /16 to /21: AWS allows no larger VPC, and a load balancer needs subnets of /27 or more",
        "error  models.llama.server  unknown-word",
        "error  models.llama.instanceTypes[0]  unknown-instance-type",
        "error  models.llama.longestRequest  longest-request-too-long",
        "error  models.llama.longestRequest  silence-too-long  2h of silence is longer than a load balancer waits (4000s); stream the answer and give longestSilence",
      ],
    },
    {
      name: "beside a malformed name, in a sentence with the word that stands in for it",
      changes: [
        ["  llama:", "  ▸Llama_3:"],
        ["image: vllm/vllm-openai:v0.28.0", "image: ▸stand-in:latest"],
      ],
      expected: ["error  models.Llama_3  malformed-name", "error  models.Llama_3.image  image-tag-moves"],
    },
    {
      name: "within what has a malformed name",
      changes: [
        ["  llama:", "  ▸Llama_3:"],
        ["image: vllm/vllm-openai:v0.28.0", "image: ▸vllm/vllm-openai"],
        ["  us-east-1:\n", "  ▸us-west-9:\n"],
        ["cidr: 10.0.0.0/16", "cidr: ▸10.0.0.0/8"],
      ],
      expected: [
        "error  regions.us-west-9  unknown-region",
        "error  regions.us-west-9.network.create.cidr  vpc-size-refused",
        "error  models.Llama_3  malformed-name",
        "error  models.Llama_3.image  image-tag-moves",
      ],
    },
  ]);
});

describe("what only follows from a malformed value is not told", () => {
  const only = (
    name: string,
    changes: readonly (readonly [string, string])[],
    expected: readonly string[],
  ) => ({
    name,
    changes,
    expected,
  });
  testRules([
    only(
      "of whether there is IPv6",
      [[ALLOW, "dualStack: ▸yes please\n  allow: [2001:db8::/32]"]],
      ["error  entry.dualStack  wrong-type"],
    ),
    only(
      "of a field that is misspelt",
      [[ALLOW, "▸dualStak: true\n  allow: [2001:db8::/32]"]],
      ["error  entry.dualStak  unknown-field"],
    ),
    only(
      "of what is to survive",
      [
        ["models:\n", "survive: ▸nothng\nmodels:\n"],
        [CAPACITY, "capacity: { min: 1, max: 6 }"],
      ],
      [
        'error  survive  unknown-word  "nothng" is none of "zone", "region", "nothing"; did you mean "nothing"?',
      ],
    ),
    only(
      "of the protocol",
      [["domain: models.example.com", "protocol: ▸unencrypted-htp"]],
      [
        'error  entry.protocol  unknown-word  "unencrypted-htp" is none of "https", "unencrypted-http"; did you mean "unencrypted-http"?',
      ],
    ),
    only(
      "of the domain, a part of which is too long",
      [["domain: models.example.com", `domain: ▸${"a".repeat(64)}.example.com`]],
      [
        `error  entry.domain  wrong-format  "${"a".repeat(64)}" has 64 characters, and what stands between dots has at most 63 (RFC 1035, 2.3.4); use a shorter one`,
      ],
    ),
    only(
      "of the domain",
      [["domain: models.example.com", "domain: ▸Models.example.com"]],
      [
        'error  entry.domain  wrong-format  "Models.example.com" is not a domain name in lower case; write it as models.example.com',
      ],
    ),
    only(
      "of a model that others name",
      [
        ["domain: models.example.com", "domain: models.example.com\n  default: llama"],
        ["  us-east-1:\n", "  us-east-1:\n    models: { llama: { variants: { main: { weight: 1 } } } }\n"],
        ["loadTime: 6m", "loadTime: ▸soon"],
      ],
      ["error  models.llama.loadTime  wrong-format"],
    ),
    only(
      "of the algorithm",
      [[CAPACITY, `${CAPACITY}\n    algorithm: ▸roundrobin\n    timing: { slowStart: 30s }`]],
      ["error  models.llama.algorithm  unknown-word"],
    ),
    only(
      "of the fewest instances",
      [[CAPACITY, 'capacity: { min: ▸"3", max: 2 }']],
      ["error  models.llama.capacity.min  wrong-type"],
    ),
    only(
      "of the longest request",
      [["longestRequest: 5m", "longestRequest: ▸5 min\n    timing: { drain: 1m, serverKeepAlive: 90s }"]],
      ["error  models.llama.longestRequest  wrong-format"],
    ),
    only(
      "of the weights of variants",
      [[CAPACITY, `${CAPACITY}\n    variants: { a: { weight: ▸many }, b: { weight: 0 } }`]],
      ['error  models.llama.variants.a.weight  wrong-type  expected a whole number; got a string ("many")'],
    ),
    only(
      "of the network",
      [["create:", "▸creat:"]],
      ["error  regions.us-east-1.network.creat  unknown-field"],
    ),
    only(
      "of an item of a list",
      [["instanceTypes: [g6.2xlarge, g5.2xlarge]", "instanceTypes: [g6.2xlarge, ▸5]"]],
      [
        "error  models.llama.instanceTypes[1]  wrong-type  expected a string; got a number (5); put it in quotes",
      ],
    ),
    only(
      "of a routing condition",
      [[CAPACITY, `${CAPACITY}\n    routes: [{ path: ▸5, method: POST }, { path: /a/* }]`]],
      [
        "error  models.llama.routes[0].path  wrong-type  expected a string or a list of strings; got a number (5); put it in quotes",
      ],
    ),
    only(
      "of the region",
      [
        ["  us-east-1:\n", "  ▸us-est-1:\n"],
        ["domain: models.example.com", "certificateArn: arn:aws:acm:us-east-1:123456789012:certificate/1"],
      ],
      [
        'error  regions.us-est-1  unknown-region  region "us-est-1" is not an AWS region; closest: us-east-1, us-west-1',
      ],
    ),
  ]);
});

test("what is missing does not hide the other mistakes", () => {
  const expected = reportOf(
    VALID_YAML.replace("    longestRequest: 5m\n", "")
      .replace("    instanceTypes: [g6.2xlarge, g5.2xlarge]\n", "")
      .replace(`  ${ALLOW}\n`, "")
      .replace("min: 3", "min: 9"),
  );
  expect(expected).toEqual([
    expect.stringMatching(/^5:1 {2}error {2}entry\.allow {2}missing-field {2}is required: /),
    expect.stringMatching(
      /^16:3 {2}error {2}models\.llama\.longestRequest {2}missing-field {2}is required: /,
    ),
    expect.stringMatching(/^16:3 {2}error {2}models\.llama\.instanceTypes {2}missing-field {2}is required: /),
    expect.stringContaining("models.llama.capacity.min  min-above-max  "),
  ]);
});

test("what names a region or a model is not wrong where all of these are missing", () => {
  const { regions: _, ...without } = globalEndpointFile({
    routing: "failover",
    order: ["us-east-1", "eu-west-1"],
  });
  expect(reportOf(yamlOf(without))).toEqual([expect.stringContaining("regions  missing-field")]);
  const { models: __, ...others } = validFile();
  expect(reportOf(yamlOf({ ...others, entry: { ...others.entry, default: "llama" } }))).toEqual([
    expect.stringContaining("models  missing-field"),
  ]);
});

test("a malformed model does not hide the mistakes of another", () => {
  const expected = reportOf(
    `${VALID_YAML.replace("server: vllm", "server: [vllm]")}${SECOND_MODEL.replace("min: 3", "min: 9")}`,
  );
  expect(expected).toEqual([
    expect.stringContaining("models.llama.server"),
    expect.stringContaining("models.qwen.capacity.min  min-above-max  "),
  ]);
});

test.each([
  "- a",
  "5",
  "text",
  "name: [",
  "{}",
  "name:",
  "models: {}",
  "regions: []",
  "models: { llama: 5 }",
])("the file %j is refused with errors, never with an exception", (text) => {
  const loaded = loadYaml(text);
  expect(loaded.ok ? [] : loaded.diagnostics).not.toHaveLength(0);
});
