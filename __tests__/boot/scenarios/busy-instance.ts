import { plainFacts } from "../facts";
import type { World } from "./describe-instances";
import { type Generation, generate } from "./generation";
import type { Group } from "./group";
import type { InstanceInAws } from "./instance-in-aws";
import { answers } from "./launch-hook";
import { until } from "./until";

/** An instance in service, and a generation of its server, which has no fixed length. */
export interface BusyInstance {
  readonly instance: InstanceInAws;
  readonly generation: Generation;
}

/** Puts an instance of a group into service, and requests a generation from it. */
export async function busyInstance(
  world: World,
  group: Group,
  stopTimeoutSeconds: number,
): Promise<BusyInstance> {
  const instance = await world.launch({ stopTimeoutSeconds });
  instance.instance = group.instances[0] ?? "";
  instance.server("loaded");
  await instance.startServer();
  await until("the server is well", () => instance.isWell());
  const generation = generate(instance.port);
  await goesOn(generation);
  return { instance, generation };
}

/** The group takes the instance out, and the load balancer has deregistered it. */
export function hookWaitsFor({ aws }: World, instance: InstanceInAws): void {
  instance.target = "Terminated";
  aws.waiting.set(plainFacts.terminateHookName, instance.instance);
}

/** The server gets its stop signal and finishes its generation, and then the instance completes its hook. */
export async function finishesAndGoes(world: World, { instance, generation }: BusyInstance): Promise<void> {
  await until("the server has its stop signal", () => instance.serverLog.includes("finishes what it has"));
  await goesOn(generation);
  instance.server("generated");
  expect(await answers(world)).toEqual(["CONTINUE"]);
  expect(generation.whole()).toBe(true);
  expect(instance.serves).toBe(false);
}

/** Waits until a generation has gone on. */
export async function goesOn(generation: Generation): Promise<void> {
  const before = generation.tokens();
  await until("more tokens come", () => generation.tokens() > before + 5);
}
