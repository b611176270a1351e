import { CONDITION_VALUE } from "../../aws/limits";
import { type Diagnostic, error, type Path, warning } from "../diagnostics/diagnostic";
import { listed } from "../diagnostics/text";
import { modelRoutes, rulesOfRoute } from "../plan/listener-rules";
import type { ModelRoute } from "../plan/model-route";
import { asksForKey, EVERY_PATH, globOf, openingsOf, opens, presetOpenings } from "../plan/public-paths";
import { rewrittenPath } from "../plan/rewritten-path";
import { wildcardCount } from "../routes/glob";
import { matchesUrlPart } from "../routes/url-parts";
import type { ServingFile } from "../schema/deployment";
import type { ModelFile } from "../schema/model";
import { presetOf, publicPathsOf } from "../servers/presets";
import { type Check, modelFiles, repetitions } from "./check";

/** What callers may request of a server: its inference API, and more only in words that a reviewer sees. */
export const checkPublicPaths: Check = ({ file, deployment }) =>
  modelFiles({ file, deployment }).flatMap(({ name, model, at }) => {
    const isDefault = deployment.regions.some(({ entry }) => entry.default === name);
    const routes = modelRoutes([[name, model]], isDefault ? name : undefined, () => asksForKey(file, name));
    const narrowed = routes.filter(({ opens }) => opens !== undefined);
    return [
      ...listDiagnostics(model, at("publicPaths")),
      ...unknownDiagnostics(model, isDefault || narrows(model), at()),
      ...idleDiagnostics(model, isDefault, at("publicPaths")),
      ...narrowed.slice(0, 1).flatMap((route) => placeDiagnostics(model, route, at)),
      ...controlDiagnostics(model, routes, at("publicPaths")),
      ...keyDiagnostics(file, name, model, routes, at("publicPaths")),
    ];
  });

/** Paths that are named twice, or by methods that no request has. */
function listDiagnostics({ publicPaths }: ModelFile, where: Path): readonly Diagnostic[] {
  if (publicPaths === undefined || publicPaths === EVERY_PATH) {
    return [];
  }
  const texts = publicPaths.map((item) =>
    typeof item === "string" ? item : [...(item.method ?? []), item.path].join(" "),
  );
  return publicPaths.flatMap((item, index) => {
    const wrong = typeof item === "string" ? undefined : item.method?.find((each) => !/^[A-Z]+$/.test(each));
    return [
      ...repetitions(texts, index, [...where, index], { called: (first) => `publicPaths[${first}]` }),
      ...(wrong === undefined
        ? []
        : [
            error(
              "condition-refused",
              [...where, index, "method"],
              `"${wrong}" is no method; write it in capitals, as GET`,
            ),
          ]),
    ];
  });
}

/** Services of gRPC that no preset names. */
function unknownDiagnostics(model: ModelFile, isNarrowed: boolean, where: Path): readonly Diagnostic[] {
  const { publicPaths = ["preset"], server, protocol } = model;
  return publicPaths !== EVERY_PATH &&
    publicPaths.includes("preset") &&
    protocol === "grpc" &&
    presetOf(server)?.protocols?.grpc !== "never" &&
    isNarrowed &&
    presetOpenings(model, false) === undefined
    ? [
        error(
          "public-paths-unknown",
          model.publicPaths === undefined ? where : [...where, "publicPaths"],
          `the gRPC services of ${server} are not known here; write what callers may request, as publicPaths: [/package.Service/*], or publicPaths: ${EVERY_PATH}`,
          model.publicPaths === undefined ? "key" : undefined,
        ),
      ]
    : [];
}

/** Whether some route of a model opens only its public paths. */
function narrows({ routes }: Pick<ModelFile, "routes">): boolean {
  return routes?.some(({ path, pathRegex }) => path === undefined && pathRegex === undefined) ?? true;
}

function idleDiagnostics(model: ModelFile, isDefault: boolean, where: Path): readonly Diagnostic[] {
  return model.publicPaths !== undefined && !isDefault && !narrows(model)
    ? [
        error(
          "field-without-effect",
          where,
          "publicPaths means nothing here: every route has a path of its own, and opens that; write prefix instead of path, or remove publicPaths",
        ),
      ]
    : [];
}

/** Public paths that do not fit into the rules of a route. */
function placeDiagnostics(
  model: ModelFile,
  route: ModelRoute,
  at: (...rest: Path) => Path,
): readonly Diagnostic[] {
  const where = model.publicPaths === undefined ? route.path : at("publicPaths");
  const split = rulesOfRoute(route);
  if (!split.ok) {
    return [error("route-not-placed", where, split.reason)];
  }
  const long = split.rules
    .flatMap(({ conditions: { pathRegex = [], path = [] } }) => [...pathRegex, ...path])
    .find((value) => value.length > CONDITION_VALUE.maxLength);
  return long === undefined
    ? []
    : [
        error(
          "route-not-placed",
          where,
          `with its prefix a path takes ${long.length} characters (${long}), and a condition ${CONDITION_VALUE.maxLength}; use a shorter prefix or path`,
        ),
      ];
}

