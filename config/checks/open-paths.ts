import { type Diagnostic, error, type Path, warning } from "../diagnostics/diagnostic";
import { listed } from "../diagnostics/text";
import type { ModelRoute } from "../plan/model-route";
import {
  EVERY_PATH,
  globOf,
  type KeyUse,
  openingsOf,
  PRESET_PATHS,
  pathText,
  unguardedPaths,
} from "../plan/public-paths";
import { wildcardCount } from "../routes/glob";
import { commonExample } from "../routes/glob-example";
import { globsInclude } from "../routes/glob-inclusion";
import type { ModelFile } from "../schema/model";
import { publicPathsOf } from "../servers/presets";
import { reaches } from "./route-reach";

/** Names at most this many paths; more would not be read. */
const NAMED = 3;

/** Methods by which a path is looked for that is of any method. */
const METHODS = ["GET", "POST"] as const;

/**
 * Wildcards that also open what callers must not have. Paths that are spelled out are meant.
 *
 * @param environments the variables of the model's servers
 */
export function controlDiagnostics(
  { server, publicPaths, protocol }: ModelFile,
  routes: readonly ModelRoute[],
  environments: readonly Readonly<Record<string, string>>[],
  where: Path,
): readonly Diagnostic[] {
  const isGrpc = protocol === "grpc";
  const { notForCallers, notForCallersWith = {} } = publicPathsOf(server);
  const turnedOn = Object.entries(notForCallersWith)
    .filter(([variable]) => environments.some((env) => /^\s*(1|true)\s*$/i.test(env[variable] ?? "")))
    .flatMap(([, paths]) => paths);
  const kept = [...notForCallers, ...turnedOn]
    .map((each) => each.split(" "))
    .filter(([method]) => (method === "GRPC") === isGrpc)
    .map(([method = "", path = ""]) => ({
      method: isGrpc ? "POST" : method,
      path: globOf(path),
      shown: isGrpc ? path : `${method} ${path}`,
    }));
  const found = (reached: (method: string, path: string) => boolean, at: Path, remedy: string) => {
    const open = kept.filter(({ method, path }) => reached(method, path)).map(({ shown }) => shown);
    return open.length === 0
      ? []
      : [
          warning(
            "server-controls-open",
            at,
            `also opens what callers of ${server} must not have: ${named(open)}; ${remedy}`,
          ),
        ];
  };
  const wide = writtenPaths(publicPaths).filter(({ path }) => wildcardCount(path) > 0);
  return [
    ...routes
      .filter(hasOwnPath)
      .filter((each) => publicPaths !== EVERY_PATH || each.route.rewrite === undefined)
      .flatMap(({ route, path }) =>
        found(
          (method, wanted) => reaches(route, method, wanted, true),
          [...path, route.path === undefined ? "pathRegex" : "path"],
          "write prefix instead, which opens publicPaths alone, or name the paths",
        ),
      ),
    ...found(
      (method, wanted) =>
        wide.some(
          (each) =>
            (each.method ?? METHODS).some((one) => one === method) &&
            commonExample(each.path, wanted, "/") !== undefined,
        ),
      where,
      "name the paths that callers need",
    ),
  ];
}

/** What a part of a file opens. */
interface Opened {
  /** As globs. */
  readonly paths: readonly string[];
  /** Default: all. */
  readonly methods?: readonly string[];
}

/**
 * Method of the request by which a browser asks whether it may send another one. It has no credentials (Fetch standard,
 * CORS protocol and credentials), so servers that ask for a key, as vLLM's and SGLang's middleware, do not ask for it then.
 */
const PREFLIGHT = "OPTIONS";

