import type { ModelFile } from "../schema/model";
import type { Protocol, Tls } from "../servers/preset";
import { defaultPort, presetOf, type ServerName, tlsOf } from "../servers/presets";
import type { InstanceSettings } from "./overrides";
import type { Timing } from "./timing";

/** Folder of the weights from S3, on the instance and in the container. */
export const WEIGHTS_DIRECTORY = "/models";

/** What a variant's container is started with. */
export interface ServerStart {
  readonly arguments: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/**
 * Whether the server itself uses TLS. With Target Optimizer the agent does, with a certificate of its own. It sends
 * requests to the server unencrypted, over the loopback address only.
 *
 * Source: ELB user guide, "Register targets with your Application Load Balancer target group", Target Optimizer: the
 * agent accepts both plaintext and TLS, and makes a self-signed certificate in memory.
 */
export function serverSpeaksTls(model: Pick<ModelFile, "targetTls" | "targetOptimizer">): boolean {
  return model.targetTls && model.targetOptimizer === undefined;
}

/** How TLS is enabled in a model's server; undefined for a `custom` one. */
export function serverTls({ server, protocol }: Pick<ModelFile, "server" | "protocol">): Tls | undefined {
  return tlsOf(server, protocol);
}

/** What the options of a variant's server depend on, in addition to the variant's own settings. */
export interface StartFacts {
  /** Name of the model in the file. */
  readonly model: string;
  readonly server: ServerName;
  readonly port: number;
  /** Protocol between the load balancer and the instances. */
  readonly protocol: Protocol;
  /** Whether the server itself uses TLS. */
  readonly speaksTls: boolean;
  /** Seconds. */
  readonly serverDrain: number;
  /** Seconds. */
  readonly serverKeepAlive: number;
}

/** An option of a server whose value is written in `serving.yaml`, or derived from it. */
export interface ServerOption {
  readonly by: "argument" | "env";
  /** Name of the argument or the variable. */
  readonly name: string;
  /** Undefined when the option is not passed: the server's own default is right. */
  readonly value: number | string | undefined;
  /** The model's field in `serving.yaml` that sets it. */
  readonly field: string;
}

/** The options of a variant's server, without the arguments and variables written in `serving.yaml`; none for a `custom` server. */
export function serverOptions(settings: InstanceSettings, facts: StartFacts): readonly ServerOption[] {
  const preset = presetOf(facts.server);
  if (preset === undefined) {
    return [];
  }
  const { argumentNames, drain, keepAlive } = preset;
  const { weights, memory } = settings;
  const portArgument = (facts.protocol === "grpc" ? argumentNames.grpcPort : undefined) ?? argumentNames.port;
  const isDefaultPort =
    facts.port === defaultPort(facts.server, facts.protocol) && preset.defaultPortVaries !== true;
  const options: readonly (Omit<ServerOption, "name"> & { readonly name: string | undefined })[] = [
    {
      by: "argument",
      name: portArgument,
      value: isDefaultPort ? undefined : facts.port,
      field: "port",
    },
    {
      by: "env",
      name: preset.portVariable?.name,
      value: isDefaultPort ? undefined : preset.portVariable?.value.replace("{port}", String(facts.port)),
      field: "port",
    },
    { by: "argument", name: argumentNames.weights, value: weights && WEIGHTS_DIRECTORY, field: "weights" },
    { by: "argument", name: argumentNames.servedName, value: weights && facts.model, field: "models" },
    {
      by: "argument",
      name: argumentNames.tensorParallel,
      value: memory?.tensorParallel,
      field: "memory.tensorParallel",
    },
    {
      by: "argument",
      name: argumentNames.pipelineParallel,
      value: memory?.pipelineParallel,
      field: "memory.pipelineParallel",
    },
    {
      by: "argument",
      name: argumentNames.contextLength,
      value: memory?.contextLength,
      field: "memory.contextLength",
    },
    {
      by: "argument",
      name: argumentNames.utilization,
      value: memory?.utilization,
      field: "memory.utilization",
    },
    {
      by: "argument",
      name: drain.by === "argument" ? drain.name : undefined,
      value: facts.serverDrain,
      field: "timing.serverDrain",
    },
    {
      by: "env",
      name: keepAlive.by === "env" ? keepAlive.name : undefined,
      value: facts.serverKeepAlive,
      field: "timing.serverKeepAlive",
    },
    ...certificateOptions(facts),
  ];
  return options.flatMap(({ name, ...option }) => (name === undefined ? [] : [{ ...option, name }]));
}

/** The options that enable TLS and name the certificate. */
function certificateOptions(facts: StartFacts): readonly ServerOption[] {
  const tls = serverTls(facts);
  if (tls === undefined || tls.by === "none") {
    return [];
  }
  const { by, options } = tls;
  return Object.entries(options).map(([name, value]) => ({
    by,
    name,
    value: facts.speaksTls ? value : undefined,
    field: "targetTls",
  }));
}

/**
 * The container's arguments and environment: those of the preset, the options, then those written in `serving.yaml`. An
 * option that is also written there is not passed twice.
 */
export function serverStart(settings: InstanceSettings, facts: StartFacts): ServerStart {
  const preset = presetOf(facts.server);
  const options = serverOptions(settings, facts).filter(({ value }) => value !== undefined);
  const passed = options
    .filter(
      ({ by, name }) => by === "argument" && writtenArgument(facts.server, name, settings) === undefined,
    )
    .flatMap(({ name, value }) => [name, String(value)]);
  const env = options.filter(({ by }) => by === "env").map(({ name, value }) => [name, String(value)]);
  return {
    arguments: [...(preset?.command ?? []), ...(preset?.arguments ?? []), ...passed, ...settings.arguments],
    env: { ...preset?.environment, ...Object.fromEntries(env), ...settings.env },
  };
}

/** The written value of a server's argument, by any of its names; undefined when it is not written. */
export function writtenArgument(server: ServerName, name: string, settings: InstanceSettings) {
  const preset = presetOf(server);
  const read = preset?.acceptsUnderscores ? settings.arguments.map(withHyphens) : settings.arguments;
  return [name, ...(preset?.aliases?.[name] ?? [])]
    .flatMap((flag) => {
      const found = valueOfFlag(flag, read);
      return found === undefined ? [] : [{ ...found, flag }];
    })
    .at(0);
}

/** Replaces `_` by `-` in the name of a flag that begins with `--`. */
function withHyphens(argument: string): string {
  return argument.replace(/^--[^=]*/, (flag) => flag.replaceAll("_", "-"));
}

/** The value of a flag, `--flag value` or `--flag=value`, and its index among the arguments. */
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
