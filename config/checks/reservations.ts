import { bothGiven, type Diagnostic, error, warning } from "../diagnostics/diagnostic";
import { count, together } from "../diagnostics/text";
import { candidateInstances } from "../plan/candidate-instances";
import { instancesAfterZoneLoss } from "../plan/capacity";
import { isWritten } from "../plan/derived";
import {
  type ReservedInstances,
  reservationsOf,
  reservedByZone,
  reservedInAll,
  reservedInstances,
} from "../plan/reservations";
import { type Check, repetitions, type Subject, type VariantInRegion, variantsInRegions } from "./check";
import { rolloutInFull } from "./rollout-in-full";

/** On-demand capacity reservations: whether they can be used as written, and whether the sizes fit into them. */
export const checkReservations: Check = (subject) => [
  ...variantsInRegions(subject).flatMap((each) =>
    each.variant.settings.capacityReservation === undefined
      ? []
      : [...usageDiagnostics(each), ...typeDiagnostics(each), ...sizeDiagnostics(each)],
  ),
  ...sharedDiagnostics(subject),
];

function usageDiagnostics({ variant, at }: VariantInRegion): readonly Diagnostic[] {
  const { capacityReservation, spot } = variant.settings;
  if (capacityReservation === undefined) {
    return [];
  }
  const { preference, reservations = [] } = capacityReservation;
  const targets = (["id", "reservations", "resourceGroupArn"] as const).filter(
    (field) => capacityReservation[field] !== undefined,
  );
  const [first, ...more] = targets;
  const last = more.at(-1);
  const diagnostics: Diagnostic[] = [];
  if (first !== undefined && last !== undefined) {
    diagnostics.push(
      bothGiven(
        at("capacityReservation", last),
        at("capacityReservation", first),
        `set one of ${together(targets)}; a group launches into one target`,
      ),
    );
  }
  if (preference === "none" && targets.length > 0) {
    diagnostics.push(
      error(
        "reservation-unused",
        at("capacityReservation", "preference"),
        '"none" uses no reservation; use capacity-reservations-first, or remove the rest',
      ),
    );
  }
  if (preference === "capacity-reservations-only" && spot !== undefined) {
    diagnostics.push(
      error(
        "spot-with-reservations-only",
        at("capacityReservation", "preference"),
        "Spot instances cannot be reserved; use capacity-reservations-first, or remove spot",
      ),
    );
  }
  const ids = reservations.map(({ id }) => id);
  return [
    ...diagnostics,
    ...ids.flatMap((_, index) =>
      repetitions(ids, index, at("capacityReservation", "reservations", index, "id"), {
        called: (first) => `reservations[${first}]`,
        remedy: "; a reservation is in one zone and of one type: remove it, or write another id",
      }),
    ),
  ];
}

/** A reservation is of one type. One of a type that is not listed is never used; a listed type without one may never be launched. */
function typeDiagnostics({ variant: { settings }, at }: VariantInRegion): readonly Diagnostic[] {
  const { preference, id } = settings.capacityReservation ?? {};
  const types = candidateInstances(settings).map(({ type }) => type);
  const reservations = reservationsOf(settings);
  const only = preference === "capacity-reservations-only";
  if (only && id !== undefined && types.length > 1) {
    return [
      error(
        "reservation-of-one-type",
        at("instanceTypes"),
        `a capacity reservation is of one instance type, and of these ${types.length} the others can never be launched; name that type alone, or write reservations with one of each type`,
      ),
    ];
  }
  const wrong = reservations.flatMap(({ type }, index): readonly Diagnostic[] => {
    if (type === undefined && types.length > 1) {
      return [
        error(
          "reservation-type",
          at("capacityReservation", "reservations", index),
          `does not say which of ${together(types)} it is of; add type`,
        ),
      ];
    }
    return type === undefined || types.length === 0 || types.includes(type)
      ? []
      : [
          error(
            "reservation-type",
            at("capacityReservation", "reservations", index, "type"),
            `no instance is launched as ${type}, so it is never used; write ${together(types)}, or add ${type} to instanceTypes`,
          ),
        ];
  });
  const missing = types.filter((type) => !reservations.some((each) => (each.type ?? type) === type));
  return wrong.length > 0 || !only || reservations.length === 0 || missing.length === 0
    ? wrong
    : [
        error(
          "reservation-of-one-type",
          at("instanceTypes"),
          `${together(missing)} can never be launched, as no reservation is of ${missing.length === 1 ? "that type" : "these types"}; leave ${missing.length === 1 ? "it" : "them"} out, or add a reservation of each`,
        ),
      ];
}

