import { readFileSync } from "node:fs";
import { MANAGED_RULE_GROUPS } from "../aws/waf";
import { renderDiagnostics } from "../config/diagnostics/diagnostic";
import { type Loaded, load, loadDeployment } from "../config/load";
import type { Deployment } from "../config/plan/deployment";
import { callersRows, callersTable } from "../config/report/callers";
import { explain, explanationTable } from "../config/report/explain";
import { summary } from "../config/report/summary";
import { findingsMarkdown } from "../config/schema/docs/findings";
import { jsonText, servingJsonSchema } from "../config/schema/docs/json-schema";
import { referencePage } from "../config/schema/docs/reference";
import { parseSource } from "../config/source/parse";
import { table } from "../controls/report/markdown";
import { type Layout, svgOf } from "../review/picture/svg";
import { readDeployment } from "../simulation/terraform/read";
import { changesPage } from "./changes-page";
import { constructsPage } from "./constructs-page";
import { acceptedHereTable, examplesTable } from "./controls-page";
import { synthesized } from "./synthesized";

type Blocks = Readonly<Record<string, string>>;

/**
 * The files that `npm run schema` writes, with their whole text. In pages with marked parts only those parts change.
 *
 * @param layout of the picture, Graphviz
 */
export function generatedFiles(layout: Layout): Readonly<Record<string, string>> {
  const pages = Object.entries(blocksOfPages()).map(([page, blocks]) => [
    page,
    withBlocks(readFileSync(page, "utf8"), blocks),
  ]);
  return {
    "serving.schema.json": `${jsonText(servingJsonSchema())}\n`,
    "docs/reference.md": referencePage(),
    "docs/constructs.md": constructsPage(),
    "docs/findings.md": findingsMarkdown(),
    "docs/changes.md": changesPage(),
    "docs/deployment.svg": svgOf(readDeployment(synthesized(deploymentIn("serving.yaml"))), layout),
    ...Object.fromEntries(pages),
  };
}

/** Blocks by page, and within a page by the names of their markers. */
function blocksOfPages(): Readonly<Record<string, Blocks>> {
  const refused = diagnosticsOf(loadDeployment(REFUSED));
  return {
    "README.md": {
      summary: fenced("text", summary(deploymentIn("serving.yaml"))),
      refused: fenced("text", shortened(refused)),
    },
    "docs/serving-yaml.md": {
      refused: [fenced("yaml", readFileSync(REFUSED, "utf8").trimEnd()), fenced("text", refused)].join(
        "\n\n",
      ),
    },
    "docs/capacity-and-timing.md": { explain: fenced("text", excerptOf("serving.yaml")) },
    "docs/security.md": {
      callers: [
        fenced("yaml", readFileSync(CALLERS, "utf8").trimEnd()),
        fenced("text", [CALLERS, ...EXAMPLES].map(callersOf).join("\n\n")),
      ].join("\n\n"),
      "counted-rules": countedRules(),
    },
    "docs/controls.md": { ours: acceptedHereTable(), examples: examplesTable() },
    "docs/operations.md": { quotas: fenced("text", diagnosticsOf(withFewVcpus("serving.yaml"))) },
  };
}

/** The rules of a web ACL that count and do not block, and what of prompts matches them. */
function countedRules(): string {
  const rows = Object.values(MANAGED_RULE_GROUPS).flatMap(({ counted }) =>
    Object.entries(counted).map(([rule, matched]) => [`\`${rule}\``, matched] as const),
  );
  return table(["Rule", "What it matches, though no attack"], rows);
}

const REFUSED = "docs/refused.yaml";
const CALLERS = "docs/callers.yaml";
const EXAMPLES = ["serving.yaml", "examples/minimal.yaml"];

/** What `npm run explain -- callers` prints of a file, under its name. */
function callersOf(file: string): string {
  return [file, callersTable(callersRows(deploymentIn(file)))].join("\n");
}

/**
 * The text in which the block of a name replaces all between `<!-- <name>:begin -->` and `<!-- <name>:end -->`.
 *
 * @throws Error when a block has no place in the text
 */
export function withBlocks(text: string, blocks: Blocks): string {
  return Object.entries(blocks).reduce((before, [name, block]) => {
    const [begin, end] = [`<!-- ${name}:begin -->\n`, `\n<!-- ${name}:end -->`];
    const from = before.indexOf(begin);
    const to = before.indexOf(end, from);
    if (from < 0 || to < 0) {
      throw new Error(`there is no place marked "${name}"`);
    }
    return `${before.slice(0, from + begin.length)}\n${block}\n${before.slice(to)}`;
  }, text);
}

function fenced(language: string, text: string): string {
  return `\`\`\`${language}\n${text}\n\`\`\``;
}

function deploymentIn(file: string): Deployment {
  const result = loadDeployment(file);
  if (!result.ok) {
    throw new Error(diagnosticsOf(result));
  }
  return result.deployment;
}

function diagnosticsOf(result: Loaded): string {
  return renderDiagnostics(result.ok ? result.warnings : result.diagnostics, result.source);
}

/** Fields of the refused file whose errors the README shows. */
const SHOWN = ["entry.idleTimeout", "instanceTypes[0]", "capacity.min", "timing.drain", "varaints"];

/** The lines about these fields, and the last one. */
function shortened(diagnostics: string): string {
  const lines = diagnostics.split("\n");
  const shown = lines.filter((line) => SHOWN.some((field) => line.includes(`${field}  `)));
  return [...shown, "…", ...lines.slice(-1)].join("\n");
}

/** The file as if it named a quota in us-east-1 that is too small. */
function withFewVcpus(file: string): Loaded {
  const text = readFileSync(file, "utf8");
  const source = parseSource(
    file,
    text.replace(/^ {2}us-east-1:\n/m, "$&    vcpuQuotas: { onDemandG: 64 }\n"),
  );
  return "value" in source ? load(source) : { ok: false, diagnostics: source.diagnostics, source };
}

/** The numbers to show, by the title of their section. */
const EXCERPT: Readonly<Record<string, readonly string[]>> = {
  "llama-3-8b in us-east-1": ["launchHook", "gracePeriod", "drain", "terminateHook"],
  "llama-3-8b / stable in us-east-1": ["need", "min", "max"],
};

/** Lines of `npm run explain`: each title with its numbers, each number with the line of its reasons. */
function excerptOf(file: string): string {
  const sections = explanationTable(explain(deploymentIn(file))).split("\n\n");
  const excerpts = sections.flatMap((section) => {
    const [title = "", ...lines] = section.split("\n");
    const wanted = EXCERPT[title];
    const kept = lines.filter((line, index) =>
      [line, lines[index - 1] ?? ""].some((each) => wanted?.some((name) => each.startsWith(`  ${name} `))),
    );
    return wanted === undefined ? [] : [[title, ...kept].join("\n")];
  });
  return excerpts.join("\n\n");
}
