import { groupCapacityReservation } from "../../../constructs/auto-scaling/group-capacity-reservation";

const arn = "arn:aws:resource-groups:eu-west-1:123456789012:group/gpus";

it.each(["capacity-reservations-only", "capacity-reservations-first", "none", "default"] as const)(
  "passes the preference %s on",
  (preference) => {
    expect(groupCapacityReservation({ preference })).toEqual({ capacityReservationPreference: preference });
  },
);

it.each([
  [{ reservationIds: ["cr-1"] }, { capacityReservationIds: ["cr-1"] }],
  [{ resourceGroupArns: [arn] }, { capacityReservationResourceGroupArns: [arn] }],
])("launches into %j", (target, expected) => {
  expect(groupCapacityReservation({ preference: "capacity-reservations-first", target })).toEqual({
    capacityReservationPreference: "capacity-reservations-first",
    capacityReservationTarget: expected,
  });
});

it("refuses a target that names nothing", () => {
  expect(() => groupCapacityReservation({ preference: "capacity-reservations-only", target: {} })).toThrow(
    "must name a reservation or a resource group",
  );
});

it.each([
  { reservationIds: ["cr-1", "cr-2"] },
  { resourceGroupArns: [arn, `${arn}-2`] },
  { reservationIds: ["cr-1"], resourceGroupArns: [arn] },
])("refuses more than one target: %j", (target) => {
  expect(() => groupCapacityReservation({ preference: "capacity-reservations-only", target })).toThrow(
    "exactly one reservation or resource group",
  );
});
