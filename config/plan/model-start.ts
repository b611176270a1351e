import type { ModelOption } from "../servers/preset";
import { commandOf, presetOf, type ServerName, versionOf } from "../servers/presets";
import { isAtLeast } from "../servers/version";
import { argumentAnywhere, commandLine, wordsWithin } from "./command-line";
import type { InstanceSettings } from "./overrides";
import { type ServedModel, servedModel } from "./served-model";
import type { StartFacts } from "./start-facts";

/** What tells a server its model. */
export interface ModelStart {
  /** The arguments that have to be the first. */
  readonly first: readonly string[];
  /** The other arguments. */
  readonly named: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** How a variant's server is told its model, its revision and its name, as far as the written arguments and variables do not. */
export function modelStart(
  settings: InstanceSettings,
  { server, model: nameInFile }: Pick<StartFacts, "server" | "model">,
): ModelStart {
  const option = presetOf(server)?.model;
  const served = servedModel(server, settings);
  if (option === undefined || served === undefined) {
    return { first: [], named: [], env: {} };
  }
  const name = nameUnderModels(settings, served, nameInFile);
  const { servedName } = option;
  const toldName =
    servedName !== undefined && name !== undefined && nameArgument(server, settings) !== undefined
      ? [servedName.argument, name]
      : [];
  const toldRevision =
    option.revision === undefined || settings.revision === undefined || served.place !== "hub"
      ? []
      : [option.revision, settings.revision];
  const told = isTold(server, settings, served) ? undefined : served.source;
  const variable = told === undefined || option.argument !== undefined ? undefined : option.variable;
  const prefix = served.place === "hub" ? (variable?.hubPrefix ?? "") : "";
  return {
    first: told !== undefined && isPositional(server, option, settings) ? [told] : [],
    named: [
      ...(told === undefined || isPositional(server, option, settings)
        ? []
        : argumentOf(option, served, told)),
      ...toldRevision,
      ...toldName,
    ],
    env: {
      ...(variable === undefined || told === undefined ? {} : { [variable.name]: `${prefix}${told}` }),
      ...(option.servedNameVariable === undefined || name === undefined
        ? {}
        : { [option.servedNameVariable]: name }),
    },
  };
}

/** Whether the written words and variables tell the server its model already, in their own form. */
function isTold(server: ServerName, settings: InstanceSettings, { by, source }: ServedModel): boolean {
  const { model } = commandLine(server, settings);
  switch (by.field) {
    case "env":
      return true;
    case "arguments":
      return by.index !== model?.index;
    default:
      return wordsWithin(settings).some(
        (word) => word.replace(/^--[\w-]+=/, "").replace(/\/$/, "") === source,
      );
  }
}

/** Whether what starts the server takes its model as the first argument, without a name. */
function isPositional(server: ServerName, { positional }: ModelOption, settings: InstanceSettings): boolean {
  if (positional?.command === undefined) {
    return positional !== undefined;
  }
  const { image, command } = settings;
  const started = command === undefined ? commandOf(server, image) : commandLine(server, settings).known;
  if (command !== undefined || started.length > 0) {
    return started.join(" ") === positional.command.join(" ");
  }
  return positional.images?.test(image) === true && isAtLeast(versionOf(server, image), positional.since);
}

function argumentOf(
  { argument, hub }: ModelOption,
  { place }: ServedModel,
  source: string,
): readonly string[] {
  const name = place === "hub" && typeof hub === "object" ? hub.argument : argument;
  return name === undefined ? [] : [name, source];
}

/** The argument for the model's name, unless it is written, or the server's version may not have it. */
export function nameArgument(server: ServerName, settings: InstanceSettings): string | undefined {
  const { servedName } = presetOf(server)?.model ?? {};
  if (servedName === undefined || argumentAnywhere(server, servedName.argument, settings) !== undefined) {
    return undefined;
  }
  return isAtLeast(versionOf(server, settings.image), servedName.since) ? servedName.argument : undefined;
}

/**
 * The name under which a variant's server lists its model, and by which requests ask for it. Undefined where it is not
 * known, and for servers that cannot be told one for a path: they take any.
 */
export function listedName(
  server: ServerName,
  settings: InstanceSettings,
  nameInFile: string,
): string | undefined {
  const { servedName, servedNameVariable } = presetOf(server)?.model ?? {};
  const written = servedName && argumentAnywhere(server, servedName.argument, settings)?.value;
  const given = written || (servedNameVariable && settings.env[servedNameVariable]);
  if (given) {
    return given;
  }
  const served = servedModel(server, settings);
  if (served === undefined) {
    return undefined;
  }
  const isTold = nameArgument(server, settings) !== undefined || servedNameVariable !== undefined;
  const isPath = served.place === "weights" || served.place === "container";
  return (
    (isTold ? nameUnderModels(settings, served, nameInFile) : undefined) ??
    (isPath && servedName === undefined ? undefined : served.source)
  );
}

/** The name to give to a model that its server knows by a path alone: `model`, unless that is the path or a file. */
function nameUnderModels(
  { model }: InstanceSettings,
  { place, source, by }: ServedModel,
  nameInFile: string,
): string | undefined {
  if (place !== "weights" && (place !== "container" || by.field !== "model")) {
    return undefined;
  }
  const isPath =
    model === undefined || source === undefined || source === model || source.endsWith(`/${model}`);
  return isPath ? nameInFile : model;
}
