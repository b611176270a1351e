import type { Review } from "../../review/review";

/** What the user has fail: words, and a rise of the cost. */
export interface FailOn {
  readonly words: readonly Word[];
  /** `cost:+20%` is 0.2. */
  readonly costRise?: number;
}

const WORDS = ["interrupt", "replace", "roll", "undo", "exposure"] as const;
type Word = (typeof WORDS)[number];

/**
 * Reads `--fail-on interrupt,replace,exposure,cost:+20%`.
 *
 * @throws Error that names the words, for another one
 */
export function failOnIn(text: string): FailOn {
  const parts = text.split(",").map((part) => part.trim());
  const costs = parts.flatMap((part) => /^cost:\+?(\d+(?:\.\d+)?)%$/.exec(part)?.[1] ?? []);
  const words = parts.filter((part): part is Word => WORDS.some((word) => word === part));
  if (costs.length + words.length !== parts.length || costs.length > 1) {
    throw new Error(`--fail-on takes ${WORDS.join(", ")} and cost:+20%, with commas between; got ${text}`);
  }
  return { words, ...(costs[0] === undefined ? {} : { costRise: Number(costs[0]) / 100 }) };
}

/** Why a review fails, a sentence each; empty: it does not. What will be refused fails always. */
export function failures(review: Review, { words, costRise }: FailOn): readonly string[] {
  const { consequences, verdict, exposure, deployment } = review;
  const changes = deployment.stacks.filter(({ isLeft }) => !isLeft).flatMap((stack) => stack.changes);
  const holds: Readonly<Record<Word, boolean>> = {
    interrupt: consequences.some(({ interrupts }) => interrupts !== undefined),
    replace: changes.some(({ action }) => action.startsWith("replace")),
    roll: consequences.some(({ roll }) => roll !== undefined),
    undo: consequences.some(({ kind }) => kind === "cannot be undone"),
    exposure: exposure.length > 0,
  };
  const { before, after } = review.money.total;
  const { newlyUnpriced } = review.money;
  const rises = [
    [before.atMin, after.atMin],
    [before.atMax, after.atMax],
  ].map(([was = 0, is = 0]) => (is === was ? 0 : is / was - 1));
  const rise = Math.max(...rises);
  return [
    ...(verdict.kind === "refused" ? [verdict.line] : []),
    ...words.filter((word) => holds[word]).map((word) => `--fail-on ${word}`),
    ...(costRise !== undefined && rise > costRise
      ? [
          `--fail-on cost: ${rise === Infinity ? "nothing was there before" : `${Math.round(rise * 1000) / 10} % more`}`,
        ]
      : []),
    ...(costRise !== undefined && newlyUnpriced.length > 0
      ? [`--fail-on cost: no price is recorded for ${newlyUnpriced.join("; ")}, so the rise is not known`]
      : []),
  ];
}
