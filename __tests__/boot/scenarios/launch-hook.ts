import type { InstanceFacts } from "../../../boot/user-data";
import { plainFacts } from "../facts";
import type { World } from "./describe-instances";
import type { InstanceInAws } from "./instance-in-aws";
import { until } from "./until";

/** Launches an instance for which the launch hook waits. */
export async function launchBehindHook(
  world: World,
  facts: Partial<InstanceFacts> = {},
): Promise<InstanceInAws> {
  const instance = await world.launch(facts);
  world.aws.waiting.set(plainFacts.launchHookName, instance.instance);
  return instance;
}

/** Calls for hooks that waited, in order. */
export const acceptedCalls = ({ aws }: World): readonly string[] =>
  aws.accepted.map(({ result }) => result ?? "still loading");

/** Waits until hooks that waited have had so many answers. @returns the answers */
export async function answers(world: World, count = 1): Promise<readonly string[]> {
  const given = () => world.aws.accepted.flatMap(({ result }) => result ?? []);
  await until(`the instance has answered ${count} times`, () => given().length >= count);
  return given();
}
