import { isMap, parse, parseDocument, type YAMLMap } from "yaml";
import { type Code, findings, subjects } from "../../../config/diagnostics/findings";
import { file } from "../../../config/diagnostics/findings/file";
import { findingsMarkdown } from "../../../config/schema/docs/findings";
import { loadYaml, VALID_YAML, yamlOf } from "../../support/serving-file";

const catalogue = Object.entries(findings);

/** Examples that are no text of a file; __tests__/config/source/ has a test of each. */
const COMMANDS = [
  ...["file-not-found", "not-a-file", "file-unreadable", "file-too-large", "not-utf8"],
  "carriage-return-alone",
];

/** A valid file with an example in it: a mapping in braces replaces what is there, any other adds to it. */
function withExample(example: string): string {
  const whole: Record<string, unknown> = parse(VALID_YAML);
  const { contents } = parseDocument(example, { uniqueKeys: false });
  return yamlOf(isMap(contents) ? merged(whole, contents) : contents);
}

function merged(whole: Record<string, unknown>, changes: YAMLMap): Record<string, unknown> {
  const result = { ...whole };
  for (const { key, value } of changes.items) {
    const name = String(key);
    const before = result[name];
    result[name] =
      isMap(value) && !value.flow
        ? merged((before ?? {}) as Record<string, unknown>, value)
        : ((value as YAMLMap | null)?.toJSON() ?? null);
  }
  return result;
}

function codesIn(text: string): readonly Code[] {
  const loaded = loadYaml(text);
  return (loaded.ok ? loaded.warnings : loaded.diagnostics).map(({ code }) => code);
}

describe("the example of every finding leads to it", () => {
  const ofText = catalogue.filter(([code]) => !COMMANDS.includes(code));

  test("but of those that are commands", () => {
    const commands = catalogue.filter(([, { example }]) => example.startsWith("$ "));
    expect(commands.map(([code]) => code).sort()).toEqual([...COMMANDS].sort());
  });

  test.each(ofText)("%s", (code, { example }) => {
    expect(codesIn(code in file ? example : withExample(example))).toContain(code);
  });
});

test("a valid file leads to none", () => {
  expect(codesIn(VALID_YAML)).toEqual([]);
});

describe("every finding", () => {
  test("has a code of two to five words in kebab-case, in one subject", () => {
    const codes = subjects.flatMap(({ findings: ofSubject }) => Object.keys(ofSubject));
    expect(codes.filter((code) => !/^[a-z0-9]+(-[a-z0-9]+){1,4}$/.test(code))).toEqual([]);
    expect([...codes].sort()).toEqual(Object.keys(findings).sort());
  });

  test("is told in sentences", () => {
    const wrong = catalogue.filter(
      ([, { sentence, remedy }]) => ![sentence, remedy].every((text) => /^[A-Z`].*\.$/.test(text)),
    );
    expect(wrong.map(([code]) => code)).toEqual([]);
  });
});

describe("docs/findings.md", () => {
  const page = findingsMarkdown();

  test("has a heading for every code", () => {
    const headings = [...page.matchAll(/^### (.*)$/gm)].map(([, heading]) => heading);
    expect(headings.sort()).toEqual(Object.keys(findings).sort());
  });

  test("accepts a warning as it can be accepted", () => {
    const [, example = ""] = /^```yaml\n([\s\S]*?)^```$/m.exec(page) ?? [];
    const loaded = loadYaml(withExample(example));
    expect(loaded).toMatchObject({
      ok: true,
      warnings: [],
      accepted: [{ warning: { severity: "warning" } }],
    });
  });
});
