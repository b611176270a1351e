import { type Constant, constants, FEWEST, type Half, halfOf, isWithinSpan } from "./fit";
import { type Judgement, judgements } from "./observations";

/** Why the model of memory is wrong about an observation, where that is known. */
const CAUSES: readonly (readonly [id: string, when: RegExp, cause: string])[] = [
  [
    "meta-llama/Llama-4-Scout-17B-16E-Instruct",
    /vLLM$/,
    "101 GiB of weights are not on one GPU of 80 GB: the recipe may mean another checkpoint or several GPUs",
  ],
  [
    "Qwen/Qwen3-0.6B",
    /llm-d/,
    "likely the server had not counted its sampler when it divided the memory: with a utilization of 0.95 it then ran out of it",
  ],
];

/** Whether the model of memory refuses what ran, or lets pass what did not start. */
export function isWrong({ observation: { fits }, verdict }: Judgement): boolean {
  return (fits === true && verdict === "does not fit") || (fits === false && verdict === "fits");
}

/** Tokens within this share of those that a server printed are right. */
export const TOKENS_WITHIN = 0.1;

/** How well the model of memory does on some observations. */
export interface Score {
  /** Observations that tell whether it started, on a known GPU. */
  readonly judged: readonly Judgement[];
  readonly wrong: readonly Judgement[];
  /** Tokens of the KV cache, over those that a server printed. */
  readonly tokens: readonly number[];
  readonly near: readonly number[];
  /** Observations that tell what the server took beside weights and KV cache. */
  readonly measured: readonly Judgement[];
  readonly outside: readonly Judgement[];
}

export function scoreOf(all: readonly Judgement[]): Score {
  const judged = all.filter(
    ({ verdict, observation: { fits } }) => verdict !== undefined && fits !== undefined,
  );
  const tokens = all.flatMap((each) => each.tokens ?? []);
  return {
    judged,
    wrong: judged.filter(isWrong),
    tokens,
    near: tokens.filter((share) => Math.abs(share - 1) <= TOKENS_WITHIN),
    measured: all.filter((each) => isWithinSpan(each) !== undefined),
    outside: all.filter((each) => isWithinSpan(each) === false),
  };
}

/** The model of memory against all that was observed, as lines of text. */
export function memoryReport(): readonly string[] {
  const all = judgements();
  const half = (wanted: Half) => all.filter(({ model }) => halfOf(model) === wanted);
  const { wrong, outside } = scoreOf(all);
  return [
    ...scoreLines("all families", all),
    ...scoreLines("the fitted half", half("fitted")),
    ...scoreLines("the half that is kept back", half("kept back")),
    "what is wrong:",
    ...wrong.map((each) => `  ${nameOf(each)}: says "${each.verdict}"; ${causeOf(each)}`),
    ...outside.map(
      (each) => `  ${nameOf(each)}: the server took ${gib(each.overheadGiB ?? 0)} GiB; ${causeOf(each)}`,
    ),
    "constants, in GiB:",
    ...constants(all).map(constantLine),
    "observations:",
    ...all.map(observationLine),
  ];
}

function scoreLines(name: string, all: readonly Judgement[]): readonly string[] {
  const { judged, wrong, tokens, near, measured, outside } = scoreOf(all);
  const open = judged.filter(({ verdict }) => verdict === "may fit");
  return [
    `${name}:`,
    `  fits or not: ${judged.length - wrong.length} of ${judged.length} observations are not contradicted, ${open.length} of them because the model cannot say`,
    `  tokens of the KV cache within ${100 * TOKENS_WITHIN} %: ${near.length} of ${tokens.length}`,
    `  what the server takes within its span: ${measured.length - outside.length} of ${measured.length}`,
  ];
}

const nameOf = ({ model: { id }, observation: { gpu } }: Judgement) => `${id} on ${gpu}`;

function causeOf({ model: { id }, observation }: Judgement): string {
  const cause = CAUSES.find(([name, when]) => name === id && when.test(observation.server))?.[2];
  return cause ?? "cause not known";
}

function constantLine({ part, counts, value, median, fitted }: Constant): string {
  const seen = `${counts.fitted} observations in the fitted half, ${counts["kept back"]} kept back`;
  const ours = value === undefined ? "reckoned from widths" : `${value} in the code`;
  const said =
    value === undefined
      ? []
      : [
          fitted === undefined
            ? `not fitted, fewer than ${FEWEST}`
            : `${fitted.toFixed(2)} fitted, of a median of ${median?.toFixed(2)}`,
        ];
  return `  ${[part, ours, ...said, seen].join(" · ")}`;
}

function observationLine({ model, observation, tokens, verdict, room }: Judgement): string {
  const { server, gpu, tp, fits } = observation;
  const kv = room === undefined ? "" : `KV ${gib(room.kvGiB.least)} to ${gib(room.kvGiB.most)} GiB`;
  const observed = fits === undefined ? "not told" : fits ? "ran" : "did not start";
  const counted = tokens === undefined ? "" : `tokens × ${tokens.toFixed(3)}`;
  return `  ${[model.id, halfOf(model), `${tp} × ${gpu}`, server, observed, verdict ?? "GPU not known", kv, counted].filter((part) => part !== "").join(" · ")}`;
}

const gib = (value: number) => value.toFixed(1);
