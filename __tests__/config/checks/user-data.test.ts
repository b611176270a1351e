import { createHash } from "node:crypto";
import { USER_DATA } from "../../../aws/limits";
import { renderUserData } from "../../../boot/user-data";
import { loadDeployment } from "../../../config/load";
import { instanceFacts } from "../../../config/plan/boot-config";
import { instancesOf } from "../../support/instance";
import { testRules } from "../../support/rule-cases";
import { reportOf, VALID_YAML, valid, validFile, validModel } from "../../support/serving-file";

const CAPACITY = "capacity: { min: 3, max: 6 }";
const withFields = (fields: string): readonly [string, string] => [CAPACITY, `${CAPACITY}\n    ${fields}`];

/** All that is said of the file with these fields of the model, with N for the bytes of the whole. */
function reportWith(fields: string): readonly string[] {
  const expected = reportOf(VALID_YAML.replace(...withFields(fields)));
  return expected.map((line) =>
    line.replace(/^\d+:\d+ {2}/, "").replace(/would take \d+ bytes/, "would take N bytes"),
  );
}

/** A text that no compression shortens by more than a quarter. */
function noise(bytes: number): string {
  let text = "";
  for (let part = 0; text.length < bytes; part++) {
    text += createHash("sha256").update(String(part)).digest("base64url");
  }
  return text.slice(0, bytes);
}

const tooLong = (field: string, bytes: number) =>
  `error  models.llama.${field}  user-data-too-large  the user data of an instance would take N bytes, and EC2 takes 16384; the largest of it is ${field}, ${bytes} bytes; put long texts into the image, or into files in the folder of weights.uri, which the server sees in /models`;

describe("text that no argument or variable can hold", () => {
  testRules([
    {
      name: "is one with NUL characters",
      changes: [withFields('arguments: [--chat-template, ▸"b\\0"]\n    env: { A: ▸"\\0" }')],
      expected: ["arguments[1]", "env.A"].map((path) => `error  models.llama.${path}  nul-character`),
    },
  ]);
});

describe("the user data of an instance", () => {
  const { deployment } = valid({
    ...validFile(),
    models: { llama: { ...validModel(), arguments: ["--chat-template", "HERE"] } },
  });
  const facts = instanceFacts(...instancesOf(deployment));
  const bytesOf = (text: string) =>
    renderUserData({ ...facts, arguments: facts.arguments.map((each) => (each === "HERE" ? text : each)) })
      .length;

  /** The longest text of that kind that fits. */
  const room = (() => {
    let [fits, isTooLong] = [0, 2 * USER_DATA.max];
    while (isTooLong - fits > 1) {
      const middle = (fits + isTooLong) >> 1;
      [fits, isTooLong] = bytesOf(noise(middle)) <= USER_DATA.max ? [middle, isTooLong] : [fits, middle];
    }
    return fits;
  })();

  it("may be as long as EC2 takes, after compression", () => {
    expect(USER_DATA.max - bytesOf(noise(room))).toBeLessThan(8);
    expect(room).toBeGreaterThan(USER_DATA.max - bytesOf(""));
    expect(reportWith(`arguments: [--chat-template, ${noise(room)}]`)).toEqual([]);
  });

  it("may not be a byte longer", () => {
    expect(
      reportOf(VALID_YAML.replace(...withFields(`arguments: [--chat-template, ${noise(room + 1)}]`))),
    ).toHaveLength(1);
    expect(reportWith(`arguments: [--chat-template, ${noise(room + 1)}]`)).toEqual([
      tooLong("arguments[1]", room + 1),
    ]);
  });

  it("says what is the largest of it: an argument, a variable or a secret", () => {
    expect(reportWith(`arguments: [--chat-template, ${noise(9000)}é]\n    env: { A: b }`)).toEqual([
      tooLong("arguments[1]", 9002),
    ]);
    expect(reportWith(`env: { A: b, B: "${noise(9000)}" }\n    arguments: [--enforce-eager]`)).toEqual([
      tooLong("env.B", 9000),
    ]);
    const arn = `arn:aws:secretsmanager:us-east-1:123456789012:secret:${noise(9000)}-AbCdEf`;
    expect(reportWith(`secrets: { A: "${arn}" }`)).toEqual([tooLong("secrets.A", arn.length)]);
  });

  it.each(["serving.yaml", "examples/minimal.yaml", "examples/twelve-models.yaml"])(
    "leaves 2 KB of EC2's 16 for every instance of %s",
    (file) => {
      const loaded = loadDeployment(file);
      const sizes = (loaded.ok ? loaded.deployment.regions : []).flatMap((region) =>
        region.models.flatMap((model) =>
          model.variants.map((variant) => {
            const facts = instanceFacts(region, model, variant);
            return renderUserData({ ...facts, arguments: [...facts.arguments, noise(2048)] }).length;
          }),
        ),
      );
      expect(sizes.length).toBeGreaterThan(0);
      expect(Math.max(...sizes)).toBeLessThanOrEqual(USER_DATA.max);
    },
  );
});
