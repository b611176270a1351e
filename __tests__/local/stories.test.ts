import type { GroupModel, RegionModel } from "../../simulation/model";
import { Story } from "../support/local-story";
import { deployment, group, loadBalancer, region, targetGroup } from "../support/simulated";

jest.setTimeout(120_000);

let story: Story;
afterEach(() => story.end());

async function serving(told: Partial<GroupModel> = {}, ofRegion: Partial<RegionModel> = {}): Promise<void> {
  const model = region({ groups: [group({ gracePeriod: 10, warmUp: 10, ...told })], ...ofRegion });
  story = await Story.begin(deployment({ regions: [model] }));
}

function lostOf({ sent, served, lost }: Awaited<ReturnType<Story["under"]>>): readonly string[] {
  const count = [...lost.values()].reduce((sum, each) => sum + each, 0);
  expect(sent).toBe(served + count);
  expect(served).toBeGreaterThan(0);
  return [...lost.keys()].sort();
}

it("loses what runs on an instance that dies, and what is sent there until it is found, and nothing later", async () => {
  await serving();
  const tally = await story.under(10, async () => {
    await story.pass(5);
    await story.do("kill", "i-1");
    await story.until(() => story.when(/^unhealthy in a/, "i-1") !== undefined);
    await story.pass(5);
  });
  for (const cause of lostOf(tally)) {
    expect(cause).toMatch(
      /^502: the (connection was refused|target closed the connection(, in mid-answer)?)$/,
    );
  }
  const found = story.when(/^unhealthy in a for c/, "i-1") as number;
  expect(found - (story.when(/^killed/) as number)).toBeLessThanOrEqual(35.1);
  const after = await story.under(10, () => story.pass(20));
  expect(lostOf(after)).toEqual([]);
  await story.until(() => story.when(/^terminating: replaced/, "i-1") !== undefined);
  expect(story.group.inService).toBe(3);
});

it("answers 504 for an instance that vanishes, after 10 s, and for one that hangs, after the idle timeout", async () => {
  // No check fails meanwhile, also on a busy machine: the load balancer goes on sending requests to all three.
  const { healthCheck } = targetGroup();
  await serving({}, { targetGroups: [targetGroup({ healthCheck: { ...healthCheck, interval: 300 } })] });
  await story.do("vanish", "i-1");
  await story.do("hang", "i-2");
  const answers = await Promise.all(Array.from({ length: 12 }, () => story.complete(2)));
  const causes = [...story.run.events.counts.keys()].filter((each) => /^\d{3} /.test(each)).sort();
  expect(causes).toEqual([
    "504 no connection to the target within 10 s",
    "504 the target sent nothing for the idle timeout",
  ]);
  expect([...new Set(answers.map(({ status }) => status))].sort()).toEqual([200, 504]);
});

it("loses nothing to an instance that is slow, and sends it less where the fewest running requests count", async () => {
  // The machine may pause for longer than a usual idle timeout takes here.
  const loadBalancers = [loadBalancer({ idleTimeout: 600 })];
  const targetGroups = [targetGroup({ algorithm: "least_outstanding_requests" })];
  await serving({}, { loadBalancers, targetGroups });
  await story.do("slow", "i-1", "20");
  const tally = await story.under(3, () => story.pass(120));
  expect(lostOf(tally)).toEqual([]);
  const targets = [...story.run.deployment.regions.values()].flatMap((each) =>
    [...each.targetGroups.values()].flatMap((group) => group.targets),
  );
  const slow = targets.find(({ instance }) => instance === "i-1")?.sent;
  expect(slow).toBeGreaterThan(0);
  expect(slow).toBeLessThan(tally.served / 4);
});

it("loses only what is on its way into a zone that is cut off, until the other zones have found that", async () => {
  await serving({ min: 6, max: 9 });
  const tally = await story.under(10, async () => {
    await story.pass(5);
    await story.do("cut", "a");
    await story.until(() => story.when(/^unhealthy in a for c/, "i-4") !== undefined);
    await story.pass(5);
  });
  for (const cause of lostOf(tally)) {
    expect(cause).toMatch(/^(504: |socket hang up|read ECONNRESET|the stream was cut)/);
  }
  expect(lostOf(await story.under(10, () => story.pass(20)))).toEqual([]);
  await story.do("heal");
  await story.until(() => story.run.events.events.some(({ what }) => /^healthy in a for a/.test(what)));
});

it("keeps the peak with the other zones when a zone is lost and EC2 has no instances", async () => {
  await serving({ min: 6, max: 9, gracePeriod: 0 });
  await story.do("no-launches");
  await story.do("cut", "b");
  await story.until(() => story.when(/^launch failed/) !== undefined);
  expect(lostOf(await story.under(10, () => story.pass(30)))).toEqual([]);
  expect(story.when(/^launching .* in b/) ?? 0).toBe(0);
});

