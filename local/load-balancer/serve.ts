import type { Act, LoadBalancer } from "../../simulation/load-balancer/load-balancer";
import type { ListenerModel } from "../../simulation/model";
import { isGrpc, type ProtocolFacts, takes } from "../../simulation/requests/protocols";
import type { RequestFacts } from "../../simulation/requests/request";
import type { NodePlace } from "../../simulation/targets/eligible";
import type { Client } from "./client";
import { sendOwnError } from "./errors";
import { Exchange } from "./exchange";
import { traceOf } from "./headers";
import type { RegionSurroundings } from "./surroundings";

/** The target group does not take what the client speaks. */
const OTHER_PROTOCOL = 464;

/** The load balancer that a request is for, with its listener. */
export interface Way {
  readonly around: RegionSurroundings;
  readonly loadBalancer: LoadBalancer;
  readonly listener: ListenerModel;
  /** The name that a client asks for in AWS: a request for this machine counts as one for it. */
  readonly host: string;
}

/** Answers a request by the rules of its listener, or passes it on to a target. */
export function serve(way: Way, node: NodePlace, client: Client): void {
  const { loadBalancer, listener, around } = way;
  const decision = loadBalancer.decide(listener.port, node, factsOf(client, way.host));
  if (decision.kind !== "authenticate") {
    act(way, node, client, decision);
    return;
  }
  void around.tokens
    .check(client.headers.authorization, decision.by)
    .then((refusal) =>
      around.driver.do(() =>
        act(
          way,
          node,
          client,
          refusal === undefined ? decision.proceed() : { kind: "refuse", rule: decision.rule, ...refusal },
        ),
      ),
    );
}

function act(way: Way, node: NodePlace, client: Client, decision: Act): void {
  const { listener, around } = way;
  const trace = traceOf(client);
  if (
    decision.kind === "forward" &&
    takes(decision.targetGroup.model.protocolVersion, protocolOf(client)) &&
    !client.answer.destroyed
  ) {
    new Exchange(around, node, listener, decision, client, trace).begin();
    return;
  }
  client.body.resume();
  around.ended({
    trace,
    method: client.method,
    path: client.url,
    ...answerItself(decision, client),
    by: "load balancer",
    rule: decision.rule,
    targetGroup: undefined,
    instance: undefined,
  });
}

/** @returns the status, and why it failed */
function answerItself(
  decision: Act,
  client: Client,
): { readonly status: number; readonly failure: string | undefined } {
  if (client.answer.destroyed) {
    return { status: 460, failure: "the client went first" };
  }
  switch (decision.kind) {
    case "answer": {
      const { status, contentType, body } = decision;
      const headers = { "content-type": contentType, "content-length": Buffer.byteLength(body) };
      client.send(status, undefined, { server: "awselb/2.0", ...headers }, body);
      return { status, failure: undefined };
    }
    case "redirect": {
      const { status, location } = decision;
      client.send(status, undefined, { server: "awselb/2.0", "content-length": 0, location }, "");
      return { status, failure: undefined };
    }
    case "refuse":
      sendOwnError(client, decision.status);
      return { status: decision.status, failure: decision.why };
    case "forward":
      sendOwnError(client, OTHER_PROTOCOL);
      return { status: OTHER_PROTOCOL, failure: `the target group does not take ${spokenBy(client)}` };
  }
}

function protocolOf({ version, method, headers }: Client): ProtocolFacts {
  return { version, method, contentType: headers["content-type"] };
}

function spokenBy(client: Client): string {
  return isGrpc(protocolOf(client)) ? "gRPC" : `${client.method} of ${client.version}`;
}

/** What of a request decides about it. */
function factsOf(client: Client, host: string): RequestFacts {
  const { url } = client;
  const at = url.indexOf("?");
  const headers: Record<string, string | undefined> = {};
  for (const name in client.headers) {
    const value = client.headers[name];
    headers[name] = typeof value === "object" ? value.join(", ") : value;
  }
  const asked = client.host.replace(/:\d+$/, "");
  return {
    method: client.method,
    host: /^(localhost|127\.0\.0\.1|\[::1\]|)$/.test(asked) ? host : asked,
    path: at === -1 ? url : url.slice(0, at),
    query: at === -1 ? "" : url.slice(at + 1),
    headers,
    source: client.address,
  };
}
