import type { Assumed } from "../assumptions";
import type { Metrics, Series } from "../cloudwatch/metrics";
import type { ActionModel, Address, AuthenticationModel, ListenerModel, LoadBalancerModel } from "../model";
import { cookiesIn, unsealed } from "../requests/cookies";
import type { RequestFacts } from "../requests/request";
import { redirectTo } from "../requests/rewrite";
import { type Rule, ruleFor, rulesOf } from "../requests/rules";
import type { NodePlace } from "../targets/eligible";
import type { Target } from "../targets/target";
import type { TargetGroup } from "../targets/target-group";
import type { Random } from "../time/random";
import type { Clock } from "../time/timeline";
import { GROUP_COOKIE, TARGET_COOKIE } from "./stickiness";

/** What a load balancer does with a request. */
export type Decision =
  | {
      readonly kind: "answer";
      readonly rule: string;
      readonly status: number;
      readonly contentType: string;
      readonly body: string;
    }
  | { readonly kind: "redirect"; readonly rule: string; readonly status: number; readonly location: string }
  /** It answers for itself, as it can send the request to nobody. */
  | { readonly kind: "refuse"; readonly rule: string; readonly status: 401 | 500 | 503; readonly why: string }
  /** The client has to show who it is, and is then answered by the same rule. */
  | {
      readonly kind: "authenticate";
      readonly rule: string;
      readonly by: Exclude<AuthenticationModel, { readonly type: "unknown" }>;
      readonly proceed: () => Act;
    }
  | {
      readonly kind: "forward";
      readonly rule: string;
      readonly targetGroup: TargetGroup;
      readonly target: Target;
      /** Path and query, as the target gets them. */
      readonly url: string;
      readonly host: string;
      /** How long the client keeps its target group; 0: it does not. */
      readonly groupStickyFor: number;
    };

/** What it does with a request that may go on. */
export type Act = Exclude<Decision, { readonly kind: "authenticate" }>;

interface Forward {
  readonly stickyFor: number;
  readonly total: number;
  readonly choices: readonly { readonly targetGroup: TargetGroup; readonly weight: number }[];
}

/** What a load balancer needs of its surroundings. */
export interface LoadBalancerSurroundings {
  readonly clock: Clock;
  readonly random: Random;
  readonly assumed: Assumed;
  readonly metrics: Metrics;
  readonly targetGroups: ReadonlyMap<Address, TargetGroup>;
}

/** The nodes of a load balancer: some in each of its zones. */
export function nodesOf({ zones }: Pick<LoadBalancerModel, "zones">, assumed: Assumed): readonly NodePlace[] {
  return zones
    .flatMap((zone) => Array.from({ length: assumed.nodesPerZone }, () => zone))
    .map((zone, index) => ({ index, zone }));
}

/** A load balancer at work: the nodes decide about requests by the same rules, each by its own view of the targets. */
export class LoadBalancer {
  readonly nodes: readonly NodePlace[];
  /** The zone that a zonal shift leads away from. */
  shiftedZone: string | undefined;
  #rules = new Map<number, readonly Rule[]>();
  #forwards = new WeakMap<ActionModel, Forward>();
  readonly #requests: Series;
  readonly #own5xx: Series;
  readonly #byStatus = new Map<number, Series>();

  constructor(
    public model: LoadBalancerModel,
    private readonly around: LoadBalancerSurroundings,
  ) {
    this.nodes = nodesOf(model, around.assumed);
    const of = { LoadBalancer: model.address };
    this.#requests = around.metrics.series("RequestCount", of);
    this.#own5xx = around.metrics.series("HTTPCode_ELB_5XX_Count", of);
    for (const status of [500, 502, 503, 504]) {
      this.#byStatus.set(status, around.metrics.series(`HTTPCode_ELB_${status}_Count`, of));
    }
    this.follow(model);
  }

  /** Takes other rules and weights. What runs goes on. */
  follow(model: LoadBalancerModel): void {
    this.model = model;
    this.#rules = new Map(model.listeners.map((listener) => [listener.port, rulesOf(listener)]));
    this.#forwards = new WeakMap();
  }

  /** @param port of the listener */
  decide(port: number, node: NodePlace, request: RequestFacts): Decision {
    const rules = this.#rules.get(port);
    const listener = this.model.listeners.find((each) => each.port === port);
    if (rules === undefined || listener === undefined) {
      throw new Error(`${this.model.name} has no listener at ${port}`);
    }
    this.#requests.add(1);
    const rule = ruleFor(rules, request);
    const by = rule.action.authentication;
    if (by?.type === "unknown") {
      return this.#refuse(rule, 500, `${by.name} is not simulated, and lets nobody through`);
    }
    const proceed = () => this.#act(rule, listener, node, request);
    return by === undefined ? proceed() : { kind: "authenticate", rule: rule.address, by, proceed };
  }

