import type { ActionModel, ConditionModel, ListenerModel, RegionModel, RuleModel } from "../simulation/model";
import type { RequestFacts } from "../simulation/requests/request";
import { type Rule, ruleFor, rulesOf } from "../simulation/requests/rules";
import { isHealthCheckPath } from "../testing/terraform/health-check-path";
import { groupAt } from "./all-kinds";
import { covers } from "./callers";
import { CLEAREST, exampleOfGlob, exampleOfRegex } from "./example-texts";
import { groupsOfTargets, servedByTargets, targetsOf } from "./sides";

/** A request that a change sends elsewhere. */
export interface Rerouted {
  /** `GET https://models.example.com/llama/v1/models, x-model: llama` */
  readonly request: string;
  /** Where it went, and where it goes: `llama stable 95 %, llama canary 5 %`; `404`. */
  readonly before: string;
  readonly after: string;
  /** Whether it was served, and is not, or not without showing what it need not before. */
  readonly isLost: boolean;
}

/** Examples of a rule, so that a long list of paths does not hide the other rules. */
const EXAMPLES_OF_A_RULE = 3;

/**
 * Requests that are answered otherwise after the change: for each rule of before and after some that meet all its
 * conditions, decided by the rules of both.
 */
export function rerouted(before: RegionModel, after: RegionModel): readonly Rerouted[] {
  const found = new Map<string, Rerouted>();
  const isEmpty = (targetGroup: string) => isStartedIn(targetGroup, before, after);
  for (const [one, other] of sameListeners(before, after)) {
    const [old, now] = [rulesOf(one), other && rulesOf(other)];
    const examples = [...one.rules, ...(other?.rules ?? [])].flatMap(examplesOf);
    for (const request of [...examples, ANY]) {
      const text = textOf(request, other ?? one);
      const was = ruleFor(old, request);
      const is = now && ruleFor(now, request);
      const [went, goes] = [
        outcome(before, was, () => false),
        is === undefined ? nothingAt(one, after) : outcome(after, is, isEmpty),
      ];
      const isLost =
        !isHealthCheckPath(request.path) &&
        isServed(was) &&
        (is === undefined ||
          !isServed(is) ||
          targetsOf(is.action).some(isEmpty) ||
          !covers(was.action.authentication, is.action.authentication));
      if ((isLost || went !== goes) && !found.has(text)) {
        const told = went === goes ? `${goes}, of other claims or keys` : goes;
        found.set(text, { request: text, before: went, after: told, isLost });
      }
    }
  }
  return [...found.values()];
}

/** A request that only a default action answers. */
const ANY: RequestFacts = {
  method: "GET",
  host: "example.com",
  path: "/",
  query: "",
  headers: {},
  source: "198.51.100.1",
};

/** Whether clients come to what they ask for, by a redirect too. */
function isServed(rule: Rule): boolean {
  return rule.action.type === "redirect" || targetsOf(rule.action).length > 0;
}

/** Whether all instances of a target group are launched by the change: a weight counts at once, and they have to load. */
function isStartedIn(targetGroup: string, before: RegionModel, after: RegionModel): boolean {
  const groups = groupsOfTargets(after, targetGroup);
  return (
    groups.length > 0 && groups.every(({ address }) => (groupAt(before.groups, address)?.max ?? 0) === 0)
  );
}

function nothingAt({ port }: ListenerModel, { loadBalancers }: RegionModel): string {
  const other = loadBalancers.flatMap(({ listeners }) => listeners).find((each) => each.port === port);
  return other === undefined
    ? `nothing listens at port ${port}`
    : `port ${port} speaks ${other.protocol} now`;
}

/** The listeners of before with those of the same port and encryption; a new one has no other to compare with. */
function sameListeners(
  before: RegionModel,
  after: RegionModel,
): readonly (readonly [ListenerModel, ListenerModel | undefined])[] {
  const listeners = ({ loadBalancers }: RegionModel) => loadBalancers.flatMap((each) => each.listeners);
  return listeners(before).map((one) => [
    one,
    listeners(after).find((other) => other.port === one.port && isEncrypted(other) === isEncrypted(one)),
  ]);
}

