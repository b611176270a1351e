import { plainFacts } from "../facts";
import type { BoxInAws } from "./box-in-aws";
import { describeBoxes } from "./describe-boxes";
import { type Generation, generate } from "./generation";
import { type Group, makeGroup } from "./group";
import { answers } from "./launch-hook";
import { until } from "./until";

jest.setTimeout(900_000);

describeBoxes("a box on its way out", (world) => {
  let group: Group;
  beforeAll(async () => {
    group = await makeGroup(world.aws, 3);
  });

  /** A box in service, that is one of the group's, in the midst of a generation that takes as long as it takes. */
  async function busyBox(stopTimeoutSeconds: number) {
    const box = await world.launch({ stopTimeoutSeconds });
    box.instance = group.instances[0] ?? "";
    box.server("loaded");
    await box.startServer();
    await until("the server listens", () => isListening(box.port));
    const generation = generate(box.port);
    await goesOn(generation);
    return { box, generation };
  }

  /** The group takes the box out, and the load balancer has let go of it. */
  function hookWaitsFor(box: BoxInAws): void {
    box.target = "Terminated";
    world.aws.waiting.set(plainFacts.terminateHookName, box.instance);
  }

  /** The server is told to stop, finishes the generation that it is in the midst of, and the box goes after it. */
  async function finishesAndGoes({ box, generation }: Awaited<ReturnType<typeof busyBox>>): Promise<void> {
    await until("the server is told to stop", () => box.serverLog.includes("finishes what it has"));
    await goesOn(generation);
    box.server("generated");
    expect(await answers(world)).toEqual(["CONTINUE"]);
    expect(generation.whole()).toBe(true);
    expect(box.serves).toBe(false);
  }

  it("lets a stream run for as long as the load balancer waits for it, and goes when it has ended", async () => {
    const { box, generation } = await busyBox(60);
    box.target = "Terminated";
    box.run("lifecycle.sh");
    await until("it has asked in vain whether the hook waits", () => world.aws.refused.length > 1);
    await goesOn(generation);
    expect(box.serverLog).not.toContain("finishes what it has");

    box.server("generated");
    await until("the stream has ended", () => generation.whole() !== undefined);
    hookWaitsFor(box);
    expect(await answers(world)).toEqual(["CONTINUE"]);
    expect(generation.whole()).toBe(true);
    expect(box.serves).toBe(false);
    expect(world.aws.heard.at(-1)?.hook).toBe(plainFacts.terminateHookName);
  });

  it("lets its server finish a stream that the load balancer has given up", async () => {
    const busy = await busyBox(60);
    hookWaitsFor(busy.box);
    busy.box.run("lifecycle.sh");
    await finishesAndGoes(busy);
  });

  it("goes when the time of its server is over, whatever that still does", async () => {
    const { box, generation } = await busyBox(2);
    hookWaitsFor(box);
    box.run("lifecycle.sh");
    expect(await answers(world)).toEqual(["CONTINUE"]);
    expect(box.serves).toBe(false);
    await until("the stream is cut", () => generation.whole() === false);
  });

  it("gets no new requests when EC2 takes it back, finishes what it has, and is gone within its two minutes", async () => {
    const busy = await busyBox(60);
    const { box } = busy;
    const end = giveNotice(box, 120);
    const spot = box.run("spot.sh");
    await until(
      "the load balancer has let go of it",
      async () => !(await group.targets()).includes(box.instance),
    );
    expect(await group.targets()).toHaveLength(2);
    await until("it has said so", () => spot.said().includes("the load balancer sends nothing more"));

    // The group hears of the notice too.
    hookWaitsFor(box);
    box.run("lifecycle.sh");
    await finishesAndGoes(busy);
    expect(Date.now()).toBeLessThan(end);
  });

  it("is stopped once, and so drops nothing, when its group and its notice both have it stopped", async () => {
    const { box, generation } = await busyBox(60);
    giveNotice(box, 31);
    hookWaitsFor(box);
    box.run("spot.sh");
    box.run("lifecycle.sh");
    await until("both have", () => stops(box) > 1);
    await goesOn(generation);
    box.server("generated");
    expect(await answers(world)).toEqual(["CONTINUE"]);
    expect(generation.whole()).toBe(true);
  });

  it("stops in time when EC2 takes it back and the group has not heard of it, and finishes what it has", async () => {
    const { box, generation } = await busyBox(60);
    const end = giveNotice(box, 32);
    const spot = box.run("spot.sh");
    await until("the server is told to stop", () => box.serverLog.includes("finishes what it has"));
    expect(Date.now()).toBeGreaterThan(end - 31_000);
    box.server("generated");
    await until("its server has stopped", () => spot.said().includes("the server has stopped"));
    expect(Date.now()).toBeLessThan(end);
    expect(generation.whole()).toBe(true);
    expect(box.serves).toBe(false);
  });
});

/** Has EC2 take back a Spot instance, in whole seconds as it says them. @returns when, in milliseconds */
function giveNotice(box: BoxInAws, seconds: number): number {
  const end = Math.ceil(Date.now() / 1000 + seconds) * 1000;
  const time = new Date(end).toISOString().replace(".000Z", "Z");
  box.metadata.known.set("instance-life-cycle", "spot");
  box.metadata.known.set("spot/instance-action", JSON.stringify({ action: "terminate", time }));
  return end;
}

const stops = (box: BoxInAws) =>
  box.fake.calls("systemctl").filter(([, command]) => command === "stop").length;

async function isListening(port: number): Promise<boolean> {
  const answer = await fetch(`http://127.0.0.1:${port}/health`).catch(() => undefined);
  return answer?.ok === true;
}

async function goesOn(generation: Generation): Promise<void> {
  const before = generation.tokens();
  await until("more tokens come", () => generation.tokens() > before + 5);
}
