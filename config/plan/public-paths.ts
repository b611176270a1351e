import { contains } from "../routes/containment";
import { SEGMENT } from "../routes/glob";
import { pathRegexes } from "../routes/path-regexes";
import type { RouteConditions } from "../routes/route";
import { type SplitRoute, splitRoute } from "../routes/split";
import type { ServingFile } from "../schema/deployment";
import type { ModelFile } from "../schema/model";
import { presetOf, publicPathsOf } from "../servers/presets";
import { keyAloneGuards } from "./callers";
import { modelOverride } from "./overrides";

/** Requests that are let through to a server: each of some methods to each of some paths. */
export interface OpenRequests {
  readonly methods: readonly string[];
  /** Globs over the path as the server sees it. */
  readonly paths: readonly string[];
}

/** What a route without a path of its own opens of a server; `everything`: nothing is held back. */
export type Openings = readonly OpenRequests[] | "everything";

/** Methods of inference APIs. */
const API_METHODS = ["GET", "POST"] as const;

/** Method of every gRPC request. Source: gRPC over HTTP2, Requests. */
export const GRPC_METHODS: readonly string[] = ["POST"];

/** What stands for the server's own public paths in `publicPaths`. */
export const PRESET_PATHS = "preset";

/** What stands for all paths. */
export const EVERY_PATH = "every-path-of-the-server";

/**
 * What a server's API key is for. With one, paths at which the server works without it are not public; where it stands
 * alone, nothing is public that it does not cover.
 */
export type KeyUse = "no key" | "with others" | "alone";

/**
 * The public paths of a server by its preset.
 *
 * @returns undefined for gRPC services that are not known
 */
export function presetOpenings(
  { server, protocol }: Pick<ModelFile, "server" | "protocol">,
  key: KeyUse,
): OpenRequests | undefined {
  const { GET, POST, grpc } = publicPathsOf(server);
  if (protocol === "grpc") {
    return grpc && { methods: GRPC_METHODS, paths: grpc.map(globOf) };
  }
  const open = unguardedPaths(server, key);
  const paths = [...GET, ...POST].filter((path) => !open.includes(path));
  return { methods: API_METHODS, paths: paths.map(globOf) };
}

/** Paths that a server answers without its key, and that are therefore not public. */
export function unguardedPaths(server: ModelFile["server"], key: KeyUse): readonly string[] {
  const { withoutKey = [], openWithKey = [] } = publicPathsOf(server);
  switch (key) {
    case "no key":
      return [];
    case "with others":
      return withoutKey;
    case "alone":
      return [...withoutKey, ...openWithKey];
  }
}

/** What the routes of a model open that have no path of their own. Gaps in what is known open everything; a check refuses them. */
export function openingsOf(model: ModelFile, key: KeyUse): Openings {
  const { publicPaths = [PRESET_PATHS], protocol } = model;
  if (publicPaths === EVERY_PATH) {
    return "everything";
  }
  const groups = new Map<string, OpenRequests>();
  const open = ({ methods, paths }: OpenRequests) => {
    const before = groups.get(methods.join());
    groups.set(methods.join(), { methods, paths: [...(before?.paths ?? []), ...paths] });
  };
  for (const written of publicPaths) {
    if (written === PRESET_PATHS) {
      const preset = presetOpenings(model, key);
      if (preset === undefined) {
        return "everything";
      }
      open(preset);
    } else {
      const { path, method } = typeof written === "string" ? { path: written, method: undefined } : written;
      const usual = protocol === "grpc" ? GRPC_METHODS : API_METHODS;
      open({ methods: method === undefined ? usual : [...new Set(method)].sort(), paths: [globOf(path)] });
    }
  }
  return [...groups.values()];
}

/** A path with `{…}` for a segment, as a glob. */
export function globOf(path: string): string {
  return path.replace(/\{[^{}]*\}/g, SEGMENT);
}

/** A glob as `publicPaths` has it: the reverse of {@link globOf}. */
export function pathText(glob: string): string {
  return glob.replaceAll(SEGMENT, "{id}");
}

/** Where the public paths of a server are documented. */
export function pathsSource(server: ModelFile["server"]): string {
  return publicPathsOf(server).source;
}

/** What the key of a model's server is for. */
export function keyUse(file: ServingFile, name: string): KeyUse {
  return asksForKey(file, name) ? (keyAloneGuards(file, name) ? "alone" : "with others") : "no key";
}

/** Whether a model's server asks for its API key in some region or variant. One answer for all of them keeps their routes alike. */
export function asksForKey(file: ServingFile, name: string): boolean {
  const model = file.models[name];
  const taken = model && presetOf(model.server)?.apiKey;
  if (model === undefined || taken === undefined || taken.by === "none") {
    return false;
  }
  const variable = taken.by === "env" ? taken.name : undefined;
  const overrides = Object.keys(file.regions).map((region) => modelOverride(file, region, name));
  return [model, ...overrides]
    .flatMap((place) => (place === undefined ? [] : [place, ...Object.values(place.variants ?? {})]))
    .some(
      ({ apiKey, secrets }) =>
        apiKey !== undefined || (variable !== undefined && secrets?.[variable] !== undefined),
    );
}

/** A listener rule that opens a part of a server. */
export interface NarrowedRule {
  /** Its conditions in AWS: many paths are a few regular expressions. */
  readonly conditions: RouteConditions;
  /** The same requests, with paths as globs, which can be compared. */
  readonly requests: RouteConditions;
}

/**
 * The rules of a route that opens only some requests, as few as possible, or why there are none.
 *
 * @param route its conditions without a path
 * @param prefix what stands before each path of the server, such as `/llama`; empty: nothing
 */
export function narrowedRules(
  route: RouteConditions,
  prefix: string,
  openings: readonly OpenRequests[],
): { readonly ok: true; readonly rules: readonly NarrowedRule[] } | Extract<SplitRoute, { ok: false }> {
  const rules: NarrowedRule[] = [];
  for (const { methods, paths } of openings) {
    const method = methods.filter((each) => route.method?.includes(each) ?? true);
    if (method.length === 0) {
      continue;
    }
    const globs = paths.map((path) => `${prefix}${path}`);
    const regexes = pathRegexes(globs);
    const globsOf = new Map(regexes.map((each) => [each.regex, each.globs]));
    const byRegex = splitRoute({ ...route, method, pathRegex: regexes.map(({ regex }) => regex) });
    const byGlob = globs.some((glob) => glob.includes(SEGMENT))
      ? byRegex
      : splitRoute({ ...route, method, path: globs });
    const split = byGlob.ok && byRegex.ok && byGlob.rules.length <= byRegex.rules.length ? byGlob : byRegex;
    if (!split.ok) {
      return split;
    }
    rules.push(
      ...split.rules.map((conditions) => {
        const { pathRegex, ...others } = conditions;
        const requests =
          pathRegex === undefined
            ? conditions
            : { ...others, path: pathRegex.flatMap((regex) => globsOf.get(regex) ?? []) };
        return { conditions, requests };
      }),
    );
  }
  return { ok: true, rules };
}

/** Whether a server, seen through its public paths alone, answers a request. */
export function opens(openings: Openings, method: string, path: string): boolean {
  return (
    openings === "everything" ||
    openings.some(
      ({ methods, paths }) => methods.includes(method) && contains({ path: paths }, { path: [path] }),
    )
  );
}
