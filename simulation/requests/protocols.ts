import type { TargetGroupModel } from "../model";

/** A request, as far as it fits a target group. */
export interface ProtocolFacts {
  readonly version: "HTTP/1.1" | "HTTP/2";
  readonly method: string;
  readonly contentType: string | undefined;
}

/** Whether a request is one of gRPC. That of gRPC-Web has another type. Source: gRPC over HTTP2, Requests. */
export function isGrpc({ version, contentType }: ProtocolFacts): boolean {
  return version === "HTTP/2" && /^application\/grpc(?:$|[+;])/.test(contentType ?? "");
}

/**
 * Whether a target group takes a request; where not, the load balancer answers 464.
 * Source: ELB user guide, "Target groups for your Application Load Balancers", Protocol version, and HTTP 464.
 */
export function takes(version: TargetGroupModel["protocolVersion"], request: ProtocolFacts): boolean {
  switch (version) {
    case "HTTP1":
      return !isGrpc(request);
    case "HTTP2":
      return request.version === "HTTP/2";
    case "GRPC":
      return request.version === "HTTP/2" && (isGrpc(request) || request.method === "POST");
  }
}
