import { deployment, group, region, Simulated, targetGroup } from "../support/simulated";

/** Three instances in three zones that serve, one node in each zone. */
function serving(told: Parameters<typeof targetGroup>[0] = {}, told2: Parameters<typeof group>[0] = {}) {
  const simulated = new Simulated(
    deployment({ regions: [region({ targetGroups: [targetGroup(told)], groups: [group(told2)] })] }),
  );
  simulated.clock.runUntil(200);
  return simulated;
}

it("sends to a new instance after its model answers and one health check passes", () => {
  const simulated = serving();
  const enters = simulated.when(/^in service/) as number;
  const healthy = simulated.when(/^healthy in a/) as number;
  expect(enters).toBeGreaterThanOrEqual(130);
  expect(healthy - enters).toBeCloseTo(2.01, 5);
  expect(simulated.targetGroup.targets).toHaveLength(3);
});

it("takes a target out after as many failures in a row as the threshold, and back after as many successes", () => {
  const simulated = serving({}, { elbHealth: false });
  simulated.statuses.set("i-1", 500);
  simulated.clock.run(21);
  const target = simulated.targetGroup.targets.find(({ instance }) => instance === "i-1");
  expect(target?.isHealthy(0)).toBe(true);
  simulated.clock.run(10);
  expect(target?.isHealthy(0)).toBe(false);
  simulated.statuses.delete("i-1");
  simulated.clock.run(10);
  expect(target?.isHealthy(0)).toBe(false);
  simulated.clock.run(10);
  expect(target?.isHealthy(0)).toBe(true);
});

it("waits for an answer no longer than the timeout", () => {
  const simulated = serving({}, { elbHealth: false });
  simulated.dead.add("i-1");
  simulated.clock.run(60);
  const told = simulated.events.filter(({ subject, what }) => subject === "i-1" && /^unhealthy/.test(what));
  expect(told.map(({ what }) => what)).toEqual(
    ["a", "b", "c"].map((zone) => `unhealthy in a for ${zone}, after no answer`),
  );
});

it("has one view for each node: a zone that is cut off is unhealthy for the others, and they for it", () => {
  const simulated = serving({}, { elbHealth: false });
  simulated.cutZones.add("a");
  simulated.clock.run(60);
  const views = simulated.targetGroup.targets.map((target) =>
    [0, 1, 2].map((node) => target.isHealthy(node)),
  );
  expect(views).toEqual([
    [true, false, false],
    [false, true, true],
    [false, true, true],
  ]);
});

it("sends to all targets when fewer are healthy than the threshold wants", () => {
  const simulated = serving({ routingThreshold: { count: 2, percentage: 0 } }, { elbHealth: false });
  const node = { index: 0, zone: "a" };
  const chosen = () =>
    new Set(Array.from({ length: 30 }, () => simulated.targetGroup.choose(node, undefined)?.instance));
  simulated.dead.add("i-1");
  simulated.clock.run(60);
  expect([...chosen()].sort()).toEqual(["i-2", "i-3"]);
  simulated.dead.add("i-2");
  simulated.clock.run(60);
  expect([...chosen()].sort()).toEqual(["i-1", "i-2", "i-3"]);
});

it("keeps to its own zone without cross-zone load balancing, and to the others when a zone is shifted away from", () => {
  const simulated = serving({ crossZone: false });
  const chosen = (zone: string, shifted?: string) =>
    simulated.targetGroup.choose({ index: 0, zone }, shifted)?.zone;
  expect([chosen("a"), chosen("b"), chosen("nowhere"), chosen("a", "a")]).toEqual([
    "a",
    "b",
    undefined,
    undefined,
  ]);
  const across = serving();
  const zones = Array.from(
    { length: 30 },
    () => across.targetGroup.choose({ index: 0, zone: "a" }, "a")?.zone,
  );
  expect(new Set(zones)).toEqual(new Set(["b", "c"]));
});

it("gives a draining target no new request, lets what runs end, and cuts it after the delay", () => {
  const simulated = serving({ deregistrationDelay: 100 });
  const [busy, idle] = simulated.targetGroup.targets;
  if (busy === undefined || idle === undefined) {
    throw new Error("there are three");
  }
  simulated.targetGroup.begin(busy);
  const done: string[] = [];
  simulated.targetGroup.deregister(busy.instance, () => done.push("busy"));
  simulated.targetGroup.deregister(idle.instance, () => done.push("idle"));
  expect(done).toEqual(["idle"]);
  const chosen = Array.from({ length: 9 }, () =>
    simulated.targetGroup.choose({ index: 0, zone: "a" }, undefined),
  );
  expect(new Set(chosen)).toEqual(new Set([simulated.targetGroup.targets[1]]));
  simulated.clock.run(99);
  expect(simulated.cut).toEqual([]);
  simulated.clock.run(2);
  expect([simulated.cut, done]).toEqual([[busy.instance], ["idle", "busy"]]);
});

it("ends a drain as soon as the last request ends", () => {
  const simulated = serving();
  const [target] = simulated.targetGroup.targets;
  if (target === undefined) {
    throw new Error("there are three");
  }
  simulated.targetGroup.begin(target);
  const done: string[] = [];
  simulated.targetGroup.deregister(target.instance, () => done.push(target.instance));
  simulated.targetGroup.end(target, 200);
  expect([done, simulated.targetGroup.targets.includes(target)]).toEqual([[target.instance], false]);
});
