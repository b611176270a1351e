import { type FakeInstance, scriptOf } from "../instance";
import { GPU, line, looks, marks, watchedInstances, xid } from "./watched-instance";

const world = watchedInstances();

const NVSWITCH = ["0x10de", "0x068000"] as const;
const DISPLAY_OF_ANOTHER = ["0x1d0f", "0x030000"] as const;

describe("an instance whose GPU has died", () => {
  it("is marked unhealthy once, with the reason in its log", async () => {
    const instance = world.instanceWith({ kernel: [xid(79)] });
    const { status, log } = await world.watch(instance);
    expect(status).toBe(0);
    expect(marks(instance).map((call) => call.join(" "))).toEqual([
      "aws autoscaling set-instance-health --region eu-west-1 --instance-id i-0123456789abcdef0 " +
        "--health-status Unhealthy --no-should-respect-grace-period",
    ]);
    expect(log).toBe(
      "gpu-watch: Xid (PCI:0000:00:1e): 79, pid='<unknown>', name=<unknown>, whatever the text: marked unhealthy, so that the group replaces this instance\n",
    );
  });

  it("stops its server, so that the load balancer sends it no more requests", async () => {
    const instance = world.instanceWith({ kernel: [xid(79)] });
    await world.watch(instance);
    expect(instance.calls("systemctl")).toEqual([
      ["systemctl", "stop", "--no-block", "model-server.service"],
    ]);
  });

  it("reads the state of its group first", async () => {
    const instance = world.instanceWith({ kernel: [xid(79)] });
    await world.watch(instance);
    const [described] = instance.calls("aws");
    expect(described?.slice(0, 7).join(" ")).toBe(
      "aws autoscaling describe-auto-scaling-groups --region eu-west-1 --auto-scaling-group-names chat.llama.main",
    );
    expect(described?.at(-1)).toContain("InstanceId!='i-0123456789abcdef0'");
  });

  const lastWords = (instance: FakeInstance) =>
    instance.bash(`source '${scriptOf("gpu-faults.sh")}'; fatal_xid || echo none`);

  it.each([46, 48, 62, 64, 74, 79, 95, 110, 119, 120, 136, 140, 143, 155, 156, 158])(
    "is one with Xid %i",
    async (code) => {
      expect(await lastWords(world.instanceWith({ kernel: [xid(31), xid(code), xid(45)] }))).toMatch(
        `Xid (PCI:0000:00:1e): ${code}, pid`,
      );
    },
  );

  it("is not one with an Xid after which a program is restarted, or goes on", async () => {
    const kernel = [13, 31, 43, 45, 63, 69, 92, 94, 109, 154, 7, 9, 480].map(xid);
    const instance = world.instanceWith({ kernel });
    expect(await lastWords(instance)).toBe("none\n");
    expect(await world.markedWithin(instance, 3)).toBe(false);
  });

  it("is one with uncorrectable memory errors", async () => {
    const { log } = await world.watch(
      world.instanceWith({ devices: [GPU, GPU], listed: `${line(0)}${line(1, 2)}` }),
    );
    expect(log).toContain("2 uncorrectable memory errors on 00000000:01:1E.0: marked unhealthy");
  });

  it.each(["[N/A]", "[Not Supported]", "0"])("is not one whose memory errors read %s", async (errors) => {
    expect(await world.markedWithin(world.instanceWith({ listed: line(0, errors) }), 3)).toBe(false);
  });

  it("is one that lacks a GPU, at the third check", async () => {
    const instance = world.instanceWith({ devices: [GPU, GPU] });
    const count = instance.file("count", "0");
    instance.fake(
      "nvidia-smi",
      `n=$(<'${count}'); echo $((n + 1)) >'${count}'; printf %s '${line(0)}'; if ((n < 2)); then printf %s '${line(1)}'; fi`,
    );
    const { log } = await world.watch(instance);
    expect(looks(instance)).toBe(2 + 3);
    expect(log).toContain("nvidia-smi lists 1 of 2 GPUs: marked unhealthy");
  });

  it("is one whose driver hangs", async () => {
    const instance = world.instanceWith();
    instance.fake(
      "nvidia-smi",
      `[[ -e '${instance.path("hangs")}' ]] && sleep 60; cat '${instance.path("listed")}'`,
    );
    const { log } = await world.watch(instance, () => {
      if (looks(instance) > 1) {
        instance.file("hangs", "");
      }
    });
    expect(log).toContain("nvidia-smi lists 0 of 1 GPUs: marked unhealthy");
  });

  it("is not one that has lacked it from the start", async () => {
    expect(await world.markedWithin(world.instanceWith({ devices: [GPU, GPU] }), 6)).toBe(false);
    expect(await world.markedWithin(world.instanceWith({ listed: "No devices were found\n" }), 6)).toBe(
      false,
    );
  });

  it("is not one that lacks it now and then", async () => {
    const instance = world.instanceWith({ devices: [GPU, GPU] });
    const count = instance.file("count", "0");
    instance.fake(
      "nvidia-smi",
      `n=$(<'${count}'); echo $((n + 1)) >'${count}'; printf %s '${line(0)}'; if ((n % 3 == 0)); then printf %s '${line(1)}'; fi`,
    );
    expect(await world.markedWithin(instance, 10)).toBe(false);
  });

  it("counts only GPUs of NVIDIA", async () => {
    const instance = world.instanceWith({ devices: [GPU, NVSWITCH, DISPLAY_OF_ANOTHER] });
    expect(await world.markedWithin(instance, 6)).toBe(false);
  });
});
