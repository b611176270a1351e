import { dirname, join, relative } from "node:path";
import { renderDiagnostics } from "../../config/diagnostics/diagnostic";
import { isMapping } from "../../config/gpu/model-config/keys";
import { readArchitecture } from "../../config/gpu/model-config/read";
import { longestContextOn } from "../../config/plan/serving-memory";
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
  requireNone(entryFindings(answers));
  const asked = await facts(answers);
  const known = { ...asked, config: asked.config.replace(/^\uFEFF/, "") };
  requireConfig(answers, known.config);
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

/**
 * What is wrong with answers so far, so that a person is asked again at once. Undefined: nothing.
 *
 * @param given those that are missing count as right
 */
export function complaintOf(given: Given): string | undefined {
  try {
    const { refused } = entryFindings(answersOf({ ...RIGHT, ...given }));
    return refused.map(({ message }) => message).at(0);
  } catch (error) {
    return (error as Error).message;
  }
}

const RIGHT: Given = { model: "Qwen/Qwen3-8B", region: "us-east-1", allow: "203.0.113.0/24", demand: "60" };

/** @throws Error when the configuration is none of a model, or the context that was asked for is longer than its own */
function requireConfig(answers: Answers, text: string): void {
  let config: unknown;
  try {
    config = JSON.parse(text);
  } catch {
    throw new Error("config.json is no JSON");
  }
  if (!isMapping(config)) {
    throw new Error("config.json is no mapping of JSON; take that of the model from the hub");
  }
  const { context, model, server } = answers;
  const longest = longestContextOn(server, readArchitecture(config));
  if (context !== undefined && longest !== undefined && context > longest) {
    throw new Error(
      `--context ${context} is more than the ${longest} tokens that ${model} has by its config.json`,
    );
  }
}

/** What is wrong beside the model: a region or range is said before anybody is asked. */
function entryFindings(answers: Answers): Judged {
  const draft = { instanceTypes: ["g6.xlarge"], tensorParallel: 1, zones: 3 };
  const nothing = { config: "{}", sizeGiB: undefined, revision: undefined };
  const { refused, source } = judge(answers, nothing, draft);
  const ofEntry = refused.filter(({ path: [part], severity }) => part !== "models" && severity === "error");
  return { usual: [], doubts: [], refused: ofEntry, source };
}

function requireNone({ usual, doubts, refused, source }: Judged): void {
  const found = [...usual, ...doubts, ...refused];
  if (found.length > 0) {
    throw new Error(`nothing is written:\n${renderDiagnostics(found, source)}`);
  }
}