/** Names at most this many paths; more would not be read. */
const NAMED = 3;

/** Wildcards that also open what callers must not have. Paths that are spelled out are meant. */
function controlDiagnostics(
  { server, publicPaths, protocol }: ModelFile,
  routes: readonly ModelRoute[],
  where: Path,
): readonly Diagnostic[] {
  const kind = protocol === "grpc" ? "GRPC" : "HTTP";
  const kept = publicPathsOf(server)
    .notForCallers.map((each) => each.split(" "))
    .filter(([method]) => (method === "GRPC") === (kind === "GRPC"))
    .map(([method = "", path = ""]) => ({
      method: method === "GRPC" ? "POST" : method,
      path: path.replaceAll("*", "x"),
      shown: `${method === "GRPC" ? "" : `${method} `}${path}`,
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
  const wide = Array.isArray(publicPaths)
    ? publicPaths
        .filter((item) => item !== "preset")
        .map((item) => (typeof item === "string" ? { path: item } : item))
        .filter(({ path }) => path.includes("*"))
    : [];
  return [
    ...routes
      .filter(({ opens, path }) => opens === undefined && path[2] === "routes")
      .filter(({ route: { path, pathRegex } }) => path !== undefined || pathRegex !== undefined)
      .filter((each) => publicPaths !== EVERY_PATH || each.route.rewrite === undefined)
      .flatMap(({ route, path }) =>
        found(
          (method, wanted) => reaches(route, method, wanted, true),
          [...path, route.path === undefined ? "pathRegex" : "path"],
          "write prefix instead, which opens publicPaths alone, or name the paths",
        ),
      ),
    ...(wide.length === 0
      ? []
      : found(
          (method, wanted) =>
            opens(
              wide.map(({ path, method: methods }) => ({
                methods: methods ?? ["GET", "POST"],
                paths: [globOf(path)],
              })),
              method,
              wanted,
            ),
          where,
          "name the paths that callers need",
        )),
  ];
}

/** Paths that are open, that do work, and for which the server does not ask for its key. */
function keyDiagnostics(
  file: ServingFile,
  name: string,
  model: ModelFile,
  routes: readonly ModelRoute[],
  where: Path,
): readonly Diagnostic[] {
  if (!asksForKey(file, name) || model.protocol === "grpc") {
    return [];
  }
  const { withoutKey = [] } = publicPathsOf(model.server);
  const openings = openingsOf(model, true);
  const found = (reached: (path: string) => boolean, at: Path) => {
    const open = withoutKey.filter(reached);
    return open.length === 0
      ? []
      : [
          warning(
            "open-without-key",
            at,
            `${model.server} answers ${named(open)} without its API key: the key guards other paths; leave these out, or let only callers in whom you trust`,
          ),
        ];
  };
  return [
    ...(model.publicPaths === undefined
      ? []
      : found((path) => ["GET", "POST"].some((method) => opens(openings, method, path)), where)),
    ...routes
      .filter(({ path, route }) => path[2] === "routes" && (route.path ?? route.pathRegex) !== undefined)
      .filter((each) => each.opens === undefined && openings !== "everything")
      .flatMap(({ route, path }) =>
        found(
          (wanted) => ["GET", "POST"].some((method) => reaches(route, method, wanted, false)),
          [...path, route.path === undefined ? "pathRegex" : "path"],
        ),
      ),
  ];
}

function named(paths: readonly string[]): string {
  const more = paths.length - NAMED;
  return more > 0 ? `${paths.slice(0, NAMED).join(", ")} and ${more} more` : listed(paths);
}

/**
 * Whether a route with a path of its own leads to a path of the server. It tries the path itself, and the path below the
 * fixed beginning of each of the route's paths. `true` is never wrong.
 *
 * @param byWildcard whether a path that the route spells out does not count
 */
function reaches(route: ModelRoute["route"], method: string, wanted: string, byWildcard: boolean): boolean {
  if (route.method?.includes(method) === false) {
    return false;
  }
  const begins = [
    ...(route.path ?? []).map((glob) => glob.replace(/[*?].*$/, "")),
    ...(route.pathRegex ?? []).map((regex) => /^\^((?:\/[\w-]+)*)/.exec(regex)?.[1] ?? ""),
  ];
  const requests = [wanted, ...begins.flatMap((begin) => [begin + wanted, begin + wanted.slice(1)])];
  return requests.some(
    (request) =>
      matchesUrlPart(route, "path", request) &&
      rewrittenPath(route, request) === wanted &&
      !(byWildcard && route.path?.some((glob) => wildcardCount(glob) === 0 && glob === request)),
  );
}
