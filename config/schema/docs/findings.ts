import { type Finding, type Findings, subjects } from "../../diagnostics/findings";

const INTRODUCTION = `# Findings

[The guide](serving-yaml.md#what-is-refused) shows a file that is refused. Each line that the commands print about a file ends with a code in brackets:

\`\`\`text
serving.yaml:23:22  error  models.llama.capacity.min  min 7 > max 6; swap them, or raise max  [min-above-max]
\`\`\`

The message speaks of the file as it is. This page says of each code what it means, what leads to it, and what to write instead. Codes are stable; messages may change. The YAML of an example stands for a change to a valid file. Long lines are cut.

## Accepted warnings

An **error** stops the run before anything is written. A **warning** does not. A warning that you mean is accepted, with the reason:

\`\`\`yaml
models:
  llama:
    capacity: { min: 3, max: 3 }
    accept: { no-room-for-rollout: a smaller fleet is fine while a version is rolled out }
\`\`\`

\`accept\` stands under the part that the path of the warning leads to, or a part around it: the file itself, \`alarms\`, \`entry\`, a region, its \`entry\`, or a model or variant, under \`models\` or in a region. Of several the innermost counts. The warning is no longer printed, and \`npm run explain\` shows it with the reason. An \`accept\` that silences nothing is a warning itself. Errors cannot be accepted.`;

/** `docs/findings.md`: every finding by subject, with a heading, and so an anchor, for each code. */
export function findingsMarkdown(): string {
  return [INTRODUCTION, ...subjects.flatMap(({ title, findings }) => [`## ${title}`, ...sections(findings)])]
    .map((part) => `${part}\n`)
    .join("\n");
}

function sections(findings: Findings): readonly string[] {
  return Object.entries(findings)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([code, finding]) => section(code, finding));
}

const SEVERITIES: Readonly<Record<Finding["severity"], string>> = { error: "Error", warning: "Warning" };

function section(code: string, { severity, sentence, example, remedy }: Finding): string {
  return [
    `### ${code}`,
    `**${SEVERITIES[severity]}.** ${sentence}`,
    [example.startsWith("$ ") ? "```sh" : "```yaml", ...example.split("\n").map(cut), "```"].join("\n"),
    `**Instead:** ${remedy}`,
  ].join("\n\n");
}

/** Columns of a line, as the formatter has them. */
const LINE_WIDTH = 110;

function cut(line: string): string {
  return line.length > LINE_WIDTH ? `${line.slice(0, LINE_WIDTH - 2)} …` : line;
}
