import ipaddr from "ipaddr.js";
import type { RouteConditions } from "../../../config/routes/route";

/** A request as a load balancer sees it; header names in lower case. */
export interface Request {
  readonly path: string;
  readonly host: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly query: readonly (readonly [key: string, value: string])[];
  readonly sourceIp: string;
}

/** A matcher written from AWS's pages alone: it shares nothing with the code under test. */
export function matches(conditions: RouteConditions, request: Request): boolean {
  const { path, host, headers, method, query, sourceIp } = conditions;
  return (
    (path === undefined || path.some((glob) => globMatches(glob, request.path))) &&
    (host === undefined || host.some((glob) => globMatches(glob, request.host, "i"))) &&
    (method === undefined || method.includes(request.method)) &&
    Object.entries(headers ?? {}).every(([name, globs]) => {
      const value = request.headers[name.toLowerCase()];
      return value !== undefined && globs.some((glob) => globMatches(glob, value, "i"));
    }) &&
    (query === undefined ||
      query.some(({ key, value }) =>
        request.query.some(
          ([name, given]) => globMatches(key ?? "*", name, "i") && globMatches(value, given, "i"),
        ),
      )) &&
    (sourceIp === undefined || sourceIp.some((cidr) => inBlock(cidr, request.sourceIp)))
  );
}

export function globMatches(glob: string, text: string, flags = ""): boolean {
  return globPattern(glob, flags).test(text);
}

/** A glob as a regular expression. */
export function globPattern(glob: string, flags = ""): RegExp {
  const pattern = glob.replace(/[.*+?^${}()|[\]\\/-]/g, (letter) =>
    letter === "*" ? "[^]*" : letter === "?" ? "[^]" : `\\${letter}`,
  );
  return new RegExp(`^${pattern}$`, flags);
}

function inBlock(cidr: string, address: string): boolean {
  const [network, length] = ipaddr.parseCIDR(cidr);
  const caller = ipaddr.parse(address);
  return caller.kind() === network.kind() && caller.match([network, length]);
}

/** All texts over the letters, up to the length. */
export function textsOver(letters: string, maxLength: number): readonly string[] {
  let longest = [""];
  const all = [...longest];
  for (let length = 1; length <= maxLength; length++) {
    longest = longest.flatMap((text) => [...letters].map((letter) => text + letter));
    all.push(...longest);
  }
  return all;
}
