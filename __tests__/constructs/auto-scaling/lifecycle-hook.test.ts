import { lifecycleHook } from "../../../constructs/auto-scaling/lifecycle-hook";

const launching = "autoscaling:EC2_INSTANCE_LAUNCHING";
const terminating = "autoscaling:EC2_INSTANCE_TERMINATING";
const hook = { name: "model-ready", heartbeatTimeout: 1200 };

it("gives up an instance that never was ready", () => {
  expect(lifecycleHook(launching, hook)).toEqual({
    name: "model-ready",
    heartbeatTimeout: 1200,
    lifecycleTransition: launching,
    defaultResult: "ABANDON",
  });
});

it("lets an instance go that did not answer in time", () => {
  expect(lifecycleHook(terminating, hook)).toMatchObject({
    lifecycleTransition: terminating,
    defaultResult: "CONTINUE",
  });
});

it("does otherwise when told to", () => {
  expect(lifecycleHook(launching, { ...hook, defaultResult: "CONTINUE" }).defaultResult).toBe("CONTINUE");
});

it("refuses a name that an instance could not say", () => {
  expect(() => lifecycleHook(launching, { ...hook, name: "model ready" })).toThrow(
    "the name of a lifecycle hook must have 1 to 255 letters, digits and -_/",
  );
});
