import { CONDITION_VALUE } from "../../aws/limits";
import { type Diagnostic, error, type Path, warning } from "../diagnostics/diagnostic";
import { listed } from "../diagnostics/text";
import type { Deployment } from "../plan/deployment";
import { modelRoutes, rulesOfRoute } from "../plan/listener-rules";
import type { ModelRoute } from "../plan/model-route";
import { EVERY_PATH, GRPC_METHODS, keyUse, presetOpenings } from "../plan/public-paths";
import { KINDS } from "../routes/kinds";
import type { ModelFile } from "../schema/model";
import { presetOf } from "../servers/presets";
import { type Check, modelFiles, repetitions } from "./check";
import { controlDiagnostics, keyDiagnostics } from "./open-paths";

/** What callers may request of a server: its inference API, and more only in words that a reviewer sees. */
export const checkPublicPaths: Check = ({ file, deployment }) =>
  modelFiles({ file, deployment }).flatMap(({ name, model, at }) => {
    const isDefault = deployment.regions.some(({ entry }) => entry.default === name);
    const key = keyUse(file, name);
    const routes = modelRoutes([[name, model]], isDefault ? name : undefined, () => key);
    const narrowed = routes.filter(({ opens }) => opens !== undefined);
    return [
      ...listDiagnostics(model, at("publicPaths")),
      ...unknownDiagnostics(model, isDefault || narrows(model), at()),
      ...idleDiagnostics(model, isDefault, at("publicPaths")),
      ...narrowed.slice(0, 1).flatMap((route) => placeDiagnostics(model, route, at)),
      ...routes.flatMap((route) => methodDiagnostics(model, route)),
      ...prefixDiagnostics({ name, model, at }, deployment.regions),
      ...controlDiagnostics(model, routes, environmentsOf(deployment, name), at("publicPaths")),
      ...(key === "no key" ? [] : keyDiagnostics(model, routes, key, at("publicPaths"))),
    ];
  });

/** The variables of a model's servers, of each variant in each region. */
function environmentsOf({ regions }: Deployment, name: string): readonly Readonly<Record<string, string>>[] {
  return regions.flatMap(({ models }) =>
    models.filter((model) => model.name === name).flatMap(({ variants }) => variants.map(({ env }) => env)),
  );
}

/** Paths that are named twice, or by methods that no request has. */
function listDiagnostics({ publicPaths, protocol }: ModelFile, where: Path): readonly Diagnostic[] {
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
      ...(protocol === "grpc" && typeof item !== "string" && item.method?.includes("POST") === false
        ? [
            error(
              "route-opens-nothing",
              [...where, index, "method"],
              `requests of gRPC have the method POST, not ${listed(item.method)}; leave method out`,
            ),
          ]
        : []),
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
    presetOpenings(model, "no key") === undefined
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

/** Methods of a route by which it opens nothing. Those that are no methods are reported where conditions are. */
function methodDiagnostics(
  { protocol }: ModelFile,
  { route: { method = [] }, path, opens }: ModelRoute,
): readonly Diagnostic[] {
  const isGrpc = protocol === "grpc";
  const open = isGrpc ? GRPC_METHODS : (opens?.requests.flatMap(({ methods }) => methods) ?? method);
  const idle = method.filter(
    (each) => !open.includes(each) && KINDS.method.diagnostics([each], true).length === 0,
  );
  if (idle.length === 0) {
    return [];
  }
  const possible = listed([...new Set(open)]);
  return [
    error(
      "route-opens-nothing",
      [...path, "method"],
      isGrpc
        ? `requests of gRPC have the method ${possible}, not ${listed(idle)}; leave method out`
        : `the public paths are open by ${possible}, and this route opens nothing by ${listed(idle)}; leave method out, or write publicPaths with paths that are open by it, as { path: /v1/files, method: ${idle[0]} }`,
    ),
  ];
}

/**
 * A model that gRPC clients reach by a path before `/package.Service/Method` alone: most of them take a host and a port,
 * and no path.
 */
function prefixDiagnostics(
  { name, model, at }: ReturnType<typeof modelFiles>[number],
  regions: Deployment["regions"],
): readonly Diagnostic[] {
  const { protocol, routes } = model;
  const isBehindPath =
    routes?.every(({ prefix, rewrite }) => prefix !== undefined || rewrite?.path !== undefined) ?? true;
  const serves = ({ entry, models }: Deployment["regions"][number]) =>
    entry.default !== name && models.some((each) => each.name === name);
  const region = regions.find(serves);
  return protocol === "grpc" && isBehindPath && region !== undefined
    ? [
        warning(
          "grpc-behind-prefix",
          routes === undefined ? at("protocol") : at("routes"),
          `clients of gRPC ask for /package.Service/Method, and most cannot write a path before it, as each route in ${region.name} needs; write a route by host or by metadata, as routes: [{ headers: { x-model: ${name} } }], or make it the entry's default`,
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
