import { request } from "node:http";
import { type AgentOptions, request as tlsRequest } from "node:https";

/** Asks a server, of this machine unless told. @returns its status and the text; status 0 where it does not answer in time */
export function ask(
  port: number,
  path: string,
  options: {
    readonly timeout: number;
    /** @default this machine */
    readonly host?: string;
    readonly headers?: Readonly<Record<string, string>>;
    /** `undefined`: without TLS. Nobody checks the certificate. */
    readonly tls?: Pick<AgentOptions, "maxVersion" | "servername"> | undefined;
    /** JSON to post. */
    readonly body?: string;
  },
): Promise<{ readonly status: number; readonly text: string }> {
  return new Promise((resolve) => {
    const none = { status: 0, text: "" };
    if (port === 0) {
      resolve(none);
      return;
    }
    const { timeout, host = "127.0.0.1", headers, body, tls } = options;
    const asked = (tls === undefined ? request : tlsRequest)(
      {
        ...(tls && { ...tls, rejectUnauthorized: false }),
        host,
        port,
        path,
        agent: false,
        method: body === undefined ? "GET" : "POST",
        headers: { ...headers, ...(body === undefined ? {} : { "content-type": "application/json" }) },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("end", () =>
          resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() }),
        );
        response.on("error", () => resolve(none));
      },
    );
    const timer = setTimeout(() => asked.destroy(), timeout);
    asked.on("error", () => resolve(none));
    asked.on("close", () => {
      clearTimeout(timer);
      resolve(none);
    });
    asked.end(body);
  });
}
