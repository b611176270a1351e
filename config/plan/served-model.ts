import type { ServerName } from "../servers/presets";
import { presetOf } from "../servers/presets";
import { commandLine } from "./command-line";
import { WEIGHTS_DIRECTORY } from "./container-folders";
import type { InstanceSettings } from "./overrides";
import { fileTexts } from "./volumes";
import { writtenArgument } from "./written-argument";

/** What the server of a variant serves. */
export interface ServedModel {
  /** Where the server finds it. `elsewhere`: in a place that is not known, such as a file with its configuration. */
  readonly place: "weights" | "hub" | "s3" | "container" | "elsewhere";
  /** As the server is told: a hub id, a path, an address. Undefined for one that is `elsewhere`. */
  readonly source?: string;
  /** What the file names it by: a field, one of its arguments or a variable. */
  readonly by:
    | { readonly field: "model" | "weights" }
    | { readonly field: "arguments"; readonly index: number }
    | { readonly field: "env"; readonly name: string };
}

type Place = Pick<ServedModel, "place" | "source">;

/**
 * The model that a variant serves, as arguments and variables in the file name it, or else its fields. Undefined when
 * nothing names one, and for a `custom` server, of which it is not known.
 */
export function servedModel(server: ServerName, settings: InstanceSettings): ServedModel | undefined {
  return presetOf(server) === undefined
    ? undefined
    : (modelInArguments(server, settings) ??
        modelInVariables(server, settings) ??
        modelInFields(server, settings));
}

function modelInArguments(server: ServerName, settings: InstanceSettings): ServedModel | undefined {
  const { model } = commandLine(server, settings);
  if (model !== undefined) {
    return { ...placeOf(model.value), by: { field: "arguments", index: model.index } };
  }
  const option = presetOf(server)?.model;
  const hubArgument = typeof option?.hub === "object" ? option.hub.argument : undefined;
  const names: readonly (readonly [string | undefined, (value: string) => Place])[] = [
    [option?.argument, hubArgument === undefined ? placeOf : pathPlace],
    [hubArgument, (source) => ({ place: "hub", source })],
    ...(option?.namedBy ?? []).map((name) => [name, (): Place => ({ place: "elsewhere" })] as const),
  ];
  for (const [name, place] of names) {
    const written = name === undefined ? undefined : writtenArgument(server, name, settings);
    if (written === undefined) {
      continue;
    }
    const by = { field: "arguments", index: written.index } as const;
    const text = fileTexts(settings)[written.value];
    if (name !== "--config" || text === undefined || NAMES_MODEL.test(text)) {
      return { ...place(written.value), by };
    }
  }
  return option?.namedByAnyArgument && settings.arguments.length > 0
    ? { place: "elsewhere", by: { field: "arguments", index: 0 } }
    : undefined;
}

/** A configuration file of vLLM or SGLang, whose keys are their arguments, that names a model. */
const NAMES_MODEL = /^(?:model|model[-_]path)\s*:\s*\S/m;

function modelInVariables(server: ServerName, { env }: InstanceSettings): ServedModel | undefined {
  const { variable, namedBy = [] } = presetOf(server)?.model ?? {};
  const value = variable && env[variable.name];
  if (variable !== undefined && value !== undefined) {
    const { name, hubPrefix = "" } = variable;
    return {
      ...placeOf(value.startsWith(hubPrefix) ? value.slice(hubPrefix.length) : value),
      by: { field: "env", name },
    };
  }
  const other = namedBy.find((name) => env[name] !== undefined);
  return other === undefined ? undefined : { place: "elsewhere", by: { field: "env", name: other } };
}

function modelInFields(server: ServerName, { model, weights }: InstanceSettings): ServedModel | undefined {
  const isFile = presetOf(server)?.model.file ?? false;
  if (weights === undefined) {
    return model === undefined ? undefined : { ...placeOf(model), by: { field: "model" } };
  }
  if (model?.startsWith("/")) {
    return { ...pathPlace(model), by: { field: "model" } };
  }
  if (isFile) {
    // The folder is not enough.
    return model === undefined
      ? undefined
      : { place: "weights", source: `${WEIGHTS_DIRECTORY}/${model}`, by: { field: "model" } };
  }
  return { place: "weights", source: WEIGHTS_DIRECTORY, by: { field: "weights" } };
}

/** Where a value of a server's argument is: an absolute path, an address, or else an id on the hub. */
function placeOf(source: string): Place {
  if (source.startsWith("/")) {
    return pathPlace(source);
  }
  if (source.startsWith("s3://")) {
    return { place: "s3", source };
  }
  return { place: source.includes("://") ? "elsewhere" : "hub", source };
}

function pathPlace(source: string): Place {
  return { place: `${source}/`.startsWith(`${WEIGHTS_DIRECTORY}/`) ? "weights" : "container", source };
}
