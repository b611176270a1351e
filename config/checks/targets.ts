import {
  ANOMALY_MITIGATION_TARGETS_MIN,
  HEALTH_CHECK_GRPC_CODE,
  HEALTH_CHECK_HTTP_CODE,
  TAG_VALUE,
} from "../../aws/limits";
import { error, type Path, type Problem } from "../diagnostics/diagnostic";
import type { Model } from "../plan/deployment";
import { dnsFailoverOf } from "../plan/global-endpoint";
import { variantsOf } from "../plan/overrides";
import type { ModelFile } from "../schema/model";
import { type Check, modelFiles, variantsInRegions } from "./check";

type At = (...rest: Path) => Path;

/** Settings of a target group that AWS does not take together, and that Terraform does not look at. */
export const checkTargets: Check = (subject) => [
  ...modelFiles(subject).flatMap(({ model, at }) => [
    ...serverProblems(model, at),
    ...matcherProblems(model, at),
    ...algorithmProblems(model, at),
    ...thresholdProblems(model, dnsFailoverOf(subject.file, model.healthyTargets.dnsFailover), at),
    ...metricsProblems(model, at),
  ]),
  ...protocolProblems(subject),
  ...fewBoxes(subject),
];

function serverProblems({ server, port, protocol, health }: ModelFile, at: At): readonly Problem[] {
  if (server !== "custom") {
    return [];
  }
  return [
    ...(port === undefined ? [error(at("server"), "a custom server's port is not known; add port")] : []),
    ...(health.path === undefined && protocol !== "grpc"
      ? [error(at("server"), "a custom server's health check is not known; add health.path")]
      : []),
  ];
}

function matcherProblems({ protocol, health: { matcher } }: ModelFile, at: At): readonly Problem[] {
  if (matcher === undefined) {
    return [];
  }
  const { min, max } = protocol === "grpc" ? HEALTH_CHECK_GRPC_CODE : HEALTH_CHECK_HTTP_CODE;
  const accepted = matcher.split(",").every((part) => {
    const [, first, last = first] = /^(\d{1,3})(?:-(\d{1,3}))?$/.exec(part) ?? [];
    return (
      first !== undefined && Number(first) >= min && Number(last) >= Number(first) && Number(last) <= max
    );
  });
  return accepted
    ? []
    : [
        error(
          at("health", "matcher"),
          `"${matcher}" must be status codes from ${min} to ${max}, such as "${min}" or "${min}-${min + 9}"`,
        ),
      ];
}

function algorithmProblems(model: ModelFile, at: At): readonly Problem[] {
  const { algorithm = "least_outstanding_requests", anomalyMitigation, stickiness, crossZone } = model;
  const problems: Problem[] = [];
  if (anomalyMitigation && algorithm !== "weighted_random") {
    problems.push(
      error(
        at("anomalyMitigation"),
        `needs algorithm: weighted_random, not ${algorithm}; set it, or remove anomalyMitigation`,
      ),
    );
  }
  if (stickiness.box !== undefined && algorithm === "weighted_random") {
    problems.push(
      error(
        at("stickiness", "box"),
        "AWS knows no stickiness with algorithm: weighted_random; remove one of the two",
      ),
    );
  }
  if (stickiness.box !== undefined && crossZone === false) {
    problems.push(
      error(at("stickiness", "box"), "AWS knows no stickiness with crossZone: false; remove one of the two"),
    );
  }
  const several = Object.keys(variantsOf(model)).length > 1;
  if (stickiness.box !== undefined && stickiness.variant === undefined && several) {
    problems.push(
      error(
        at("stickiness", "box"),
        "a client cannot come back to its box while each request may go to another variant; add stickiness.variant",
      ),
    );
  }
  return problems;
}

function thresholdProblems(
  { healthyTargets: { routing } }: ModelFile,
  dnsFailover: Model["dnsFailover"],
  at: At,
): readonly Problem[] {
  if (dnsFailover === "off") {
    return [];
  }
  const saysNothing = dnsFailover.count === undefined && dnsFailover.percentage === undefined;
  const failovers = saysNothing ? { count: 1 } : dnsFailover;
  return (["count", "percentage"] as const).flatMap((field) => {
    const failover = failovers[field];
    const open = routing[field];
    return failover !== undefined && open !== undefined && failover < open
      ? [
          error(
            at("healthyTargets", "dnsFailover", ...(saysNothing ? [] : [field])),
            `${failover} must be at least routing.${field}, ${open}: a zone leaves DNS before its load balancer gives up on health`,
          ),
        ]
      : [];
  });
}

/** The longest value of a tag, which says where a box shows its metrics. */
function metricsProblems({ metrics }: ModelFile, at: At): readonly Problem[] {
  return metrics !== undefined && metrics.path.length > TAG_VALUE.maxLength
    ? [
        error(
          at("metrics", "path"),
          `has ${metrics.path.length} characters; boxes are tagged with it, and a tag takes ${TAG_VALUE.maxLength}`,
        ),
      ]
    : [];
}

function protocolProblems(subject: Parameters<Check>[0]): readonly Problem[] {
  return subject.deployment.regions
    .filter(({ entry }) => entry.protocol !== "https")
    .flatMap(({ name, models }) =>
      models
        .filter(({ file }) => file.protocol !== "http1")
        .map((model) =>
          error(
            ["models", model.name, "protocol"],
            `${model.file.protocol} needs HTTPS at the entry, and ${name} has unencrypted-http; use https, or http1`,
          ),
        ),
    );
}

/** Thresholds that the smallest group could never meet. */
function fewBoxes(subject: Parameters<Check>[0]): readonly Problem[] {
  return variantsInRegions(subject).flatMap(({ region, model, variant }) => {
    const min = variant.capacity.min.value;
    const { dnsFailover } = model;
    const { routing } = model.file.healthyTargets;
    const problems: Problem[] = [];
    for (const [name, share] of [
      ["dnsFailover", dnsFailover],
      ["routing", routing],
    ] as const) {
      if (share !== "off" && share.count !== undefined && share.count > min && min > 0) {
        problems.push(
          error(
            ["models", model.name, "healthyTargets", name, "count"],
            `${share.count} healthy boxes can never be had of ${variant.name}, which may shrink to ${min} in ${region.name}; use ${min} or fewer`,
          ),
        );
      }
    }
    if (model.file.anomalyMitigation && min < ANOMALY_MITIGATION_TARGETS_MIN) {
      problems.push(
        error(
          ["models", model.name, "anomalyMitigation"],
          `needs ${ANOMALY_MITIGATION_TARGETS_MIN} healthy boxes, and ${variant.name} may shrink to ${min} in ${region.name}; raise min, or remove it`,
        ),
      );
    }
    return problems;
  });
}
