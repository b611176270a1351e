import type { BoxFacts } from "../../../boot/user-data";
import { plainFacts } from "../facts";
import type { BoxInAws } from "./box-in-aws";
import type { World } from "./describe-boxes";
import { until } from "./until";

/** Launches a box for which the launch hook waits. */
export async function launchBehindHook(world: World, facts: Partial<BoxFacts> = {}): Promise<BoxInAws> {
  const box = await world.launch(facts);
  world.aws.waiting.set(plainFacts.launchHookName, box.instance);
  return box;
}

/** What was said of hooks that waited, in order. */
export const heard = ({ aws }: World): readonly string[] =>
  aws.heard.map(({ result }) => result ?? "still loading");

/** Waits until hooks that waited have had so many answers; gives them. */
export async function answers(world: World, count = 1): Promise<readonly string[]> {
  const given = () => world.aws.heard.flatMap(({ result }) => result ?? []);
  await until(`the box has answered ${count} times`, () => given().length >= count);
  return given();
}
