import {
  ANOMALY_MITIGATION_TARGETS,
  HEALTH_CHECK_GRPC_CODE,
  HEALTH_CHECK_HTTP_CODE,
  TAG_VALUE,
} from "../../aws/limits";
import { type Diagnostic, error } from "../diagnostics/diagnostic";
import type { HealthyShare, Model } from "../plan/model";
import { variantsOf } from "../plan/overrides";
import { fewestInstances } from "../plan/schedules";
import { algorithmOf, dnsFailoverOf } from "../plan/targets";
import type { ModelFile } from "../schema/model";
import { type At, type Check, modelFiles, variantsInRegions } from "./check";

/** Settings of a target group that AWS does not combine, and that Terraform does not check. */
export const checkTargets: Check = (subject) => [
  ...modelFiles(subject).flatMap(({ model, at }) => [
    ...serverDiagnostics(model, at),
    ...matcherDiagnostics(model, at),
    ...algorithmDiagnostics(model, at),
    ...thresholdDiagnostics(model, dnsFailoverOf(subject.file, model.healthyTargets.dnsFailover), at),
    ...metricsDiagnostics(model, at),
  ]),
  ...protocolDiagnostics(subject),
  ...fewInstances(subject),
];

function serverDiagnostics({ server, port, protocol, health }: ModelFile, at: At): readonly Diagnostic[] {
  if (server !== "custom") {
    return [];
  }
  return [
    ...(port === undefined
      ? [error("custom-server-incomplete", at("server"), "a custom server's port is not known; add port")]
      : []),
    ...(health.path === undefined && protocol !== "grpc"
      ? [
          error(
            "custom-server-incomplete",
            at("server"),
            "a custom server's health check is not known; add health.path",
          ),
        ]
      : []),
  ];
}

function matcherDiagnostics({ protocol, health: { matcher } }: ModelFile, at: At): readonly Diagnostic[] {
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
          "malformed-matcher",
          at("health", "matcher"),
          `"${matcher}" must be status codes from ${min} to ${max}, such as "${min}" or "${min}-${min + 9}"`,
        ),
      ];
}

function algorithmDiagnostics(model: ModelFile, at: At): readonly Diagnostic[] {
  const { anomalyMitigation, stickiness, crossZone } = model;
  const algorithm = algorithmOf(model);
  const diagnostics: Diagnostic[] = [];
  if (anomalyMitigation && algorithm !== "weighted_random") {
    diagnostics.push(
      error(
        "anomaly-mitigation-refused",
        at("anomalyMitigation"),
        `needs algorithm: weighted_random, not ${algorithm}; set it, or remove anomalyMitigation`,
      ),
    );
  }
  if (stickiness.instance !== undefined && algorithm === "weighted_random") {
    diagnostics.push(
      error(
        "stickiness-refused",
        at("stickiness", "instance"),
        "AWS does not support stickiness with algorithm: weighted_random; remove one of the two",
      ),
    );
  }
  if (stickiness.instance !== undefined && crossZone === false) {
    diagnostics.push(
      error(
        "stickiness-refused",
        at("stickiness", "instance"),
        "AWS does not support stickiness with crossZone: false; remove one of the two",
      ),
    );
  }
  const several = Object.keys(variantsOf(model)).length > 1;
  if (stickiness.instance !== undefined && stickiness.variant === undefined && several) {
    diagnostics.push(
      error(
        "stickiness-without-variant",
        at("stickiness", "instance"),
        "a client cannot come back to its instance while each request may go to another variant; add stickiness.variant",
      ),
    );
  }
  return diagnostics;
}

function thresholdDiagnostics(
  { healthyTargets: { routing, dnsFailover: written } }: ModelFile,
  dnsFailover: Model["dnsFailover"],
  at: At,
): readonly Diagnostic[] {
  if (dnsFailover === "off") {
    return [];
  }
  const isDefault = (field: keyof HealthyShare) =>
    typeof written === "object" && written[field] === undefined;
  return (["count", "percentage"] as const).flatMap((field) => {
    const failover = dnsFailover[field];
    const open = routing[field];
    return failover !== undefined && open !== undefined && failover < open
      ? [
          error(
            "dns-failover-below-routing",
            at("healthyTargets", "dnsFailover", ...(isDefault(field) ? [] : [field])),
            `${failover} must be at least routing.${field}, ${open}: a zone must leave DNS before its load balancer ignores health`,
          ),
        ]
      : [];
  });
}

/** The path of the metrics is the value of a tag on the instances, and AWS limits its length. */
function metricsDiagnostics({ metrics }: ModelFile, at: At): readonly Diagnostic[] {
  return metrics !== undefined && metrics.path.length > TAG_VALUE.maxLength
    ? [
        error(
          "metrics-path-too-long",
          at("metrics", "path"),
          `has ${metrics.path.length} characters; instances are tagged with it, and a tag takes ${TAG_VALUE.maxLength}`,
        ),
      ]
    : [];
}

function protocolDiagnostics(subject: Parameters<Check>[0]): readonly Diagnostic[] {
  return subject.deployment.regions
    .filter(({ entry }) => entry.protocol !== "https")
    .flatMap(({ name, models }) =>
      models
        .filter(({ protocol }) => protocol !== "http1")
        .map((model) =>
          error(
            "protocol-needs-https",
            ["models", model.name, "protocol"],
            `${model.protocol} needs HTTPS at the entry, and ${name} has unencrypted-http; use https, or http1`,
          ),
        ),
    );
}

/** Thresholds that the smallest group could never meet. */
function fewInstances(subject: Parameters<Check>[0]): readonly Diagnostic[] {
  return variantsInRegions(subject).flatMap(({ region, model, variant }) => {
    const min = fewestInstances(variant);
    const { dnsFailover, unhealthyStateRouting: routing } = model;
    const diagnostics: Diagnostic[] = [];
    for (const [name, share] of [
      ["dnsFailover", dnsFailover],
      ["routing", routing],
    ] as const) {
      if (share !== "off" && share.count !== undefined && share.count > min && min > 0) {
        diagnostics.push(
          error(
            "healthy-count-unreachable",
            ["models", model.name, "healthyTargets", name, "count"],
            `${share.count} healthy instances are more than the ${min} to which ${variant.name} may shrink in ${region.name}; use ${min} or fewer`,
          ),
        );
      }
    }
    if (model.anomalyMitigation && min < ANOMALY_MITIGATION_TARGETS.min) {
      diagnostics.push(
        error(
          "anomaly-mitigation-refused",
          ["models", model.name, "anomalyMitigation"],
          `needs ${ANOMALY_MITIGATION_TARGETS.min} healthy instances, and ${variant.name} may shrink to ${min} in ${region.name}; raise min, or remove it`,
        ),
      );
    }
    return diagnostics;
  });
}
