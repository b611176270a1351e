import type { RouteFile } from "../schema/route";

/** The path that a server sees, of a request by a route. An expression that is none leaves the path as it is; a check refuses it. */
export function rewrittenPath({ rewrite }: Pick<RouteFile, "rewrite">, path: string): string {
  if (rewrite?.path === undefined) {
    return path;
  }
  try {
    return path.replace(new RegExp(rewrite.path.regex), rewrite.path.replace);
  } catch {
    return path;
  }
}
