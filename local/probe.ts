import { connect, type IncomingHttpHeaders } from "node:http2";
import type { TargetGroupModel } from "../simulation/model";
import { NO_ANSWER, type ProbeResult } from "../simulation/targets/health";
import { ask } from "./ask";
import type { ServerSeen } from "./model-server/any-server";

/** A message of gRPC without content. Source: gRPC over HTTP2, Length-Prefixed-Message. */
const EMPTY_MESSAGE = Buffer.alloc(5);

/**
 * Sends the health check of a target group to a server, in the protocol of the target group.
 *
 * @param server whose port is 0 where it has none
 * @param patience milliseconds
 * @returns the status of HTTP; that of gRPC, where the target group speaks it
 */
export async function probe(
  { host, port: usual, healthPort: port = usual }: Pick<ServerSeen, "host" | "port" | "healthPort">,
  { protocol, protocolVersion, healthCheck }: TargetGroupModel,
  patience: number,
): Promise<ProbeResult> {
  const { path } = healthCheck;
  if (port === 0) {
    return NO_ANSWER;
  }
  if (protocolVersion === "HTTP1") {
    const tls = protocol === "HTTPS" ? {} : undefined;
    const { status } = await ask(port, path, { timeout: patience, host, tls });
    return status === 0 ? NO_ANSWER : status;
  }
  const origin = `${protocol.toLowerCase()}://${host}:${port}`;
  if (protocolVersion === "HTTP2") {
    return Number((await headersOf(origin, { ":path": path }, undefined, patience))[":status"] ?? NO_ANSWER);
  }
  const asking = { ":method": "POST", ":path": path, "content-type": "application/grpc", te: "trailers" };
  return Number((await headersOf(origin, asking, EMPTY_MESSAGE, patience))["grpc-status"] ?? NO_ANSWER);
}

/** The headers and the trailers of an answer; none where there is no whole answer in time. */
function headersOf(
  origin: string,
  headers: Readonly<Record<string, string>>,
  body: Buffer | undefined,
  patience: number,
): Promise<IncomingHttpHeaders> {
  return new Promise((resolve) => {
    let found: IncomingHttpHeaders = {};
    const session = connect(origin, { rejectUnauthorized: false });
    const finish = (result: IncomingHttpHeaders) => {
      clearTimeout(timer);
      session.destroy();
      resolve(result);
    };
    const timer = setTimeout(() => finish({}), patience);
    session.on("error", () => finish({}));
    session.on("close", () => finish({}));
    const stream = session.request(headers, { endStream: body === undefined });
    const add = (given: IncomingHttpHeaders) => {
      found = { ...found, ...given };
    };
    stream.on("response", add);
    stream.on("trailers", add);
    stream.on("error", () => finish({}));
    stream.on("end", () => finish(found));
    stream.resume();
    if (body !== undefined) {
      stream.end(body);
    }
  });
}
