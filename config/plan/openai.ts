import { FIXED_RESPONSE_BODY, RULES_PER_LOAD_BALANCER } from "../../aws/limits";
import { conditionsIn } from "../routes/condition-table";
import { contains } from "../routes/containment";
import type { RouteConditions } from "../routes/route";
import { matchesUrlPart, urlPartCandidates } from "../routes/url-parts";
import type { RouteFile } from "../schema/route";
import { presetOf, publicPathsOf } from "../servers/presets";
import type { Callers } from "./callers";
import type { Region, Rule } from "./deployment";
import type { Model } from "./model";
import type { UnplacedRule } from "./model-route";
import { listedName } from "./model-start";
import { opens } from "./public-paths";
import { rewrittenPath } from "./rewritten-path";
import { servedModel } from "./served-model";
import { type Endpoint, originOf, sortedRoutes } from "./urls";

/** Beginning of the paths of OpenAI's API. */
const API = "/v1";

/** Path of the list of models. Source: OpenAI API reference, Models, List models. */
const LIST_PATH = `${API}/models`;

const LIST_REQUEST = { path: [LIST_PATH], method: ["GET"] } as const satisfies RouteConditions;

/**
 * Least priority of the rule with the list of models, which it has unless a route has it: after all derived priorities of routes with conditions, and before those
 * of catch-alls, which have their homes above. So a route by host or header leads to its own model's list.
 */
const LIST_PRIORITY = 49_000;

/** Whether clients of OpenAI's API can use a model: its server has paths of that API, and they are open. */
export function speaksOpenAi({
  server,
  protocol,
  opens: openings,
}: Pick<Model, "server" | "protocol" | "opens">): boolean {
  return (
    protocol !== "grpc" &&
    publicPathsOf(server).POST.some((path) => path.startsWith(`${API}/`)) &&
    (openings === "everything" ||
      openings.some(({ paths }) => paths.some((path) => path.startsWith(`${API}/`))))
  );
}

/**
 * The name by which a model's server knows it, which clients send as `model`: the one of its first variant. The name of
 * the model in the file for a server that takes any. Undefined where it is not known.
 */
export function servedName({
  name,
  server,
  variants: [variant],
}: Pick<Model, "name" | "server" | "variants">): string | undefined {
  if (variant === undefined) {
    return undefined;
  }
  const { settings } = variant;
  const place = servedModel(server, settings)?.place;
  const hasPath = place === "weights" || place === "container";
  return listedName(server, settings, name) ?? (hasPath && takesAnyName(server) ? name : undefined);
}

function takesAnyName(server: Model["server"]): boolean {
  return presetOf(server)?.model.hasOwnNames !== true;
}

/** Where and how a client of OpenAI's API reaches a model. */
export interface ClientAddress {
  /** The client's `base_url`, such as `https://models.example.com/llama/v1`. */
  readonly baseUrl: string;
  /** Headers that each request has to have; empty: none. */
  readonly headers: Readonly<Record<string, string>>;
  /** What the client sends as `model`; undefined where only the server knows. */
  readonly model: string | undefined;
  /** Where the server itself lists its models; undefined where no route leads there, or the load balancer answers. */
  readonly listUrl: string | undefined;
}

/**
 * The address of a model for clients of OpenAI's API; undefined when no route leads to that API, or a client has to send
 * more than headers.
 *
 * @param hasList whether the load balancer itself answers with the list of models
 */
export function clientAddress(
  model: Model,
  defaultModel: string | undefined,
  endpoint: Endpoint,
  hasList: boolean,
): ClientAddress | undefined {
  if (!speaksOpenAi(model)) {
    return undefined;
  }
  const name = servedName(model);
  const lists = opens(model.opens, "GET", LIST_PATH);
  const found = sortedRoutes(model.routes, endpoint).flatMap((route) => {
    const origin = originOf(route, endpoint);
    const base = basePath(route);
    const headers = headersOf(route);
    const canPost = route.method?.includes("POST") ?? true;
    if (!canPost || origin === undefined || base === undefined || headers === undefined) {
      return [];
    }
    const canList =
      lists && (route.method?.includes("GET") ?? true) && matchesUrlPart(route, "path", `${base}/models`);
    const baseUrl = `${origin}${base}`;
    return [{ baseUrl, headers, model: name, listUrl: canList ? `${baseUrl}/models` : undefined }];
  });
  const plain = found.find(({ headers }) => Object.keys(headers).length === 0);
  const atRoot =
    model.name === defaultModel
      ? {
          baseUrl: `${endpoint.url}${API}`,
          headers: {},
          model: name,
          listUrl: lists && !hasList ? `${endpoint.url}${LIST_PATH}` : undefined,
        }
      : undefined;
  return plain ?? atRoot ?? found[0];
}

