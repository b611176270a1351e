import { parseArgs } from "node:util";
import { DEFAULT_OPTIONS, type Options } from "./options";

/** What a command line asks for. */
export interface Arguments {
  readonly options: Options;
  /** A command for a run in another terminal; empty: begin a run. */
  readonly command: readonly string[];
  /** Requests a second of the deployment, or a file with a trace; `undefined`: no load. */
  readonly load: number | string | undefined;
  /** A folder of synthesized stacks; `undefined`: serving.yaml is synthesized. */
  readonly stacks: string | undefined;
  /** Whether the machines are instances that boot. */
  readonly instances: boolean;
}

/** What has no meaning for an instance that boots. */
const PROCESSES_ALONE = ["speed", "server", "slots", "tokens"] as const;

/** Reads a command line. @throws Error with a sentence for the user */
export function readArguments(args: readonly string[]): Arguments {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      port: { type: "string" },
      speed: { type: "string" },
      server: { type: "string" },
      from: { type: "string" },
      load: { type: "string" },
      stacks: { type: "string" },
      slots: { type: "string" },
      tokens: { type: "string" },
      instances: { type: "boolean", default: false },
    },
  });
  const { pace } = DEFAULT_OPTIONS;
  const other = PROCESSES_ALONE.find((name) => values[name] !== undefined);
  if (values.instances && other !== undefined) {
    throw new Error(
      `--${other} is for stand-ins that are processes; with --instances each boots, and takes its time`,
    );
  }
  return {
    options: {
      ...DEFAULT_OPTIONS,
      port: positive("--port", values.port, DEFAULT_OPTIONS.port),
      speed: positive("--speed", values.speed, DEFAULT_OPTIONS.speed),
      server: values.server,
      from: values.from,
      pace: {
        ...pace,
        slots: positive("--slots", values.slots, pace.slots),
        tokensPerSecond: positive("--tokens", values.tokens, pace.tokensPerSecond),
      },
    },
    command: positionals,
    load: loadOf(values.load),
    stacks: values.stacks,
    instances: values.instances,
  };
}

function positive(name: string, text: string | undefined, otherwise: number): number {
  const value = text === undefined ? otherwise : Number(text);
  if (!(value > 0)) {
    throw new Error(`${name} takes a number above 0, and not ${text}`);
  }
  return value;
}

function loadOf(text: string | undefined): number | string | undefined {
  if (text === undefined || text.endsWith(".csv")) {
    return text;
  }
  const rate = Number(text.replace(/\/s$/, ""));
  if (!(rate > 0)) {
    throw new Error(`--load takes requests a second, as 50/s, or a file, as trace.csv, and not ${text}`);
  }
  return rate;
}