it("lets a stream end when its instance is taken away", async () => {
  await serving({ min: 1, desired: 3, max: 3 });
  const streams = Array.from({ length: 6 }, () => story.complete(1000));
  await story.until(() => story.group.all.next().value !== undefined && story.run.exchanges.size === 6);
  story.run.driver.do(() => story.group.setDesired(1, "a test"));
  const answers = await Promise.all(streams);
  expect(answers.map(({ status, text }) => [status, text.includes("[DONE]")])).toEqual(
    Array.from({ length: 6 }, () => [200, true]),
  );
  const leaves = [...story.run.events.events].filter(({ what }) => what.startsWith("terminating"));
  expect(leaves).toHaveLength(2);
});

it.each(["Stopped", "Running"] as const)(
  "lets a stream end on an instance that goes back to its %s pool, which then serves again",
  async (state) => {
    const warmPool = { state, min: 0, maxPrepared: 2, reuse: true };
    const launchHook = { name: "ready", heartbeatTimeout: 40, defaultResult: "ABANDON" } as const;
    await serving({ min: 1, desired: 2, max: 2, warmPool, launchHook });
    const streams = Array.from({ length: 4 }, () => story.complete(1000));
    await story.until(() => story.run.exchanges.size === 4);
    story.run.driver.do(() => story.group.setDesired(1, "a test"));
    const answers = await Promise.all(streams);
    expect(answers.every(({ text }) => text.includes("[DONE]"))).toBe(true);
    await story.until(() => story.when(/^waits in the warm pool/) !== undefined);
    story.run.driver.do(() => story.group.setDesired(2, "a test"));
    await story.until(() => story.group.inService === 2);
    const tally = await story.under(10, () => story.pass(20));
    expect(lostOf(tally)).toEqual([]);
    expect([...story.group.all].map(({ id }) => id)).toEqual(["i-1", "i-2"]);
    expect(story.when(/^terminat/)).toBeUndefined();
  },
);

it("lets a stream end within a Spot notice, and sends nothing new there", async () => {
  await serving({ spot: { onDemandBase: 0, onDemandPercentageAboveBase: 0 } });
  const streams = Array.from({ length: 6 }, () => story.complete(3000));
  await story.until(() => story.run.exchanges.size === 6);
  expect(await story.do("spot", "i-1")).toBe("i-1 has a Spot notice");
  const more = await Promise.all(Array.from({ length: 9 }, () => story.complete(1)));
  expect(more.map(({ status }) => status)).toEqual(Array.from({ length: 9 }, () => 200));
  const answers = await Promise.all(streams);
  expect(answers.every(({ text }) => text.includes("[DONE]"))).toBe(true);
  await story.until(() => story.when(/^ended: EC2 has taken it back/, "i-1") !== undefined);
  await story.until(() => story.group.inService === 3);
});

it("rolls out another version without losing a request", async () => {
  await serving({
    max: 5,
    launchHook: { name: "ready", heartbeatTimeout: 40, defaultResult: "ABANDON" },
    refresh: {
      range: { min: 100, max: 150 },
      warmUp: 5,
      skipMatching: true,
      checkpoints: [],
      checkpointDelay: 0,
      alarms: [],
      rollBack: false,
    },
  });
  const { model } = story.run.deployment;
  const regions = model.regions.map((each) => ({
    ...each,
    groups: each.groups.map((one) => ({ ...one, instance: { ...one.instance, version: "2" } })),
  }));
  const tally = await story.under(10, async () => {
    await story.run.follow({ ...model, regions });
    await story.until(() => story.group.refresh?.status === "Successful");
    await story.pass(30);
  });
  expect(lostOf(tally)).toEqual([]);
  expect([...story.group.all].filter(({ counts }) => counts).map(({ version }) => version)).toEqual([
    "2",
    "2",
    "2",
  ]);
});

it("loses nothing but what the old rules still send to a target group that its instances have left", async () => {
  await serving({ launchHook: { name: "ready", heartbeatTimeout: 40, defaultResult: "ABANDON" } });
  const { model } = story.run.deployment;
  const [before] = model.regions;
  if (before === undefined) {
    throw new Error("there is one");
  }
  const renamed = JSON.parse(
    JSON.stringify(before).replaceAll("aws_lb_target_group.a", "aws_lb_target_group.b"),
  );
  const tally = await story.under(10, async () => {
    await story.run.follow({ ...model, regions: [renamed] });
    await story.pass(60);
  });
  expect(lostOf(tally).filter((cause) => cause !== "503: a has no target")).toEqual([]);
  expect(lostOf(await story.under(10, () => story.pass(20)))).toEqual([]);
  const old = story.run.deployment.regions.get("us-east-1")?.targetGroups.get("aws_lb_target_group.a");
  expect(old?.targets ?? []).toEqual([]);
});
