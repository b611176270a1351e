import type { BoxFacts } from "../../boot/user-data";
import { FakeBox, scriptOf } from "./box";
import { type Loopback, listenOnLoopback } from "./model-and-metadata";

jest.setTimeout(20_000);

const boxes: FakeBox[] = [];
let loopback: Loopback;

beforeEach(async () => {
  loopback = await listenOnLoopback("InService");
  loopback.modelAnswers = true;
  loopback.answers["/ask"] = { status: 200, text: "" };
});
afterEach(() => loopback.close());
afterAll(() => {
  for (const box of boxes) {
    box.remove();
  }
});

const GPU = ["0x10de", "0x030200"] as const;
const NVSWITCH = ["0x10de", "0x068000"] as const;
const DISPLAY_OF_ANOTHER = ["0x1d0f", "0x030000"] as const;
const line = (number: number, errors: number | string = 0) => `00000000:0${number}:1E.0, ${errors}\n`;
const xid = (code: number) =>
  `[ 1234.5] NVRM: Xid (PCI:0000:00:1e): ${code}, pid='<unknown>', name=<unknown>, whatever it says`;

interface Hardware {
  readonly devices?: readonly (readonly [string, string])[];
  /** What nvidia-smi lists. */
  readonly listed?: string;
  readonly kernel?: readonly string[];
  /** Boxes wanted, others that are well, and where this one is. */
  readonly group?: string;
}

/** A box that nothing is wrong with, but for what is said. */
function boxWith(hardware: Hardware = {}, facts: Partial<BoxFacts> = {}): FakeBox {
  const { devices = [GPU], listed = line(0), kernel = [], group = "3\t2\tInService" } = hardware;
  const box = new FakeBox({
    health: { protocol: "http", port: loopback.port, path: "/health" },
    ...facts,
  });
  boxes.push(box);
  for (const [index, [vendor, type]] of devices.entries()) {
    const folder = `pci/0000:00:0${index}.0`;
    box.file(`${folder}/vendor`, `${vendor}\n`);
    box.file(`${folder}/class`, `${type}\n`);
  }
  box.file("listed", listed);
  box.file("kernel", ["[ 0.0] Linux", ...kernel, ""].join("\n"));
  box.file("group", group);
  box.fake("nvidia-smi", `cat '${box.path("listed")}'`).fake("dmesg", `cat '${box.path("kernel")}'`);
  box.fake("aws", `if [[ $2 == describe-auto-scaling-groups ]]; then cat '${box.path("group")}'; fi`);
  return box.fake("systemctl").fake("docker");
}

const probe = () => ({ probe: { port: loopback.port, path: "/ask", timeoutSeconds: 1 } });
const env = () => ({
  METADATA_ENDPOINT: `http://127.0.0.1:${loopback.port}`,
  PCI_DEVICES: "",
  POLL_SECONDS: "0.05",
  PROBE_SECONDS: "0.05",
  JITTER_SECONDS: "0",
  SMI_SECONDS: "1",
});
const environment = (box: FakeBox) => ({ ...env(), PCI_DEVICES: box.path("pci") });
const watch = (box: FakeBox, meanwhile?: () => void) =>
  box.runToEnd("gpu-watch.sh", environment(box), meanwhile);
const watchUntil = (box: FakeBox, done: () => boolean) =>
  box.runUntil(done, "gpu-watch.sh", environment(box));

const looks = (box: FakeBox) => box.calls("nvidia-smi").length;
const marks = (box: FakeBox) => box.calls("aws").filter(([, , call]) => call === "set-instance-health");

/** Has the box looked so many times more, and gives whether it was marked. */
async function markedWithin(box: FakeBox, turns: number): Promise<boolean> {
  const before = looks(box);
  await watchUntil(box, () => looks(box) >= before + turns);
  return marks(box).length > 0;
}

