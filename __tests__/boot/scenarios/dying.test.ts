import type { BoxInAws } from "./box-in-aws";
import { describeBoxes } from "./describe-boxes";
import { type Group, makeGroup } from "./group";
import { until } from "./until";

jest.setTimeout(900_000);

/** A line that the kernel writes when a GPU has fallen off the bus. */
const XID =
  "[ 4711.0] NVRM: Xid (PCI:0000:00:1e): 79, pid='<unknown>', name=<unknown>, GPU has fallen off the bus.\n";

describeBoxes("a box that dies in service", (world) => {
  let group: Group;
  beforeAll(async () => {
    group = await makeGroup(world.aws, 3);
  });
  afterEach(async () => {
    for (const instance of group.instances) {
      await group.setHealth(instance, "Healthy");
    }
  });

  /** The first box of the group, in service and well. */
  async function boxInService(): Promise<BoxInAws> {
    const box = await world.launch();
    box.instance = group.instances[0] ?? "";
    box.server("loaded");
    await box.startServer();
    await until("the server runs", () => box.serves);
    return box;
  }

  const other = () => group.instances[1] ?? "";
  const isMarked = async (box: BoxInAws) => (await group.health())[box.instance] === "Unhealthy";
  const marks = (box: BoxInAws) =>
    box.fake.calls("aws").filter(([, , call]) => call === "set-instance-health");

  it("by a GPU that falls off the bus is marked unhealthy once, and asked no more", async () => {
    const box = await boxInService();
    const watch = box.run("gpu-watch.sh");
    await until("it has looked, and all was well", () => box.fake.calls("dmesg").length > 2);
    expect(await isMarked(box)).toBe(false);
    box.fake.file("kernel", XID);
    await until("it is marked", () => isMarked(box));
    await until("the watch has ended", () => watch.status() !== null);
    await until("the server has stopped", () => !box.serves);
    expect(marks(box)).toHaveLength(1);
    expect(watch.said()).toContain("GPU has fallen off the bus.: marked unhealthy");
    expect(Object.values(await group.health()).sort()).toEqual(["Healthy", "Healthy", "Unhealthy"]);
  });

  it("by a model that hangs is marked unhealthy, and serves on until another has taken its place", async () => {
    const box = await boxInService();
    const watch = box.run("gpu-watch.sh");
    await until("the model has answered some times", () => box.serverLog.split("generates").length > 3);
    expect(await isMarked(box)).toBe(false);
    box.server("hangs");
    await until("it is marked", () => isMarked(box));
    await until("the watch has said so", () => watch.said().includes("marked unhealthy"));
    expect(watch.said()).toMatch(/healthy, but 3 probes in a row failed: \S+ was not answered within 2 s/);
    expect(marks(box)).toHaveLength(1);
    expect(box.serves).toBe(true);
  });

  it("stays while too few others of its group are well, and goes when they are", async () => {
    const box = await boxInService();
    await group.setHealth(other(), "Unhealthy");
    box.fake.file("kernel", XID);
    const watch = box.run("gpu-watch.sh");
    await until("it has said that it stays", () => watch.said().includes("so this one stays"));
    expect(await isMarked(box)).toBe(false);
    await group.setHealth(other(), "Healthy");
    await until("it is marked", () => isMarked(box));
    expect(watch.said().match(/only 1 other boxes of 3 are well, so this one stays/g)).toHaveLength(1);
  });
});
