import { setTimeout as sleep } from "node:timers/promises";
import { put } from "../../local/instances/weights";
import { makeGroup } from "../boot/scenarios/group";
import { generate, wholeStream } from "./generation";
import { type Launched, setTheStage, story } from "./story";

const REGION = "us-east-1";

beforeAll(setTheStage);

// The longest story is the first, so that it ends no later than the others.
story("a Spot instance that EC2 takes back ends its streams in time", async ({ aws, group, launch }) => {
  const settings = { region: REGION, autoScalingGroupName: group };
  const { instances, targets } = await makeGroup({ endpoint: aws.emulator }, 2, settings);
  const unusual = { id: instances[0], launch: { lifeCycle: "spot" } } as const;
  const { instance, launchHook } = launch({ spot: { share: 70 } }, unusual);
  await instance.answers(launchHook);
  const stream = generate(instance, 950);
  const end = Date.now() + 120_000;
  const time = new Date(end).toISOString().replace(/\.\d+/, "");
  instance.metadata.set("spot/instance-action", JSON.stringify({ action: "terminate", time }));
  await instance.until("it is no target", async () => !(await targets()).includes(instance.id));
  expect(await stream).toBe(wholeStream(950));
  await instance.until("the server has stopped", () =>
    instance.console.includes("spot: the server has stopped"),
  );
  expect(end - Date.now()).toBeGreaterThan(10_000);
  expect(instance.console).toContain("the server gets its stop signal with 1 open connections");
});

/** Prints how the server has answered generations so far. */
const STATUSES =
  "docker logs model-server | sed --quiet 's|.*/v1/completions HTTP/1.1\" \\([0-9]*\\).*|\\1|p'";

story("an instance enters service when its model answers", async ({ launch }) => {
  const { instance, launchHook } = launch({ env: { REFUSED_AT_FIRST: "2" } });
  expect(await instance.answers(launchHook)).toEqual(["CONTINUE"]);
  expect(await instance.run(STATUSES)).toMatch(/^503\n503\n200\b/);
  expect(await generate(instance, 1)).toBe(wholeStream(1));
  expect(instance.console).not.toContain("Invalid cloud-config");
});

/** That the server was started three times, not more, and that the instance then gave itself up. */
async function givesUp({ instance, launchHook }: Launched, reason: string): Promise<void> {
  expect(await instance.answers(launchHook)).toEqual(["ABANDON"]);
  expect(instance.console).toContain("the server could not be started: ABANDON");
  expect(instance.console).toContain(reason);
  const starts = "journalctl --unit=model-server | grep --count 'Starting model-server.service'";
  expect(await instance.run(starts)).toBe("3");
}

story("an instance without its image gives itself up at the third try", async ({ launch }) => {
  await givesUp(launch({ image: "vllm/vllm-openai:v0.18.1" }), "manifest unknown");
});

story("an instance whose registry does not answer gives itself up at the third try", async ({ launch }) => {
  const launched = launch();
  launched.instance.withoutRegistry = true;
  await givesUp(launched, "503 Service Unavailable");
});

story("an instance that cannot read its secret gives itself up at the third try", async ({ launch }) => {
  const arn = "arn:aws:secretsmanager:us-east-1:123456789012:secret:none-a1b2c3";
  await givesUp(launch({ secrets: { HF_TOKEN: arn } }), "Secrets Manager can't find the specified secret");
});

story("an instance whose weights are wrong gives itself up at the third try", async ({ aws, launch }) => {
  const uri = "s3://example-weights/changed/";
  await put(`${aws.emulator}/example-weights/changed/model.safetensors`, "changed");
  await put(`${aws.emulator}/example-weights/changed/SHA256SUMS`, `${"0".repeat(64)}  model.safetensors\n`);
  const launched = launch({ weights: { uri, size: "15GiB" } });
  await givesUp(launched, "1 files do not match its SHA256SUMS, the first is model.safetensors");
});

/** Prints how often Docker has started the server again. */
const RESTARTS = "docker inspect --format '{{.RestartCount}}' model-server";

story("an instance whose server fails again and again gives itself up", async ({ launch }) => {
  const { instance, launchHook } = launch({ env: { CRASH_ON_LOAD: "yes" } });
  expect(await instance.answers(launchHook)).toEqual(["ABANDON"]);
  expect(instance.console).toContain("the server has failed too often to be started again: ABANDON");
  expect(instance.console).toContain("torch.OutOfMemoryError: CUDA out of memory");
  expect(await instance.run(RESTARTS)).toBe("5");
});

/** Prints how often the kernel has killed a process of the server for want of memory. */
const KILLED_FOR_MEMORY = "docker events --since 0 --until $(date +%s) --filter event=oom | wc --lines";

/** Memory of an instance whose server may use 432 MiB: 2 GiB and one thirty-second less. */
const SMALL = { memoryMib: 2560 };

story("a server that takes too much memory is killed by the kernel, and serves again", async ({ launch }) => {
  const { instance, launchHook } = launch({}, SMALL);
  expect(await instance.answers(launchHook)).toEqual(["CONTINUE"]);
  const take = (mib: number) =>
    fetch(instance.url("/test/take"), { method: "POST", body: JSON.stringify({ mib }) }).then(
      ({ ok }) => ok,
      () => false,
    );
  expect(await take(200)).toBe(true);
  expect(await take(2000)).toBe(false);
  await instance.until("the server is back", () => instance.succeeds("curl --fail localhost:8000/health"));
  expect(await instance.run(KILLED_FOR_MEMORY)).toBe("1");
  expect(await instance.run(RESTARTS)).toBe("1");
  expect(await generate(instance, 1)).toBe(wholeStream(1));
  expect(await instance.answers(launchHook)).toEqual(["CONTINUE"]);
});

