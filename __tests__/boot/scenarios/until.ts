/** The longest time that anything may take on a busy machine. */
const PATIENCE_MS = 240_000;

/** Waits until a condition is true. @throws Error when it is not for a very long time */
export async function until(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while (!(await isSo())) {
    if (Date.now() > deadline) {
      throw new Error(`waited in vain until ${what}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
