import { randomFillSync } from "node:crypto";
import type { IncomingHttpHeaders, OutgoingHttpHeaders } from "node:http";
import type { LoadBalancerModel } from "../../simulation/model";
import type { Client } from "./client";

/** Headers of one connection, which are not passed on. Source: RFC 9110, section 7.6.1. */
const OF_CONNECTION = new Set([
  ...["connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade"],
  "http2-settings",
]);

/** Header names that a load balancer lets through when it drops invalid ones. Source: ELB user guide, HTTP headers. */
const VALID_NAME = /^[A-Za-z0-9-]+$/;

/**
 * The headers that a target gets.
 * Source: ELB user guide, "HTTP headers and Application Load Balancers", "Request tracing".
 */
export function headersToTarget(
  client: Client,
  { dropInvalidHeaders, forwardedFor }: Pick<LoadBalancerModel, "dropInvalidHeaders" | "forwardedFor">,
  given: { readonly host: string; readonly protocol: string; readonly port: number; readonly trace: string },
): OutgoingHttpHeaders {
  const headers: Record<string, string | string[]> = {};
  for (let at = 0; at + 1 < client.rawHeaders.length; at += 2) {
    const name = client.rawHeaders[at] as string;
    const value = client.rawHeaders[at + 1] as string;
    const key = name.toLowerCase();
    if (OF_CONNECTION.has(key) || (dropInvalidHeaders && !VALID_NAME.test(name))) {
      continue;
    }
    const before = headers[key];
    headers[key] = before === undefined ? value : [...[before].flat(), value];
  }
  if (client.isChunked) {
    headers["transfer-encoding"] = "chunked";
  }
  headers.host = given.host;
  if (forwardedFor === "remove") {
    delete headers["x-forwarded-for"];
  } else if (forwardedFor === "append") {
    const before = headers["x-forwarded-for"];
    headers["x-forwarded-for"] =
      before === undefined ? client.address : `${[before].flat().join(", ")}, ${client.address}`;
  }
  headers["x-forwarded-proto"] = given.protocol.toLowerCase();
  headers["x-forwarded-port"] = String(given.port);
  headers["x-amzn-trace-id"] = traceHeader(headers["x-amzn-trace-id"], given.trace);
  return headers;
}

/** The headers that a client gets, but for those of the connection. */
export function headersToClient(headers: IncomingHttpHeaders): OutgoingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !OF_CONNECTION.has(name)));
}

/** Bytes of chance in a root. Source: ELB user guide, "Request tracing": 96 bits. */
const ROOT_BYTES = 12;

/** Chance for many roots: asking for it each time takes longer than all else that a root needs. */
const chance = Buffer.alloc(256 * ROOT_BYTES);
let chanceUsed = chance.length;

/** A new root: version, seconds, 96 bits. Source: ELB user guide, "Request tracing". */
export function newTrace(): string {
  if (chanceUsed === chance.length) {
    randomFillSync(chance);
    chanceUsed = 0;
  }
  chanceUsed += ROOT_BYTES;
  const seconds = Math.floor(Date.now() / 1000).toString(16);
  return `1-${seconds}-${chance.toString("hex", chanceUsed - ROOT_BYTES, chanceUsed)}`;
}

/** The root that a client has given; a new one where it gave none. */
export function traceOf({ headers }: Client): string {
  const [, root] = /(?:^|;)\s*Root=([\w-]+)/.exec(String(headers["x-amzn-trace-id"] ?? "")) ?? [];
  return root ?? newTrace();
}

/** A root that a client gave stays, and the load balancer adds a field of its own. */
function traceHeader(given: string | string[] | undefined, trace: string): string {
  return given === undefined ? `Root=${trace}` : `Self=${newTrace()};${[given].flat().join(";")}`;
}
