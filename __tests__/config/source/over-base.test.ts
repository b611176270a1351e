import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { parse } from "yaml";
import { renderDiagnostics } from "../../../config/diagnostics/diagnostic";
import { loadDeployment } from "../../../config/load";
import { fileTexts } from "../../../config/plan/volumes";
import { overBase } from "../../../config/source/over-base";
import { readSource } from "../../../config/source/parse";
import { VALID_YAML, yamlOf } from "../../support/serving-file";

const folder = mkdtempSync(join(tmpdir(), "base-"));
afterAll(() => rmSync(folder, { recursive: true }));
mkdirSync(join(folder, "shared"));

/** Writes files, and loads the first of them. */
function loaded(files: Readonly<Record<string, string>>) {
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(folder, name), text);
  }
  return loadDeployment(join(folder, Object.keys(files)[0] ?? ""));
}

/** What is said of the files, without the name of their folder. */
function said(files: Readonly<Record<string, string>>): readonly string[] {
  const result = loaded(files);
  const diagnostics = result.ok ? result.warnings : result.diagnostics;
  return renderDiagnostics(diagnostics, result.source).replaceAll(`${folder}/`, "").split("\n").slice(0, -1);
}

const STAGING = `base: base.yaml
name: staging
state: { bucket: example-staging-tfstate }
models: { llama: { capacity: { max: 4 } } }
`;

test("a file is laid over its base", () => {
  const result = loaded({ "staging.yaml": STAGING, "base.yaml": VALID_YAML });
  const { file } = result.ok ? result : { file: undefined };
  expect(file).toMatchObject({
    name: "staging",
    state: { bucket: "example-staging-tfstate", region: "us-east-1" },
    models: { llama: { capacity: { min: 3, max: 4 }, instanceTypes: ["g6.2xlarge", "g5.2xlarge"] } },
  });
  expect(result.beside).toEqual([join(folder, "base.yaml")]);
});

test("a list is in place of the base's", () => {
  const models = "models: { llama: { instanceTypes: [g6e.2xlarge] } }";
  const result = loaded({ "staging.yaml": `base: base.yaml\n${models}\n`, "base.yaml": VALID_YAML });
  expect(result.ok && result.file.models.llama?.instanceTypes).toEqual(["g6e.2xlarge"]);
});

test("what is found has its place in the file that says it", () => {
  const wrong = VALID_YAML.replace("loadTime: 6m", "loadTime: 6 minutes");
  const also = STAGING.replace("max: 4", "mox: 4");
  expect(said({ "staging.yaml": also, "base.yaml": wrong })).toEqual([
    expect.stringMatching(/^staging\.yaml:4:32 {2}error {2}models\.llama\.capacity\.mox /),
    expect.stringMatching(/^base\.yaml:22:15 {2}error {2}models\.llama\.loadTime /),
  ]);
});

test("a number that has to be a text is told in the letters of the file that says it", () => {
  const number = "account: { id: 012345678901 }\n";
  expect(said({ "staging.yaml": STAGING, "base.yaml": number + VALID_YAML })).toEqual([
    "base.yaml:1:16  error  account.id  expected a string; got a number (012345678901); put it in quotes  [wrong-type]",
  ]);
  expect(
    said({ "staging.yaml": number + STAGING, "base.yaml": `account: { id: "123456789012" }\n${VALID_YAML}` }),
  ).toEqual([
    expect.stringMatching(/^staging\.yaml:1:16 .* got a number \(012345678901\); put it in quotes /),
  ]);
});

test("what is missing in both is missed at the place that is nearest", () => {
  const less = VALID_YAML.replace("    image: vllm/vllm-openai:v0.28.0\n", "");
  expect(said({ "staging.yaml": STAGING, "base.yaml": less })).toEqual([
    expect.stringMatching(/^staging\.yaml:4:11 {2}error {2}models\.llama\.image /),
  ]);
});

