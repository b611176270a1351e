import { rewrittenPath } from "../plan/rewritten-path";
import { SEGMENT, wildcardCount } from "../routes/glob";
import { commonExample } from "../routes/glob-example";
import { matchesUrlPart } from "../routes/url-parts";
import type { RouteFile } from "../schema/route";

/** What stands for any text where it is looked for a request. */
const ANY = "x";

/** Most beginnings that are tried for one route. */
const MOST_BEGINNINGS = 40;

/**
 * Whether a route with a path of its own leads to a path of the server. Without a rewrite, its globs are compared with
 * that path. Otherwise requests are tried: each end of the path after each fixed beginning of the route and of its
 * rewrite. `true` is never wrong.
 *
 * @param wanted a path of the server as a glob
 * @param byWildcard whether a path that the route spells out does not count
 */
export function reaches(route: RouteFile, method: string, wanted: string, byWildcard: boolean): boolean {
  if (route.method?.includes(method) === false) {
    return false;
  }
  const counts = (glob: string) => !byWildcard || wildcardCount(glob) > 0;
  const globs = (route.path ?? []).filter(counts);
  if (route.rewrite?.path === undefined && route.path !== undefined) {
    return globs.some((glob) => commonExample(glob, wanted, "/") !== undefined);
  }
  const text = wanted.replaceAll("*", ANY).replaceAll(SEGMENT, ANY);
  const matching = route.path === undefined ? route : { ...route, path: globs };
  return (
    (route.path === undefined || globs.length > 0) &&
    requestsFor(route, text).some(
      (request) => rewrittenPath(route, request) === text && matchesUrlPart(matching, "path", request),
    )
  );
}

/** Requests that a route may turn into a path. */
function requestsFor(route: RouteFile, text: string): readonly string[] {
  const { path = [], pathRegex = [], rewrite } = route;
  if (rewrite?.path === undefined) {
    return [text];
  }
  const regexes = [...pathRegex, rewrite.path.regex];
  const begins = [...new Set([...path.flatMap(beginningsOfGlob), ...regexes.flatMap(beginningsOfRegex)])];
  const ends = Array.from({ length: text.length + 1 }, (_, start) => text.slice(start));
  return [
    text,
    ...begins.slice(0, MOST_BEGINNINGS).flatMap((begin) => ends.map((end) => `${begin}${end}`)),
  ].filter((request) => request.startsWith("/"));
}

/** The text before each wildcard of a glob, and the whole of one without wildcards. */
function beginningsOfGlob(glob: string): readonly string[] {
  const parts = glob.split(/[*?]/);
  return parts.length === 1
    ? [glob]
    : parts.slice(0, -1).map((_, index) => parts.slice(0, index + 1).join(ANY));
}

/** Texts with which a regular expression may begin: in it, the first of what may be repeated, and each way of a choice. */
function beginningsOfRegex(regex: string): readonly string[] {
  const plain = regex
    .replace(/^\^/, "")
    .replace(/\\([./-])/g, "$1")
    .replace(/(?:\[[^\]]*\]|\\w|\\d|\.)(?:[+*]|\{[^}]*\})\??/g, ANY);
  const ways = (begin: string, rest: string): readonly string[] => {
    const [choice, words = ""] = /^\((?:\?:)?([\w./-]+(?:\|[\w./-]+)*)\)/.exec(rest) ?? [];
    if (choice !== undefined) {
      return words.split("|").flatMap((word) => ways(begin + word, rest.slice(choice.length)));
    }
    const [fixed] = /^[\w./-]+/.exec(rest) ?? [];
    return fixed === undefined ? [begin] : ways(begin + fixed, rest.slice(fixed.length));
  };
  return ways("", plain).flatMap((begin) => [begin, begin.replace(/x$/, "")]);
}
