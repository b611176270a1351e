import path from "node:path";

/** Prints what a step does, or waits for. */
export function say(text: string): void {
  const story = path.basename(expect.getState().testPath ?? "", ".test.ts");
  process.stdout.write(`${story}:     ${text}\n`);
}

let failed: string | undefined;

/** A step of a story. Each continues from the one before, so none is tried after one has failed. */
export function step(name: string, take: () => Promise<void>): void {
  test(name, async () => {
    if (failed !== undefined) {
      const error = new Error(`not tried, because "${failed}" failed`);
      error.stack = error.message;
      throw error;
    }
    failed = name;
    await take();
    failed = undefined;
  });
}
