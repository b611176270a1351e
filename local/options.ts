import type { Pace } from "./model-server/server";

/** What a run is told. */
export interface Options {
  /** The first port: that of the commands. Those for requests follow. */
  readonly port: number;
  /** Seconds of the deployment in a second. */
  readonly speed: number;
  /** The command of a real model server, with `{port}`; `undefined`: stand-ins. */
  readonly server: string | undefined;
  /** The region that clients of the global endpoint are near; `undefined`: the first. */
  readonly from: string | undefined;
  readonly pace: Pace;
  readonly seed: number;
}

/** What a run is told where nobody says anything. */
export const DEFAULT_OPTIONS: Options = {
  port: 8400,
  speed: 1,
  server: undefined,
  from: undefined,
  pace: { slots: 16, firstToken: 0.2, tokensPerSecond: 50 },
  seed: 1,
};
