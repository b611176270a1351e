/** Signals that ask a server to end, and that it may act on. SIGKILL would cut its requests. */
export const STOP_SIGNALS = [
  ...(["SIGTERM", "SIGINT", "SIGQUIT", "SIGHUP", "SIGUSR1", "SIGUSR2", "SIGWINCH"] as const),
  "SIGRTMIN+3",
] as const;
