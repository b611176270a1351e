import type { InstanceFacts } from "../../boot/user-data";
import { FakeInstance, scriptOf } from "./instance";
import { type Loopback, listenOnLoopback } from "./model-and-metadata";

jest.setTimeout(20_000);

const instances: FakeInstance[] = [];
let loopback: Loopback;

beforeEach(async () => {
  loopback = await listenOnLoopback("InService");
  loopback.modelAnswers = true;
  loopback.answers["/ask"] = { status: 200, text: "" };
});
afterEach(() => loopback.close());
afterAll(() => {
  for (const instance of instances) {
    instance.remove();
  }
});

const GPU = ["0x10de", "0x030200"] as const;
const NVSWITCH = ["0x10de", "0x068000"] as const;
const DISPLAY_OF_ANOTHER = ["0x1d0f", "0x030000"] as const;
const line = (number: number, errors: number | string = 0) => `00000000:0${number}:1E.0, ${errors}\n`;
const xid = (code: number) =>
  `[ 1234.5] NVRM: Xid (PCI:0000:00:1e): ${code}, pid='<unknown>', name=<unknown>, whatever the text`;

interface Hardware {
  readonly devices?: readonly (readonly [string, string])[];
  /** The output of nvidia-smi. */
  readonly listed?: string;
  readonly kernel?: readonly string[];
  /** Desired capacity, other healthy instances, and the state of this one. */
  readonly group?: string;
}

