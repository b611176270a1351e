import type { Http2ServerResponse } from "node:http2";
import type { ServerPort } from "./port";

/**
 * Methods whose answer says that all is well: of the health checks of gRPC, of Triton and of vLLM and SGLang. In each, a
 * field 1 of value 1 says so. Sources: grpc.health.v1, health.proto; Triton, grpc_service.proto; vLLM and SGLang, the
 * .proto files of their engines.
 */
const WELL = new RegExp(
  "^/(?:grpc\\.health\\.v1\\.Health/Check|inference\\.GRPCInferenceService/(?:ServerLive|ServerReady|ModelReady)" +
    "|(?:vllm\\.grpc\\.engine\\.VllmEngine|sglang\\.grpc\\.scheduler\\.SglangScheduler)/HealthCheck)$",
);

/** Not compressed, two bytes: field 1, value 1. Source: gRPC over HTTP2, Length-Prefixed-Message. */
const YES = Buffer.from([0, 0, 0, 0, 2, 0x08, 0x01]);

const UNIMPLEMENTED = 12;
const UNAVAILABLE = 14;

/** Answers a method of gRPC: a health check as that server does, and any other as one that it does not have. */
export function answerGrpc(
  response: Http2ServerResponse,
  method: string,
  isReady: boolean,
  { health }: Pick<ServerPort, "health">,
): void {
  if (isReady && WELL.test(method)) {
    response.writeHead(200, { "content-type": "application/grpc" });
    response.addTrailers({ "grpc-status": "0" });
    response.end(YES);
    return;
  }
  const status = !isReady ? UNAVAILABLE : method === health.path ? health.status : UNIMPLEMENTED;
  response.stream.respond(
    { ":status": 200, "content-type": "application/grpc", "grpc-status": String(status) },
    { endStream: true },
  );
}
