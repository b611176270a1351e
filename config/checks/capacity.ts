import { HEALTHY_PERCENTAGE_SPREAD } from "../../aws/limits";
import { type Diagnostic, error, type Path, warning } from "../diagnostics/diagnostic";
import { together } from "../diagnostics/text";
import { instancesAfterZoneLoss, instancesToSurviveZoneLoss } from "../plan/capacity";
import { isWritten } from "../plan/derived";
import { type InstanceSettings, survival } from "../plan/overrides";
import { regionsServing, regionsTakingOver } from "../plan/region-loss";
import { reservedInstances } from "../plan/reservations";
import { reservedZoneCount } from "../plan/zones";
import type { ServingFile } from "../schema/deployment";
import { presetOf } from "../servers/presets";
import { isAccepted } from "./accept";
import { type Check, modelFiles, type VariantInRegion, variantsInRegions } from "./check";

/** Enough instances, over enough zones, with room to replace them. */
export const checkCapacity: Check = (subject) => [
  ...variantsInRegions(subject).flatMap((each) => [
    ...sizeDiagnostics(each),
    ...survivalDiagnostics(subject.file, each),
    ...growthDiagnostics(each),
  ]),
  ...modelFiles(subject).flatMap(({ model: { rollout }, at }) => {
    const { min, max } = HEALTHY_PERCENTAGE_SPREAD;
    const lowest = rollout.minHealthy ?? 100;
    const highest = rollout.maxHealthy;
    const diagnostics: Diagnostic[] = [];
    if (highest !== undefined && (highest - lowest < min || highest - lowest > max)) {
      diagnostics.push(
        error(
          "rollout-range-refused",
          at("rollout", "maxHealthy"),
          `maxHealthy − minHealthy must be ${min} to ${max}; got ${highest} − ${lowest}`,
        ),
      );
    }
    if (lowest === 0) {
      diagnostics.push(
        warning(
          "rollout-takes-all-instances",
          at("rollout", "minHealthy"),
          "0 lets a new version take all instances out of service at once; use 100, or at least 50",
        ),
      );
    }
    if (rollout.checkpoints === undefined) {
      if (rollout.checkpointDelay !== undefined) {
        diagnostics.push(
          error(
            "field-without-effect",
            at("rollout", "checkpointDelay"),
            "means nothing without checkpoints; add them, or remove it",
          ),
        );
      }
    } else if (!rises(rollout.checkpoints)) {
      diagnostics.push(
        error(
          "checkpoints-do-not-rise",
          at("rollout", "checkpoints"),
          `${rollout.checkpoints.join(", ")} must rise and end with 100, such as 10, 50, 100`,
        ),
      );
    }
    return diagnostics;
  }),
];

function rises(checkpoints: readonly number[]): boolean {
  return (
    checkpoints.every((value, index) => index === 0 || value > (checkpoints[index - 1] ?? 0)) &&
    checkpoints.at(-1) === 100
  );
}

function sizeDiagnostics({ model, variant, at }: VariantInRegion): readonly Diagnostic[] {
  const written = variant.settings.capacity;
  if (written === undefined) {
    return [
      error(
        "capacity-missing",
        ["models", model.name, "capacity"],
        "is required: min and max, or peakRequestsPerMinute and requestsPerMinutePerInstance, or a typicalRequest to estimate that from",
      ),
    ];
  }
  const diagnostics: Diagnostic[] = [];
  const { peakRequestsPerMinute: peak } = written;
  const perInstance = variant.capacity.requestsPerInstance;
  const missing = missingDemand(written);
  if (written.min === undefined && missing.length > 0) {
    diagnostics.push(
      error(
        "capacity-incomplete",
        at("capacity"),
        `is incomplete; add ${missing.join(" and ")}, or min and max`,
      ),
    );
  }
  if (
    written.min !== undefined &&
    peak !== undefined &&
    perInstance === undefined &&
    written.typicalRequest === undefined
  ) {
    diagnostics.push(
      error(
        "field-without-effect",
        at("capacity", "peakRequestsPerMinute"),
        "means nothing without requestsPerMinutePerInstance; add it",
      ),
    );
  }
  const { min, max } = variant.capacity;
  if (min.value > max.value) {
    diagnostics.push(
      written.min === undefined
        ? error(
            "max-below-need",
            at("capacity", "max"),
            `max ${max.value} < ${min.value}, the fewest instances that carry the peak (npm run explain shows why); raise max`,
          )
        : error(
            "min-above-max",
            at("capacity", "min"),
            `min ${min.value} > max ${max.value}; swap them, or raise max`,
          ),
    );
  }
  if (max.value === 0) {
    diagnostics.push(
      error(
        "max-zero",
        at("capacity", "max"),
        "max 0 serves nothing; leave the variant or the model out instead",
      ),
    );
  } else if (min.value === 0 && variant.weight > 0) {
    diagnostics.push(
      error(
        "min-zero",
        at("capacity", "min"),
        "min 0 lets the group shrink to no instances, and an empty group counts no requests, so it never grows; use 1 or more",
      ),
    );
  }
  return diagnostics;
}

