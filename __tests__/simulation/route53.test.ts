import type { HealthCheckModel, RecordModel } from "../../simulation/model";
import { deployment, region, Simulated } from "../support/simulated";

const check = (name: string): HealthCheckModel => ({
  address: `check ${name}`,
  inverted: false,
  type: "endpoint",
  protocol: "HTTPS",
  host: name,
  port: 443,
  path: "/health",
  interval: 10,
  failureThreshold: 3,
  checkers: 6,
});

const record = (name: string, to: string, told: Partial<RecordModel> = {}): RecordModel => ({
  address: `record ${name} ${to}`,
  name,
  type: "A",
  healthCheck: undefined,
  to: { kind: "load balancer", region: to, loadBalancer: "aws_lb.entry", evaluateHealth: false },
  policy: { kind: "latency", region: to },
  ...told,
});

const REGIONS = ["us-east-1", "eu-central-1"];

function global(records: readonly RecordModel[], healthChecks: readonly HealthCheckModel[] = []) {
  const simulated = new Simulated(
    deployment({ regions: REGIONS.map((name) => region({ name })), records, healthChecks }),
  );
  simulated.clock.runUntil(300);
  return simulated;
}

it("answers with the nearest region, and with the other one when its health checks fail", () => {
  const simulated = global(
    REGIONS.map((name) => record("models", name, { healthCheck: `check ${name}` })),
    REGIONS.map(check),
  );
  const answer = () => simulated.deployment.answer("models", "us-east-1")?.region;
  expect([answer(), simulated.deployment.answer("models", "eu-central-1")?.region]).toEqual(REGIONS);
  simulated.deadRegions.add("us-east-1");
  simulated.clock.run(19);
  expect(answer()).toBe("us-east-1");
  simulated.clock.run(21);
  expect(answer()).toBe("eu-central-1");
  simulated.deadRegions.clear();
  simulated.clock.run(40);
  expect(answer()).toBe("us-east-1");
});

it("answers with any region when none is healthy, and knows no other name", () => {
  const simulated = global(
    REGIONS.map((name) => record("models", name, { healthCheck: `check ${name}` })),
    REGIONS.map(check),
  );
  simulated.deadRegions.add("us-east-1").add("eu-central-1");
  simulated.clock.run(60);
  expect(simulated.deployment.answer("models", "us-east-1")?.region).toBe("us-east-1");
  expect(simulated.deployment.answer("other", "us-east-1")).toBeUndefined();
});

it("takes an endpoint as healthy while more than 18 % of the checkers do", () => {
  const simulated = global([], [check("us-east-1"), { ...check("x"), address: "inverted", inverted: true }]);
  simulated.deadRegions.add("us-east-1");
  const seen = new Set<boolean>();
  for (let second = 0; second < 40; second += 1) {
    simulated.clock.run(1);
    seen.add(simulated.deployment.isHealthy("check us-east-1"));
  }
  expect([...seen]).toEqual([true, false]);
  expect(simulated.deployment.isHealthy("inverted")).toBe(false);
});

it("adds up other health checks", () => {
  const calculated: HealthCheckModel = {
    address: "all",
    inverted: false,
    type: "calculated",
    children: ["check us-east-1", "check eu-central-1"],
    healthyAt: 2,
  };
  const simulated = global([], [...REGIONS.map(check), calculated]);
  expect(simulated.deployment.isHealthy("all")).toBe(true);
  simulated.deadRegions.add("us-east-1");
  simulated.clock.run(60);
  expect(simulated.deployment.isHealthy("all")).toBe(false);
});

it("keeps the last state of an alarm without data, or takes what it is told", () => {
  const of = (withoutData: "Healthy" | "Unhealthy" | "LastKnownStatus"): HealthCheckModel => ({
    address: withoutData,
    inverted: false,
    type: "alarm",
    region: "us-east-1",
    alarm: "none",
    withoutData,
  });
  const simulated = global([], [of("Healthy"), of("Unhealthy"), of("LastKnownStatus")]);
  const { deployment: at } = simulated;
  expect([at.isHealthy("Healthy"), at.isHealthy("Unhealthy"), at.isHealthy("LastKnownStatus")]).toEqual([
    true,
    false,
    true,
  ]);
});

it("shares by weight, follows names, and leaves out a load balancer with an empty target group", () => {
  const simulated = global([
    record("models", "", {
      to: { kind: "record", name: "inner", evaluateHealth: true },
      policy: { kind: "simple" },
    }),
    record("inner", "us-east-1", { policy: { kind: "weighted", weight: 3 } }),
    record("inner", "eu-central-1", {
      policy: { kind: "weighted", weight: 1 },
      to: {
        kind: "load balancer",
        region: "eu-central-1",
        loadBalancer: "aws_lb.entry",
        evaluateHealth: true,
      },
    }),
  ]);
  const answers = () =>
    Array.from({ length: 400 }, () => simulated.deployment.answer("models", "us-east-1")?.region);
  const there = answers().filter((each) => each === "eu-central-1").length;
  expect(Math.abs(there - 100)).toBeLessThan(4 * Math.sqrt(400 * 0.25 * 0.75));
  for (const { instance } of simulated.deployment.regions
    .get("eu-central-1")
    ?.targetGroups.get("aws_lb_target_group.a")?.targets ?? []) {
    simulated.dead.add(instance);
  }
  simulated.clock.run(60);
  expect(new Set(answers())).toEqual(new Set(["us-east-1"]));
});

it("fails over", () => {
  const simulated = global(
    [
      record("models", "us-east-1", {
        healthCheck: "check us-east-1",
        policy: { kind: "failover", primary: true },
      }),
      record("models", "eu-central-1", { policy: { kind: "failover", primary: false } }),
    ],
    [check("us-east-1")],
  );
  const answer = () => simulated.deployment.answer("models", "eu-central-1")?.region;
  expect(answer()).toBe("us-east-1");
  simulated.deadRegions.add("us-east-1");
  simulated.clock.run(60);
  expect(answer()).toBe("eu-central-1");
});
