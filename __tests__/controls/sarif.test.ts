// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are templates of Terraform
import { readFileSync } from "node:fs";
import path from "node:path";
import { Ajv } from "ajv";
import { countStates, judge } from "../../controls/judge";
import { asInput } from "../../controls/read";
import { sarifReport } from "../../controls/report/sarif";
import { reportOf } from "../../scripts/controls-page";
import type { Json } from "../../testing/terraform/json";

const PUBLIC = { stack: { resource: { aws_lb: { x: { name: "x", internal: false } } } } };

/**
 * The schema of SARIF 2.1.0 with its errata 01, as OASIS publishes it: sarif-2.1/schema of oasis-tcs/sarif-spec, of
 * 2024-05-02. Ajv reads newer drafts of JSON Schema, which differ in these two keywords, of all that it uses.
 */
const {
  $schema: _draft,
  id: _id,
  ...schema
}: Json = JSON.parse(readFileSync(path.join(__dirname, "sarif/sarif-schema-2.1.0.json"), "utf8"));
const isUri = (text: string) => URL.canParse(text);
const validate = new Ajv({
  strict: false,
  allErrors: true,
  formats: {
    uri: isUri,
    "uri-reference": (text) => URL.canParse(text, "https://example.com/") && !/[ <>"{}|\\^`]/.test(text),
    "date-time": (text: string) => !Number.isNaN(Date.parse(text)),
  },
}).compile(schema);

function errorsOf(sarif: string): readonly string[] {
  validate(JSON.parse(sarif));
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

const spotOf = (file: string) => () => ({ file, line: 3, column: 1 });

test.each<[string, Json, string]>([
  ["nothing", {}, "serving.yaml"],
  ["what fails and what is accepted", PUBLIC.stack, "serving.yaml"],
  [
    "what could not be judged",
    { resource: { aws_cloudwatch_log_group: { x: { kms_key_id: "${var.key}" } } } },
    "serving.yaml",
  ],
  ["a file with a name that an address cannot have", PUBLIC.stack, "our files/ä{1}|x.yaml"],
  ["a file above", PUBLIC.stack, "../serving.yaml"],
])("the report of %s is what OASIS's schema of SARIF takes", (_what, stack, file) => {
  const report = judge(asInput({ stack }), [{ id: "ELB.16", reason: "a firewall" }]);
  expect(errorsOf(sarifReport(report, spotOf(file)))).toEqual([]);
});

test("so is that of an example", () => {
  expect(errorsOf(sarifReport(reportOf("examples/minimal.yaml"), spotOf("examples/minimal.yaml")))).toEqual(
    [],
  );
});

test("the schema refuses what SARIF does not take", () => {
  const text = sarifReport(judge(asInput(PUBLIC)), spotOf("serving.yaml"));
  for (const wrong of [
    text.replace('"level": "error"', '"level": "fatal"'),
    text.replaceAll('"startLine": 3', '"startLine": 0'),
    text.replaceAll('"uri": "serving.yaml"', '"uri": "our file.yaml"'),
    text.replace('"ruleIndex"', '"indexOfRule"'),
  ]) {
    expect(errorsOf(wrong)).not.toEqual([]);
  }
});

test("SARIF has what code scanning reads", () => {
  const acceptances = [{ id: "ELB.16", reason: "a firewall" }];
  const report = judge(asInput(PUBLIC), acceptances);
  const sarif: Json = JSON.parse(sarifReport(report, () => ({ file: "serving.yaml", line: 3, column: 1 })));
  const [run] = sarif.runs;
  expect(sarif).toMatchObject({ version: "2.1.0", $schema: "https://json.schemastore.org/sarif-2.1.0.json" });
  expect(run.results.length).toBeGreaterThan(3);
  for (const { ruleId, ruleIndex, message, level, locations, partialFingerprints } of run.results) {
    expect(run.tool.driver.rules[ruleIndex].id).toBe(ruleId);
    expect(message.text).toMatch(/./);
    expect(["error", "note"]).toContain(level);
    expect(locations[0].physicalLocation).toEqual({
      artifactLocation: { uri: "serving.yaml" },
      region: { startLine: 3, startColumn: 1 },
    });
    expect(partialFingerprints["control/v1"]).toContain(ruleId);
  }
  const accepted = run.results.filter((each: Json) => each.suppressions !== undefined);
  expect(accepted.map((each: Json) => each.suppressions)).toEqual([
    [{ kind: "inSource", justification: "a firewall" }],
  ]);
  expect(countStates(report).accepted).toBe(1);
});
