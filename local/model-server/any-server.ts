/** A model server, as others see it. */
export interface ServerSeen {
  /** The address where it listens. */
  readonly host: string;
  /** Where it listens; 0: a connection is refused. */
  readonly port: number;
  /** Where it answers health checks; absent: at its port. */
  readonly healthPort?: number | undefined;
  /** Requests that wait in it; `undefined`: it is not known. */
  readonly waiting: number | undefined;
  /** Whether it answers as soon as this machine lets it. */
  readonly isResponsive: boolean;
  /** Whether the time of its load is over by itself, not by {@link AnyServer.loaded}. */
  readonly loadsItself: boolean;
}

/** A model server on this machine: a stand-in, or a real one. */
export interface AnyServer extends ServerSeen {
  listen(): Promise<void>;
  /** The model is loaded. */
  loaded(): void;
  hang(): void;
  /** @returns whether it can */
  slow(times: number): boolean;
  /** As after SIGTERM. */
  stop(done: () => void): void;
  /** Ends at once. */
  kill(): void;
}
