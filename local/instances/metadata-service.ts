import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";

/** The instance metadata service of an instance, version 2: it answers only with a valid token. */
export interface MetadataService {
  /** Its values, by path below `latest/meta-data/`. */
  readonly values: Map<string, string>;
  /** What else it has, by path below `latest/`, such as `user-data`. */
  readonly besides: Map<string, string | Buffer>;
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
    besides: new Map(),
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
      const [status, body] = answerTo(request);
      response.writeHead(status).end(body);
    },
  };

  function answerTo({ url = "", method, headers }: IncomingMessage): readonly [number, (string | Buffer)?] {
    if (url === "/latest/api/token") {
      const seconds = Number(headers["x-aws-ec2-metadata-token-ttl-seconds"]);
      return method === "PUT" && seconds >= 1 && seconds <= 21_600 ? [200, newToken(seconds)] : [400];
    }
    const [, all = ""] = /^\/(?:latest|\d{4}-\d\d-\d\d)\/+(.*)$/.exec(url) ?? [];
    const path = all.replace(/^meta-data\//, "");
    if ((validUntil.get(String(headers["x-aws-ec2-metadata-token"])) ?? 0) <= Date.now()) {
      refused.push(path);
      return [401];
    }
    const found = all === path ? service.besides.get(all) : service.values.get(path);
    const answer = found ?? listing(all);
    return answer === undefined ? [404] : [200, answer];
  }

  /** A folder is answered with the names in it, of which folders end in `/`. */
  function listing(path: string): string | undefined {
    const folder = path.replace(/([^/])$/, "$1/");
    const all = [...service.besides.keys(), ...[...service.values.keys()].map((key) => `meta-data/${key}`)];
    const below = all.filter((each) => each.startsWith(folder)).map((each) => each.slice(folder.length));
    const names = new Set(below.map((each) => each.replace(/\/.*/, "/")));
    return names.size === 0 ? undefined : [...names].join("\n");
  }

  function newToken(seconds: number): string {
    const token = randomUUID();
    validUntil.set(token, expired > 0 ? 0 : Date.now() + seconds * 1000);
    expired = Math.max(0, expired - 1);
    return token;
  }
  return service;
}