/** An instance without a fault, except the given ones. */
function instanceWith(hardware: Hardware = {}, facts: Partial<InstanceFacts> = {}): FakeInstance {
  const { devices = [GPU], listed = line(0), kernel = [], group = "3\t2\tInService" } = hardware;
  const instance = new FakeInstance({
    health: { protocol: "http", port: loopback.port, path: "/health" },
    ...facts,
  });
  instances.push(instance);
  for (const [index, [vendor, type]] of devices.entries()) {
    const folder = `pci/0000:00:0${index}.0`;
    instance.file(`${folder}/vendor`, `${vendor}\n`);
    instance.file(`${folder}/class`, `${type}\n`);
  }
  instance.file("listed", listed);
  instance.file("kernel", ["[ 0.0] Linux", ...kernel, ""].join("\n"));
  instance.file("group", group);
  instance
    .fake("nvidia-smi", `cat '${instance.path("listed")}'`)
    .fake("dmesg", `cat '${instance.path("kernel")}'`);
  instance.fake(
    "aws",
    `if [[ $2 == describe-auto-scaling-groups ]]; then cat '${instance.path("group")}'; fi`,
  );
  return instance.fake("systemctl").fake("docker");
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
const environment = (instance: FakeInstance) => ({ ...env(), PCI_DEVICES: instance.path("pci") });
const watch = (instance: FakeInstance, meanwhile?: () => void) =>
  instance.runToEnd("gpu-watch.sh", environment(instance), meanwhile);
const watchUntil = (instance: FakeInstance, done: () => boolean) =>
  instance.runUntil(done, "gpu-watch.sh", environment(instance));

const looks = (instance: FakeInstance) => instance.calls("nvidia-smi").length;
const marks = (instance: FakeInstance) =>
  instance.calls("aws").filter(([, , call]) => call === "set-instance-health");

/** Waits for so many more checks of the GPUs. @returns whether the instance was marked */
async function markedWithin(instance: FakeInstance, turns: number): Promise<boolean> {
  const before = looks(instance);
  await watchUntil(instance, () => looks(instance) >= before + turns);
  return marks(instance).length > 0;
}

describe("an instance whose GPU has died", () => {
  it("is marked unhealthy once, with the reason in its log", async () => {
    const instance = instanceWith({ kernel: [xid(79)] });
    const { status, log } = await watch(instance);
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
    const instance = instanceWith({ kernel: [xid(79)] });
    await watch(instance);
    expect(instance.calls("systemctl")).toEqual([
      ["systemctl", "stop", "--no-block", "model-server.service"],
    ]);
  });

  it("reads the state of its group first", async () => {
    const instance = instanceWith({ kernel: [xid(79)] });
    await watch(instance);
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
      expect(await lastWords(instanceWith({ kernel: [xid(31), xid(code), xid(45)] }))).toMatch(
        `Xid (PCI:0000:00:1e): ${code}, pid`,
      );
    },
  );

  it("is not one with an Xid after which a program is restarted, or goes on", async () => {
    const kernel = [13, 31, 43, 45, 63, 69, 92, 94, 109, 154, 7, 9, 480].map(xid);
    const instance = instanceWith({ kernel });
    expect(await lastWords(instance)).toBe("none\n");
    expect(await markedWithin(instance, 3)).toBe(false);
  });

  it("is one with uncorrectable memory errors", async () => {
    const { log } = await watch(instanceWith({ devices: [GPU, GPU], listed: `${line(0)}${line(1, 2)}` }));
    expect(log).toContain("2 uncorrectable memory errors on 00000000:01:1E.0: marked unhealthy");
  });

  it.each(["[N/A]", "[Not Supported]", "0"])("is not one whose memory errors read %s", async (errors) => {
    expect(await markedWithin(instanceWith({ listed: line(0, errors) }), 3)).toBe(false);
  });

  it("is one that lacks a GPU, at the third check", async () => {
    const instance = instanceWith({ devices: [GPU, GPU] });
    const count = instance.file("count", "0");
    instance.fake(
      "nvidia-smi",
      `n=$(<'${count}'); echo $((n + 1)) >'${count}'; printf %s '${line(0)}'; if ((n < 2)); then printf %s '${line(1)}'; fi`,
    );
    const { log } = await watch(instance);
    expect(looks(instance)).toBe(2 + 3);
    expect(log).toContain("nvidia-smi lists 1 of 2 GPUs: marked unhealthy");
  });

  it("is one whose driver hangs", async () => {
    const instance = instanceWith();
    instance.fake(
      "nvidia-smi",
      `[[ -e '${instance.path("hangs")}' ]] && sleep 60; cat '${instance.path("listed")}'`,
    );
    const { log } = await watch(instance, () => {
      if (looks(instance) > 1) {
        instance.file("hangs", "");
      }
    });
    expect(log).toContain("nvidia-smi lists 0 of 1 GPUs: marked unhealthy");
  });

  it("is not one that has lacked it from the start", async () => {
    expect(await markedWithin(instanceWith({ devices: [GPU, GPU] }), 6)).toBe(false);
    expect(await markedWithin(instanceWith({ listed: "No devices were found\n" }), 6)).toBe(false);
  });

  it("is not one that lacks it now and then", async () => {
    const instance = instanceWith({ devices: [GPU, GPU] });
    const count = instance.file("count", "0");
    instance.fake(
      "nvidia-smi",
      `n=$(<'${count}'); echo $((n + 1)) >'${count}'; printf %s '${line(0)}'; if ((n % 3 == 0)); then printf %s '${line(1)}'; fi`,
    );
    expect(await markedWithin(instance, 10)).toBe(false);
  });

  it("counts only GPUs of NVIDIA", async () => {
    const instance = instanceWith({ devices: [GPU, NVSWITCH, DISPLAY_OF_ANOTHER] });
    expect(await markedWithin(instance, 6)).toBe(false);
  });
});

describe("a model that hangs while its server is healthy", () => {
  /** Lets the model answer once, and then in another way. */
  const afterOneAnswer = (then: Loopback["answers"][string]) => () => {
    if (loopback.requests.length > 0) {
      loopback.answers["/ask"] = then;
    }
  };

  it("has its instance replaced after three probes, and serves on until then", async () => {
    const instance = instanceWith({}, probe());
    const { log } = await watch(instance, afterOneAnswer("nothing"));
    expect(log).toContain("healthy, but 3 probes in a row failed: /ask was not answered within 1 s: marked");
    expect(instance.calls("systemctl")).toEqual([]);
    expect(marks(instance)).toHaveLength(1);
  });

  it("has its instance replaced when it fails, too", async () => {
    const instance = instanceWith({}, probe());
    const { log } = await watch(instance, afterOneAnswer({ status: 500, text: "CUDA error" }));
    expect(log).toContain("/ask was answered with 500: CUDA error");
  });

  it.each([429, 400, 503])("does not count as failed when it refuses with %i", async (status) => {
    const instance = instanceWith({}, probe());
    const otherwise = afterOneAnswer({ status, text: "" });
    await watchUntil(instance, () => {
      otherwise();
      return loopback.requests.length > 8;
    });
    expect(marks(instance)).toEqual([]);
  });

  it("does not count as failed before its first answer: it may be loading", async () => {
    loopback.answers["/ask"] = { status: 500, text: "" };
    const instance = instanceWith({}, probe());
    await watchUntil(instance, () => loopback.requests.length > 6);
    expect(marks(instance)).toEqual([]);
  });

  it("does not count as failed while its server is unhealthy: the load balancer detects that itself", async () => {
    const instance = instanceWith({}, probe());
    let since = 0;
    await watchUntil(instance, () => {
      if (loopback.requests.length > 0) {
        loopback.modelAnswers = false;
        since ||= looks(instance);
      }
      return since > 0 && looks(instance) > since + 8;
    });
    expect(marks(instance)).toEqual([]);
  });

  it("does not count as failed when it answers in between", async () => {
    const instance = instanceWith({}, probe());
    await watchUntil(instance, () => {
      const failing = loopback.requests.length % 3 !== 0;
      loopback.answers["/ask"] = failing ? { status: 500, text: "" } : { status: 200, text: "" };
      return loopback.requests.length > 9;
    });
    expect(marks(instance)).toEqual([]);
  });

  it("gets no request without a probe", async () => {
    await markedWithin(instanceWith(), 4);
    expect(loopback.requests).toEqual([]);
  });
});

describe("a group", () => {
  const DEAD = { kernel: [xid(79)] };
  const stays = (others: number, desired: number) =>
    `but only ${others} other instances of ${desired} are healthy, so this one stays`;

  it.each([
    [1, 0],
    [2, 1],
    [3, 2],
    [4, 2],
    [5, 3],
    [6, 4],
    [30, 20],
  ])("of %i instances has one replaced when %i others are healthy", async (desired, others) => {
    const instance = instanceWith({ ...DEAD, group: `${desired}\t${others}\tInService` });
    await watch(instance);
    expect(marks(instance)).toHaveLength(1);
  });

  it.each([
    [2, 0],
    [3, 1],
    [4, 1],
    [6, 3],
    [30, 19],
  ])("of %i instances keeps a faulty one when %i others are healthy", async (desired, others) => {
    const instance = instanceWith({ ...DEAD, group: `${desired}\t${others}\tInService` });
    const log = await watchUntil(instance, () => instance.calls("aws").length > 3);
    expect(marks(instance)).toEqual([]);
    expect(instance.calls("systemctl")).toEqual([]);
    expect(log.split(stays(others, desired))).toHaveLength(2);
  });

  it("keeps a faulty instance until others are healthy", async () => {
    const instance = instanceWith({ ...DEAD, group: "3\t1\tInService" });
    await watch(instance, () => {
      if (instance.calls("aws").length > 3) {
        instance.file("group", "3\t2\tInService");
      }
    });
    expect(marks(instance)).toHaveLength(1);
  });

  it.each(["Pending:Wait", "Standby", "Terminating:Wait", "None"])(
    "does not have an instance replaced that is %s",
    async (state) => {
      const instance = instanceWith({ ...DEAD, group: `3\t2\t${state}` });
      await watchUntil(instance, () => instance.calls("aws").length > 3);
      expect(marks(instance)).toEqual([]);
    },
  );
});

describe("there is no watch", () => {
  it.each(["Terminated", "Warmed:Stopped", undefined])("on an instance on its way to %s", async (target) => {
    loopback.target = target;
    const instance = instanceWith({ kernel: [xid(79)] });
    let turns = 0;
    await watchUntil(instance, () => ++turns > 40);
    expect(instance.calls("dmesg")).toEqual([]);
    expect(instance.calls("aws")).toEqual([]);
  });

  it("where the team has turned it off", async () => {
    const instance = instanceWith({ kernel: [xid(79)] }, { gpuWatch: false });
    expect(await watch(instance)).toMatchObject({ status: 0 });
    expect(instance.calls()).toEqual([]);
  });
});

it("repeats the call when it failed", async () => {
  const instance = instanceWith({ kernel: [xid(79)] });
  instance.fake(
    "aws",
    `if [[ $2 == describe* ]]; then cat '${instance.path("group")}'; elif [[ ! -e '${instance.path("called")}' ]]; then : >'${instance.path("called")}'; exit 254; fi`,
  );
  const { log } = await watch(instance);
  expect(marks(instance)).toHaveLength(2);
  expect(log.match(/marked unhealthy/g)).toHaveLength(1);
});

it("waits for a different time before each call, so that instances that fail together call one after the other", async () => {
  const instance = instanceWith({ kernel: [xid(79)], group: "3\t1\tInService" });
  instance
    .hide("sleep")
    .fake("sleep", `[[ $1 == 0.05 ]] && exec '${instance.path("hidden-sleep")}' 0.05; exit 0`);
  await instance.runUntil(() => instance.calls("aws").length > 10, "gpu-watch.sh", {
    ...environment(instance),
    JITTER_SECONDS: "30",
  });
  const pauses = instance
    .calls("sleep")
    .flatMap(([, seconds]) => (seconds === "0.05" ? [] : [Number(seconds)]));
  expect(new Set(pauses).size).toBeGreaterThan(1);
  expect(Math.max(...pauses)).toBeLessThanOrEqual(30);
});