/** The fields of the demand that are not written. Sizes follow from the demand. */
function missingDemand(capacity: NonNullable<InstanceSettings["capacity"]>): readonly string[] {
  const fields = ["peakRequestsPerMinute", "requestsPerMinutePerInstance"] as const;
  return fields.filter(
    (field) =>
      capacity[field] === undefined &&
      (field === "peakRequestsPerMinute" || capacity.typicalRequest === undefined),
  );
}

function survivalDiagnostics(file: ServingFile, each: VariantInRegion): readonly Diagnostic[] {
  const { region, model, variant, at } = each;
  const { min, need } = variant.capacity;
  const zones = variant.zones.value;
  if (!model.survivesZone || variant.weight === 0) {
    return [];
  }
  if (variant.settings.capacityBlock !== undefined) {
    return [
      error(
        "reservation-in-one-zone",
        at("capacityBlock"),
        `a Capacity Block is in one zone, and its loss takes down ${model.name}; reserve on-demand capacity in several zones (capacityReservation.reservations), or write survive: nothing and serve ${model.name} in another region too, behind a globalEndpoint`,
      ),
    ];
  }
  if (reservedZoneCount(variant.settings) === 1) {
    const { id, reservations } = variant.settings.capacityReservation ?? {};
    const place = reservations === undefined ? "id" : "reservations";
    return [
      error(
        "reservation-in-one-zone",
        at("capacityReservation", place),
        place === "id"
          ? `a capacity reservation is in one zone, and ${model.name} is launched into this one only: its loss takes down ${model.name}; make a reservation in each zone, and write reservations: [{ id: ${id}, zone: its AvailabilityZoneId, count: its TotalInstanceCount }, …] instead, or write survive: nothing`
          : `all of them are in one zone, and ${model.name} is launched into them only: its loss takes down ${model.name}; add a reservation in another zone, or write survive: nothing`,
      ),
    ];
  }
  if (region.network.zoneCount < 2) {
    return [
      error(
        "instances-in-one-zone",
        ["regions", region.name, "network"],
        `all instances are in one zone, and its loss takes down ${model.name}; use subnets in two or more zones, or write survive: nothing`,
      ),
    ];
  }
  if (zones < 2) {
    return []; // The check of the offerings says so, with the types that other zones have.
  }
  return [
    ...(model.survivesRegion ? regionLossDiagnostics(file, each) : unknownPeak(each)),
    ...lossDiagnostics(file, each, {
      place: at("capacity", "min"),
      written: variant.settings.capacity?.min !== undefined,
      min: min.value,
      need: need?.value,
    }),
    ...variant.schedules.flatMap((schedule, index) =>
      lossDiagnostics(file, each, {
        place: at("schedules", index, "min"),
        written: variant.settings.schedules?.[index]?.min !== undefined,
        min: schedule.min.value,
        need: schedule.need?.value,
      }),
    ),
  ];
}

/** Fewest instances by the capacity or by a schedule, and how many the peak takes then. */
interface Fewest {
  readonly place: Path;
  readonly written: boolean;
  readonly min: number;
  readonly need: number | undefined;
}

/** A written `min` of which the loss of a zone, or of another region, leaves too few. */
function lossDiagnostics(
  file: ServingFile,
  { region, variant }: VariantInRegion,
  { place, written, min, need }: Fewest,
): readonly Diagnostic[] {
  const zones = variant.zones.value;
  const instances = need ?? 1;
  const reserved = reservedInstances(variant.settings);
  const forZone = instancesToSurviveZoneLoss(instances, zones, reserved);
  const forRegion = variant.capacity.needAfterRegionLoss?.value ?? 0;
  if (!written || min >= Math.max(forZone, forRegion)) {
    return [];
  }
  // Only what depends on the peak can be accepted: that nothing at all is left cannot.
  const acceptable = min >= instancesToSurviveZoneLoss(1, zones);
  const loss =
    forRegion > forZone
      ? `the loss of another region at the peak, after which ${region.name} serves ${quantity(variant.capacity.peakAfterRegionLoss?.value ?? 0)} requests a minute; need ≥ ${forRegion}, or survive: zone`
      : `the loss of one of ${zones} zones${need === undefined ? "" : ` at the peak, which takes ${instances} instances`}; need ≥ ${forZone}, or survive: nothing`;
  const sentence = `min ${min} cannot survive ${loss}`;
  const code = forRegion > forZone ? "region-loss-not-survived" : "zone-loss-not-survived";
  return acceptable && isAccepted(file, "min-below-peak", place)
    ? [warning("min-below-peak", place, sentence)]
    : [error(code, place, acceptable ? `${sentence}, or accept min-below-peak` : sentence)];
}

/**
 * A peak that is left out may be more than `min` carries once a zone is lost. Where `max` is no more than a rollout needs, the
 * group is not meant to grow with its load.
 */
