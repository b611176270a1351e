import { stickyCookies } from "../../simulation/load-balancer/stickiness";
import type { ActionModel, ListenerModel, TargetGroupModel } from "../../simulation/model";
import {
  deployment,
  group,
  listener,
  loadBalancer,
  region,
  request,
  Simulated,
  targetGroup,
} from "../support/simulated";

const GROUPS = ["a", "b"].map((name) => `aws_lb_target_group.${name}`);

function serving(
  told: Partial<ListenerModel>,
  ofGroups: Partial<TargetGroupModel> = {},
  empty: readonly string[] = [],
) {
  const model = region({
    loadBalancers: [loadBalancer({ listeners: [listener(told)] })],
    targetGroups: GROUPS.map((address) => targetGroup({ ...ofGroups, address, name: address })),
    groups: GROUPS.filter((address) => !empty.includes(address)).map((address) =>
      group({ address: `group of ${address}`, name: address, targetGroups: [address] }),
    ),
  });
  const simulated = new Simulated(deployment({ regions: [model] }));
  simulated.clock.runUntil(200);
  return simulated;
}

function weighted(weights: readonly number[], stickyFor = 0): ActionModel {
  return {
    type: "forward",
    targetGroups: GROUPS.map((address, index) => ({ targetGroup: address, weight: weights[index] ?? 0 })),
    stickyFor,
  };
}

function decide(simulated: Simulated, told: Parameters<typeof request>[0] = {}) {
  const [node] = simulated.loadBalancer.nodes;
  if (node === undefined) {
    throw new Error("there are three");
  }
  return simulated.loadBalancer.decide(80, node, request(told));
}

it("shares requests by weight", () => {
  const simulated = serving({ defaultAction: weighted([95, 5]) });
  let canary = 0;
  for (let each = 0; each < 4000; each += 1) {
    const decision = decide(simulated);
    canary += decision.kind === "forward" && decision.targetGroup.model.address === GROUPS[1] ? 1 : 0;
  }
  expect(Math.abs(canary - 200)).toBeLessThan(4 * Math.sqrt(4000 * 0.05 * 0.95));
});

it("answers 503 where a target group has no target, and where all weights are 0", () => {
  const simulated = serving({ defaultAction: weighted([1, 0]) }, {}, [GROUPS[0] ?? ""]);
  expect(decide(simulated)).toMatchObject({ kind: "refuse", status: 503, why: `${GROUPS[0]} has no target` });
  expect(decide(serving({ defaultAction: weighted([0, 0]) }))).toMatchObject({
    status: 503,
    why: "all target groups of the rule have weight 0",
  });
  const own = simulated.region.metrics.series("HTTPCode_ELB_503_Count", { LoadBalancer: "aws_lb.entry" });
  expect(own.statistic("Sum", 3, 1)).toBe(1);
});

it("answers by itself, redirects, rewrites, and answers 500 where a transform gives what cannot be sent", () => {
  const answer = { type: "fixed-response", status: 404, contentType: "text/plain", body: "no" } as const;
  expect(decide(serving({ defaultAction: answer }))).toMatchObject({
    kind: "answer",
    status: 404,
    body: "no",
  });
  const redirect = { protocol: "HTTPS", host: "#{host}", port: "443", path: "/#{path}", query: "#{query}" };
  expect(
    decide(serving({ defaultAction: { type: "redirect", status: 301, ...redirect } }), { path: "/x" }),
  ).toMatchObject({ kind: "redirect", status: 301, location: "https://models.example.com:443/x" });
  const rule = { address: "rule", priority: 1, conditions: [], action: weighted([1, 0]) };
  const rewriting = { ...rule, pathRewrite: { regex: "^/m/(.*)$", replace: "/$1" } };
  expect(decide(serving({ rules: [rewriting] }), { path: "/m/v1", query: "x=1" })).toMatchObject({
    kind: "forward",
    url: "/v1?x=1",
  });
  const bad = { ...rule, pathRewrite: { regex: "^/", replace: "" } };
  expect(decide(serving({ rules: [bad] }), { path: "/m" })).toMatchObject({ kind: "refuse", status: 500 });
});

it("keeps a client at its target group and at its target, by cookies, until their time is over", () => {
  const simulated = serving(
    { defaultAction: weighted([50, 50], 600) },
    { stickiness: { by: "load balancer", seconds: 300 } },
  );
  const first = decide(simulated);
  if (first.kind !== "forward") {
    throw new Error("it is forwarded");
  }
  const given = stickyCookies(first, simulated.clock.now, new Set());
  expect(given.map((each) => each.split("=")[0])).toEqual([
    "AWSALBTG",
    "AWSALBTGCORS",
    "AWSALB",
    "AWSALBCORS",
  ]);
  const cookie = given.map((each) => each.split(";")[0]).join("; ");
  const again = () => {
    const decision = decide(simulated, { headers: { cookie } });
    return decision.kind === "forward" ? decision.target.instance : "";
  };
  const kept = new Set(Array.from({ length: 20 }, again));
  expect(kept).toEqual(new Set([first.target.instance]));
  simulated.clock.run(301);
  expect(new Set(Array.from({ length: 20 }, again)).size).toBe(3);
  simulated.clock.run(300);
  expect(new Set(Array.from({ length: 60 }, again)).size).toBe(6);
});

it("chooses another target for a sticky client when its own is unhealthy", () => {
  const simulated = serving(
    { defaultAction: weighted([1, 0]) },
    { stickiness: { by: "load balancer", seconds: 3600 } },
  );
  const first = decide(simulated);
  if (first.kind !== "forward") {
    throw new Error("it is forwarded");
  }
  const cookie = stickyCookies(first, simulated.clock.now, new Set())[0]?.split(";")[0];
  simulated.dead.add(first.target.instance);
  simulated.clock.run(60);
  const next = decide(simulated, { headers: { cookie } });
  expect(next.kind === "forward" && next.target.instance).not.toBe(first.target.instance);
});

it("sticks by a cookie of the application only once that has set its own", () => {
  const simulated = serving(
    { defaultAction: weighted([1, 0]) },
    { stickiness: { by: "application", cookie: "session", seconds: 60 } },
  );
  const first = decide(simulated);
  if (first.kind !== "forward") {
    throw new Error("it is forwarded");
  }
  expect(stickyCookies(first, 0, new Set(["other"]))).toEqual([]);
  expect(stickyCookies(first, 0, new Set(["session"]))[0]).toMatch(/^AWSALBAPP-0=/);
});

it("leaves zones out of DNS in which too few targets are healthy, or that are shifted away from", () => {
  const simulated = serving({ defaultAction: weighted([1, 1]) }, { crossZone: false });
  const zones = () => simulated.loadBalancer.nodesInDns().map(({ zone }) => zone);
  expect(zones()).toEqual(["a", "b", "c"]);
  simulated.dead.add("i-1");
  simulated.clock.run(60);
  expect(zones()).toEqual(["b", "c"]);
  simulated.loadBalancer.shiftedZone = "b";
  expect(zones()).toEqual(["c"]);
  for (const instance of ["i-2", "i-3", "i-4", "i-5", "i-6"]) {
    simulated.dead.add(instance);
  }
  simulated.clock.run(60);
  expect(zones()).toEqual(["a", "c"]);
});