describe("a box whose GPU has died", () => {
  it("is marked unhealthy once, with the reason in its log", async () => {
    const box = boxWith({ kernel: [xid(79)] });
    const { status, said } = await watch(box);
    expect(status).toBe(0);
    expect(marks(box).map((call) => call.join(" "))).toEqual([
      "aws autoscaling set-instance-health --region eu-west-1 --instance-id i-0123456789abcdef0 " +
        "--health-status Unhealthy --no-should-respect-grace-period",
    ]);
    expect(said).toBe(
      "gpu-watch: Xid (PCI:0000:00:1e): 79, pid='<unknown>', name=<unknown>, whatever it says: marked unhealthy, so that the group replaces this box\n",
    );
  });

  it("stops its server, so that the load balancer sends it nothing more", async () => {
    const box = boxWith({ kernel: [xid(79)] });
    await watch(box);
    expect(box.calls("systemctl")).toEqual([["systemctl", "stop", "--no-block", "model-server.service"]]);
  });

  it("looks at its group first", async () => {
    const box = boxWith({ kernel: [xid(79)] });
    await watch(box);
    const [described] = box.calls("aws");
    expect(described?.slice(0, 7).join(" ")).toBe(
      "aws autoscaling describe-auto-scaling-groups --region eu-west-1 --auto-scaling-group-names chat.llama.main",
    );
    expect(described?.at(-1)).toContain("InstanceId!='i-0123456789abcdef0'");
  });

  const lastWords = (box: FakeBox) =>
    box.bash(`source '${scriptOf("gpu-faults.sh")}'; fatal_xid || echo none`);

  it.each([46, 48, 62, 64, 74, 79, 95, 110, 119, 120, 136, 140, 143, 155, 156, 158])(
    "is one with Xid %i",
    async (code) => {
      expect(await lastWords(boxWith({ kernel: [xid(31), xid(code), xid(45)] }))).toMatch(
        `Xid (PCI:0000:00:1e): ${code}, pid`,
      );
    },
  );

  it("is not one with an Xid after which a program is started again, or goes on", async () => {
    const kernel = [13, 31, 43, 45, 63, 69, 92, 94, 109, 154, 7, 9, 480].map(xid);
    const box = boxWith({ kernel });
    expect(await lastWords(box)).toBe("none\n");
    expect(await markedWithin(box, 3)).toBe(false);
  });

  it("is one with uncorrectable memory errors", async () => {
    const { said } = await watch(boxWith({ devices: [GPU, GPU], listed: `${line(0)}${line(1, 2)}` }));
    expect(said).toContain("2 uncorrectable memory errors on 00000000:01:1E.0: marked unhealthy");
  });

  it.each(["[N/A]", "[Not Supported]", "0"])("is not one that says %s of its memory", async (errors) => {
    expect(await markedWithin(boxWith({ listed: line(0, errors) }), 3)).toBe(false);
  });

  it("is one that lacks a GPU, at the third look", async () => {
    const box = boxWith({ devices: [GPU, GPU] });
    const count = box.file("count", "0");
    box.fake(
      "nvidia-smi",
      `n=$(<'${count}'); echo $((n + 1)) >'${count}'; printf %s '${line(0)}'; if ((n < 2)); then printf %s '${line(1)}'; fi`,
    );
    const { said } = await watch(box);
    expect(looks(box)).toBe(2 + 3);
    expect(said).toContain("nvidia-smi lists 1 of 2 GPUs: marked unhealthy");
  });

  it("is one whose driver hangs", async () => {
    const box = boxWith();
    box.fake("nvidia-smi", `[[ -e '${box.path("hangs")}' ]] && sleep 60; cat '${box.path("listed")}'`);
    const { said } = await watch(box, () => {
      if (looks(box) > 1) {
        box.file("hangs", "");
      }
    });
    expect(said).toContain("nvidia-smi lists 0 of 1 GPUs: marked unhealthy");
  });

  it("is not one that lacked it from the start, for then something else is otherwise than thought", async () => {
    expect(await markedWithin(boxWith({ devices: [GPU, GPU] }), 6)).toBe(false);
    expect(await markedWithin(boxWith({ listed: "No devices were found\n" }), 6)).toBe(false);
  });

  it("is not one that lacks it now and then", async () => {
    const box = boxWith({ devices: [GPU, GPU] });
    const count = box.file("count", "0");
    box.fake(
      "nvidia-smi",
      `n=$(<'${count}'); echo $((n + 1)) >'${count}'; printf %s '${line(0)}'; if ((n % 3 == 0)); then printf %s '${line(1)}'; fi`,
    );
    expect(await markedWithin(box, 10)).toBe(false);
  });

  it("counts GPUs alone, and NVIDIA's alone", async () => {
    const box = boxWith({ devices: [GPU, NVSWITCH, DISPLAY_OF_ANOTHER] });
    expect(await markedWithin(box, 6)).toBe(false);
  });
});

describe("a model that hangs while its server says that it is well", () => {
  /** Lets the model answer once, and then otherwise. */
  const afterOneAnswer = (then: Loopback["answers"][string]) => () => {
    if (loopback.asked.length > 0) {
      loopback.answers["/ask"] = then;
    }
  };

  it("has its box replaced after three probes, and serves on until then", async () => {
    const box = boxWith({}, probe());
    const { said } = await watch(box, afterOneAnswer("nothing"));
    expect(said).toContain("healthy, but 3 probes in a row failed: /ask was not answered within 1 s: marked");
    expect(box.calls("systemctl")).toEqual([]);
    expect(marks(box)).toHaveLength(1);
  });

  it("or fails", async () => {
    const box = boxWith({}, probe());
    const { said } = await watch(box, afterOneAnswer({ status: 500, text: "CUDA error" }));
    expect(said).toContain("/ask was answered with 500: CUDA error");
  });

  it.each([429, 400, 503])("is none that refuses with %i", async (status) => {
    const box = boxWith({}, probe());
    const otherwise = afterOneAnswer({ status, text: "" });
    await watchUntil(box, () => {
      otherwise();
      return loopback.asked.length > 8;
    });
    expect(marks(box)).toEqual([]);
  });

  it("is none that has not answered yet: it may be loading", async () => {
    loopback.answers["/ask"] = { status: 500, text: "" };
    const box = boxWith({}, probe());
    await watchUntil(box, () => loopback.asked.length > 6);
    expect(marks(box)).toEqual([]);
  });

  it("is none whose server is not well: the load balancer sees that itself", async () => {
    const box = boxWith({}, probe());
    let since = 0;
    await watchUntil(box, () => {
      if (loopback.asked.length > 0) {
        loopback.modelAnswers = false;
        since ||= looks(box);
      }
      return since > 0 && looks(box) > since + 8;
    });
    expect(marks(box)).toEqual([]);
  });

  it("is none that answers in between", async () => {
    const box = boxWith({}, probe());
    await watchUntil(box, () => {
      const failing = loopback.asked.length % 3 !== 0;
      loopback.answers["/ask"] = failing ? { status: 500, text: "" } : { status: 200, text: "" };
      return loopback.asked.length > 9;
    });
    expect(marks(box)).toEqual([]);
  });

  it("is not asked where there is no probe", async () => {
    await markedWithin(boxWith(), 4);
    expect(loopback.asked).toEqual([]);
  });
});