/** {@link ClientAddress.baseUrl} of each model that has one without headers, by name. */
export function openAiBaseUrls(
  models: readonly Model[],
  defaultModel: string | undefined,
  endpoint: Endpoint,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    models.flatMap((model) => {
      const address = clientAddress(model, defaultModel, endpoint, false);
      return address === undefined || Object.keys(address.headers).length > 0
        ? []
        : [[model.name, address.baseUrl] as const];
    }),
  );
}

/** The path before `/chat/completions` in the URLs of clients: the shortest by which a request gets to the server's own `/v1`. */
function basePath(route: RouteFile): string | undefined {
  return [...urlPartCandidates(route, "path"), ""]
    .map((begin) => begin.replace(/\/$/, ""))
    .flatMap((begin) => (begin.endsWith(API) ? [begin, `${begin}${API}`] : [`${begin}${API}`]))
    .find((base) => {
      const request = `${base}/chat/completions`;
      return matchesUrlPart(route, "path", request) && rewrittenPath(route, request).startsWith(`${API}/`);
    });
}

/** Headers that a client sends for a route; undefined when headers alone are not enough, or a value is not spelled out. */
function headersOf(route: RouteFile): Readonly<Record<string, string>> | undefined {
  if (route.query !== undefined) {
    return undefined;
  }
  const headers = conditionsIn(route)
    .filter(({ kind }) => kind === "headers")
    .map(({ name = "", values }) => [name, values.find((value) => !/[*?]/.test(value))] as const);
  return headers.every(([, value]) => value !== undefined)
    ? (Object.fromEntries(headers) as Record<string, string>)
    : undefined;
}

/** What a region says of its models, and where that finds its place. */
export interface ModelListInputs {
  /** Whether the entry has such a list. Undefined: where it fits. */
  readonly wanted: boolean | undefined;
  readonly deployment: string;
  readonly models: readonly Model[];
  readonly defaultModel: string | undefined;
  readonly routeRules: readonly UnplacedRule[];
  readonly rules: readonly Rule[];
  /** How callers of the entry show who they are. */
  readonly callers: Callers["kind"];
  /** Rules of the load balancer beside those of the routes. */
  readonly otherRules: number;
}

/**
 * The list of models with which the listener answers `GET /v1/models`. Models whose names are not known are not in it.
 * There is none when nothing is to be listed, or a model has that path: by a route with a path of its own, or as the
 * default model when there is no other. Nor where keys are all that guards the models and nobody asked for a list: the load
 * balancer knows no keys, so anybody would learn the names. A list that nobody asked for, and that does not fit, is left out:
 * `modelListLeftOut` says why.
 */
export function modelListOf(inputs: ModelListInputs): Pick<Region, "modelList" | "modelListLeftOut"> {
  const { wanted, models, defaultModel, callers, routeRules, rules, otherRules } = inputs;
  const names = models.filter(speaksOpenAi).flatMap((model) => servedName(model) ?? []);
  const ids = [...new Set(names)].sort();
  const [only] = models;
  const isOwn =
    models.length === 1 &&
    only !== undefined &&
    only.name === defaultModel &&
    opens(only.opens, "GET", LIST_PATH);
  const isTaken = routeRules.some(
    ({ requests, path }) => path[0] === "models" && contains(requests, LIST_REQUEST),
  );
  if (wanted === false || isOwn || isTaken || (callers === "apiKey" && !wanted)) {
    return {};
  }
  if (ids.length === 0) {
    return wanted
      ? { modelListLeftOut: "of no model that speaks OpenAI's API the name is known, so it would be empty" }
      : {};
  }
  const data = ids.map((id) => ({ id, object: "model", created: 0, owned_by: inputs.deployment }));
  const body = JSON.stringify({ object: "list", data });
  const taken = new Set(rules.map(({ priority }) => priority));
  let priority = LIST_PRIORITY;
  while (taken.has(priority)) {
    priority++;
  }
  const modelList = { priority, conditions: LIST_REQUEST, body };
  if (wanted) {
    return { modelList };
  }
  const room = RULES_PER_LOAD_BALANCER.max - rules.length - otherRules;
  if (body.length > FIXED_RESPONSE_BODY.maxLength) {
    return {
      modelListLeftOut: `it would take ${body.length} characters, and an answer of a load balancer has at most ${FIXED_RESPONSE_BODY.maxLength}`,
    };
  }
  if (room < 0) {
    // The checks refuse the rules.
    return {};
  }
  if (room === 0) {
    return { modelListLeftOut: `the other rules take all ${RULES_PER_LOAD_BALANCER.max} of a load balancer` };
  }
  return { modelList };
}
