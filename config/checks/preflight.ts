import { type Diagnostic, type Path, warning } from "../diagnostics/diagnostic";
import { authenticationFor } from "../plan/callers";
import { type Check, modelFiles } from "./check";

/**
 * Requests by which a browser asks whether a page may send others, where the load balancer wants to know who calls. Such a
 * request has no credentials (Fetch standard, CORS protocol and credentials), so it is turned away, and with it the page.
 */
export const checkPreflights: Check = (subject) =>
  modelFiles(subject).flatMap(({ name, model, at }) => {
    const asking = subject.deployment.regions.find(({ entry, models }) =>
      models.some(
        (each) => each.name === name && authenticationFor(entry.callers, each.callers) !== undefined,
      ),
    );
    if (asking === undefined) {
      return [];
    }
    const { kind } = asking.entry.callers;
    const publicPaths = Array.isArray(model.publicPaths) ? model.publicPaths : [];
    return [
      ...publicPaths.flatMap((item, index) =>
        typeof item === "string" ? [] : found(item.method, at("publicPaths", index, "method"), kind),
      ),
      ...(model.routes ?? []).flatMap(({ method }, index) =>
        found(method, at("routes", index, "method"), kind),
      ),
    ];
  });

function found(methods: readonly string[] = [], where: Path, kind: string): readonly Diagnostic[] {
  return methods.includes("OPTIONS")
    ? [
        warning(
          "preflight-turned-away",
          where,
          `a browser sends OPTIONS without ${kind === "jwt" ? "a token" : "a cookie"}, so the load balancer turns it away, and no page of another origin gets an answer; leave OPTIONS out, and serve the page from the same host, or let its own server call`,
        ),
      ]
    : [];
}