const isEncrypted = ({ protocol }: ListenerModel) => protocol !== "HTTP";

function examplesOf(rule: RuleModel): readonly RequestFacts[] {
  const paths = rule.conditions.filter(({ field }) => field === "path").flatMap(textsOf);
  const given = paths.length > 0 ? paths : ["/"];
  const [own] = rulesOf({
    address: "",
    port: 0,
    protocol: "HTTP",
    defaultAction: rule.action,
    rules: [rule],
  });
  return given
    .map((path) => rule.conditions.reduce(meet, { ...ANY, path }))
    .filter((request) => own?.test(request))
    .sort((a, b) => Number(b.path.includes(CLEAREST)) - Number(a.path.includes(CLEAREST)))
    .slice(0, EXAMPLES_OF_A_RULE);
}

function textsOf(condition: ConditionModel): readonly string[] {
  switch (condition.field) {
    case "path":
    case "host":
    case "header":
      return condition.values.map((value) =>
        condition.regex ? exampleOfRegex(value) : exampleOfGlob(value),
      );
    case "query":
      return condition.values.map(({ key, value }) =>
        key === undefined ? exampleOfGlob(value) : `${key}=${exampleOfGlob(value)}`,
      );
    case "method":
    case "source":
      return condition.values;
  }
}

function meet(request: RequestFacts, condition: ConditionModel): RequestFacts {
  const [first = ""] = textsOf(condition);
  switch (condition.field) {
    case "path":
      return request;
    case "host":
      return { ...request, host: first };
    case "header":
      return { ...request, headers: { ...request.headers, [condition.name.toLowerCase()]: first } };
    case "method":
      return { ...request, method: condition.values.includes("POST") ? "POST" : first };
    case "query":
      return { ...request, query: request.query === "" ? first : `${request.query}&${first}` };
    case "source":
      return { ...request, source: first.replace(/\/\d+$/, "") };
  }
}

function textOf({ method, host, path, query, headers, source }: RequestFacts, on: ListenerModel): string {
  const known = host === ANY.host ? "" : `${on.protocol.toLowerCase()}://${host}`;
  const more = [
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    ...(source === ANY.source ? [] : [`from ${source}`]),
  ];
  const port = [80, 443].includes(on.port) && on.protocol === "HTTPS" ? "" : ` at port ${on.port}`;
  return [`${method} ${known}${path}${query === "" ? "" : `?${query}`}${port}`, ...more].join(", ");
}

function outcome(region: RegionModel, { action }: Rule, isEmpty: (targetGroup: string) => boolean): string {
  const asked = action.authentication;
  const by =
    asked === undefined
      ? ""
      : asked.type === "jwt"
        ? `, with a token of ${asked.issuer}`
        : `, after ${asked.name}`;
  return `${answerOf(region, action, isEmpty)}${by}`;
}

function answerOf(
  region: RegionModel,
  action: ActionModel,
  isEmpty: (targetGroup: string) => boolean,
): string {
  switch (action.type) {
    case "fixed-response":
      return `the answer ${action.status}`;
    case "redirect":
      return `a redirect ${action.status} to ${action.protocol}://${action.host}:${action.port}`
        .replace(/#\{host\}/, "the same host")
        .toLowerCase();
    case "forward": {
      const all = action.targetGroups.reduce((sum, { weight }) => sum + weight, 0);
      const shares = action.targetGroups
        .filter(({ weight }) => weight > 0)
        .map(
          ({ targetGroup, weight }) =>
            `${servedByTargets(region, targetGroup)} ${Math.round((1000 * weight) / all) / 10} %${isEmpty(targetGroup) ? ": 503 until it has loaded" : ""}`,
        );
      return shares.length > 0 ? shares.join(", ") : "no target group: the answer 503";
    }
  }
}
