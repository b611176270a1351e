import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { MARKER } from "../../review/markdown";

const text = readFileSync(".github/workflows/review.yml", "utf8");

test("the workflow finds the comment by its first line", () => {
  expect(text.split(MARKER).length - 1).toBeGreaterThanOrEqual(2);
});

test("the workflow pins each action to a commit", () => {
  const used = parse(text).jobs.review.steps.flatMap(({ uses }: { uses?: string }) => uses ?? []);
  expect(used.length).toBeGreaterThan(0);
  expect(used.filter((each: string) => !/@[0-9a-f]{40}$/.test(each))).toEqual([]);
});