  #act(rule: Rule, listener: ListenerModel, node: NodePlace, request: RequestFacts): Act {
    const { action, address } = rule;
    switch (action.type) {
      case "fixed-response":
        return {
          kind: "answer",
          rule: address,
          status: action.status,
          contentType: action.contentType,
          body: action.body,
        };
      case "redirect":
        return {
          kind: "redirect",
          rule: address,
          status: action.status,
          location: redirectTo(action, request, listener),
        };
      case "forward":
        return this.#forward(rule, action, node, request);
    }
  }

  /** Counts an answer that the load balancer gave for itself. */
  failed(status: number): void {
    if (status >= 500) {
      this.#own5xx.add(1);
      this.#byStatus.get(status)?.add(1);
    }
  }

  /**
   * The nodes whose addresses DNS has. Zones in which a target group has too few healthy targets are left out, and so
   * is a zone that is shifted away from. If nothing is left, all are there.
   * Source: ELB user guide, "Target group health".
   */
  nodesInDns(isUp: (node: NodePlace) => boolean = () => true): readonly NodePlace[] {
    const groups = this.#inUse();
    const open = this.nodes.filter(({ zone }) => zone !== this.shiftedZone);
    const good = open.filter((node) => isUp(node) && groups.every((group) => group.servesZone(node)));
    return good.length > 0 ? good : open;
  }

  /**
   * Whether Route 53 takes an alias of this load balancer as healthy: every target group has a healthy target. One
   * without targets is unhealthy. Source: Route 53 developer guide, "Evaluate target health".
   */
  get isHealthy(): boolean {
    const groups = this.#inUse();
    return this.nodes.some((node) => groups.every((group) => group.servesZone(node)));
  }

  /** The target groups that a listener refers to. */
  #inUse(): readonly TargetGroup[] {
    const used = new Set<TargetGroup>();
    for (const { action } of [...this.#rules.values()].flat()) {
      if (action.type === "forward") {
        for (const { targetGroup } of this.#forwardOf(action).choices) {
          used.add(targetGroup);
        }
      }
    }
    return [...used];
  }

  #forward(
    rule: Rule,
    action: Extract<ActionModel, { readonly type: "forward" }>,
    node: NodePlace,
    request: RequestFacts,
  ): Act {
    const whole = request.query === "" ? request.path : `${request.path}?${request.query}`;
    const url = rule.rewritePath === undefined ? whole : rule.rewritePath(whole);
    const host = rule.rewriteHost === undefined ? request.host : rule.rewriteHost(request.host);
    if (url === undefined || host === undefined) {
      return this.#refuse(rule, 500, "the transform of the rule gives what cannot be sent");
    }
    const cookies = cookiesIn(request.headers.cookie);
    const forward = this.#forwardOf(action);
    const targetGroup = this.#groupFor(forward, cookies);
    if (targetGroup === undefined) {
      return this.#refuse(rule, 503, "all target groups of the rule have weight 0");
    }
    const target = this.#targetFor(targetGroup, node, cookies);
    if (target === undefined) {
      return this.#refuse(rule, 503, `${targetGroup.model.name} has no target`);
    }
    const groupStickyFor = forward.choices.length > 1 ? forward.stickyFor : 0;
    return { kind: "forward", rule: rule.address, targetGroup, target, url, host, groupStickyFor };
  }

  #refuse({ address }: Rule, status: 500 | 503, why: string): Act {
    this.failed(status);
    return { kind: "refuse", rule: address, status, why };
  }

  /** By weight, but for a client that keeps its target group. Source: ELB user guide, "Forward actions". */
  #groupFor(
    { choices, total, stickyFor }: Forward,
    cookies: ReadonlyMap<string, string>,
  ): TargetGroup | undefined {
    const kept = stickyFor > 0 ? unsealed(cookies.get(GROUP_COOKIE), this.around.clock.now) : undefined;
    const known = choices.find(({ targetGroup }) => targetGroup.model.address === kept);
    if (known !== undefined) {
      return known.targetGroup;
    }
    let at = choices.length === 1 ? 0 : this.around.random() * total;
    for (const { targetGroup, weight } of choices) {
      if (at < weight) {
        return targetGroup;
      }
      at -= weight;
    }
    return undefined;
  }

  #targetFor(
    targetGroup: TargetGroup,
    node: NodePlace,
    cookies: ReadonlyMap<string, string>,
  ): Target | undefined {
    const { stickiness } = targetGroup.model;
    const instance = stickiness && unsealed(cookies.get(TARGET_COOKIE[stickiness.by]), this.around.clock.now);
    const kept = instance === undefined ? undefined : targetGroup.kept(instance, node, this.shiftedZone);
    return kept ?? targetGroup.choose(node, this.shiftedZone);
  }

  #forwardOf(action: Extract<ActionModel, { readonly type: "forward" }>): Forward {
    const known = this.#forwards.get(action);
    if (known !== undefined) {
      return known;
    }
    const choices = action.targetGroups.flatMap(({ targetGroup: address, weight }) => {
      const targetGroup = this.around.targetGroups.get(address);
      return targetGroup === undefined ? [] : [{ targetGroup, weight }];
    });
    const total = choices.reduce((sum, { weight }) => sum + weight, 0);
    const forward = { choices, total, stickyFor: action.stickyFor };
    this.#forwards.set(action, forward);
    return forward;
  }
}
