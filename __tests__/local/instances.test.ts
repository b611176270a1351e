import { readArguments } from "../../local/arguments";
import { factsOf, whyNot } from "../../local/instances/bootable";
import { groupAnswers } from "../../local/instances/group-answers";
import type { HookCall } from "../../local/instances/hooks";
import { readDeployment } from "../../simulation/terraform/read";
import { valid, validFile, validModel, type WrittenFile } from "../support/serving-file";
import { deployment, group as groupOf, region as regionOf, Simulated } from "../support/simulated";
import { synthesized } from "../support/synthesis";

it("refuses what has no meaning for an instance that boots", () => {
  expect(readArguments(["--instances", "--load", "2/s"])).toMatchObject({ instances: true, load: 2 });
  expect(readArguments([])).toMatchObject({ instances: false });
  for (const words of [
    ["--speed", "10"],
    ["--server", "x"],
    ["--slots", "2"],
    ["--tokens", "9"],
  ]) {
    expect(() => readArguments(["--instances", ...words])).toThrow(`${words[0]} is for stand-ins`);
  }
});

/** The group of a model with these settings. */
function groupWith(told: Partial<WrittenFile["models"][string]>) {
  const models = { llama: { ...validModel(), ...told } };
  const { regions } = readDeployment(synthesized(valid({ ...validFile(), models }).deployment), () => []);
  const [found] = regions.flatMap(({ groups }) => groups);
  if (found === undefined) {
    throw new Error("the file has no model");
  }
  return found;
}

it("finds image and weights in user data", () => {
  const { image, folders } = factsOf(groupWith({}));
  expect([image, folders]).toEqual(["vllm/vllm-openai:v0.28.0", ["s3://example-weights/llama/"]]);
  expect(whyNot(groupWith({}))).toEqual([]);
});

it("says why instances of a group cannot boot here", () => {
  const arn = "arn:aws:secretsmanager:us-east-1:123456789012:secret:token-a1b2c3";
  expect(whyNot(groupWith({ secrets: { HF_TOKEN: arn } }))).toEqual([
    "it reads secrets, and there are none here",
  ]);
  const image = "123456789012.dkr.ecr.us-east-1.amazonaws.com/vllm/vllm-openai:v0.28.0";
  expect(whyNot(groupWith({ image }))).toEqual([
    `its image is ${image}; the only registry here is Docker Hub`,
  ]);
  const sglang = groupWith({ server: "sglang", image: "lmsysorg/sglang:v0.5.13" });
  expect(whyNot(sglang)).toEqual(["its server is sglang; the stand-in in a container is of vllm alone"]);
  expect(whyNot(groupOf())).toEqual(["its user data is not that of this project"]);
});

/** An instance that waits for its launch hook, in a group of three, and what answers it. */
function asked() {
  const model = regionOf({ groups: [groupOf()] });
  const simulated = new Simulated(deployment({ regions: [model] }));
  simulated.loadTime = 10_000;
  simulated.clock.runUntil(100);
  const region = simulated.deployment.regions.get("us-east-1");
  const group = region?.groups.get("aws_autoscaling_group.g");
  const instance = group?.instances.get("i-1");
  if (region === undefined || group === undefined || instance === undefined) {
    throw new Error("there is no instance");
  }
  const belonging = { group, region, targetGroup: undefined, facts: {} as never };
  const answers = groupAnswers(instance, belonging, { do: (action) => action() });
  const call = (told: Partial<HookCall>) =>
    answers.hook({ action: "CompleteLifecycleAction", group: "g", hook: "ready", instance: "i-1", ...told });
  const answer = (service: string, action: string, parameters: Readonly<Record<string, string>> = {}) =>
    answers.answer({ region: "us-east-1", service, action, parameter: (name) => parameters[name] ?? "" });
  return { simulated, group, instance, call, answer };
}

it("completes the hook that waits for an instance, and no other", () => {
  const { instance, call } = asked();
  expect(instance.state).toBe("Pending:Wait");
  expect(call({ hook: "drained", result: "CONTINUE" })).toBe(false);
  expect(call({ instance: "i-2", result: "CONTINUE" })).toBe(false);
  expect(instance.state).toBe("Pending:Wait");
  expect(call({ result: "CONTINUE" })).toBe(true);
  expect(instance.state).toBe("InService");
  expect(call({ result: "CONTINUE" })).toBe(false);
});

it("gives an instance up that abandons its launch", () => {
  const { instance, call } = asked();
  expect(call({ result: "ABANDON" })).toBe(true);
  expect(instance.leaves).toBe(true);
});

it("has a hook wait anew at a heartbeat", () => {
  const { simulated, instance, call } = asked();
  simulated.clock.runUntil(500);
  expect(call({ action: "RecordLifecycleActionHeartbeat" })).toBe(true);
  simulated.clock.runUntil(1000);
  expect(instance.state).toBe("Pending:Wait");
  simulated.clock.runUntil(1200);
  expect(instance.leaves).toBe(true);
});

it("tells an instance of its group, and does there what it asks for", () => {
  const { instance, call, answer } = asked();
  call({ result: "CONTINUE" });
  const text = answer("autoscaling", "DescribeAutoScalingGroups");
  expect(text).toContain("<DesiredCapacity>3</DesiredCapacity>");
  expect(text).toContain(
    "<InstanceId>i-1</InstanceId><LifecycleState>InService</LifecycleState><HealthStatus>Healthy</HealthStatus>",
  );
  expect(text).toMatch(/<TargetGroupARNs><member>arn:aws:elasticloadbalancing:us-east-1:\d+:targetgroup\//);
  answer("autoscaling", "SetInstanceHealth", { HealthStatus: "Unhealthy" });
  expect(instance.unhealthy).toBe("it has marked itself unhealthy");
  expect(answer("s3", "")).toBeUndefined();
});

it("takes an instance out of its target groups", () => {
  const { simulated, call, answer } = asked();
  call({ result: "CONTINUE" });
  const [targets] = simulated.deployment.regions.get("us-east-1")?.targetGroups.values() ?? [];
  expect(targets?.targets).toHaveLength(1);
  answer("elasticloadbalancing", "DeregisterTargets");
  expect(targets?.targets).toEqual([]);
});
