import type { ModelFile } from "../schema/model";
import type { Tls } from "../servers/preset";
import { commandOf, defaultPort, presetOf, type ServerName, tlsOf, versionOf } from "../servers/presets";
import { isAtLeast } from "../servers/version";
import { adapterArguments, adaptersOf } from "./adapters";
import { argumentAnywhere, commandLine } from "./command-line";
import { ADAPTERS_DIRECTORY } from "./container-folders";
import { modelStart } from "./model-start";
import type { InstanceSettings } from "./overrides";
import type { StartFacts } from "./start-facts";
import { taskOf } from "./task";
import { writtenArgument } from "./written-argument";

/** What a variant's container is started with. */
export interface ServerStart {
  /** The program in place of the image's entry point; undefined: the image's own. */
  readonly entrypoint: string | undefined;
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
  const { argumentNames, drain, keepAlive, readyTimeout } = preset;
  const { memory } = settings;
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
    ...Object.entries(preset.portVariables ?? {}).map(([name, value]) => ({
      by: "env" as const,
      name,
      value: isDefaultPort ? undefined : value.replace("{port}", String(facts.port)),
      field: "port",
    })),
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
      value: drainSupport(facts.server, settings.image) === "none" ? undefined : facts.serverDrain,
      field: "timing.serverDrain",
    },
    {
      by: "env",
      name: keepAlive.by === "env" ? keepAlive.name : undefined,
      value: facts.serverKeepAlive,
      field: "timing.serverKeepAlive",
    },
    {
      by: "env",
      name: readyTimeout?.name,
      value: readyTimeout?.withMoreThanOne.some((name) => countOf(name, facts, settings) > 1)
        ? facts.startTimeout
        : undefined,
      field: "timing.launchHook",
    },
    ...certificateOptions(facts),
  ];
  return options.flatMap(({ name, ...option }) => (name === undefined ? [] : [{ ...option, name }]));
}

function countOf(name: string, { server }: StartFacts, settings: InstanceSettings): number {
  return Number(writtenArgument(server, name, settings)?.value ?? 1);
}

/**
 * Whether the server in an image finishes requests by the argument for it: `none` when the version has no such argument, or
 * is not known from the image's name; `unreliable` when it has, with a fault.
 */
export function drainSupport(server: ServerName, image: string): "full" | "unreliable" | "none" {
  const drain = presetOf(server)?.drain;
  if (drain?.by !== "argument" || drain.since === undefined) {
    return "full";
  }
  const version = versionOf(server, image);
  if (!isAtLeast(version, drain.since)) {
    return "none";
  }
  return isAtLeast(version, drain.reliableSince) ? "full" : "unreliable";
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
 * The container's arguments and environment: those of the preset, the model, the options, then those written in
 * `serving.yaml`; after a `command` that starts another program the written arguments come first. An option that
 * is also written there is not passed twice.
 */
export function serverStart(settings: InstanceSettings, facts: StartFacts): ServerStart {
  const preset = presetOf(facts.server);
  const options = serverOptions(settings, facts).filter(({ value }) => value !== undefined);
  const isWritten = (name: string) => argumentAnywhere(facts.server, name, settings) !== undefined;
  const { first, named, env: modelEnv } = modelStart(settings, facts);
  const fixed = Object.entries({ ...preset?.arguments, ...taskArgument(settings, facts) })
    .filter(([name]) => !isWritten(name))
    .flatMap(([name, value]) => (value === true ? [name] : [name, value]));
  const passed = options
    .filter(({ by, name }) => by === "argument" && !isWritten(name))
    .flatMap(({ name, value }) => [name, String(value)]);
  const variables = options.filter(({ by }) => by === "env").map(({ name, value }) => [name, String(value)]);
  const adapters = adaptersOf(settings);
  const told = adapters.length > 0 ? preset?.adapters : undefined;
  const env = {
    ...preset?.environment,
    ...preset?.caches?.environment,
    ...modelEnv,
    ...Object.fromEntries(variables),
    ...(told?.by === "env" ? { [told.name]: ADAPTERS_DIRECTORY } : {}),
    ...settings.env,
  };
  const derived = [
    ...[...first, ...fixed],
    // Several values of one argument would take a word that follows them for one more.
    ...(told?.by === "argument" ? adapterArguments(adapters, told) : []),
    ...[...named, ...passed],
  ];
  const { command, rest } = commandLine(facts.server, settings);
  if (settings.command === undefined) {
    return {
      entrypoint: undefined,
      arguments: [...serverCommand(facts.server, settings), ...derived, ...rest],
      env,
    };
  }
  // Of words that are not the server's own it is not known where its arguments begin.
  const [entrypoint, ...words] =
    command.length > 0 ? [...command, ...derived, ...rest] : [...rest, ...derived];
  return { entrypoint, arguments: words, env };
}

/** The argument without which a server does not have the model's task. */
function taskArgument(
  settings: InstanceSettings,
  { server, task }: StartFacts,
): Readonly<Record<string, true>> {
  const { needs = {} } = presetOf(server)?.tasks ?? {};
  const known = task ?? taskOf(server, settings)?.task;
  const argument = known === undefined || known === "unknown" ? undefined : needs[known];
  return argument === undefined ? {} : { [argument]: true };
}

/** The command of a server in its container: the preset's, or the one that adds the API key. */
function serverCommand(server: ServerName, { apiKey, image }: InstanceSettings): readonly string[] {
  const preset = presetOf(server);
  return apiKey !== undefined && preset?.apiKey.by === "argument"
    ? preset.apiKey.command
    : commandOf(server, image);
}
