import { Lazy, Token } from "cdktf";
import {
  type TargetGroupHealth,
  targetGroupHealth,
} from "../../../constructs/load-balancer/target-group-health";

const dns = (health: TargetGroupHealth) => targetGroupHealth(health).dnsFailover;
const routing = (health: TargetGroupHealth) => targetGroupHealth(health).unhealthyStateRouting;

describe("the health of a target group", () => {
  it("ends, by default, when no target is healthy", () => {
    expect(targetGroupHealth()).toEqual({
      dnsFailover: { minimumHealthyTargetsCount: "1", minimumHealthyTargetsPercentage: "off" },
      unhealthyStateRouting: { minimumHealthyTargetsCount: 1, minimumHealthyTargetsPercentage: "off" },
    });
  });

  it("can be measured by number", () => {
    const health = { dnsFailover: { count: 3 }, unhealthyStateRouting: { count: 2 } };
    expect(dns(health)).toMatchObject({
      minimumHealthyTargetsCount: "3",
      minimumHealthyTargetsPercentage: "off",
    });
    expect(routing(health)).toMatchObject({
      minimumHealthyTargetsCount: 2,
      minimumHealthyTargetsPercentage: "off",
    });
  });

  it("can be measured by share, and then DNS counts no targets", () => {
    const health = { dnsFailover: { percentage: 50 }, unhealthyStateRouting: { percentage: 20 } };
    expect(dns(health)).toEqual({ minimumHealthyTargetsCount: "off", minimumHealthyTargetsPercentage: "50" });
    expect(routing(health)).toEqual({ minimumHealthyTargetsCount: 1, minimumHealthyTargetsPercentage: "20" });
  });

  it("can be measured by both", () => {
    expect(dns({ dnsFailover: { count: 2, percentage: 50 } })).toEqual({
      minimumHealthyTargetsCount: "2",
      minimumHealthyTargetsPercentage: "50",
    });
  });

  it("may have a share that is off", () => {
    expect(dns({ dnsFailover: { count: 2, percentage: "off" } })?.minimumHealthyTargetsPercentage).toBe(
      "off",
    );
  });

  it.each([{}, { percentage: "off" as const }, { count: undefined }])(
    "ends for DNS at the last target when %j says no more",
    (dnsFailover) => {
      expect(dns({ dnsFailover })?.minimumHealthyTargetsCount).toBe("1");
    },
  );

  it("ends for requests at the last target when the count is left undefined", () => {
    expect(routing({ unhealthyStateRouting: { count: undefined } })?.minimumHealthyTargetsCount).toBe(1);
  });

  it("may have DNS failover off", () => {
    expect(dns({ dnsFailover: "off" })).toEqual({
      minimumHealthyTargetsCount: "off",
      minimumHealthyTargetsPercentage: "off",
    });
  });

  it("may have routing at any share while DNS failover is off", () => {
    expect(routing({ dnsFailover: "off", unhealthyStateRouting: { count: 5, percentage: 80 } })).toEqual({
      minimumHealthyTargetsCount: 5,
      minimumHealthyTargetsPercentage: "80",
    });
  });

  it("must not end for requests before it ends for DNS", () => {
    expect(() => targetGroupHealth({ unhealthyStateRouting: { count: 2 } })).toThrow(
      "health.dnsFailover.count (1) must not be less than health.unhealthyStateRouting.count (2)",
    );
    expect(() =>
      targetGroupHealth({ dnsFailover: { percentage: 20 }, unhealthyStateRouting: { percentage: 21 } }),
    ).toThrow("health.dnsFailover.percentage (20) must not be less than");
  });

  it("may have tokens for its thresholds", () => {
    const count = Token.asNumber(Lazy.numberValue({ produce: () => 7 }));
    expect(() => targetGroupHealth({ dnsFailover: { count } })).not.toThrow();
    expect(() => targetGroupHealth({ unhealthyStateRouting: { count } })).not.toThrow();
  });

  it("may end for both at once", () => {
    expect(() =>
      targetGroupHealth({
        dnsFailover: { count: 2, percentage: 20 },
        unhealthyStateRouting: { count: 2, percentage: 20 },
      }),
    ).not.toThrow();
  });
});
