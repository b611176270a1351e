import type { Stacks } from "../simulation/terraform/resolve";
import { entriesOf, type Json } from "../testing/terraform/json";
import { type Endpoint, schemeOf } from "./endpoints";
import type { LoadTarget } from "./load";

/** A model, as clients of this machine reach it. */
export interface ModelUrl {
  readonly model: string;
  /** The region, or `global`. */
  readonly stack: string;
  readonly baseUrl: string;
  readonly target: LoadTarget;
}

/**
 * The `base_url` of each model at each endpoint, from the outputs of the stacks.
 *
 * @param authority the certificate that clients of an endpoint with TLS trust
 */
export function modelUrls(
  stacks: Stacks,
  endpoints: readonly Endpoint[],
  authority: string | undefined,
): readonly ModelUrl[] {
  return Object.entries(stacks).flatMap(([stack, json]) =>
    entriesOf(json?.output?.openai_base_urls?.value).flatMap(([model, value]) =>
      urlOf(stack, model, value, endpoints, authority),
    ),
  );
}

function urlOf(
  stack: string,
  model: string,
  value: Json,
  endpoints: readonly Endpoint[],
  authority: string | undefined,
): readonly ModelUrl[] {
  const url = URL.canParse(String(value)) ? new URL(String(value)) : undefined;
  // A stack without a domain has the name of its load balancer, which only AWS knows.
  const path = url?.pathname ?? /^\w+:\/\/[^/]*(\/.*)$/.exec(String(value).replace(/\$\{[^}]*\}/g, "x"))?.[1];
  const endpoint = endpoints.find(({ names, region }) =>
    url !== undefined && names.includes(url.hostname) ? true : names.length === 0 && region === stack,
  );
  if (endpoint === undefined || path === undefined) {
    return [];
  }
  const target = {
    port: endpoint.port,
    authority: endpoint.tls && authority,
    host: url?.hostname ?? "localhost",
    path: `${path}/chat/completions`,
    model,
  };
  return [{ model, stack, baseUrl: `${schemeOf(endpoint)}://127.0.0.1:${endpoint.port}${path}`, target }];
}
