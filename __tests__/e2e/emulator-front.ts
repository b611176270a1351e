import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";
import { handOn } from "../../local/instances/hand-on";
import { close, listen } from "../support/loopback";
import type { RecordChange } from "./hosted-zone";
import { type Call, motoGaps } from "./moto-gaps";

/** A proxy between Terraform and the emulator, which corrects the gaps of moto. */
export interface EmulatorFront {
  readonly endpoint: string;
  /** Names of the Auto Scaling groups with an instance refresh, in the order of the calls. */
  readonly refreshes: readonly string[];
  /** All changes of hosted zones, in order. */
  readonly recordChanges: readonly RecordChange[];
  /**
   * Forwards the next call of this action, but never answers it: AWS has done it, and the caller does not know.
   *
   * @returns a promise of the moment at which it is done
   */
  keepBackAnswerTo(action: string): Promise<void>;
  stop(): Promise<void>;
}

/** Hands all requests on to the emulator. */
export async function startEmulatorFront(emulator: string): Promise<EmulatorFront> {
  const refreshes: string[] = [];
  const recordChanges: RecordChange[] = [];
  const gaps = motoGaps(
    {
      refreshed: (group) => refreshes.push(group),
      recordChanged: (change) => recordChanges.push(change),
    },
    (region, action, parameters) => askEc2(emulator, region, action, parameters),
  );
  const keptBack = new Map<string, () => void>();
  const turns = oneAfterTheOther();

  async function serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(incoming);
    const call = callOf(incoming, body);
    const concerned = call === undefined ? [] : gaps.filter(({ actions }) => actions.includes(call.action));
    if (call === undefined || (concerned.length === 0 && !keptBack.has(call.action))) {
      passOn(await handOn(emulator, incoming, body), response);
      return;
    }
    for (const { before } of concerned) {
      const answer = await before?.(call);
      if (answer !== undefined) {
        response.writeHead(answer.status, { "content-type": "text/xml" }).end(answer.text);
        return;
      }
    }
    const ask = async () => {
      const asked = await handOn(emulator, incoming, Buffer.from(call.body));
      return { upstream: asked, original: (await buffer(asked)).toString() };
    };
    const { upstream, original } = await (concerned.some(({ inTurn }) => inTurn) ? turns(ask) : ask());
    const done = keptBack.get(call.action);
    if (done !== undefined) {
      keptBack.delete(call.action);
      done();
      return;
    }
    const answer = Buffer.from(concerned.reduce((text, { after }) => after?.(call, text) ?? text, original));
    const headers = { ...upstream.headers, "content-length": answer.length };
    response.writeHead(upstream.statusCode ?? 502, headers).end(answer);
  }
  const server = createServer((incoming, response) => {
    serve(incoming, response).catch(() => response.destroy());
  });
  const endpoint = await listen(server);
  return {
    endpoint,
    refreshes,
    recordChanges,
    keepBackAnswerTo: (action) => new Promise((resolve) => keptBack.set(action, resolve)),
    stop: () => close(server),
  };
}

/** Has each task begin when the one before has ended, in whatever way. */
function oneAfterTheOther(): <T>(task: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (task) => {
    const result = last.then(task);
    last = result.catch(() => undefined);
    return result;
  };
}

function callOf({ headers, method = "", url = "" }: IncomingMessage, bytes: Buffer): Call | undefined {
  const { "content-type": type = "", authorization = "" } = headers;
  const [, region = ""] = /Credential=[^/]*\/\d+\/([^/]+)\//.exec(authorization) ?? [];
  const body = bytes.toString();
  if (type.startsWith("application/x-www-form-urlencoded")) {
    return { action: new URLSearchParams(body).get("Action") ?? "", region, resource: "", body };
  }
  const [, quotaAction] = /^ServiceQuotas\w*\.(\w+)$/.exec(String(headers["x-amz-target"] ?? "")) ?? [];
  if (quotaAction !== undefined) {
    return { action: quotaAction, region, resource: "", body };
  }
  const [, kind, resource = "", part = ""] = ROUTE_53.exec(url) ?? [];
  const action = ROUTE_53_ACTIONS[[method, kind, resource && "id", part].filter(Boolean).join(" ")];
  return action === undefined ? undefined : { action, region, resource, body };
}

/** The addresses of Route 53's interface, which name the action. */
const ROUTE_53 = /^\/2013-04-01\/(\w+)(?:\/([\w-]+))?(?:\/(\w+))?\/?(?:\?|$)/;

const ROUTE_53_ACTIONS: Readonly<Record<string, string>> = {
  "POST hostedzone id rrset": "ChangeResourceRecordSets",
  "GET hostedzone id rrset": "ListResourceRecordSets",
  "POST healthcheck": "CreateHealthCheck",
  "GET healthcheck": "ListHealthChecks",
  "GET healthcheck id": "GetHealthCheck",
  "POST healthcheck id": "UpdateHealthCheck",
};

/** Asks the emulator, which reads region and service in the credential and does not look at the signature. */
async function askEc2(
  emulator: string,
  region: string,
  Action: string,
  parameters: Readonly<Record<string, string>>,
): Promise<string> {
  const scope = `Credential=test/20260101/${region}/ec2/aws4_request`;
  const answer = await fetch(emulator, {
    method: "POST",
    headers: { authorization: `AWS4-HMAC-SHA256 ${scope}, SignedHeaders=host, Signature=0` },
    body: new URLSearchParams({ Action, Version: "2016-11-15", ...parameters }),
  });
  return answer.text();
}

function passOn(upstream: IncomingMessage, response: ServerResponse): void {
  response.writeHead(upstream.statusCode ?? 502, upstream.headers);
  upstream.pipe(response);
}
