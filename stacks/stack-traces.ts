/**
 * Runs `work` without the text of stack traces. cdktf takes one of every token, only to show it when a token cannot
 * be resolved, and making their text is half the time of a large synthesis. An error that leaves `work` has its
 * trace all the same: the text is made when it is first asked for.
 */
export function withoutStackTraces(work: () => void): void {
  const { prepareStackTrace } = Error;
  Error.prepareStackTrace = () => "";
  try {
    work();
  } finally {
    Error.prepareStackTrace = prepareStackTrace;
  }
}
