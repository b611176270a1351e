import { freePort } from "../../local/free-port";
import { Story } from "../support/local-story";
import { PlainServer } from "../support/plain-server";
import { deployment, group, region } from "../support/simulated";

let story: Story;
afterEach(() => story.end());

/** A server that is told its port and loads its model by itself: until then a connection is refused. */
class SlowServer extends PlainServer {
  override readonly loadsItself = true;
  override readonly isResponsive = false;
  #told = 0;

  override get port(): number {
    return this.#told;
  }

  override async listen(): Promise<void> {
    this.#told = await freePort();
    setTimeout(() => super.listen(this.#told), 500);
  }
}

test.each([
  ["without a launch hook", undefined],
  ["with one", { name: "ready", heartbeatTimeout: 60, defaultResult: "ABANDON" as const }],
])("time stands still while servers load at the beginning, %s", async (_, launchHook) => {
  story = await Story.begin(
    deployment({ regions: [region({ groups: [group({ launchHook })] })] }),
    {},
    () => new SlowServer((_request, response) => response.end("{}")),
  );
  // A first health check that fails would have taken an interval of 10 s.
  expect(story.run.driver.timeline.now).toBeLessThan(10);
  const [targetGroup] = story.run.deployment.regions.values().next().value?.targetGroups.values() ?? [];
  expect(targetGroup?.isWhollyHealthy).toBe(true);
});
