/**
 * Runs `work` with source maps off. cdktf takes a stack trace of every token, which Node would map back to the
 * TypeScript, line by line. An error that leaves `work` is mapped all the same, when it is printed.
 */
export function withoutSourceMaps(work: () => void): void {
  process.setSourceMapsEnabled(false);
  try {
    work();
  } finally {
    process.setSourceMapsEnabled(true);
  }
}