test.each<[string, Readonly<Record<string, string>>, string]>([
  [
    "a base that is not there",
    { "staging.yaml": "base: none.yaml\n" },
    "staging.yaml:1:7  error  base  there is no file none.yaml; the path is relative to staging.yaml  [file-not-found]",
  ],
  [
    "a base that is a folder",
    { "staging.yaml": "base: shared\n" },
    "staging.yaml:1:7  error  base  shared is a directory; give the name of a file  [not-a-file]",
  ],
  [
    "itself",
    { "staging.yaml": "base: ./staging.yaml\n" },
    "staging.yaml:1:7  error  base  staging.yaml is the file itself, or has it as its base; name another, or none  [base-in-circle]",
  ],
  [
    "two files, each the base of the other",
    { "staging.yaml": "base: base.yaml\n", "base.yaml": "base: staging.yaml\n" },
    "base.yaml:1:7  error  base  staging.yaml is the file itself, or has it as its base; name another, or none  [base-in-circle]",
  ],
  ["a base that is no YAML", { "staging.yaml": STAGING, "base.yaml": "name: [" }, "base.yaml:1:8  error  "],
  ["a base that is empty", { "staging.yaml": STAGING, "base.yaml": "" }, "base.yaml:1:1  error  "],
])("%s is refused, and looked at again", (_, files, sentence) => {
  expect(said(files)).toEqual([expect.stringContaining(sentence)]);
  expect(loaded(files).beside?.length).toBeGreaterThan(0);
});

test.each(["base: 7", 'base: ""', "base: [base.yaml]"])("%s is no name of a file", (text) => {
  expect(said({ "staging.yaml": `${text}\n${VALID_YAML}` })).toEqual([
    expect.stringMatching(/^staging\.yaml:1:7 {2}error {2}base /),
  ]);
});

test("a base may have a base, and its files lie beside it", () => {
  const chat = '{ files: { "/chat.jinja": chat.jinja } }';
  const result = loaded({
    "staging.yaml": STAGING.replace("base.yaml", "shared/middle.yaml"),
    "shared/middle.yaml": `base: ../base.yaml\nmodels: { llama: ${chat} }\n`,
    "shared/chat.jinja": "{{ x }}",
    "base.yaml": VALID_YAML,
  });
  const [variant] = (result.ok && result.deployment.regions[0]?.models[0]?.variants) || [];
  expect(variant && fileTexts(variant.settings)).toEqual({ "/chat.jinja": "{{ x }}" });
  expect(result.beside).toEqual(
    ["shared/middle.yaml", "base.yaml", "shared/chat.jinja"].map((name) => join(folder, name)),
  );
});

