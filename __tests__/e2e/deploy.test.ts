import { type Eyes, lookAt } from "./aws";
import { chat, minimal } from "./deployments";
import { inBrief, plannedChanges } from "./plan-changes";
import { createProject, type Project } from "./project";
import { say, step } from "./steps";
import { suite } from "./suite";
import { createWorld, type World } from "./world";

suite("deploy", (around) => {
  let world: World;
  let two: Project;
  let one: Project;
  const us = (): Eyes => lookAt(around().emulator.endpoint, "us-east-1");

  step("bootstrap", async () => {
    two = createProject("chat", around());
    two.write(chat());
    say("makes what a team has before its first deploy: a hosted zone, a VPC");
    const t = Date.now();
    [world] = await Promise.all([
      createWorld(around(), { "us-east-1": 3, "eu-west-1": 0 }),
      expect(two.deploy("*")).rejects.toThrow(/S3 bucket "example-chat-tfstate" does not exist/),
    ]);
    say(`${Date.now() - t}`);
    one = createProject("minimal", around());
    one.write(minimal(world.networkIn("us-east-1")));
    say("waits for S3 to tell the same of the buckets ten times over, which takes the provider a minute");
    await Promise.all([two.deploy("state"), one.deploy("state")]);
  });
  step("deploy", async () => {
    say("waits for load balancers, which takes the provider a minute");
    await Promise.all([two.deploy("*-*"), one.deploy("us-east-1")]);
    say(JSON.stringify(await us().objects("example-chat-tfstate")));
  });
  step("second look", async () => {
    const plans = await Promise.all([
      two.plan("us-east-1"),
      two.plan("eu-west-1"),
      two.plan("state"),
      one.plan("us-east-1"),
    ]);
    expect(plans.flatMap((p) => inBrief(plannedChanges(p)))).toEqual([]);
  });
  step("hold", async () => {
    say(`${around().emulator.endpoint} ${around().folder}`);
    if (process.env.HOLD) await new Promise((r) => setTimeout(r, Number(process.env.HOLD) * 1000));
  });
});