describe("the group keeps", () => {
  const DEAD = { kernel: [xid(79)] };
  const stays = (others: number, desired: number) =>
    `but only ${others} other boxes of ${desired} are well, so this one stays`;

  it.each([
    [1, 0],
    [2, 1],
    [3, 2],
    [4, 2],
    [5, 3],
    [6, 4],
    [30, 20],
  ])("two thirds of its boxes: of %i it can do with %i others", async (desired, others) => {
    const box = boxWith({ ...DEAD, group: `${desired}\t${others}\tInService` });
    await watch(box);
    expect(marks(box)).toHaveLength(1);
  });

  it.each([
    [2, 0],
    [3, 1],
    [4, 1],
    [6, 3],
    [30, 19],
  ])("two thirds of its boxes: of %i it cannot do with %i others", async (desired, others) => {
    const box = boxWith({ ...DEAD, group: `${desired}\t${others}\tInService` });
    const said = await watchUntil(box, () => box.calls("aws").length > 3);
    expect(marks(box)).toEqual([]);
    expect(box.calls("systemctl")).toEqual([]);
    expect(said.split(stays(others, desired))).toHaveLength(2);
  });

  it("a box until others are well", async () => {
    const box = boxWith({ ...DEAD, group: "3\t1\tInService" });
    await watch(box, () => {
      if (box.calls("aws").length > 3) {
        box.file("group", "3\t2\tInService");
      }
    });
    expect(marks(box)).toHaveLength(1);
  });

  it.each(["Pending:Wait", "Standby", "Terminating:Wait", "None"])(
    "no watch over a box that is %s",
    async (state) => {
      const box = boxWith({ ...DEAD, group: `3\t2\t${state}` });
      await watchUntil(box, () => box.calls("aws").length > 3);
      expect(marks(box)).toEqual([]);
    },
  );
});

describe("nothing is watched", () => {
  it.each(["Terminated", "Warmed:Stopped", undefined])("on a box on its way to %s", async (target) => {
    loopback.target = target;
    const box = boxWith({ kernel: [xid(79)] });
    let turns = 0;
    await watchUntil(box, () => ++turns > 40);
    expect(box.calls("dmesg")).toEqual([]);
    expect(box.calls("aws")).toEqual([]);
  });

  it("where the team wants none", async () => {
    const box = boxWith({ kernel: [xid(79)] }, { gpuWatch: false });
    expect(await watch(box)).toMatchObject({ status: 0 });
    expect(box.calls()).toEqual([]);
  });
});

it("tries again when the group did not hear it", async () => {
  const box = boxWith({ kernel: [xid(79)] });
  box.fake(
    "aws",
    `if [[ $2 == describe* ]]; then cat '${box.path("group")}'; elif [[ ! -e '${box.path("heard")}' ]]; then : >'${box.path("heard")}'; exit 254; fi`,
  );
  const { said } = await watch(box);
  expect(marks(box)).toHaveLength(2);
  expect(said.match(/marked unhealthy/g)).toHaveLength(1);
});

it("takes its time, another each time, so that boxes with one thought ask one after the other", async () => {
  const box = boxWith({ kernel: [xid(79)], group: "3\t1\tInService" });
  box.hide("sleep").fake("sleep", `[[ $1 == 0.05 ]] && exec '${box.path("hidden-sleep")}' 0.05; exit 0`);
  await box.runUntil(() => box.calls("aws").length > 10, "gpu-watch.sh", {
    ...environment(box),
    JITTER_SECONDS: "30",
  });
  const pauses = box.calls("sleep").flatMap(([, seconds]) => (seconds === "0.05" ? [] : [Number(seconds)]));
  expect(new Set(pauses).size).toBeGreaterThan(1);
  expect(Math.max(...pauses)).toBeLessThanOrEqual(30);
});
