/** Says what a step is doing, or waiting for. */
export function say(text: string): void {
  process.stdout.write(`    ${text}\n`);
}

/** Milliseconds; a step takes two minutes, and more where others want the processors too. */
const LONGEST_STEP = 3600_000;

let failed: string | undefined;

/** A step of a story: as each goes on from where the last one stopped, none is tried after one has failed. */
export function step(name: string, take: () => Promise<void>): void {
  test(
    name,
    async () => {
      if (failed !== undefined) {
        const error = new Error(`not tried, because "${failed}" failed`);
        error.stack = error.message;
        throw error;
      }
      failed = name;
      await take();
      failed = undefined;
    },
    LONGEST_STEP,
  );
}
