import type { TargetOptimizer } from "../../boot/user-data";
import { FakeBox } from "./box";

const targetOptimizer: TargetOptimizer = {
  image: "public.ecr.aws/aws-elb/target-optimizer/target-control-agent:1",
  port: 3001,
  controlPort: 3000,
  serverPort: 8000,
  maxConcurrency: 8,
  protocolVersion: "HTTP2",
};

const boxes: FakeBox[] = [];
afterAll(() => {
  for (const box of boxes) {
    box.remove();
  }
});

function boxWith(optimizer: TargetOptimizer | undefined): FakeBox {
  const box = new FakeBox({ targetOptimizer: optimizer }).fake("docker").fake("aws");
  boxes.push(box);
  return box;
}

it("the agent stands between the load balancer and the server, and starts again whenever it ends", () => {
  const box = boxWith(targetOptimizer);
  expect(box.run("target-optimizer.sh")).toMatchObject({ status: 0 });
  expect(box.calls().map((call) => call.join(" "))).toEqual([
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

it("the agent from a private registry is signed in for", () => {
  const image = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/agent:1";
  const box = boxWith({ ...targetOptimizer, image });
  expect(box.run("target-optimizer.sh")).toMatchObject({ status: 0 });
  expect(box.calls("aws")).toEqual([["aws", "ecr", "get-login-password", "--region", "eu-west-1"]]);
});

it("without an agent nothing is started", () => {
  const box = boxWith(undefined);
  expect(box.run("target-optimizer.sh")).toMatchObject({ status: 0 });
  expect(box.calls()).toEqual([]);
});

it("an agent that cannot be had keeps the box from entering service", () => {
  const box = boxWith(targetOptimizer).fake("docker", "exit 1");
  expect(box.run("target-optimizer.sh").status).not.toBe(0);
});
