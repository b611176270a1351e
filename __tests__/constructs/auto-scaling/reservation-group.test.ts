import { Testing } from "cdktf";
import {
  ReservationGroup,
  type ReservationGroupProps,
} from "../../../constructs/auto-scaling/reservation-group";
import { ServingStack } from "../../../stacks/serving-stack";
import "../../../testing/matchers";

function synthesize(props: Partial<ReservationGroupProps> = {}) {
  const stack = new ServingStack(Testing.app(), "stack");
  const group = new ReservationGroup(stack, "reserved", {
    name: "reserved.chat.llama.main",
    reservationIds: ["cr-0fedcba9876543210", "cr-0123456789abcdef0"],
    ...props,
  });
  return { stack: JSON.parse(Testing.synth(stack)), group };
}

it("is a pool of capacity reservations, with each of them as a member", () => {
  const { stack, group } = synthesize();
  expect(stack.resource.aws_resourcegroups_group.reserved).toEqual({
    name: "reserved.chat.llama.main",
    configuration: [
      { type: "AWS::EC2::CapacityReservationPool" },
      {
        type: "AWS::ResourceGroups::Generic",
        parameters: [{ name: "allowed-resource-types", values: ["AWS::EC2::CapacityReservation"] }],
      },
    ],
  });
  const members = Object.values(stack.resource.aws_resourcegroups_resource);
  expect(members).toHaveLength(2);
  expect(members[0]).toEqual({
    group_arn: `\${aws_resourcegroups_group.reserved.arn}`,
    resource_arn: `arn:\${data.aws_partition.reserved_partition.partition}:ec2:\${data.aws_region.reserved_region.id}:\${data.aws_caller_identity.reserved_account.account_id}:capacity-reservation/cr-0123456789abcdef0`,
  });
  expect(group.members).toHaveLength(2);
  expect(stack).toFitTheProvider();
  expect(stack).toFitTheApi();
});

it("has the same members in any order", () => {
  const ids = ["cr-0123456789abcdef0", "cr-0fedcba9876543210"];
  expect(synthesize({ reservationIds: ids }).stack).toEqual(synthesize().stack);
});

it.each<[string, Partial<ReservationGroupProps>]>([
  ["name must have 1 to 300", { name: "" }],
  ["not beginning with aws", { name: "AWS-chat" }],
  ["at least one reservation", { reservationIds: [] }],
  ["none twice", { reservationIds: ["cr-0123456789abcdef0", "cr-0123456789abcdef0"] }],
  ["is no id", { reservationIds: ["subnet-0123456789abcdef0"] }],
])("refuses what AWS would refuse: %s", (message, props) => {
  expect(() => synthesize(props)).toThrow(message);
});
