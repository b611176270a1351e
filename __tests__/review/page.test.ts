import { readFileSync } from "node:fs";
import path from "node:path";
import { readSource } from "../../config/source/parse";
import { reviewPage } from "../../review/picture/page";
import { fromSynthesized } from "../../review/read-synthesized";
import { type Review, review } from "../../review/review";
import { present } from "../boot/tools";
import { Browser, type View } from "../support/browser";
import { layout } from "../support/layout";
import { valid, type WrittenFile } from "../support/serving-file";
import { synthesized } from "../support/synthesis";
import { reviewOf } from "./plans";

/** What seen.js finds wrong, as an expression for the browser. Small letters have 4.5 by WCAG 2.2 AA, 1.4.3. */
const faultsSeen = (width: number) =>
  `(() => { ${readFileSync(path.join(__dirname, "seen.js"), "utf8")} return faultsSeen(${width}, 4.5); })()`;

/** The example with twelve models, once with another image for one of them. */
function twelveModels(): Review {
  const source = readSource("examples/twelve-models.yaml");
  if ("diagnostics" in source) {
    throw new Error("the example is no YAML");
  }
  const before = source.value as WrittenFile;
  const after = structuredClone(before);
  const [first] = Object.values(after.models);
  Object.assign(first ?? {}, { image: "vllm/vllm-openai:v0.99.0" });
  const [old, now] = [before, after].map((file) => ({ ...synthesized(valid(file).deployment) }));
  return review(fromSynthesized(old ?? {}, now ?? {}));
}

const VIEWS: Readonly<Record<string, View>> = {
  "in light": { width: 1280, scheme: "light" },
  "in the dark": { width: 1280, scheme: "dark" },
  "on a phone": { width: 390, scheme: "light" },
  "on a phone in the dark": { width: 390, scheme: "dark" },
  "on paper": { width: 718, scheme: "dark", media: "print" },
};

(present("chromium") ? describe : describe.skip)("in a browser (skipped where chromium is missing)", () => {
  let browser: Browser;
  beforeAll(() => {
    browser = new Browser();
  });
  afterAll(() => browser.close());

  test("it finds what is wrong", async () => {
    const text = '<text x="0" y="9" style="fill: #999">far too long</text>';
    const page = await browser.open(
      "bad.html",
      `<!doctype html><meta name="viewport" content="width=device-width"><p style="color: #888">pale</p><div style="width: 500px">wide</div>
       <svg width="30" viewBox="0 0 30 20"><g class="node"><path d="M0 0h20v9h-20z" fill="#fff"/>${text}</g></svg>
       <script>console.log("said")</script>`,
      { width: 390, scheme: "light" },
    );
    const faults: readonly string[] = await page.evaluate(faultsSeen(390));
    expect(faults.map((fault) => fault.replace(/ [\d.]+(:| px)/g, "$1"))).toEqual([
      "contrast: pale",
      "contrast: far too long",
      "leaves its box: far too long",
      "the page is px wide on 390",
      "cut off: DIV wide",
      "a picture says nothing in words",
    ]);
    expect(page.said).toHaveLength(1);
  });

  const PAGES: Readonly<Record<string, () => Review>> = {
    "a model that goes": () => reviewOf("model-removed"),
    "a model that comes": () => reviewOf("model-added"),
    "twelve models": twelveModels,
  };
  const pages: Record<string, string> = {};

  describe.each(Object.keys(PAGES))("%s", (name) => {
    beforeAll(() => {
      const made = PAGES[name]?.();
      pages[name] = made === undefined ? "" : reviewPage(made, layout);
    });

    test.each(Object.keys(VIEWS))("%s", async (view) => {
      const seen = VIEWS[view] ?? { width: 1280, scheme: "light" };
      const page = await browser.open("page.html", pages[name] ?? "", seen);
      expect(await page.evaluate("document.querySelectorAll('svg text').length")).toBeGreaterThan(8);
      expect(await page.evaluate(faultsSeen(seen.width))).toEqual([]);
      expect(page.said).toEqual([]);
    });
  });
});
