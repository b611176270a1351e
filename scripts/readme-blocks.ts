import { readFileSync } from "node:fs";
import { renderDiagnostics } from "../config/diagnostics/diagnostic";
import { type Loaded, load, loadDeployment } from "../config/load";
import type { Deployment } from "../config/plan/deployment";
import { explain, explanationTable } from "../config/report/explain";
import { summary } from "../config/report/summary";
import { referenceMarkdown } from "../config/schema/docs/reference";
import { parseSource } from "../config/source/parse";

/** The parts of the README that are written by the project itself, by the names of their markers. */
export function readmeBlocks(): Readonly<Record<string, string>> {
  return {
    summary: fenced("text", summary(deploymentIn("serving.yaml"))),
    explain: fenced("text", excerptOf("serving.yaml")),
    refused: [
      fenced("yaml", readFileSync("docs/refused.yaml", "utf8").trimEnd()),
      fenced("text", diagnosticsOf(loadDeployment("docs/refused.yaml"))),
    ].join("\n\n"),
    quotas: fenced("text", diagnosticsOf(withFewVcpus("serving.yaml"))),
    reference: referenceMarkdown(),
  };
}

/**
 * The text with what stands between `<!-- <name>:begin -->` and `<!-- <name>:end -->` replaced by the block of
 * that name.
 *
 * @throws Error when a block has no place in the text
 */
export function withBlocks(text: string, blocks: Readonly<Record<string, string>>): string {
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

/** The file as if it named a quota in us-east-1 that is too small. */
function withFewVcpus(file: string): Loaded {
  const text = readFileSync(file, "utf8");
  const source = parseSource(
    file,
    text.replace(/^ {2}us-east-1:\n/m, "$&    vcpuQuotas: { onDemandG: 64 }\n"),
  );
  return "value" in source ? load(source) : { ok: false, diagnostics: source.diagnostics, source };
}

/** Numbers that show the most, by the title they stand under. */
const EXCERPT: Readonly<Record<string, readonly string[]>> = {
  "llama-3-8b in us-east-1": ["launchHook", "gracePeriod", "drain", "terminateHook"],
  "llama-3-8b / stable in us-east-1": ["need", "min", "max"],
};

/** Lines of `npm run explain`: under their titles, numbers with the line of reasons after each. */
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
