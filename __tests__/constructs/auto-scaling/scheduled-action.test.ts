import { Testing } from "cdktf";
import {
  ScheduledAction,
  type ScheduledActionProps,
} from "../../../constructs/auto-scaling/scheduled-action";
import { ServingStack } from "../../../stacks/serving-stack";
import "../../../testing/matchers";

const minimal: ScheduledActionProps = {
  autoScalingGroupName: "chat.llama.main",
  name: "ends",
  at: "2027-03-12T10:45:00Z",
  sizes: { min: 0, max: 0, desired: 0 },
};

function synthesize(props: Partial<ScheduledActionProps> = {}) {
  const stack = new ServingStack(Testing.app(), "stack");
  new ScheduledAction(stack, "ends", { ...minimal, ...props });
  return JSON.parse(Testing.synth(stack));
}

const action = (props: Partial<ScheduledActionProps> = {}) =>
  synthesize(props).resource.aws_autoscaling_schedule.ends;

it("sets the sizes of a group at an instant", () => {
  expect(action()).toEqual({
    autoscaling_group_name: "chat.llama.main",
    scheduled_action_name: "ends",
    start_time: "2027-03-12T10:45:00Z",
    min_size: 0,
    max_size: 0,
    desired_capacity: 0,
  });
  expect(synthesize()).toFitTheApi();
});

it("sets them again and again, in a time zone", () => {
  const at = { cron: "0 20 * * 1-5", timeZone: "Europe/Berlin" };
  expect(action({ at, sizes: { min: 1, max: 2 } })).toEqual({
    autoscaling_group_name: "chat.llama.main",
    scheduled_action_name: "ends",
    recurrence: "0 20 * * 1-5",
    time_zone: "Europe/Berlin",
    min_size: 1,
    max_size: 2,
    desired_capacity: -1,
  });
  expect(action({ at: { cron: "0 20 * * 1-5" } }).time_zone).toBe("UTC");
  expect(synthesize({ at })).toFitTheApi();
  expect(synthesize({ at })).toFitTheProvider();
});

it("leaves a size that is not given as it is", () => {
  expect(action({ sizes: { min: 2 } })).toMatchObject({ min_size: 2, max_size: -1, desired_capacity: -1 });
});

it.each<[string, Partial<ScheduledActionProps>]>([
  ["name must have 1 to 255", { name: "" }],
  ["no instant in UTC", { at: "2027-03-12" }],
  ['at.cron "61 25 * * *" has the minute "61"', { at: { cron: "61 25 * * *" } }],
  ['at.timeZone "Mars/Base" is no time zone', { at: { cron: "0 0 * * *", timeZone: "Mars/Base" } }],
  ["sizes must give", { sizes: {} }],
  ["sizes.min must be", { sizes: { min: 3, max: 2 } }],
  ["sizes.desired must be", { sizes: { min: 3, desired: 2 } }],
  ["sizes.max must be", { sizes: { max: -1 } }],
])("refuses what AWS would refuse: %s", (message, props) => {
  expect(() => synthesize(props)).toThrow(message);
});