describe("of two things of which one can count, the file of each is told", () => {
  const JWT = "jwt: { issuer: https://login.example.com/, jwks: https://login.example.com/keys }";
  const MTLS = "mtls: { bundle: s3://example-authorities/clients.pem }";
  const SECRET = "arn:aws:secretsmanager:us-east-1:123456789012:secret:chat-key-AbCdEf";
  const entry = (fields: string) => `entry: { ${fields} }`;
  const llama = (fields: string) => `models: { llama: { ${fields} } }`;
  const network = (fields: string) => `regions: { us-east-1: { network: { ${fields} } } }`;
  const EXISTING = "existing: { vpcId: vpc-0123456789abcdef0 }";
  const CREATE = "create: { cidr: 10.0.0.0/16 }";
  const subnets = (fields: string) => network(`existing: { vpcId: vpc-0123456789abcdef0, ${fields} }`);

  /** What is said where the base has one thing, and a file over it another. */
  const clash = (below: string, above: string) =>
    said({
      "staging.yaml": `base: middle.yaml\n${above}\n`,
      "middle.yaml": `base: base.yaml\n${below}\n`,
      "base.yaml": VALID_YAML.replace("  callers: unauthenticated\n", "").replace(
        "    network:\n      create:\n        cidr: 10.0.0.0/16\n",
        "    traffic: serving\n",
      ),
    })
      .filter((line) => line.endsWith("  [both-given]"))
      .map((line) => line.replace(/^.*? {2}error {2}/, ""));

  const kinds: readonly (readonly [string, string, string, string])[] = [
    ["entry.callers.jwt", entry(`callers: { ${JWT} }`), "entry.callers.mtls", entry(`callers: { ${MTLS} }`)],
    [
      "entry.hostedZone",
      entry("hostedZone: example.com"),
      "entry.hostedZoneId",
      entry("hostedZoneId: Z0123456789ABCDEFGHIJ"),
    ],
    [
      "entry.waf",
      entry("waf: { requestsPerMinute: { address: 600, key: 600 } }"),
      "entry.webAclArn",
      entry("webAclArn: arn:aws:wafv2:us-east-1:123456789012:regional/webacl/chat/1234"),
    ],
    [
      "regions.us-east-1.network.create",
      network(CREATE),
      "regions.us-east-1.network.existing",
      network(EXISTING),
    ],
    [
      "regions.us-east-1.network.existing.instanceSubnetIds",
      subnets("instanceSubnetIds: [subnet-0123456789abcde01]"),
      "regions.us-east-1.network.existing.instanceSubnetTags",
      subnets("instanceSubnetTags: { tier: private }"),
    ],
    [
      "models.llama.ami.id",
      llama("ami: { id: ami-0123456789abcdef0 }"),
      "models.llama.ami.release",
      llama("ami: { release: autumn }"),
    ],
    [
      "models.llama.env.A",
      llama("env: { A: b }"),
      "models.llama.secrets.A",
      llama(`secrets: { A: "${SECRET}" }`),
    ],
    [
      "models.llama.apiKey",
      llama(`apiKey: "${SECRET}"`),
      "models.llama.secrets.VLLM_API_KEY",
      llama(`secrets: { VLLM_API_KEY: "${SECRET}" }`),
    ],
    [
      "models.llama.capacity.typicalRequest.duration",
      llama("capacity: { typicalRequest: { duration: 5s } }"),
      "models.llama.capacity.typicalRequest.promptTokens",
      llama("capacity: { typicalRequest: { promptTokens: 100 } }"),
    ],
    [
      "models.llama.capacityReservation.id",
      llama("capacityReservation: { id: cr-0123456789abcdef0 }"),
      "models.llama.capacityReservation.resourceGroupArn",
      llama(
        "capacityReservation: { resourceGroupArn: arn:aws:resource-groups:us-east-1:123456789012:group/gpus }",
      ),
    ],
    [
      "models.llama.image",
      "",
      "models.llama.run",
      llama('run: "docker run --gpus all vllm/vllm-openai:v0.28.0"'),
    ],
  ];

  test.each(kinds)("%s", (below, inBase, above, own) => {
    const base = inBase === "" ? "base.yaml" : "middle.yaml";
    for (const [one, other, ofOne, ofOther] of [
      [inBase, own, below, above] as const,
      ...(inBase === "" ? [] : [[own, inBase, above, below] as const]),
    ]) {
      const [line = "", ...more] = clash(one, other);
      expect(more).toEqual([]);
      expect([
        `${ofOne} is in ${base}, and ${ofOther} in staging.yaml`,
        `${ofOther} is in staging.yaml, and ${ofOne} in ${base}`,
      ]).toContainEqual(
        /; (\S+ is in \S+, and \S+ in \S+): a file takes nothing out of its base, so take it out there, and write it in each file over the base that needs it {2}/.exec(
          line,
        )?.[1],
      );
    }
  });

  test("but not where both are in one file", () => {
    expect(clash("", entry(`callers: { ${JWT}, ${MTLS} }`))).toEqual([
      "entry.callers.mtls  jwt and mtls are two ways to show who calls; keep one of them  [both-given]",
    ]);
    expect(clash(entry(`callers: { ${JWT}, ${MTLS} }`), "name: staging")).toHaveLength(1);
    expect(clash(entry(`callers: { ${JWT}, ${MTLS} }`), "name: staging").join()).not.toContain("base");
  });
});

test("any file is the same when some of it is its base", () => {
  const whole: unknown = parse(VALID_YAML);
  /** Puts each value into the one part, the other, or both. */
  const parted = (value: unknown, draw: () => number): readonly [unknown, unknown] => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      return [value, value];
    }
    const [below, above]: Record<string, unknown>[] = [{}, {}];
    for (const [key, each] of Object.entries(value)) {
      const [lower, upper] = parted(each, draw);
      const where = draw();
      if (where !== 1) {
        Object.assign(below ?? {}, { [key]: where === 0 ? each : lower });
      }
      if (where !== 0) {
        Object.assign(above ?? {}, { [key]: where === 1 ? each : upper });
      }
    }
    return [below, above];
  };
  fc.assert(
    fc.property(fc.infiniteStream(fc.nat(2)), (stream) => {
      const [below, above] = parted(whole, () => stream.next().value ?? 0);
      writeFileSync(join(folder, "below.yaml"), yamlOf({ tags: {}, ...(below as object) }));
      writeFileSync(join(folder, "above.yaml"), yamlOf({ base: "below.yaml", ...(above as object) }));
      const own = readSource(join(folder, "above.yaml"));
      const source = "diagnostics" in own ? own : overBase(own);
      expect(source).toMatchObject({ value: { ...(whole as object), base: "below.yaml" } });
    }),
  );
});
