import { assume } from "../../simulation/assumptions";
import { loadTimeOf } from "../../simulation/auto-scaling/load-time";
import { interrupt } from "../../simulation/auto-scaling/spot";
import type { GroupModel, RefreshModel } from "../../simulation/model";
import { alarmAbove0, deployment, group, region, Simulated } from "../support/simulated";

function made(told: Partial<GroupModel> = {}): Simulated {
  return new Simulated(deployment({ regions: [region({ groups: [group(told)] })] }));
}

/** A group whose instances serve. */
function serving(told: Partial<GroupModel> = {}): Simulated {
  const simulated = made(told);
  simulated.clock.runUntil(400);
  return simulated;
}

function zonesOf(simulated: Simulated): readonly string[] {
  return [...simulated.group.all].map(({ zone }) => zone).sort();
}

function asRefreshed(simulated: Simulated, version: string): void {
  const { model } = simulated.region;
  const groups = model.groups.map((each) => ({ ...each, instance: { ...each.instance, version } }));
  simulated.deployment.follow({ ...simulated.deployment.model, regions: [{ ...model, groups }] });
}

const REFRESH: RefreshModel = {
  range: { min: 100, max: 120 },
  warmUp: 60,
  skipMatching: true,
  checkpoints: [],
  checkpointDelay: 600,
  alarms: [],
  rollBack: false,
};

it("launches what it wants, spread over its zones, and serves when the hooks are completed", () => {
  const simulated = made({ min: 5 });
  expect(zonesOf(simulated)).toEqual(["a", "a", "b", "b", "c"]);
  simulated.clock.runUntil(60);
  expect(simulated.inState("Pending:Wait")).toHaveLength(5);
  expect(simulated.targetGroup.targets).toEqual([]);
  simulated.clock.runUntil(131);
  expect(simulated.group.inService).toBe(5);
});

it("gives up an instance whose launch hook times out, and launches another one", () => {
  const simulated = made({ min: 1 });
  simulated.loadTime = 10_000;
  simulated.clock.runUntil(629);
  expect(simulated.inState("Pending:Wait")).toEqual(["i-1"]);
  simulated.clock.runUntil(631);
  expect(simulated.when(/^ready timed out: ABANDON/, "i-1")).toBe(630);
  expect([...simulated.group.instances.keys()]).toContain("i-2");
});

it("lets a heartbeat make a hook wait anew", () => {
  const simulated = made({ min: 1 });
  simulated.loadTime = 10_000;
  simulated.clock.runUntil(600);
  simulated.group.heartbeat("i-1");
  simulated.clock.runUntil(1199);
  expect(simulated.inState("Pending:Wait")).toEqual(["i-1"]);
});

it("launches elsewhere when a zone has no capacity, and waits before it tries again when none has any", () => {
  const simulated = serving();
  simulated.withoutCapacity.add("a");
  simulated.group.setDesired(5, "a test");
  expect(zonesOf(simulated)).toEqual(["a", "b", "b", "c", "c"]);
  simulated.withoutCapacity.add("b").add("c");
  simulated.group.setDesired(6, "a test");
  expect(simulated.when(/^launch failed/)).toBe(400);
  simulated.withoutCapacity.clear();
  simulated.clock.run(59);
  expect(simulated.group.instances.size).toBe(5);
  simulated.clock.run(2);
  expect(simulated.group.instances.size).toBe(6);
});

it("launches in no other zone where only balance is wanted", () => {
  const simulated = serving({ balancedOnly: true });
  simulated.withoutCapacity.add("a");
  simulated.group.setDesired(4, "a test");
  // All three zones have one: any of them is balanced.
  expect(zonesOf(simulated)).toEqual(["a", "b", "b", "c"]);
  simulated.group.setDesired(6, "a test");
  expect(zonesOf(simulated)).toEqual(["a", "b", "b", "c", "c"]);
});

it("moves an instance back to a zone that has capacity again, the new one first", () => {
  const simulated = made();
  simulated.withoutCapacity.add("a").add("b");
  simulated.group.setDesired(4, "a test");
  simulated.clock.run(1000);
  simulated.withoutCapacity.clear();
  // Three of them were launched at the beginning, one in each zone.
  expect(zonesOf(simulated)).toEqual(["a", "b", "c", "c"]);
  simulated.group.setDesired(3, "a test");
  simulated.withoutCapacity.add("a").add("b");
  simulated.group.setDesired(5, "a test");
  simulated.clock.run(1000);
  expect(zonesOf(simulated)).toEqual(["a", "b", "c", "c", "c"]);
  simulated.withoutCapacity.clear();
  simulated.clock.run(1000);
  expect(zonesOf(simulated)).toEqual(["a", "a", "b", "c", "c"].sort());
  expect(Math.min(...simulated.events.map(() => simulated.group.inService))).toBe(5);
});

