import { matchesHostName } from "../routes/host-names";
import type { RouteConditions } from "../routes/route";
import { matchesUrlPart, needsMoreThanUrl, urlPartCandidates } from "../routes/url-parts";
import type { EntryFile } from "../schema/entry";
import type { Model } from "./model";

/** Where a stack answers. */
export interface Endpoint {
  /** Such as `https://models.example.com`, without a slash behind it. */
  readonly url: string;
  /** The name in it; absent where AWS gives it. */
  readonly hostName?: string;
}

/** The URL of a host whose clients speak this, without a slash behind it. */
export function urlOf(protocol: EntryFile["protocol"], host: string): string {
  return `${protocol === "https" ? "https" : "http"}://${host}`;
}

/**
 * Where clients reach a model: what the first of its routes answers of which that can be said, with the fixed beginning
 * of its first path, e.g. `/llama/` of `/llama/*`. Routes that answer at the endpoint itself come first; of these, and of
 * the others, those that want no header or parameter, which are left to the clients. Nothing, when it cannot be said of any route.
 */
export function modelUrl(
  { name, routes }: Pick<Model, "name" | "routes">,
  defaultModel: string | undefined,
  endpoint: Endpoint,
): string | undefined {
  const answersHere = (route: RouteConditions) => matchesHostName(route, endpoint.hostName);
  const [url] = [...routes]
    .sort((a, b) => first(answersHere)(a, b) || first(isReachedByUrl)(a, b))
    .flatMap((route) => routeUrl(route, endpoint) ?? []);
  return url ?? (name === defaultModel ? endpoint.url : undefined);
}

/** Orders those of which something is true before the others, and leaves them in their order else. */
function first<T>(isSo: (each: T) => boolean): (a: T, b: T) => number {
  return (a, b) => Number(isSo(b)) - Number(isSo(a));
}

function isReachedByUrl(route: RouteConditions): boolean {
  return !needsMoreThanUrl(route);
}

/** {@link modelUrl} of each model of which it can be said, by name. */
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

/** The endpoint, if the route answers there; else its first host that is a name. */
function originOf(route: RouteConditions, { url, hostName }: Endpoint): string | undefined {
  if (matchesHostName(route, hostName)) {
    return url;
  }
  const named = urlPartCandidates(route, "host").find((name) => matchesHostName(route, name));
  return named && `${url.slice(0, url.indexOf("://"))}://${named}`;
}

/** The fixed beginning of a path that the route takes as it stands; empty for the root. */
function pathOf(route: RouteConditions): string | undefined {
  return [...urlPartCandidates(route, "path"), ""].find((path) => matchesUrlPart(route, "path", path || "/"));
}
