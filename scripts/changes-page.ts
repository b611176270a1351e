import { CHANGES, type Change, type Way } from "../config/plan/changes";
import { IN_PLACE } from "../config/plan/changes-in-place";

const INTRODUCTION = `<!-- Written by \`npm run schema\` from config/plan/changes.ts and config/plan/changes-in-place.ts. -->

# What a change does

What a change of a field of serving.yaml does to a deployment that runs. Nothing here matters before the first deploy.

- **One apply**: deploy it. What is replaced is replaced with the new one first, and clients notice nothing.
- **Steps**: deployed at once it interrupts something. The steps avoid that.
- **Refused**: AWS would stop the deploy halfway, or requests would fail. The plan fails before anything is changed, and names the steps.

A field of \`entry\`, \`observability\` or \`tags\` is meant under \`regions.<region>\` too, and a field of a model also under its regions and variants. [The reference](reference.md) says what each field means.`;

const TITLES: Readonly<Record<Way, string>> = {
  refused: "Refused",
  steps: "In steps",
  "one apply": "In one apply",
};

/** `docs/changes.md`: what a change of each field does, from the table of changes. */
export function changesPage(): string {
  const sections = Object.entries(TITLES).flatMap(([way, title]) => [
    `## ${title}`,
    ...CHANGES.filter((change) => change.way === way).map(section),
  ]);
  return `${[INTRODUCTION, ...sections, "## In place", inPlace()].join("\n\n")}\n`;
}

function section({ fields, change, aws, steps, source }: Change): string {
  return [
    `**${fields.map(code).join(", ")}**: ${change}`,
    escaped(aws),
    ...(steps.length > 0 ? [steps.map((step, index) => `${index + 1}. ${escaped(step)}`).join("\n")] : []),
    `Source: ${escaped(source)}.`,
  ].join("\n\n");
}

function inPlace(): string {
  const rows = IN_PLACE.map(
    ({ fields, aws, source }) => `| ${fields.map(code).join(", ")} | ${escaped(aws)} | ${escaped(source)} |`,
  );
  return ["| Fields | What happens | Source |", "| --- | --- | --- |", ...rows].join("\n");
}

function code(field: string): string {
  return `\`${field.replace(/\*/g, "<name>")}\``;
}

/** Angle brackets outside of code would be read as HTML. */
function escaped(text: string): string {
  return text
    .split("`")
    .map((part, index) => (index % 2 === 0 ? part.replace(/[<>]/g, "\\$&") : part))
    .join("`");
}
