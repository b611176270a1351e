import type { Traffic } from "../../review/traffic";

const WORDS = ["out", "nat", "logs"] as const;

/**
 * Reads `--traffic out=2000,nat=300,logs=50`, GB a month.
 *
 * @throws Error that names the words, for another one
 */
export function statedTraffic(text: string): Traffic {
  const parts = text.split(",").map((part) => /^(\w+)=(\d{1,9}(?:\.\d+)?)$/.exec(part.trim()));
  const stated = parts.flatMap((part) => {
    const word = WORDS.find((each) => each === part?.[1]);
    return word === undefined ? [] : [[word, Number(part?.[2])] as const];
  });
  if (stated.length !== parts.length || new Set(stated.map(([word]) => word)).size !== parts.length) {
    throw new Error(
      `--traffic takes GB a month of ${WORDS.join(", ")}, each once, with commas between: out=2000,nat=300,logs=50; got ${text}`,
    );
  }
  return Object.fromEntries(stated);
}
