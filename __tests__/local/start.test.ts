import { Story } from "../support/local-story";
import { PlainServer } from "../support/plain-server";
import { deployment, group, region } from "../support/simulated";

let story: Story;
afterEach(() => story.end());

/** A server that loads its model by itself, and listens only then. */
class SlowServer extends PlainServer {
  override readonly loadsItself = true;

  override async listen(): Promise<void> {
    setTimeout(() => super.listen(), 500);
  }
}

test.each([
  ["without a launch hook", {}],
  ["with one", { launchHook: { name: "ready", heartbeatTimeout: 60, defaultResult: "ABANDON" as const } }],
])("time stands still while servers load at the beginning, %s", async (_, told) => {
  story = await Story.begin(
    deployment({ regions: [region({ groups: [group(told)] })] }),
    {},
    () => new SlowServer((_request, response) => response.end("{}")),
  );
  // A first health check that fails would have taken an interval of 10 s.
  expect(story.run.driver.timeline.now).toBeLessThan(10);
  const [targetGroup] = story.run.deployment.regions.values().next().value?.targetGroups.values() ?? [];
  expect(targetGroup?.isWhollyHealthy).toBe(true);
});
