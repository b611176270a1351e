import { lifecycleHook } from "../../../constructs/auto-scaling/lifecycle-hook";

const launching = "autoscaling:EC2_INSTANCE_LAUNCHING";
const terminating = "autoscaling:EC2_INSTANCE_TERMINATING";
const hook = { name: "model-ready", heartbeatTimeout: 1200 };

it("abandons an instance that was never ready", () => {
  expect(lifecycleHook(launching, hook)).toEqual({
    name: "model-ready",
    heartbeatTimeout: 1200,
    lifecycleTransition: launching,
    defaultResult: "ABANDON",
  });
});

it("continues the termination of an instance that did not complete the hook in time", () => {
  expect(lifecycleHook(terminating, hook)).toMatchObject({
    lifecycleTransition: terminating,
    defaultResult: "CONTINUE",
  });
});

it("has the given result when configured", () => {
  expect(lifecycleHook(launching, { ...hook, defaultResult: "CONTINUE" }).defaultResult).toBe("CONTINUE");
});

it("refuses a name with a space", () => {
  expect(() => lifecycleHook(launching, { ...hook, name: "model ready" })).toThrow(
    "the name of a lifecycle hook must have 1 to 255 letters, digits and -_/",
  );
});