function sizeDiagnostics(each: VariantInRegion): readonly Diagnostic[] {
  const { variant, at } = each;
  const { min, max } = variant.capacity;
  const reserved = reservedInstances(variant.settings);
  if (reserved === undefined || variant.weight === 0) {
    return [];
  }
  if (!reserved.only) {
    return beyondReserved(each);
  }
  const all = reservedInAll(reserved);
  if (min.value > all) {
    return [
      error(
        "min-above-reserved",
        at("capacityReservation", "reservations"),
        `hold ${count(all, "instance")}, and min is ${min.value}: no more can be launched; reserve more, or write preference: capacity-reservations-first, or a lower min`,
      ),
    ];
  }
  return [
    ...lossDiagnostics(each, reserved),
    ...(min.value === all
      ? rolloutInFull(each, {
          path: at("capacityReservation", "reservations"),
          name: "what is reserved",
          what: "what is reserved",
          remedy:
            "reserve one more and raise min and max, or roll out by a variant with reservations of its own",
        })
      : []),
    ...(max.value > all && isWritten(max)
      ? [
          warning(
            "not-all-reserved",
            at("capacity", "max"),
            `max ${max.value} is more than the ${count(all, "instance")} that are reserved, and no others are launched; use max ${all}, reserve more, or write preference: capacity-reservations-first`,
          ),
        ]
      : []),
  ];
}

/** A derived `min` carries the peak without the largest zone, where the reservations of the others have room for that. */
function lossDiagnostics(
  { model, variant, at }: VariantInRegion,
  reserved: ReservedInstances,
): readonly Diagnostic[] {
  const { min, need } = variant.capacity;
  const zones = variant.zones.value;
  const left = instancesAfterZoneLoss(min.value, zones, reserved);
  return need === undefined || left >= need.value || isWritten(min) || !model.survivesZone || zones < 2
    ? []
    : [
        error(
          "zone-loss-not-survived",
          at("capacityReservation", "reservations"),
          `hold ${inEach(variant.settings)}: the loss of one zone leaves ${left} of min ${min.value}, and the peak takes ${need.value}; reserve more in the zones that have less, or write preference: capacity-reservations-first, or survive: nothing`,
        ),
      ];
}

/** Beside on-demand instances: what of `min`, and of the peak, AWS may not have. */
function beyondReserved({ variant, at }: VariantInRegion): readonly Diagnostic[] {
  const { min, need, reserved } = variant.capacity;
  const ofMin = reserved?.value ?? 0;
  if (ofMin >= min.value) {
    return [];
  }
  const ofPeak = Math.max(0, (need?.value ?? 0) - ofMin);
  const peak =
    need === undefined
      ? ""
      : ofPeak === 0
        ? `, and the ${need.value} that the peak takes are reserved`
        : `, and ${ofPeak} of the ${need.value} that the peak takes`;
  return [
    warning(
      "not-all-reserved",
      at("capacityReservation", "reservations"),
      `hold ${inEach(variant.settings)}: ${min.value - ofMin} of min ${min.value} are on-demand${peak}, because Auto Scaling spreads min evenly over ${variant.zones.value} zones; when AWS has no more of the type, they do not start; reserve more in the other zones, or accept this`,
    ),
  ];
}

function inEach(settings: VariantInRegion["variant"]["settings"]): string {
  return together([...reservedByZone(settings)].map(([zone, instances]) => `${instances} in ${zone}`));
}

/** A list that several variants of a region read from the same place counts each reservation for all of them. */
function sharedDiagnostics(subject: Subject): readonly Diagnostic[] {
  const lists = variantsInRegions(subject)
    .filter(({ variant }) => variant.weight > 0 && reservationsOf(variant.settings).length > 0)
    .map(({ region, model, variant, at }) => ({
      path: at("capacityReservation", "reservations"),
      key: JSON.stringify([region.name, at("capacityReservation", "reservations")]),
      variant: variant.name,
      model: model.name,
    }));
  return lists.flatMap(({ path, key, model }, index) => {
    const sharing = lists.filter((other) => other.key === key);
    return sharing.length < 2 || lists.findIndex((other) => other.key === key) < index
      ? []
      : [
          warning(
            "reservation-counted-twice",
            path,
            `count for each of ${together(sharing.map(({ variant }) => variant))} of ${model}, which all launch into them; write capacityReservation under each variant, with its share as count`,
          ),
        ];
  });
}
