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

it.each([29, 7201, 60.5])("refuses a heartbeat timeout of %d s", (heartbeatTimeout) => {
  expect(() => lifecycleHook(launching, { ...hook, heartbeatTimeout })).toThrow(
    'heartbeatTimeout of hook "model-ready" must be a whole number from 30 to 7200',
  );
});

it.each(["", "model ready", "x".repeat(256)])('refuses the name "%s"', (name) => {
  expect(() => lifecycleHook(launching, { ...hook, name })).toThrow("the name of a lifecycle hook must be");
});
