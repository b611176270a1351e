import type { FakeInstance } from "../instance";
import { marks, watchedInstances } from "./watched-instance";

const world = watchedInstances();

const SEEN = "GPU 0: NVIDIA L4 (UUID: GPU-f15ae561-21b1-6003-c768-861fc285203b)";
const LOST = "Failed to initialize NVML: Unknown Error";

/** An instance whose container sees this, and after some looks that. */
function instanceThatSees(first: string, looks: number, then: string): FakeInstance {
  const instance = world.instanceWith();
  const count = instance.file("count", "0");
  return instance.fake(
    "docker",
    `n=$(<'${count}'); echo $((n + 1)) >'${count}'
     if ((n < ${looks})); then echo '${first}'; exit 0; fi
     echo '${then}'; exit 255`,
  );
}

const looks = (instance: FakeInstance) => instance.calls("docker").length;

describe("a server whose container has lost its GPUs, while the instance has them", () => {
  it.each([LOST, "No devices found."])("is replaced at the third check: %s", async (view) => {
    const instance = instanceThatSees(SEEN, 2, view);
    const { status, log } = await world.watch(instance);
    expect(status).toBe(0);
    expect(looks(instance)).toBe(2 + 3);
    expect(marks(instance)).toHaveLength(1);
    expect(log).toContain(`the server's container has lost its GPUs: ${view}: marked unhealthy`);
  });

  it("goes on until another instance has replaced it: what it has opened may still work", async () => {
    const instance = instanceThatSees(SEEN, 1, LOST);
    await world.watch(instance);
    expect(instance.calls("systemctl")).toEqual([]);
  });

  it("is looked at as it sees its GPUs itself", async () => {
    const instance = instanceThatSees(SEEN, 1, LOST);
    await world.watch(instance);
    expect(instance.calls("docker")[0]).toEqual([
      "docker",
      "exec",
      "model-server",
      "nvidia-smi",
      "--list-gpus",
    ]);
  });
});

it.each([
  ["never saw any", LOST, 0, LOST],
  ["has no nvidia-smi", SEEN, 1, "OCI runtime exec failed: exec: nvidia-smi: executable file not found"],
  ["is not running", SEEN, 1, "Error response from daemon: container is not running"],
])("a container that %s has lost none", async (_, first, count, then) => {
  const instance = instanceThatSees(first, count, then);
  await world.watchUntil(instance, () => looks(instance) > 6);
  expect(marks(instance)).toEqual([]);
});
