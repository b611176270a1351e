import type { RegionModel } from "../../simulation/model";
import { Story } from "../support/local-story";
import { PlainServer } from "../support/plain-server";
import { alarmAbove0, deployment, group, region } from "../support/simulated";

jest.setTimeout(120_000);

let story: Story;
afterEach(() => story.end());

const FAILURES = alarmAbove0("failures", {
  name: "HTTPCode_Target_5XX_Count",
  dimensions: { LoadBalancer: "aws_lb.entry", TargetGroup: "aws_lb_target_group.a" },
});

/** Three instances of version 1, which answer. Those of version 2 answer health checks and requests as told. */
async function serving(bad: { readonly health: number; readonly requests: number }): Promise<void> {
  const refresh = {
    ...{
      range: { min: 100, max: 150 },
      warmUp: 300,
      skipMatching: true,
      checkpoints: [],
      checkpointDelay: 0,
    },
    ...{ alarms: ["failures"], rollBack: true },
  };
  const launchHook = { name: "ready", heartbeatTimeout: 40, defaultResult: "ABANDON" } as const;
  const model: RegionModel = region({
    groups: [group({ max: 5, refresh, launchHook, suspended: ["AZRebalance"] })],
    alarms: [FAILURES],
  });
  story = await Story.begin(
    deployment({ regions: [model] }),
    {},
    (_facts, { version }) =>
      new PlainServer(({ method }, response) => {
        const status = version === "1" ? 200 : method === "POST" ? bad.requests : bad.health;
        response.writeHead(status).end("data: [DONE]\n\n");
      }),
  );
}

async function rollOut(version: string): Promise<void> {
  const { model } = story.run.deployment;
  const regions = model.regions.map((each) => ({
    ...each,
    groups: each.groups.map((one) => ({ ...one, instance: { ...one.instance, version } })),
  }));
  await story.run.follow({ ...model, regions });
}

const versions = () =>
  [...story.group.all].filter(({ state }) => state === "InService").map((each) => each.version);

it("loses nothing to a version that never becomes ready: the instances of before keep serving", async () => {
  await serving({ health: 500, requests: 500 });
  const tally = await story.under(2, async () => {
    await rollOut("2");
    await story.until(() => story.when(/^terminating: its launch was abandoned/) !== undefined);
    await story.pass(60);
  });
  expect([tally.served, [...tally.lost]]).toEqual([tally.sent, []]);
  expect(versions()).toEqual(["1", "1", "1"]);
  expect(story.group.refresh?.status).toBe("InProgress");
});

it("loses what one bad instance gets until an alarm has seen it, and nothing after it is rolled back", async () => {
  await serving({ health: 200, requests: 500 });
  const tally = await story.under(2, async () => {
    await rollOut("2");
    await story.until(() => story.group.refresh?.status === "RollbackSuccessful");
  });
  expect([...tally.lost.keys()]).toEqual(["500"]);
  const [lost = 0] = [...tally.lost.values()];
  expect(tally.served + lost).toBe(tally.sent);
  // One of four instances, until the alarm has looked at its first whole minute.
  expect(lost).toBeLessThan(tally.sent / 2);
  expect(versions()).toEqual(["1", "1", "1"]);
  const after = await story.under(2, () => story.pass(60));
  expect([after.served, [...after.lost]]).toEqual([after.sent, []]);
});