/** Paths that are open to a server with a key, and for which it does not ask for the key, or may not. */
export function keyDiagnostics(
  model: ModelFile,
  routes: readonly ModelRoute[],
  key: KeyUse,
  where: Path,
): readonly Diagnostic[] {
  if (model.protocol === "grpc") {
    return [];
  }
  const { GET, POST, guarded = [] } = publicPathsOf(model.server);
  const withoutKey = unguardedPaths(model.server, key);
  const report = key === "alone" ? alone : beside;
  const known = [...[...GET, ...POST].filter((path) => !withoutKey.includes(path)), ...guarded].map(globOf);
  const unknownIn = (globs: readonly string[]) =>
    globs
      .filter((glob) => !globsInclude(known, glob, "/"))
      .filter((glob) => !withoutKey.some((path) => commonExample(glob, globOf(path), "/") !== undefined))
      .map(pathText);
  const found = (reached: (path: string) => boolean, opened: Opened, at: Path) => {
    const open = withoutKey.filter(reached);
    const unknown = [
      ...unknownIn(opened.paths),
      // Where a key is one of several things in the way, an answer to a preflight does no harm.
      ...(key === "alone" && (opened.methods?.includes(PREFLIGHT) ?? true) ? [PREFLIGHT] : []),
    ];
    const what = [
      ...(open.length === 0 ? [] : [`answers ${named(open)} without its API key`]),
      ...(unknown.length === 0 ? [] : [`is not known to ask for its API key at ${named(unknown)}`]),
    ];
    return what.length === 0 ? [] : [report(at, `${model.server} ${what.join(", and ")}`)];
  };
  return [
    ...(key === "alone" ? untold(routes) : []),
    ...(model.publicPaths === undefined
      ? []
      : found(
          (path) => opensPath(model, key, path),
          {
            paths: writtenPaths(model.publicPaths).map(({ path }) => path),
            methods: writtenPaths(model.publicPaths).flatMap(({ method = [] }) => method),
          },
          where,
        )),
    ...routes
      .filter((each) => hasOwnPath(each) && model.publicPaths !== EVERY_PATH)
      .flatMap(({ route, path }) =>
        found(
          (wanted) => reaches({ ...route, method: undefined }, "GET", globOf(wanted), false),
          isTold(route) ? { paths: route.path ?? [], methods: route.method } : { paths: [], methods: [] },
          [...path, route.path === undefined ? "pathRegex" : "path"],
        ),
      ),
  ];
}

/** Whether some request for a path gets through the public paths, by whatever method: a key is asked for by path. */
function opensPath(model: ModelFile, key: KeyUse, path: string): boolean {
  const openings = openingsOf(model, key);
  return (
    openings === "everything" ||
    openings.some(({ paths }) => paths.some((each) => commonExample(each, globOf(path), "/") !== undefined))
  );
}

/** A key that is one of several things in the way of callers. */
function beside(at: Path, what: string): Diagnostic {
  return warning(
    "open-without-key",
    at,
    `${what}: the key guards other paths; leave these out, or let only callers in whom you trust`,
  );
}

/** A key that is all there is in the way of callers. */
function alone(at: Path, what: string): Diagnostic {
  return error(
    "path-without-key",
    at,
    `${what}, and with callers: apiKey nothing else is asked of callers; leave ${what.endsWith(PREFLIGHT) ? `${PREFLIGHT} out, as by method: [GET, POST]` : "these out"}, or write callers: unauthenticated for the model`,
  );
}

/** Routes that open something without telling which paths the server sees. */
function untold(routes: readonly ModelRoute[]): readonly Diagnostic[] {
  const hidden = routes.filter((each) => hasOwnPath(each) && !isTold(each.route));
  return hidden.map(({ path }) =>
    alone(path, "a regular expression or a rewrite does not tell which paths the server sees"),
  );
}

/** Whether a route tells which paths the server sees. */
function isTold({ path, rewrite }: ModelRoute["route"]): boolean {
  return path !== undefined && rewrite?.path === undefined;
}

/** Whether a route is written with a path, and opens that. */
function hasOwnPath({ opens: narrowed, path, route }: ModelRoute): boolean {
  return narrowed === undefined && path[2] === "routes" && (route.path ?? route.pathRegex) !== undefined;
}

/** The paths that `publicPaths` has in words of its own, as globs. */
function writtenPaths(
  publicPaths: ModelFile["publicPaths"],
): readonly { readonly path: string; readonly method?: readonly string[] }[] {
  return publicPaths === undefined || publicPaths === EVERY_PATH
    ? []
    : publicPaths
        .filter((item) => item !== PRESET_PATHS)
        .map((item) => (typeof item === "string" ? { path: item } : item))
        .map(({ path, ...rest }) => ({ path: globOf(path), ...rest }));
}

function named(paths: readonly string[]): string {
  const more = paths.length - NAMED;
  return more > 0 ? `${paths.slice(0, NAMED).join(", ")} and ${more} more` : listed(paths);
}
