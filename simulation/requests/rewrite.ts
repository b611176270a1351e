import type { ActionModel, RewriteModel } from "../model";
import type { RequestFacts } from "./request";

/**
 * Rewrites a text: the path with its query, or the host. A text that the expression does not match stays as it is.
 *
 * @returns `undefined` where the result cannot be sent, for which a load balancer answers 500
 *
 * Source: ELB user guide, "Transforms for listener rules".
 */
export type Rewriter = (text: string) => string | undefined;

/** Rewrites the path with its query. */
export function pathRewriter({ regex, replace }: RewriteModel): Rewriter {
  const pattern = new RegExp(regex);
  return (text) => {
    const made = text.replace(pattern, replace);
    return made.startsWith("/") && !/[\s#]/.test(made) ? made : undefined;
  };
}

/** Rewrites the host. */
export function hostRewriter({ regex, replace }: RewriteModel): Rewriter {
  const pattern = new RegExp(regex, "i");
  return (text) => {
    const made = text.replace(pattern, replace);
    return /^[\w.:[\]-]+$/.test(made) ? made : undefined;
  };
}

/**
 * The address that a redirect leads to. `#{host}` and the like stand for what the request had.
 * Source: ELB user guide, "Redirect actions".
 */
export function redirectTo(
  action: Extract<ActionModel, { readonly type: "redirect" }>,
  { host, path, query }: RequestFacts,
  listener: { readonly protocol: string; readonly port: number },
): string {
  const given: Readonly<Record<string, string>> = {
    protocol: listener.protocol.toLowerCase(),
    host,
    port: String(listener.port),
    path: path.slice(1),
    query,
  };
  const fill = (text: string) =>
    text.replace(/#\{(protocol|host|port|path|query)\}/g, (_all, name) => given[name] ?? "");
  const protocol = fill(action.protocol).toLowerCase();
  const search = fill(action.query);
  return `${protocol}://${fill(action.host)}:${fill(action.port)}${fill(action.path)}${search === "" ? "" : `?${search}`}`;
}
