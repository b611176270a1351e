import { dirname, join, relative } from "node:path";
import { renderDiagnostics } from "../../config/diagnostics/diagnostic";
import { load } from "../../config/load";
import { parseSource } from "../../config/source/parse";
import { type Answers, answersOf, type Given } from "./answers";
import { chosenOf, offers, offerText } from "./choose";
import type { ModelFacts } from "./facts";
import { ACCEPTED, type AcceptedCode, fileFor, modelName, textOf } from "./file";

/** What a run needs of the world. */
export interface World {
  /** What is known of the model. */
  readonly facts: (answers: Answers) => Promise<ModelFacts>;
  /** Whether there is a file. */
  readonly exists: (path: string) => boolean;
  readonly write: (path: string, text: string) => void;
  readonly show: (line: string) => void;
}

/**
 * Writes a serving.yaml, and the model's config.json beside it. It overwrites nothing.
 *
 * @throws Error that says what to do, when an answer is wrong or a file is there
 */
export async function makeFile(
  path: string,
  given: Given,
  { facts, exists, write, show }: World,
): Promise<void> {
  const answers = answersOf(given);
  const beside = `models/${modelName(answers.model)}/config.json`;
  const configPath = join(dirname(path), beside);
  for (const each of [path, configPath]) {
    if (exists(each)) {
      throw new Error(
        `${each} is there, and is not overwritten; name another file: SERVING_CONFIG=mine/serving.yaml npm run new`,
      );
    }
  }
  const known = await facts(answers);
  requireJson(known.config);
  requireAccepted(answers, known);
  const found = offers(answers, known);
  for (const offer of found) {
    show(offerText(offer, answers.region));
  }
  const chosen = chosenOf(found);
  const inline = { text: known.config };
  const judge = (accepted: readonly AcceptedCode[]) => {
    const judged = load(sourceOf(path, textOf(fileFor(answers, known, chosen, inline, accepted))));
    return { open: judged.ok ? judged.warnings : judged.diagnostics, source: judged.source };
  };
  const codes = new Set<string>(judge([]).open.map(({ code }) => code));
  const accepted = (Object.keys(ACCEPTED) as AcceptedCode[]).filter((code) => codes.has(code));
  const { open, source } = judge(accepted);
  if (open.length > 0) {
    throw new Error(`nothing is written:\n${renderDiagnostics(open, source)}`);
  }
  write(configPath, known.config);
  const schema = relative(dirname(path), "serving.schema.json");
  write(
    path,
    textOf(
      fileFor(answers, known, chosen, beside, accepted),
      schema.startsWith(".") ? schema : `./${schema}`,
    ),
  );
  show(`${path} is written. Change the names that begin with example-, and see: npm run synth`);
}

function requireJson(text: string): void {
  try {
    JSON.parse(text);
  } catch {
    throw new Error("config.json is no JSON");
  }
}

/** A wrong region or range is said before types are looked for. */
function requireAccepted(answers: Answers, facts: ModelFacts): void {
  const draft = { instanceTypes: ["g6.xlarge"], tensorParallel: 1, zones: 3 };
  const judged = load(
    sourceOf("serving.yaml", textOf(fileFor(answers, facts, draft, { text: facts.config }))),
  );
  const wrong = judged.ok
    ? []
    : judged.diagnostics.filter(({ path: [part], severity }) => part !== "models" && severity === "error");
  if (wrong.length > 0) {
    throw new Error(`nothing is written:\n${renderDiagnostics(wrong, judged.source)}`);
  }
}

function sourceOf(path: string, text: string) {
  const source = parseSource(path, text);
  if ("diagnostics" in source) {
    throw new Error(renderDiagnostics(source.diagnostics, source));
  }
  return source;
}
