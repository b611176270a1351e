import { describeInstances } from "./describe-instances";
import { type Group, makeGroup } from "./group";
import type { InstanceInAws } from "./instance-in-aws";
import { until } from "./until";

jest.setTimeout(900_000);

/** A line that the kernel writes when a GPU has fallen off the bus. */
const XID =
  "[ 4711.0] NVRM: Xid (PCI:0000:00:1e): 79, pid='<unknown>', name=<unknown>, GPU has fallen off the bus.\n";

describeInstances("an instance that dies in service", (world) => {
  let group: Group;
  beforeAll(async () => {
    group = await makeGroup(world.aws, 3);
  });
  afterEach(async () => {
    for (const instance of group.instances) {
      await group.setHealth(instance, "Healthy");
    }
  });

  /** The first instance of the group, in service and healthy. */
  async function instanceInService(): Promise<InstanceInAws> {
    const instance = await world.launch();
    instance.instance = group.instances[0] ?? "";
    instance.server("loaded");
    await instance.startServer();
    await until("the server runs", () => instance.serves);
    return instance;
  }

  const other = () => group.instances[1] ?? "";
  const isMarked = async (instance: InstanceInAws) =>
    (await group.health())[instance.instance] === "Unhealthy";
  const marks = (instance: InstanceInAws) =>
    instance.fake.calls("aws").filter(([, , call]) => call === "set-instance-health");

  it("by a GPU that falls off the bus is marked unhealthy once, and gets no more requests", async () => {
    const instance = await instanceInService();
    const watch = instance.run("gpu-watch.sh");
    await until("it has looked, and all was well", () => instance.fake.calls("dmesg").length > 2);
    expect(await isMarked(instance)).toBe(false);
    instance.fake.file("kernel", XID);
    await until("it is marked", () => isMarked(instance));
    await until("the watch has ended", () => watch.status() !== null);
    await until("the server has stopped", () => !instance.serves);
    expect(marks(instance)).toHaveLength(1);
    expect(watch.log()).toContain("GPU has fallen off the bus.: marked unhealthy");
    expect(Object.values(await group.health()).sort()).toEqual(["Healthy", "Healthy", "Unhealthy"]);
  });

  it("by a model that hangs is marked unhealthy, and serves until another has replaced it", async () => {
    const instance = await instanceInService();
    const watch = instance.run("gpu-watch.sh");
    await until("the model has answered some times", () => instance.serverLog.split("generates").length > 3);
    expect(await isMarked(instance)).toBe(false);
    instance.server("hangs");
    await until("it is marked", () => isMarked(instance));
    await until("the watch has logged so", () => watch.log().includes("marked unhealthy"));
    expect(watch.log()).toMatch(/healthy, but 3 probes in a row failed: \S+ was not answered within 2 s/);
    expect(marks(instance)).toHaveLength(1);
    expect(instance.serves).toBe(true);
  });

  it("stays while too few others of its group are healthy, and is replaced when they are", async () => {
    const instance = await instanceInService();
    await group.setHealth(other(), "Unhealthy");
    instance.fake.file("kernel", XID);
    const watch = instance.run("gpu-watch.sh");
    await until("it has logged that it stays", () => watch.log().includes("so this one stays"));
    expect(await isMarked(instance)).toBe(false);
    await group.setHealth(other(), "Healthy");
    await until("it is marked", () => isMarked(instance));
    expect(watch.log().match(/only 1 other instances of 3 are healthy, so this one stays/g)).toHaveLength(1);
  });
});