it("replaces an instance that the load balancer finds unhealthy, after the grace period, the new one first", () => {
  const simulated = serving();
  simulated.dead.add("i-1");
  simulated.clock.run(90);
  expect(simulated.when(/^unhealthy: the load balancer's/, "i-1")).toBeLessThan(490);
  const launched = simulated.when(/^launching/, "i-4") as number;
  simulated.clock.run(300);
  const [serves, leaves] = [simulated.when(/^in service/, "i-4"), simulated.when(/^terminating/, "i-1")];
  expect([serves, leaves]).toEqual([launched + 130, launched + 130]);
  expect(simulated.group.inService).toBe(3);
});

it("does not replace what is unhealthy within the grace period", () => {
  const simulated = made({ gracePeriod: 600 });
  simulated.clock.runUntil(140);
  simulated.dead.add("i-1");
  simulated.clock.runUntil(700);
  expect(simulated.when(/^unhealthy: /)).toBeUndefined();
  simulated.clock.runUntil(800);
  expect(simulated.when(/^unhealthy: /)).toBeGreaterThan(730);
});

it("replaces what is marked unhealthy at the next look, and terminates first where there is no policy", () => {
  const simulated = serving({ maintenance: undefined });
  simulated.group.markUnhealthy("i-2", "a GPU has died");
  simulated.clock.run(60);
  const leaves = simulated.when(/^terminating: replaced: a GPU has died/, "i-2");
  expect(leaves).toBe(simulated.when(/^launching/, "i-4"));
});

it("replaces an instance whose machine has died once EC2's status check fails, without a load balancer", () => {
  const simulated = serving({ elbHealth: false });
  simulated.dead.add("i-1");
  simulated.group.machineDied("i-1");
  simulated.clock.run(119);
  expect(simulated.when(/^unhealthy: /)).toBeUndefined();
  simulated.clock.run(61);
  expect(simulated.when(/^unhealthy: its EC2 status check fails/, "i-1")).toBeDefined();
});

it("loads for as long as half of the launch hook, or as assumed without one", () => {
  const { model } = serving().group;
  expect(loadTimeOf(model, assume())).toBe(300);
  expect(loadTimeOf({ launchHook: undefined }, assume({ loadWithoutHook: 7 }))).toBe(7);
});

it("replaces one at a time where the policy leaves room for no more", () => {
  const simulated = serving({ min: 5, max: 8 });
  for (const id of ["i-1", "i-2", "i-3"]) {
    simulated.dead.add(id);
  }
  simulated.clock.run(120);
  expect(simulated.inState("Pending:Wait")).toHaveLength(1);
  simulated.clock.run(900);
  expect([...simulated.group.instances.keys()].sort()).toEqual(["i-4", "i-5", "i-6", "i-7", "i-8"]);
});

it("drains an instance that it gives up, then stops its server in the terminate hook, then ends the machine", () => {
  const simulated = serving({ min: 2, desired: 3 });
  const busy = simulated.targetGroup.targets[0];
  if (busy === undefined) {
    throw new Error("there are three");
  }
  simulated.targetGroup.begin(busy);
  simulated.group.setDesired(2, "a test");
  const [leaving = ""] = simulated.inState("Terminating");
  expect(leaving).toBe(busy.instance);
  simulated.clock.run(50);
  expect(simulated.inState("Terminating")).toEqual([leaving]);
  simulated.targetGroup.end(busy, 200);
  expect(simulated.inState("Terminating:Wait")).toEqual([leaving]);
  simulated.clock.run(6);
  expect(simulated.inState("Terminating:Proceed")).toEqual([leaving]);
  simulated.clock.run(30);
  expect(simulated.group.instances.size).toBe(2);
});

it("gives up one of the fullest zone, by the termination policies", () => {
  const simulated = serving({ terminationPolicies: ["NewestInstance"] });
  simulated.group.setDesired(4, "a test");
  simulated.clock.run(400);
  simulated.group.setDesired(3, "a test");
  expect(simulated.when(/^terminating/, "i-4")).toBe(800);
  const protectedGroup = serving({ min: 3, desired: 4, protectFromScaleIn: true });
  protectedGroup.group.setDesired(3, "a test");
  expect(protectedGroup.when(/^terminating/)).toBeUndefined();
});

it("rolls out a version: the new one first, warm, before an old one goes, and some at a time", () => {
  const simulated = serving({ min: 5, max: 8, refresh: REFRESH });
  asRefreshed(simulated, "2");
  expect([...simulated.group.all].filter(({ version }) => version === "2")).toHaveLength(1);
  let least = 5;
  for (let step = 0; step < 2000 && simulated.group.refresh?.status === "InProgress"; step += 10) {
    simulated.clock.run(10);
    least = Math.min(least, simulated.group.inService);
  }
  expect([simulated.group.refresh?.status, least]).toEqual(["Successful", 5]);
  const [first] = [simulated.when(/^in service/, "i-6") as number];
  expect(simulated.when(/^terminating: replaced: instance refresh/)).toBeGreaterThanOrEqual(first + 60);
  expect(
    new Set([...simulated.group.all].filter(({ counts }) => counts).map(({ version }) => version)),
  ).toEqual(new Set(["2"]));
});

it("stops a refresh at an alarm, and leaves what is not replaced", () => {
  const alarmed = region({
    groups: [group({ min: 5, max: 8, refresh: { ...REFRESH, alarms: ["bad"] } })],
    alarms: [
      alarmAbove0(
        "bad",
        { name: "GroupPendingInstances", dimensions: { AutoScalingGroupName: "g" } },
        "Maximum",
      ),
    ],
  });
  const simulated = new Simulated(deployment({ regions: [alarmed] }));
  simulated.clock.runUntil(400);
  asRefreshed(simulated, "2");
  simulated.clock.run(2000);
  expect(simulated.group.refresh?.status).toBe("Failed");
  expect(simulated.when(/^instance refresh failed: the alarm bad is in ALARM/)).toBeDefined();
  const versions = [...simulated.group.all].map(({ version }) => version).sort();
  expect(versions.filter((version) => version === "1").length).toBeGreaterThanOrEqual(3);
  expect(versions).toHaveLength(5);
});

it("rolls back a version that an alarm stops, and keeps what has not been replaced", () => {
  const bad = alarmAbove0("bad", { name: "Errors", dimensions: {} });
  const refresh = { ...REFRESH, alarms: ["bad"], rollBack: true };
  const simulated = new Simulated(
    deployment({
      regions: [
        region({ groups: [group({ min: 5, max: 8, refresh, suspended: ["AZRebalance"] })], alarms: [bad] }),
      ],
    }),
  );
  simulated.clock.runUntil(400);
  asRefreshed(simulated, "2");
  simulated.clock.run(600);
  simulated.region.metrics.series("Errors", {}).add(1);
  while (simulated.group.refresh?.status === "InProgress") {
    simulated.clock.run(1);
  }
  const serves = [...simulated.group.all].filter(({ state }) => state === "InService");
  const first = serves.filter(({ version }) => version === "1");
  expect(first.length).toBeGreaterThanOrEqual(2);
  expect(first.length).toBeLessThan(5);
  simulated.clock.run(3000);
  expect(simulated.when(/^instance refresh rolls back: the alarm bad is in ALARM/)).toBeDefined();
  expect(simulated.group.refresh?.status).toBe("RollbackSuccessful");
  const after = [...simulated.group.all];
  expect(after.map(({ version }) => version)).toEqual(["1", "1", "1", "1", "1"]);
  expect(after.map(({ id }) => id)).toEqual(expect.arrayContaining(first.map(({ id }) => id)));
});

it("waits at a checkpoint", () => {
  const simulated = serving({ min: 5, max: 8, refresh: { ...REFRESH, checkpoints: [20, 100] } });
  asRefreshed(simulated, "2");
  simulated.clock.run(700);
  expect(simulated.group.refresh?.percentage).toBe(20);
  simulated.clock.run(3000);
  expect(simulated.group.refresh?.status).toBe("Successful");
});

it("cancels a refresh when another one begins", () => {
  const simulated = serving({ min: 3, max: 5, refresh: REFRESH });
  asRefreshed(simulated, "2");
  const first = simulated.group.refresh;
  asRefreshed(simulated, "3");
  expect(first?.status).toBe("Cancelled");
  simulated.clock.run(3000);
  expect([...simulated.group.all].map(({ version }) => version)).toEqual(["3", "3", "3"]);
});

it("replaces instances that are older than their maximum lifetime, and serves meanwhile", () => {
  const simulated = serving({ maxLifetime: 86_400, maintenance: { min: 100, max: 120 } });
  simulated.clock.runUntil(86_300);
  expect([...simulated.group.instances.keys()]).toEqual(["i-1", "i-2", "i-3"]);
  let least = 3;
  for (let step = 0; step < 100; step += 1) {
    simulated.clock.run(30);
    least = Math.min(least, simulated.group.inService);
  }
  expect(least).toBe(3);
  expect([...simulated.group.instances.keys()]).toEqual(["i-4", "i-5", "i-6"]);
});

it("does scheduled actions in their minute and time zone, and keeps their sizes at a deploy", () => {
  // 18:50 in UTC is 19:50 in Berlin.
  const evening = { cron: "0 20 * * MON-FRI", timeZone: "Europe/Berlin" };
  const simulated = made({
    ...{ min: 3, max: 6 },
    schedules: [
      { name: "evening", at: evening, min: 1, max: 2, desired: undefined },
      { name: "never", at: { cron: "0 20 * * SUN", timeZone: "UTC" }, min: 6, max: 6, desired: 6 },
      { name: "once", at: Date.UTC(2027, 0, 4, 19, 30) / 1000, min: undefined, max: 5, desired: 5 },
    ],
  });
  simulated.clock.runUntil(599);
  expect(simulated.group.desired).toBe(3);
  simulated.clock.runUntil(601);
  expect(simulated.group.desired).toBe(2);
  asRefreshed(simulated, "2");
  expect([simulated.group.model.min, simulated.group.model.max]).toEqual([1, 2]);
  simulated.clock.runUntil(2401);
  expect([simulated.group.desired, simulated.when(/^scheduled action once/)]).toEqual([5, 2400]);
});

it("takes instances from its warm pool, which starts sooner, and fills it again", () => {
  const simulated = serving({
    max: 5,
    warmPool: { state: "Stopped", min: 1, maxPrepared: undefined, reuse: false },
  });
  expect(simulated.inState("Warmed:Stopped")).toHaveLength(2);
  simulated.group.setDesired(4, "a test");
  const taken = [...simulated.group.all].find(({ state }) => state === "Pending");
  expect(simulated.when(/^taken from the warm pool/, taken?.id)).toBe(400);
  simulated.clock.run(121);
  expect(taken?.state).toBe("InService");
  simulated.clock.run(60);
  expect([simulated.group.inService, simulated.inState("Warmed:Stopped").length]).toEqual([4, 1]);
});

it.each(["Stopped", "Running", "Hibernated"] as const)(
  "takes what scales in back into its %s pool, after its requests and its terminate hook, and uses it again",
  (state) => {
    const warmPool = { state, min: 0, maxPrepared: 3, reuse: true };
    const simulated = serving({ min: 2, desired: 3, max: 5, warmPool });
    expect(simulated.group.instances.size).toBe(3);
    const [busy] = simulated.targetGroup.targets;
    if (busy === undefined) {
      throw new Error("there are three");
    }
    simulated.targetGroup.begin(busy);
    simulated.group.setDesired(2, "a test");
    expect(simulated.when(/^goes back to the warm pool/)).toBe(400);
    simulated.clock.run(50);
    expect([busy.draining, simulated.inState("Warmed:Pending")]).toEqual([true, [busy.instance]]);
    simulated.targetGroup.end(busy, 200);
    expect(simulated.inState("Warmed:Pending:Wait")).toEqual([busy.instance]);
    simulated.clock.run(6);
    expect(simulated.inState(`Warmed:${state}`)).toEqual([busy.instance]);
    // Nothing was launched beside it, and nothing ended.
    expect(simulated.group.instances.size).toBe(3);
    const began = simulated.clock.now;
    simulated.group.setDesired(3, "a test");
    expect(simulated.when(/^taken from the warm pool/, busy.instance)).toBe(began);
    simulated.clock.run(state === "Running" ? 102 : 121);
    expect([simulated.group.inService, simulated.when(/^terminat/)]).toEqual([3, undefined]);
    expect(simulated.targetGroup.targets.map(({ instance }) => instance)).toContain(busy.instance);
  },
);

it("takes nothing back that its pool does not want, that is not well, or whose return is abandoned", () => {
  const warmPool = { state: "Stopped", min: 0, maxPrepared: 2, reuse: true } as const;
  // With one in the group the pool wants one.
  const full = serving({ min: 1, desired: 3, max: 5, warmPool, terminationPolicies: ["OldestInstance"] });
  full.group.setDesired(1, "a test");
  full.clock.run(60);
  expect([full.inState("Warmed:Stopped"), full.group.instances.size]).toEqual([["i-1"], 2]);
  expect(full.when(/^terminated/)).toBeDefined();
  const ill = serving({ min: 2, desired: 3, max: 5, warmPool: { ...warmPool, maxPrepared: 3 } });
  ill.group.markUnhealthy("i-1", "a GPU has died");
  ill.group.setDesired(2, "a test");
  expect(ill.when(/^terminating/, "i-1")).toBe(400);
  const late = serving({
    ...{ min: 2, desired: 3, max: 5, warmPool: { ...warmPool, maxPrepared: 3 } },
    terminateHook: { name: "drained", heartbeatTimeout: 3, defaultResult: "ABANDON" },
  });
  late.group.setDesired(2, "a test");
  late.clock.run(4);
  expect(late.when(/^terminating: its return was abandoned/, "i-1")).toBe(403);
});

it("lets an instance go that came back while a new version rolled out", () => {
  const warmPool = { state: "Stopped", min: 0, maxPrepared: 3, reuse: true } as const;
  const simulated = serving({ min: 2, desired: 3, max: 5, warmPool });
  simulated.group.setDesired(2, "a test");
  asRefreshed(simulated, "2");
  simulated.clock.run(6);
  expect(simulated.when(/^terminating: the warm pool does not want it/, "i-1")).toBe(405);
});

it("keeps a base on demand, and launches another instance when EC2 has taken a Spot one", () => {
  const simulated = serving({ min: 4, spot: { onDemandBase: 2, onDemandPercentageAboveBase: 0 } });
  const kinds = [...simulated.group.all].map(({ spot }) => spot);
  expect(kinds).toEqual([false, false, true, true]);
  const notices: string[] = [];
  const notice = (id: string) => notices.push(id);
  expect(interrupt(simulated.group, "i-1", notice)).toBe(false);
  expect(interrupt(simulated.group, "i-3", notice)).toBe(true);
  simulated.clock.run(119);
  expect([notices, simulated.group.instances.size]).toEqual([["i-3"], 4]);
  simulated.clock.run(2);
  expect(simulated.when(/^launching g6.xlarge \(Spot\)/, "i-5")).toBe(520);
});

it("launches before EC2 takes a Spot instance with capacity rebalancing", () => {
  const simulated = serving({
    capacityRebalance: true,
    spot: { onDemandBase: 0, onDemandPercentageAboveBase: 0 },
  });
  interrupt(simulated.group, "i-1", () => undefined);
  expect(simulated.when(/^launching/, "i-4")).toBe(400);
});

it("adds instances after three minutes above the target, and takes them away after fifteen below, in small steps", () => {
  const policies: GroupModel["policies"] = [
    {
      name: "waiting",
      target: 10,
      scaleIn: true,
      warmUp: undefined,
      metric: {
        queries: [
          {
            id: "m",
            metric: { name: "load", dimensions: { AutoScalingGroupName: "g" } },
            statistic: "Average",
          },
        ],
        returns: "m",
        period: 60,
      },
    },
  ];
  const simulated = serving({ max: 9, policies });
  const series = simulated.region.metrics.series("load", { AutoScalingGroupName: "g" });
  let value = 20;
  const report = () => {
    series.add(value);
    simulated.clock.after(60, report);
  };
  simulated.clock.runUntil(420);
  report();
  simulated.clock.runUntil(659);
  expect(simulated.group.desired).toBe(3);
  simulated.clock.runUntil(661);
  expect(simulated.group.desired).toBe(6);
  value = 1;
  simulated.clock.run(15 * 60);
  expect(simulated.group.desired).toBe(6);
  simulated.clock.run(120);
  const first = simulated.events.find(({ what }) => what.startsWith("desired 6 → "));
  expect(first?.what).toBe("desired 6 → 5: all policies are below their targets");
  simulated.clock.run(600);
  expect(simulated.group.desired).toBe(3);
});
