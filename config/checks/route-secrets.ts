import { type Diagnostic, error, type Path } from "../diagnostics/diagnostic";
import { type Claim, ownClaims } from "../plan/callers";
import { entrySetting } from "../plan/overrides";
import type { RouteFile } from "../schema/route";
import { type Check, modelFiles } from "./check";
import { looksSecret } from "./software";

/** Secrets in what a load balancer compares and writes: all of it lies in the plan and in the state. */
export const checkRouteSecrets: Check = (subject) => {
  const { file } = subject;
  return [
    ...Object.keys(file.regions).flatMap((region) => {
      const { value, path } = entrySetting(file, region, "callers");
      const claims = typeof value === "object" ? value.jwt?.claims : undefined;
      return claimDiagnostics(ownClaims(claims && { claims }), [...path, "jwt", "claims"]);
    }),
    ...modelFiles(subject).flatMap(({ model, at }) => [
      ...claimDiagnostics(ownClaims(model.callers), at("callers", "claims")),
      ...(model.routes ?? []).flatMap((route, index) => routeDiagnostics(route, at("routes", index))),
    ]),
  ];
};

function claimDiagnostics(claims: readonly Claim[], where: Path): readonly Diagnostic[] {
  return claims.flatMap(({ name, values }) =>
    values
      .filter(looksSecret)
      .map(() => found([...where, name, "values"], "a value", "compare a claim that is no secret")),
  );
}

/** Headers in which clients send credentials. */
const CREDENTIALS = /^(authorization|proxy-authorization|cookie|(x-)?api-key)$/i;

/** A value that any credential has: its scheme, and a wildcard. */
const ANY_CREDENTIAL = /^((basic|bearer|token)\s*)?[*?]*$/i;

function routeDiagnostics(
  { headers = {}, query = [], rewrite }: RouteFile,
  where: Path,
): readonly Diagnostic[] {
  const remedy = "let the server ask for it, by apiKey, or let the load balancer ask for a token";
  const rewrites = [
    ...Object.entries(rewrite?.path ?? {}).map(([field, text]) => ["path", field, text] as const),
    ...Object.entries(rewrite?.host ?? {}).map(([field, text]) => ["host", field, text] as const),
  ];
  return [
    ...Object.entries(headers)
      .filter(
        ([name, values]) =>
          values.some(looksSecret) ||
          (CREDENTIALS.test(name) && values.some((value) => !ANY_CREDENTIAL.test(value))),
      )
      .map(([name]) => found([...where, "headers", name], `the value of ${name}`, remedy)),
    ...(query.some(({ value }) => looksSecret(value)) ? [found([...where, "query"], "a value", remedy)] : []),
    ...rewrites
      .filter(([, , text]) => looksSecret(text))
      .map(([part, field]) => found([...where, "rewrite", part, field], "the text", remedy)),
  ];
}

function found(path: Path, what: string, remedy: string): Diagnostic {
  return error(
    "secret-in-plain-text",
    path,
    `${what} looks like a secret, which anyone who reads the plan or the state would see; ${remedy}`,
  );
}
