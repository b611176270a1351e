import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";

/** The instance metadata service of an instance, version 2: it answers only with a valid token. */
export interface MetadataService {
  /** Its values, by path below `latest/meta-data/`. */
  readonly values: Map<string, string>;
  /** Whether it hangs up on everybody. */
  down: boolean;
  /** Has so many of the next tokens expire before they are used. */
  expireNext(tokens: number): void;
  /** Number of requests, answered or not. */
  requestCount(): number;
  /** Paths of requests with an expired token, or without one. */
  readonly refused: readonly string[];
  readonly answer: (request: IncomingMessage, response: ServerResponse) => void;
}

/** Source: EC2 user guide, "Use the Instance Metadata Service to access instance metadata" (IMDSv2). */
export function metadataService(): MetadataService {
  const validUntil = new Map<string, number>();
  const refused: string[] = [];
  let expired = 0;
  let count = 0;
  const service: MetadataService = {
    values: new Map([["instance-id", "i-0123456789abcdef0"]]),
    down: false,
    expireNext: (tokens) => {
      expired = tokens;
    },
    requestCount: () => count,
    refused,
    answer: (request, response) => {
      count += 1;
      if (service.down) {
        request.destroy();
        return;
      }
      const [status, text] = answerTo(request);
      response.writeHead(status).end(text);
    },
  };

  function answerTo({ url = "", method, headers }: IncomingMessage): readonly [number, string?] {
    if (url === "/latest/api/token") {
      const seconds = Number(headers["x-aws-ec2-metadata-token-ttl-seconds"]);
      return method === "PUT" && seconds >= 1 && seconds <= 21_600 ? [200, newToken(seconds)] : [400];
    }
    const path = url.replace(/^\/latest\/meta-data\//, "");
    if ((validUntil.get(String(headers["x-aws-ec2-metadata-token"])) ?? 0) <= Date.now()) {
      refused.push(path);
      return [401];
    }
    const value = service.values.get(path);
    return value === undefined ? [404] : [200, value];
  }

  function newToken(seconds: number): string {
    const token = randomUUID();
    validUntil.set(token, expired > 0 ? 0 : Date.now() + seconds * 1000);
    expired = Math.max(0, expired - 1);
    return token;
  }
  return service;
}
