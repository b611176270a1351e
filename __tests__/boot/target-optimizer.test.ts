import type { TargetOptimizer } from "../../boot/user-data";
import { FakeInstance } from "./instance";

const targetOptimizer: TargetOptimizer = {
  image: "public.ecr.aws/aws-elb/target-optimizer/target-control-agent:1",
  port: 3001,
  controlPort: 3000,
  serverPort: 8000,
  maxConcurrency: 8,
  protocolVersion: "HTTP2",
};

const instances: FakeInstance[] = [];
afterAll(() => {
  for (const instance of instances) {
    instance.remove();
  }
});

function instanceWith(optimizer: TargetOptimizer | undefined): FakeInstance {
  const instance = new FakeInstance({ targetOptimizer: optimizer }).fake("docker").fake("aws");
  instances.push(instance);
  return instance;
}

it("the agent runs between the load balancer and the server, and restarts whenever it ends", () => {
  const instance = instanceWith(targetOptimizer);
  expect(instance.run("target-optimizer.sh")).toMatchObject({ status: 0 });
  expect(instance.calls().map((call) => call.join(" "))).toEqual([
    `docker pull --quiet ${targetOptimizer.image}`,
    "docker rm --force target-optimizer",
    [
      "docker run --detach --name target-optimizer --network host --restart always --log-driver journald",
      "--env TARGET_CONTROL_DATA_ADDRESS=0.0.0.0:3001",
      "--env TARGET_CONTROL_CONTROL_ADDRESS=0.0.0.0:3000",
      "--env TARGET_CONTROL_DESTINATION_ADDRESS=127.0.0.1:8000",
      "--env TARGET_CONTROL_MAX_CONCURRENCY=8",
      "--env TARGET_CONTROL_PROTOCOL_VERSION=HTTP2",
      targetOptimizer.image,
    ].join(" "),
  ]);
});

it("the registry of the agent is signed in to, if it is private", () => {
  const image = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/agent:1";
  const instance = instanceWith({ ...targetOptimizer, image });
  expect(instance.run("target-optimizer.sh")).toMatchObject({ status: 0 });
  expect(instance.calls("aws")).toEqual([["aws", "ecr", "get-login-password", "--region", "eu-west-1"]]);
});

it("without an agent nothing is started", () => {
  const instance = instanceWith(undefined);
  expect(instance.run("target-optimizer.sh")).toMatchObject({ status: 0 });
  expect(instance.calls()).toEqual([]);
});

it("an agent that cannot be pulled prevents the instance from entering service", () => {
  const instance = instanceWith(targetOptimizer).fake("docker", "exit 1");
  expect(instance.run("target-optimizer.sh").status).not.toBe(0);
});
