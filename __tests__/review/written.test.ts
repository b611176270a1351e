import { reviewJson } from "../../review/json";
import { MARKER, reviewMarkdown } from "../../review/markdown";
import { reviewText } from "../../review/text";
import { failOnIn, failures } from "../../scripts/review/fail-on";
import { reviewOf } from "./plans";

test("the report begins with the verdict, and counts all", () => {
  const text = reviewText(reviewOf("image"));
  expect(text.split("\n")[0]).toBe("chat: keeps serving; rolls 3 of 9 instances in about 42m");
  expect(text).toMatch(/2 resources of \d+ in us-east-1 change/);
});

test("the comment begins with its marker, has every address, and calls nobody", () => {
  const made = reviewOf("model-removed");
  const markdown = reviewMarkdown({ ...made, deployment: { ...made.deployment, name: "@everyone <b>" } });
  expect(markdown.split("\n")[0]).toBe(MARKER);
  expect(markdown).not.toContain("@everyone");
  expect(markdown).not.toContain("<b>");
  for (const { addresses } of made.consequences) {
    for (const address of addresses) {
      expect(markdown).toContain(`\`${address}\``);
    }
  }
});

test("a comment fits what GitHub takes", () => {
  const made = reviewOf("image");
  const long = Array.from({ length: 5000 }, (_, index) => ({
    ...{ stack: "us-east-1", address: `aws_iam_policy.p${index}`, says: `may now s3:GetObject on ${index}` },
  }));
  const markdown = reviewMarkdown({ ...made, exposure: long });
  expect(markdown.length).toBeLessThanOrEqual(65_536);
  expect(markdown.trimEnd().endsWith("`npm run review` prints it.")).toBe(true);
});

test("the JSON has the consequences with their addresses", () => {
  const report = JSON.parse(reviewJson(reviewOf("image")));
  expect(report.verdict.kind).toBe("rolls");
  expect(report.consequences[0].addresses).toHaveLength(2);
  expect(report.consequences[0].roll.instances).toBe(3);
});

describe("--fail-on", () => {
  test.each<[string, string, readonly string[]]>([
    ["interrupt", "model-removed", ["--fail-on interrupt"]],
    ["interrupt", "image", []],
    ["roll", "image", ["--fail-on roll"]],
    ["replace", "port", ["--fail-on replace"]],
    ["replace", "image", []],
    ["undo", "model-removed", ["--fail-on undo"]],
    ["exposure", "open", ["--fail-on exposure"]],
    ["exposure,undo", "model-added", []],
    ["cost:+20%", "model-added", ["--fail-on cost: 33 % more"]],
    ["cost:+40%", "model-added", []],
  ])("%s on the plan %s", (text, plan, why) => {
    expect(
      failures(reviewOf(plan), failOnIn(text)).map((each) => each.replace(/: (\d+)\.\d %/, ": $1 %")),
    ).toEqual(why);
  });

  test.each(["", "interupt", "cost", "cost:20", "cost:+1%,cost:+2%", "exposure,"])("refuses %j", (text) => {
    expect(() => failOnIn(text)).toThrow(
      "--fail-on takes interrupt, replace, roll, undo, exposure and cost:+20%",
    );
  });
});