story("an instance too small for its server gives itself up", async ({ launch }) => {
  const { instance, launchHook } = launch({ env: { TAKE_ON_LOAD_MIB: "2000" } }, SMALL);
  expect(await instance.answers(launchHook)).toEqual(["ABANDON"]);
  expect(instance.console).toContain("the server has failed too often to be started again: ABANDON");
  expect(await instance.run(KILLED_FOR_MEMORY)).toBe("6");
  expect(await instance.run("docker inspect --format '{{.State.ExitCode}}' model-server")).toBe("137");
});

for (const [event, command] of [
  ["is restarted", "systemctl restart docker"],
  ["is killed", "systemctl kill --signal=KILL docker"],
]) {
  story(`a server goes on when Docker ${event}, and is started again when it fails later`, async (stage) => {
    const { instance, launchHook } = stage.launch();
    await instance.answers(launchHook);
    const stream = generate(instance, 50);
    await instance.run(`sleep 1; ${command}`);
    expect(await stream).toBe(wholeStream(50));
    await instance.until("Docker is back", () => instance.succeeds("docker info"));
    await fetch(instance.url("/test/crash"), { method: "POST" }).catch(() => undefined);
    await instance.until("the server is back", () => instance.succeeds("curl --fail localhost:8000/health"));
    await instance.run("systemctl stop model-server");
    expect(await instance.run("docker logs --tail 1 model-server")).toBe("finishes what it has");
  });
}

story("an instance leaves in the midst of a stream, of which no token is lost", async ({ launch }) => {
  const { instance, launchHook, terminateHook } = launch();
  await instance.answers(launchHook);
  const stream = generate(instance, 600);
  const soFar = () => Promise.race([stream, sleep(0, "goes on")]);
  instance.target = "Terminated";
  instance.hookWaits(terminateHook);
  await instance.until("the server gets its stop signal", () =>
    instance.succeeds("docker logs model-server | grep 'finishes what it has'"),
  );
  expect(await soFar()).toBe("goes on");
  expect(await instance.answers(terminateHook)).toEqual(["CONTINUE"]);
  // EC2 may end the instance now.
  expect(await soFar()).toBe(wholeStream(600));
  expect(await instance.succeeds("curl localhost:8000/health")).toBe(false);
});

story("an instance that is stopped in the midst of a stream ends after it", async ({ launch }) => {
  const { instance, launchHook } = launch();
  await instance.answers(launchHook);
  const stream = generate(instance, 150);
  await instance.switchOff();
  expect(await stream).toBe(wholeStream(150));
});

story("an instance in service reboots in the midst of a stream, and serves again", async ({ launch }) => {
  const { instance, launchHook } = launch();
  expect(await instance.answers(launchHook)).toEqual(["CONTINUE"]);
  const stream = generate(instance, 150);
  await instance.run("systemctl reboot");
  expect(await stream).toBe(wholeStream(150));
  const answered = () => instance.console.split("phase: ModelAnswered").length - 1;
  await instance.until("the model answers again", () => answered() === 2);
  expect(await generate(instance, 1)).toBe(wholeStream(1));
  expect(await instance.answers(launchHook)).toEqual(["CONTINUE"]);
});

story("an instance comes out of the warm pool while no registry answers", async ({ launch }) => {
  const { instance, launchHook } = launch({}, { target: "Warmed:Stopped" });
  expect(await instance.answers(launchHook)).toEqual(["CONTINUE"]);
  await instance.switchOff();
  instance.withoutRegistry = true;
  instance.target = "InService";
  instance.hookWaits(launchHook);
  instance.switchOn();
  expect(await instance.answers(launchHook, 2)).toEqual(["CONTINUE", "CONTINUE"]);
  expect(instance.console).toContain("cannot pull, so the image that is here is used");
});

story(
  "an instance whose GPU falls off the bus is replaced, and serves no more",
  async ({ aws, group, launch }) => {
    const settings = { region: REGION, autoScalingGroupName: group };
    const { instances, health } = await makeGroup({ endpoint: aws.emulator }, 3, settings);
    const { instance, launchHook } = launch({}, { id: instances[0] });
    await instance.answers(launchHook);
    const line = "NVRM: Xid (PCI:0000:00:1e): 79, pid=1234, GPU has fallen off the bus.";
    await instance.run(`echo '[  100.000000] ${line}' >/run/kernel-log`);
    await instance.until("it is unhealthy", async () => (await health())[instance.id] === "Unhealthy");
    await instance.until("it says why", () =>
      instance.console.includes("fallen off the bus.: marked unhealthy"),
    );
    await instance.until("the server is gone", () => instance.succeeds("! systemctl is-active model-server"));
  },
);

story("a server speaks TLS with the certificate of its instance", async ({ launch }) => {
  const { instance, launchHook } = launch({ targetTls: true });
  expect(await instance.answers(launchHook)).toEqual(["CONTINUE"]);
  expect(await instance.succeeds("curl --fail --insecure https://localhost:8000/health")).toBe(true);
  expect(await instance.succeeds("curl --fail http://localhost:8000/health")).toBe(false);
});
