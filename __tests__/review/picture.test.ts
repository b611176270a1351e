import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { altText, dotOf } from "../../review/picture/dot";
import { reviewPage } from "../../review/picture/page";
import { svgsOf } from "../../review/picture/svg";
import { reviewOf } from "./plans";

/** The language of Graphviz in the place of its picture. */
const asItIs = (dot: string) => `<svg viewBox="0 0 1 1">${dot}</svg>`;
/** Runs a program of the project, which has Graphviz. */
const run = (...args: readonly string[]) =>
  execFileSync(process.execPath, ["run.cjs", ...args], { encoding: "utf8" });

test("both sides mark what is new, changed and gone", () => {
  const added = reviewOf("model-added").sides;
  const [, now] = svgsOf(added.before, added.after, asItIs);
  expect(now).toMatch(/class="targets new" label="gemma main/);
  expect(now).toMatch(/class="targets same" label="qwen main/);
  const removed = reviewOf("model-removed").sides;
  const [old] = svgsOf(removed.before, removed.after, asItIs);
  expect(old).toMatch(/class="targets gone" label="qwen main/);
  const weighed = reviewOf("weights").sides;
  const [, after] = svgsOf(weighed.before, weighed.after, asItIs);
  expect(after).toMatch(/class="changed" label="50 %"/);
  const rolled = reviewOf("image").sides;
  const [, rolling] = svgsOf(rolled.before, rolled.after, asItIs);
  expect(rolling.match(/class="instances changed"/g)).toHaveLength(1);
});

test("the picture says in words what it shows", () => {
  expect(altText(reviewOf("weights").sides.after)).toBe(
    "In us-east-1 a load balancer over 3 zones leads to llama canary on 3–6 × g6.2xlarge or 1 more; llama stable on 3–6 × g6.2xlarge or 1 more; qwen main on 3–6 × g6.2xlarge or 1 more.",
  );
});

test("a name cannot leave its text", () => {
  const { after } = reviewOf("image").sides;
  const name = 'a"] evil [label="\\';
  const regions = after.regions.map((region) => ({
    ...region,
    loadBalancers: region.loadBalancers.map((each) => ({ ...each, name })),
  }));
  expect(dotOf({ ...after, regions })).toContain('a\\"] evil [label=\\"\\\\\\n');
});

test("the page escapes what others have written, and needs no other file", () => {
  const made = reviewOf("image");
  const page = reviewPage(
    { ...made, deployment: { ...made.deployment, name: "<script>alert(1)</script>" } },
    asItIs,
  );
  expect(page).not.toContain("<script");
  expect(page).toContain("&lt;script&gt;");
  expect(page).toContain('name="viewport"');
  expect(page.replaceAll(/xmlns(:xlink)?="[^"]*"/g, "")).not.toMatch(
    /https?:\/\/(?!models\.example\.com|us-)|src=|<link/,
  );
});

test("the same deployment gives the same bytes, and Graphviz's picture is whole", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "draw-test-"));
  const [one, other] = ["one.svg", "other.svg"].map((name) => path.join(folder, name));
  run("scripts/draw.ts", one ?? "");
  run("scripts/draw.ts", other ?? "");
  const svg = readFileSync(one ?? "", "utf8");
  expect(readFileSync(other ?? "", "utf8")).toBe(svg);
  rmSync(folder, { recursive: true });
  expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" class="deployment" viewBox="/);
  expect(svg).toContain('role="img" aria-labelledby="deployment-title"');
  expect(svg).toContain("prefers-color-scheme: dark");
  const ids = [...svg.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.filter((id) => id?.includes(" "))).toEqual([]);
});
