import { Lazy, Token } from "cdktf";
import fc from "fast-check";
import { forwardAction, type WeightedForward } from "../../../constructs/load-balancer/weighted-forward";

const groups = (...weights: (number | undefined)[]) =>
  weights.map((weight, index) => ({
    arn: `arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/group/${index}`,
    weight,
  }));

const forward = (targetGroups: WeightedForward["targetGroups"], duration?: number) =>
  forwardAction({ targetGroups, stickiness: duration === undefined ? undefined : { duration } });

describe("an action that forwards by weight", () => {
  it("names each target group with its weight", () => {
    expect(forward(groups(95, 5))).toMatchObject({
      type: "forward",
      forward: {
        targetGroup: [
          { arn: "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/group/0", weight: 95 },
          { arn: "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/group/1", weight: 5 },
        ],
      },
    });
  });

  it("gives weight 1 to a target group without one", () => {
    expect(forward(groups(undefined)).forward.targetGroup).toEqual([
      { arn: "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/group/0", weight: 1 },
    ]);
  });

  it("writes that stickiness is off, with a duration", () => {
    expect(forward(groups(1)).forward.stickiness).toEqual({ enabled: false, duration: 3600 });
  });

  it("has the duration of stickiness", () => {
    expect(forward(groups(1), 600).forward.stickiness).toEqual({ enabled: true, duration: 600 });
  });

  it("accepts a weight that is a token", () => {
    const weight = Token.asNumber(Lazy.numberValue({ produce: () => 7 }));
    expect(
      forward([{ arn: "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/group/0", weight }])
        .forward.targetGroup[0]?.weight,
    ).toBe(weight);
  });

  it("takes 1 to 5 target groups with weights from 0 to 999 that do not sum to 0, and no others", () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(-1, 0, 0, 0, 1, 500, 999, 1000, 0.5), { maxLength: 7 }),
        (weights) => {
          const valid =
            weights.length >= 1 &&
            weights.length <= 5 &&
            weights.every((weight) => Number.isInteger(weight) && weight >= 0 && weight <= 999) &&
            weights.some((weight) => weight > 0);
          if (valid) {
            expect(() => forward(groups(...weights))).not.toThrow();
          } else {
            expect(() => forward(groups(...weights))).toThrow();
          }
        },
      ),
    );
  });

  it("says why it refuses weights that sum to 0", () => {
    expect(() => forward(groups(0, 0))).toThrow("sum to 0");
  });

  it("refuses a target group listed twice", () => {
    expect(() =>
      forward([
        { arn: "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/group/0" },
        { arn: "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/group/0" },
      ]),
    ).toThrow("listed twice");
  });
});
