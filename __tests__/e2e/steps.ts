import path from "node:path";

/** Says what a step is doing, or waiting for. */
export function say(text: string): void {
  const story = path.basename(expect.getState().testPath ?? "", ".test.ts");
  process.stdout.write(`${story}:     ${text}\n`);
}

let failed: string | undefined;

/** A step of a story: as each goes on from where the last one stopped, none is tried after one has failed. */
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
