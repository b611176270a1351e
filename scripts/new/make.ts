import { dirname, join, relative } from "node:path";
import { renderDiagnostics } from "../../config/diagnostics/diagnostic";
import { type Answers, answersOf, type Given } from "./answers";
import { chosenOf, offers, offerText } from "./choose";
import type { ModelFacts } from "./facts";
import { fileFor, modelName, textOf } from "./file";
import { type Judged, judge, toAccept } from "./judge";

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
  requireEntry(answers, known);
  const found = offers(answers, known);
  for (const offer of found) {
    show(offerText(offer, answers.region));
  }
  // What several types have wrong together, none has alone.
  const [chosen, open] = [found, found.slice(0, 1)]
    .map((each) => [chosenOf(each), judge(answers, known, chosenOf(each))] as const)
    .reduce((several, one) => (several[1].refused.length === 0 ? several : one));
  const accepted = toAccept(open);
  requireNone(judge(answers, known, chosen, accepted));
  for (const { message, code } of open.doubts) {
    show(`accepted, as nothing better is known: ${message}  [${code}]`);
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
function requireEntry(answers: Answers, facts: ModelFacts): void {
  const draft = { instanceTypes: ["g6.xlarge"], tensorParallel: 1, zones: 3 };
  const { refused, source } = judge(answers, facts, draft);
  const ofEntry = refused.filter(({ path: [part], severity }) => part !== "models" && severity === "error");
  requireNone({ usual: [], doubts: [], refused: ofEntry, source });
}

function requireNone({ usual, doubts, refused, source }: Judged): void {
  const found = [...usual, ...doubts, ...refused];
  if (found.length > 0) {
    throw new Error(`nothing is written:\n${renderDiagnostics(found, source)}`);
  }
}
