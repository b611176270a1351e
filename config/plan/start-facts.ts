import type { Protocol, Task } from "../servers/preset";
import type { ServerName } from "../servers/presets";
import type { Timing } from "./timing";

/** What the options of a variant's server depend on, in addition to the variant's own settings. */
export interface StartFacts {
  /** Name of the model in the file. */
  readonly model: string;
  readonly server: ServerName;
  /** What the model does, if the file says it. */
  readonly task?: Task;
  readonly port: number;
  /** Protocol between the load balancer and the instances. */
  readonly protocol: Protocol;
  /** Whether the server itself uses TLS. */
  readonly speaksTls: boolean;
  /** Seconds. */
  readonly serverDrain: number;
  /** Seconds. */
  readonly serverKeepAlive: number;
  /** Seconds that a server may take to load, at most. */
  readonly startTimeout: number;
}

/** What decides how the servers of a model are started. */
export function startFacts({
  name,
  server,
  task,
  port,
  protocol,
  speaksTls,
  timing: { serverDrain, serverKeepAlive, startTimeout },
}: Pick<StartFacts, "server" | "task" | "port" | "protocol" | "speaksTls"> & {
  readonly name: string;
  readonly timing: Pick<Timing, "serverDrain" | "serverKeepAlive" | "startTimeout">;
}): StartFacts {
  return {
    model: name,
    server,
    task,
    port,
    protocol,
    speaksTls,
    serverDrain: serverDrain.value,
    serverKeepAlive: serverKeepAlive.value,
    // An instance that is still loading gets the same time again, at most twice.
    startTimeout: 3 * startTimeout.value,
  };
}
