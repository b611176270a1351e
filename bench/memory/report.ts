import { type Judgement, judgements } from "./observations";

/** Why the model of memory is wrong about an observation, where that is known. */
const CAUSES: readonly (readonly [id: string, when: RegExp, cause: string])[] = [
  [
    "meta-llama/Llama-4-Scout-17B-16E-Instruct",
    /vLLM$/,
    "101 GiB of weights are not on one GPU of 80 GB: the recipe may mean another checkpoint or several GPUs",
  ],
];

/** Whether the model of memory refuses what ran, or lets pass what did not start. */
export function isWrong({ observation: { fits }, verdict }: Judgement): boolean {
  return (fits === true && verdict === "does not fit") || (fits === false && verdict === "fits");
}

/** Tokens within this share of those that a server printed are right. */
export const TOKENS_WITHIN = 0.1;

/** The model of memory against all that was observed, as lines of text. */
export function memoryReport(): readonly string[] {
  const all = judgements();
  const judged = all.filter(
    ({ verdict, observation: { fits } }) => verdict !== undefined && fits !== undefined,
  );
  const wrong = judged.filter(isWrong);
  const open = judged.filter(({ verdict }) => verdict === "may fit");
  const counted = all.flatMap(({ tokens }) => tokens ?? []);
  const near = counted.filter((share) => Math.abs(share - 1) <= TOKENS_WITHIN);
  return [
    `fits or not: ${judged.length - wrong.length} of ${judged.length} observations are not contradicted, ${open.length} of them because the model cannot say`,
    `tokens of the KV cache within ${100 * TOKENS_WITHIN} %: ${near.length} of ${counted.length}`,
    ...wrong.map(({ model: { id }, observation, verdict }) => {
      const cause = CAUSES.find(([name, when]) => name === id && when.test(observation.server))?.[2];
      return `  ${id} on ${observation.gpu}: says "${verdict}"; ${cause ?? "cause not known"}`;
    }),
    ...all.map(({ model: { id }, observation: { server, gpu, tp, fits }, tokens, verdict, room }) => {
      const kv = room === undefined ? "" : `KV ${gib(room.kvGiB.least)} to ${gib(room.kvGiB.most)} GiB`;
      const observed = fits === undefined ? "not told" : fits ? "ran" : "did not start";
      const counted = tokens === undefined ? "" : `tokens × ${tokens.toFixed(3)}`;
      return `  ${[id, `${tp} × ${gpu}`, server, observed, verdict ?? "GPU not known", kv, counted].filter((part) => part !== "").join(" · ")}`;
    }),
  ];
}

const gib = (value: number) => value.toFixed(1);
