import type { ModelFile } from "../schema/model";
import { type ServerName, type ServerPreset, serverPresets, type Tls } from "../servers/presets";
import type { InstanceSettings } from "./overrides";
import type { Timing } from "./timing";

/** Where weights from S3 lie on the instance, and in the container. */
export const WEIGHTS_DIRECTORY = "/models";

/** How a variant's container is started. */
export interface ServerStart {
  readonly arguments: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** What is known of a server by its name; nothing of a `custom` one. */
export function presetOf(server: ServerName): ServerPreset | undefined {
  return server === "custom" ? undefined : serverPresets[server];
}

/** The port on which a server of this kind serves, unless it is told another; undefined, if that is not known. */
export function ownPort(server: ServerName, protocol: StartFacts["protocol"]): number | undefined {
  const preset = presetOf(server);
  return (protocol === "grpc" ? preset?.grpcPort : undefined) ?? preset?.port;
}

/**
 * Whether the server itself is to speak TLS. With Target Optimizer its agent does, with a certificate of its own, and
 * the server is reached on the loopback address alone, in the clear.
 *
 * Source: ELB user guide, "Register targets with your Application Load Balancer target group", Target Optimizer: the
 * agent accepts both plaintext and TLS, and makes a self-signed certificate in memory.
 */
export function serverSpeaksTls(model: Pick<ModelFile, "targetTls" | "targetOptimizer">): boolean {
  return model.targetTls && model.targetOptimizer === undefined;
}

/** How a server of this kind is told to speak TLS at the port it serves this protocol at; undefined of a `custom` one. */
export function tlsOf(server: ServerName, protocol: StartFacts["protocol"]): Tls | undefined {
  const tls = presetOf(server)?.tls;
  return tls !== undefined && tls.by !== "none" && tls.grpcOnly && protocol !== "grpc"
    ? { by: "none", why: `${server} has it for gRPC alone`, source: tls.source }
    : tls;
}

/** What decides how a variant's server is started, beside its own settings. */
export interface StartFacts {
  /** Name of the model in the file. */
  readonly model: string;
  readonly server: ServerName;
  readonly port: number;
  /** What the load balancer speaks to it. */
  readonly protocol: "http1" | "http2" | "grpc";
  /** Whether the server itself speaks TLS. */
  readonly speaksTls: boolean;
  /** Seconds. */
  readonly serverDrain: number;
  /** Seconds. */
  readonly serverKeepAlive: number;
}

/** A fact that `serving.yaml` states, or that follows from it, and how the server is told of it. */
export interface ServerOption {
  readonly by: "argument" | "env";
  /** Name of the argument or the variable. */
  readonly name: string;
  /** Undefined when the server need not be told: it goes by its own default. */
  readonly value: number | string | undefined;
  /** Where `serving.yaml` says it, within the model. */
  readonly field: string;
}

/** What the server of a variant is told beside the team's own words; nothing, if it is not known. */
export function serverOptions(settings: InstanceSettings, facts: StartFacts): readonly ServerOption[] {
  const preset = presetOf(facts.server);
  if (preset === undefined) {
    return [];
  }
  const { takes, drain, keepAlive } = preset;
  const { weights, memory } = settings;
  const portFlag = (facts.protocol === "grpc" ? takes.grpcPort : undefined) ?? takes.port;
  const isOwnPort = facts.port === ownPort(facts.server, facts.protocol) && preset.ownPortVaries !== true;
  const options: readonly (Omit<ServerOption, "name"> & { readonly name: string | undefined })[] = [
    {
      by: "argument",
      name: portFlag,
      value: isOwnPort ? undefined : facts.port,
      field: "port",
    },
    {
      by: "env",
      name: preset.portVariable?.name,
      value: isOwnPort ? undefined : preset.portVariable?.value.replace("{port}", String(facts.port)),
      field: "port",
    },
    { by: "argument", name: takes.weights, value: weights && WEIGHTS_DIRECTORY, field: "weights" },
    { by: "argument", name: takes.servedName, value: weights && facts.model, field: "models" },
    {
      by: "argument",
      name: takes.tensorParallel,
      value: memory?.tensorParallel,
      field: "memory.tensorParallel",
    },
    {
      by: "argument",
      name: takes.pipelineParallel,
      value: memory?.pipelineParallel,
      field: "memory.pipelineParallel",
    },
    {
      by: "argument",
      name: takes.contextLength,
      value: memory?.contextLength,
      field: "memory.contextLength",
    },
    { by: "argument", name: takes.utilization, value: memory?.utilization, field: "memory.utilization" },
    {
      by: "argument",
      name: drain.by === "argument" ? drain.name : undefined,
      value: facts.serverDrain,
      field: "timing.serverDrain",
    },
    {
      by: "env",
      name: drain.by === "env" ? drain.name : undefined,
      value: facts.serverDrain,
      field: "timing.serverDrain",
    },
    {
      by: "env",
      name: keepAlive.by === "env" ? keepAlive.name : undefined,
      value: facts.serverKeepAlive,
      field: "timing.serverKeepAlive",
    },
    ...certificateFacts(facts),
  ];
  return options.flatMap(({ name, ...fact }) => (name === undefined ? [] : [{ ...fact, name }]));
}

/** How its certificate reaches the server. */
function certificateFacts({ server, protocol, speaksTls }: StartFacts): readonly ServerOption[] {
  const tls = tlsOf(server, protocol);
  if (tls === undefined || tls.by === "none") {
    return [];
  }
  const { by, options } = tls;
  return Object.entries(options).map(([name, value]) => ({
    by,
    name,
    value: speaksTls ? value : undefined,
    field: "targetTls",
  }));
}

/**
 * The container's arguments and environment: what the server needs, what follows from the file and the derived
 * times, then the team's own words. An argument or variable that the team wrote is not given twice.
 */
export function serverStart(settings: InstanceSettings, facts: StartFacts): ServerStart {
  const preset = presetOf(facts.server);
  const options = serverOptions(settings, facts).filter(({ value }) => value !== undefined);
  const flags = options
    .filter(
      ({ by, name }) => by === "argument" && writtenArgument(facts.server, name, settings) === undefined,
    )
    .flatMap(({ name, value }) => [name, String(value)]);
  const env = options.filter(({ by }) => by === "env").map(({ name, value }) => [name, String(value)]);
  return {
    arguments: [...(preset?.command ?? []), ...(preset?.arguments ?? []), ...flags, ...settings.arguments],
    env: { ...preset?.environment, ...Object.fromEntries(env), ...settings.env },
  };
}

/** What the team's own arguments say for an argument of the server, by whichever of its names. */
export function writtenArgument(server: ServerName, name: string, settings: InstanceSettings) {
  const preset = presetOf(server);
  const read = preset?.underscores ? settings.arguments.map(withHyphens) : settings.arguments;
  return [name, ...(preset?.alsoCalled?.[name] ?? [])]
    .flatMap((flag) => {
      const found = valueOfFlag(flag, read);
      return found === undefined ? [] : [{ ...found, flag }];
    })
    .at(0);
}

/** A flag that begins with `--` with `-` for `_` in its name; its value, and what is no such flag, as they are. */
function withHyphens(argument: string): string {
  return argument.replace(/^--[^=]*/, (flag) => flag.replaceAll("_", "-"));
}

/** What the team's own arguments say for a flag, `--flag value` or `--flag=value`, and in which of them. */
export function valueOfFlag(
  flag: string,
  written: readonly string[],
): { readonly value: string; readonly index: number } | undefined {
  const index = written.findIndex((argument) => argument === flag || argument.startsWith(`${flag}=`));
  const argument = written[index];
  if (argument === undefined) {
    return undefined;
  }
  return { value: argument === flag ? (written[index + 1] ?? "") : argument.slice(flag.length + 1), index };
}

/** What decides how the servers of a model are started. */
export function startFacts({
  name,
  server,
  port,
  protocol,
  speaksTls,
  timing: { serverDrain, serverKeepAlive },
}: Pick<StartFacts, "server" | "port" | "protocol" | "speaksTls"> & {
  readonly name: string;
  readonly timing: Pick<Timing, "serverDrain" | "serverKeepAlive">;
}): StartFacts {
  return {
    model: name,
    server,
    port,
    protocol,
    speaksTls,
    serverDrain: serverDrain.value,
    serverKeepAlive: serverKeepAlive.value,
  };
}
