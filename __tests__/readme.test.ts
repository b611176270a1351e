import { existsSync, readFileSync } from "node:fs";
import Ajv from "ajv";
import { parse } from "yaml";
import { servingJsonSchema } from "../config/schema/docs/json-schema";
import { readmeBlocks, withBlocks } from "../scripts/readme-blocks";

const readme = readFileSync("README.md", "utf8");
const help = readFileSync("help", "utf8");
const { scripts } = JSON.parse(readFileSync("package.json", "utf8"));

/** The texts in fences of one language. */
function fenced(language: string): readonly string[] {
  return [...readme.matchAll(new RegExp(`^ *\`\`\`${language}\\n([\\s\\S]*?)^ *\`\`\``, "gm"))].map(
    ([, text = ""]) => text,
  );
}

test.each(Object.entries(readmeBlocks()))(
  "the README's %s is what `npm run schema` writes",
  (name, block) => {
    expect(readme).toBe(withBlocks(readme, { [name]: block }));
  },
);

test("links to files and headings lead somewhere", () => {
  const targets = [...readme.matchAll(/\]\(([^)]+)\)/g)].map(([, target = ""]) => target);
  const dead = targets.filter((target) => !target.startsWith("https://") && !leadsSomewhere(target));
  expect(targets.length).toBeGreaterThan(10);
  expect(dead).toEqual([]);
});

/** Whether `file`, `#heading` or `file#heading` is there. */
function leadsSomewhere(target: string): boolean {
  const [file = "", heading] = target.split("#");
  const path = file === "" ? "README.md" : file;
  return existsSync(path) && (heading === undefined || headingsOf(path).includes(heading));
}

function headingsOf(path: string): readonly string[] {
  const headings = readFileSync(path, "utf8").matchAll(/^#+ (.*)$/gm);
  return [...headings].map(([, heading = ""]) => anchorOf(heading));
}

/** As GitHub makes them. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^a-z0-9 _-]/g, "")
    .replaceAll(" ", "-");
}

test.each([
  ["README.md", readme],
  ["help", help],
])("the npm scripts that %s names are there", (_file, text) => {
  const named = [...text.matchAll(/npm run ([a-z:0-9]+)/g)].map(([, script = ""]) => script);
  expect(named.length).toBeGreaterThan(3);
  expect([...new Set(named)].filter((script) => scripts[script] === undefined)).toEqual([]);
});

test("the example of constructs begins as the README shows it", () => {
  const shown = fenced("ts");
  expect(shown).toHaveLength(1);
  expect(readFileSync("examples/constructs.ts", "utf8")).toContain(shown[0]);
});

describe("YAML in the README", () => {
  const schema = servingJsonSchema();
  const validateFile = new Ajv({ strict: false, allErrors: true, formats: { email: true } }).compile(schema);

  const snippets = fenced("yaml").map((text, index): [number, string] => [index + 1, text]);

  test.each(snippets)("has fields that there are, with values they take: snippet %i", (_number, text) => {
    const snippet = parse(text);
    const isOfFile = Object.keys(snippet).every((key) => schema.properties?.[key] !== undefined);
    validateFile(isOfFile ? snippet : { models: { llama: snippet } });
    const wrong = (validateFile.errors ?? []).filter(({ keyword }) => keyword !== "required");
    const refusedOnPurpose = text === `${readFileSync("docs/refused.yaml", "utf8").trimEnd()}\n`;
    expect(wrong.map(({ instancePath }) => instancePath)).toEqual(
      refusedOnPurpose ? ["/models/llama-3-70b", "/models/llama-3-70b/volume/size"] : [],
    );
  });
});
