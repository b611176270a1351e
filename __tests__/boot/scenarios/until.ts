/** How long anything may take on a machine that is busy with other things. */
const PATIENCE_MS = 240_000;

/** Waits for something to come to pass. @throws Error when it does not for a very long time */
export async function until(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while (!(await isSo())) {
    if (Date.now() > deadline) {
      throw new Error(`waited in vain until ${what}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
