import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import Ajv from "ajv";
import { parse } from "yaml";
import { servingJsonSchema } from "../config/schema/docs/json-schema";
import { generatedFiles } from "../scripts/generated";
import { layout } from "./support/layout";

const { scripts } = JSON.parse(readFileSync("package.json", "utf8"));

const pages = [
  "README.md",
  "SECURITY.md",
  ...readdirSync("docs")
    .filter((file) => file.endsWith(".md"))
    .map((file) => `docs/${file}`),
];
const texts = new Map([...pages, "help"].map((page) => [page, readFileSync(page, "utf8")]));
const textOf = (page: string) => texts.get(page) ?? "";

test.each(Object.entries(generatedFiles(layout)))("%s is what `npm run schema` writes", (file, text) => {
  expect(readFileSync(file, "utf8")).toBe(text);
});

test("the README has at most 30 KB", () => {
  expect(Buffer.byteLength(textOf("README.md"))).toBeLessThanOrEqual(30_000);
});

test("the statements of a key policy are those that Auto Scaling needs, and the reference names them all", () => {
  const [, json = "[]"] = /```json\n(\[[\s\S]*?)```/.exec(textOf("docs/security.md")) ?? [];
  const [use, attach] = JSON.parse(json);
  expect(use.Principal).toEqual(attach.Principal);
  expect(attach).toMatchObject({
    Action: "kms:CreateGrant",
    Condition: { Bool: { "kms:GrantIsForAWSResource": true } },
  });
  const field = textOf("docs/reference.md").match(/^\| `volume\.kmsKeyArn`.*$/m)?.[0];
  for (const word of [...use.Action, "kms:CreateGrant", "kms:GrantIsForAWSResource"]) {
    expect(field).toContain(`\`${word}\``);
  }
  expect(use.Action).toHaveLength(5);
});

describe("links", () => {
  test.each(pages)("of %s lead to files and headings that exist", (page) => {
    expect(linksOf(page).filter((target) => !leadsSomewhere(page, target))).toEqual([]);
  });

  test("lead from the README to every page", () => {
    const reached = new Set(["README.md"]);
    for (const page of reached) {
      for (const target of linksOf(page)) {
        const [file] = placeOf(page, target);
        if (pages.includes(file)) {
          reached.add(file);
        }
      }
    }
    expect(pages.filter((page) => !reached.has(page))).toEqual([]);
  });

  test.each([
    ["a file", "nowhere.md"],
    ["a heading of another page", "reference.md#nowhere"],
    ["a heading of the same page", "#nowhere"],
  ])("to %s that does not exist are found", (_what, target) => {
    expect(leadsSomewhere("docs/regions.md", target)).toBe(false);
  });
});

/** Targets within the repository. */
function linksOf(page: string): readonly string[] {
  const targets = [...withoutFences(textOf(page)).matchAll(/\]\(([^)]+)\)/g)].map(
    ([, target = ""]) => target,
  );
  return targets.filter((target) => !target.startsWith("https://"));
}

function withoutFences(text: string): string {
  return text.replace(/^ *```[\s\S]*?^ *```$/gm, "");
}

/** The file that a target means, and its heading. */
function placeOf(page: string, target: string): readonly [file: string, heading: string | undefined] {
  const [file = "", heading] = target.split("#");
  return [file === "" ? page : path.posix.join(path.posix.dirname(page), file), heading];
}

function leadsSomewhere(page: string, target: string): boolean {
  const [file, heading] = placeOf(page, target);
  return existsSync(file) && (heading === undefined || headingsOf(file).includes(heading));
}

function headingsOf(file: string): readonly string[] {
  const headings = withoutFences(readFileSync(file, "utf8")).matchAll(/^#+ (.*)$/gm);
  return [...headings].map(([, heading = ""]) => anchorOf(heading));
}

/** As GitHub makes them. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^a-z0-9 _-]/g, "")
    .replaceAll(" ", "-");
}

test.each([...texts])("the npm scripts that %s names exist", (_page, text) => {
  const named = [...text.matchAll(/npm run (?:-s )?([a-z:0-9-]+)/g)].map(([, script = ""]) => script);
  expect([...new Set(named)].filter((script) => scripts[script] === undefined)).toEqual([]);
});

test("help names every npm script that a person runs", () => {
  const named = [...textOf("help").matchAll(/npm (?:run )?([a-z:0-9-]+)/g)].map(([, script]) => script);
  expect(Object.keys(scripts).filter((script) => !named.includes(script))).toEqual([]);
});

test("the page of the constructs has an entry for each of them", () => {
  const classes = readdirSync("constructs", { recursive: true })
    .map((file) => path.join("constructs", String(file)))
    .filter((file) => file.endsWith(".ts"))
    .flatMap((file) => [...readFileSync(file, "utf8").matchAll(/^export class (\w+) extends Construct /gm)])
    .map(([, name]) => name);
  const entries = [...textOf("docs/constructs.md").matchAll(/^### (.*)$/gm)].map(([, name]) => name);
  expect(entries.length).toBeGreaterThan(25);
  expect([...entries].sort()).toEqual(classes.sort());
});

describe("YAML in the pages", () => {
  const schema = servingJsonSchema();
  const regions: readonly unknown[] = schema.definitions?.region?.anyOf?.[0]?.enum ?? [];
  const validateFile = new Ajv({ strict: false, allErrors: true, formats: { email: true } }).compile(schema);

  // Examples of findings are wrong on purpose: __tests__/config/diagnostics/findings.test.ts.
  const snippets = pages
    .filter((page) => page !== "docs/findings.md")
    .flatMap((page) => {
      const fences = textOf(page).matchAll(/^ *```yaml\n([\s\S]*?)^ *```$/gm);
      return [...fences].map(([, text = ""], index): [string, string] => [`${page}, ${index + 1}`, text]);
    });

  test("is found", () => {
    expect(snippets.length).toBeGreaterThan(7);
  });

  test.each(snippets)("has fields that there are, with values they take: %s", (_place, text) => {
    validateFile(asFile(parse(text, { merge: true })));
    const wrong = (validateFile.errors ?? []).filter(({ keyword }) => keyword !== "required");
    const refusedOnPurpose = text === `${readFileSync("docs/refused.yaml", "utf8").trimEnd()}\n`;
    expect(wrong.map(({ instancePath }) => instancePath)).toEqual(
      refusedOnPurpose ? ["/models/llama-3-70b", "/models/llama-3-70b/volume/size"] : [],
    );
  });

  /** A snippet shows a file, some regions or a part of a model. */
  function asFile(snippet: Record<string, unknown>): unknown {
    const keys = Object.keys(snippet);
    if (keys.every((key) => schema.properties?.[key] !== undefined)) {
      return snippet;
    }
    return keys.every((key) => regions.includes(key)) ? { regions: snippet } : { models: { llama: snippet } };
  }
});
