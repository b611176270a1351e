import { matchesHostName } from "../routes/host-names";
import type { RouteConditions } from "../routes/route";
import { matchesUrlPart, needsMoreThanUrl, urlPartCandidates } from "../routes/url-parts";
import type { EntryFile } from "../schema/entry";
import type { Model } from "./model";

/** Where clients reach a stack. */
export interface Endpoint {
  /** Such as `https://models.example.com`, without a slash at the end. */
  readonly url: string;
  /** The host name in it; absent when AWS chooses it. */
  readonly hostName?: string;
}

/** The URL of a host, without a slash at the end. */
export function urlOf(protocol: EntryFile["protocol"], host: string): string {
  return `${protocol === "https" ? "https" : "http"}://${host}`;
}

/**
 * The URL of a model: that of the first of its routes that can be written as a URL, with the fixed beginning of the
 * first path, e.g. `/llama/` of `/llama/*`. Routes at the endpoint's own host come first; among these, and among the
 * others, the routes without conditions on headers or parameters, which a URL does not contain. Undefined when no route
 * can be written as a URL.
 */
export function modelUrl(
  { name, routes }: Pick<Model, "name" | "routes">,
  defaultModel: string | undefined,
  endpoint: Endpoint,
): string | undefined {
  const [url] = sortedRoutes(routes, endpoint).flatMap((route) => routeUrl(route, endpoint) ?? []);
  return url ?? (name === defaultModel ? endpoint.url : undefined);
}

/** Routes, those first that are best written as a URL; see {@link modelUrl}. */
export function sortedRoutes<Route extends RouteConditions>(
  routes: readonly Route[],
  endpoint: Endpoint,
): readonly Route[] {
  const answersHere = (route: RouteConditions) => matchesHostName(route, endpoint.hostName);
  return [...routes].sort((a, b) => first(answersHere)(a, b) || first(isReachedByUrl)(a, b));
}

/** Orders those for which something is true before the others, and otherwise keeps the order. */
function first<T>(isSo: (each: T) => boolean): (a: T, b: T) => number {
  return (a, b) => Number(isSo(b)) - Number(isSo(a));
}

function isReachedByUrl(route: RouteConditions): boolean {
  return !needsMoreThanUrl(route);
}

/** {@link modelUrl} of each model that has one, by name. */
export function modelUrls(
  models: readonly Pick<Model, "name" | "routes">[],
  defaultModel: string | undefined,
  endpoint: Endpoint,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    models.flatMap((model) => {
      const url = modelUrl(model, defaultModel, endpoint);
      return url === undefined ? [] : [[model.name, url] as const];
    }),
  );
}

function routeUrl(route: RouteConditions, endpoint: Endpoint): string | undefined {
  const origin = originOf(route, endpoint);
  const path = pathOf(route);
  return origin === undefined || path === undefined ? undefined : `${origin}${path}`;
}

/** The endpoint, if the route matches its host name; else the route's first host without wildcards. */
export function originOf(route: RouteConditions, { url, hostName }: Endpoint): string | undefined {
  if (matchesHostName(route, hostName)) {
    return url;
  }
  const named = urlPartCandidates(route, "host").find((name) => matchesHostName(route, name));
  return named && `${url.slice(0, url.indexOf("://"))}://${named}`;
}

/** The fixed beginning of a path, if the route matches it; empty for the root. */
function pathOf(route: RouteConditions): string | undefined {
  return [...urlPartCandidates(route, "path"), ""].find((path) => matchesUrlPart(route, "path", path || "/"));
}