function unknownPeak({ variant, at }: VariantInRegion): readonly Diagnostic[] {
  const { peakRequestsPerMinute, min: written } = variant.settings.capacity ?? {};
  const each = variant.capacity.requestsPerInstance?.value;
  const { min, max } = variant.capacity;
  const zones = variant.zones.value;
  const left = instancesAfterZoneLoss(min.value, zones, reservedInstances(variant.settings));
  if (written === undefined || each === undefined || peakRequestsPerMinute !== undefined) {
    return [];
  }
  return left < 1 || max.value <= min.value + 1
    ? []
    : [
        warning(
          "min-below-peak",
          at("capacity", "min"),
          `min ${min.value} cannot survive the loss of one of ${zones} zones at a peak over ${quantity(left * each)} requests a minute, which takes more than the ${left} ${left === 1 ? "instance" : "instances"} that are left; add peakRequestsPerMinute, or write survive: nothing, or accept min-below-peak`,
        ),
      ];
}

/** Whether another region serves the model, and whether the file gives the load that each takes over. */
function regionLossDiagnostics(
  file: ServingFile,
  { region, model, variant, at }: VariantInRegion,
): readonly Diagnostic[] {
  if (regionsTakingOver(file, region.name, model.name).length < 2) {
    const removed = regionsServing(file, model.name).filter((each) => each !== region.name);
    const why =
      removed.length === 0 ? "" : ` once ${together(removed)} ${removed.length === 1 ? "is" : "are"} removed`;
    return [
      error(
        "served-in-one-region",
        survival(file, region.name, model.name).path,
        `${model.name} is served in ${region.name} only${why}, so it does not survive the loss of that region; serve it in another one too, or write survive: zone`,
      ),
    ];
  }
  const { capacity } = variant.settings;
  const missing = capacity === undefined ? [] : missingDemand(capacity);
  return missing.length === 0
    ? []
    : [
        error(
          "takeover-unknown",
          at("capacity"),
          `does not say how much ${region.name} takes over from a lost region; add ${missing.join(" and ")}, or write survive: zone`,
        ),
      ];
}

/** To a tenth, without one where it is whole. */
function quantity(value: number): string {
  return String(Math.round(10 * value) / 10);
}

function growthDiagnostics({ region, model, variant, at }: VariantInRegion): readonly Diagnostic[] {
  const { min, max, minHealthy, maxHealthy, scalingTarget } = variant.capacity;
  const { waitingRequestsPerInstance } = variant.settings.scaling;
  const perInstance = variant.capacity.requestsPerInstance?.value;
  const diagnostics: Diagnostic[] = [];
  if (scalingTarget !== undefined && perInstance !== undefined && scalingTarget.value > perInstance) {
    diagnostics.push(
      error(
        "scaling-target-too-high",
        at("scaling", "requestsPerMinutePerInstance"),
        `the scaling target of ${scalingTarget.value} requests a minute per instance is more than the ${perInstance} that an instance serves; use ${Math.floor(perInstance * 0.8)}`,
      ),
    );
  }
  if (min.value === max.value && min.value > 0 && maxHealthy.value > 100 && !isWritten(minHealthy)) {
    diagnostics.push(
      warning(
        "no-room-for-rollout",
        at("capacity", "max"),
        `max ${max.value} leaves no room for a new instance beside the old ones in ${region.name}; use max ${max.value + 1}, or set rollout.minHealthy to the percentage that must stay healthy`,
      ),
    );
  }
  diagnostics.push(...queueDiagnostics({ region, model, variant, at }));
  if (scalingTarget === undefined && waitingRequestsPerInstance === undefined && max.value > min.value + 1) {
    diagnostics.push(
      warning(
        "no-scaling",
        at("capacity", "max"),
        `nothing makes ${model.name} grow from ${min.value} to ${max.value} instances; add scaling.requestsPerMinutePerInstance`,
      ),
    );
  }
  return diagnostics;
}

/** A group that scales by waiting requests needs their number in CloudWatch. */
function queueDiagnostics({ region, model, variant, at }: VariantInRegion): readonly Diagnostic[] {
  if (variant.settings.scaling.waitingRequestsPerInstance === undefined) {
    return [];
  }
  const where = at("scaling", "waitingRequestsPerInstance");
  if (model.metrics?.waiting === undefined) {
    const { server } = model;
    const isElsewhere = model.metrics === undefined && presetOf(server)?.metrics !== undefined;
    return [
      error(
        "waiting-metric-unknown",
        where,
        isElsewhere
          ? `the port and path of the metrics of ${server} are not known; write them in metrics, or use requestsPerMinutePerInstance`
          : `the metric of ${server} that counts waiting requests is not known; name it in metrics.waiting, or use requestsPerMinutePerInstance`,
      ),
    ];
  }
  return region.observability === undefined
    ? [
        error(
          "waiting-metric-not-collected",
          where,
          `observability is false in ${region.name}, so CloudWatch does not get the number of waiting requests; turn it on, or use requestsPerMinutePerInstance`,
        ),
      ]
    : [];
}
