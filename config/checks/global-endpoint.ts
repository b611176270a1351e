import { DOMAIN_NAME } from "../../aws/limits";
import { regionPartition } from "../../aws/regions";
import { type Diagnostic, error, keyError, type Path, warning } from "../diagnostics/diagnostic";
import { closest, didYouMean } from "../diagnostics/suggest";
import type { Region } from "../plan/deployment";
import {
  globalEndpointModelNames,
  globalEndpointRegionNames,
  orderLabel,
  regionNamesWithTraffic,
  regionsInGlobalEndpoint,
  regionWeight,
} from "../plan/global-endpoint";
import { entrySetting, isOfOneRegion, isServed, survival } from "../plan/overrides";
import { regionsServing } from "../plan/region-loss";
import type { ServingFile } from "../schema/deployment";
import type { GlobalEndpointFile } from "../schema/global-endpoint";
import { type Check, repetitions, type Subject } from "./check";
import { tooManyDrained } from "./drained-regions";

/** One name over the regions: some region is served, and the regions can replace one another. */
export const checkGlobalEndpoint: Check = (subject) => {
  const { file } = subject;
  if (file.globalEndpoint === undefined) {
    return [...withoutGlobalEndpoint(file), ...nobodyMovesClients(subject)];
  }
  return [
    ...nameDiagnostics(file),
    ...unusedFields(file, file.globalEndpoint),
    ...(file.globalEndpoint.routing === "failover" ? orderDiagnostics(file, file.globalEndpoint) : []),
    ...trafficDiagnostics(file, file.globalEndpoint),
    ...tooManyDrained(subject),
    ...modelDiagnostics(file, file.globalEndpoint),
    ...alikeDiagnostics(subject),
  ];
};

/** Fields of a region for the global endpoint. */
const REGION_FIELDS = ["traffic", "weight", "dial"] as const;

function withoutGlobalEndpoint({ regions }: ServingFile): readonly Diagnostic[] {
  return Object.entries(regions).flatMap(([name, region]) =>
    REGION_FIELDS.filter((field) => region[field] !== undefined).map((field) =>
      keyError(
        "field-without-effect",
        ["regions", name, field],
        `${field} means nothing without a global endpoint; add globalEndpoint, or remove it`,
      ),
    ),
  );
}

/** Regions are sized for the clients of a lost one, but nothing sends them there. */
function nobodyMovesClients({ file, deployment }: Subject): readonly Diagnostic[] {
  return deployment.regions.flatMap(({ name, models }) =>
    models
      .filter((model) => model.survivesRegion && regionsServing(file, model.name).length > 1)
      .map((model) =>
        warning(
          "clients-not-moved",
          survival(file, name, model.name).path,
          "nothing sends the clients of a lost region to the others; add a global endpoint",
        ),
      ),
  );
}

function nameDiagnostics({ entry, regions }: ServingFile): readonly Diagnostic[] {
  if (entry.domain === undefined) {
    return [keyError("domain-missing", ["globalEndpoint"], "needs entry.domain, which is its name; add it")];
  }
  return Object.keys(regions)
    .filter((name) => regionPartition(name) !== "aws")
    .map((name) =>
      keyError(
        "partition-not-served",
        ["regions", name],
        `a global endpoint routes to regions of partition aws only, and ${name} is in ${regionPartition(name)}; leave the global endpoint out`,
      ),
    );
}

/** Fields that only one kind of routing uses. */
function unusedFields(file: ServingFile, globalEndpoint: GlobalEndpointFile): readonly Diagnostic[] {
  const { routing } = globalEndpoint;
  const byRecords = routing !== "accelerator";
  const unused = (path: Path, of: string) =>
    keyError(
      "field-without-effect",
      path,
      `means nothing with routing: ${routing}, only with ${of}; remove it, or change routing`,
    );
  const records = "latency, failover or weighted";
  return [
    ...(globalEndpoint.order !== undefined && routing !== "failover"
      ? [unused(["globalEndpoint", "order"], "failover")]
      : []),
    ...(globalEndpoint.accelerator !== undefined && byRecords
      ? [unused(["globalEndpoint", "accelerator"], "accelerator")]
      : []),
    ...(byRecords
      ? []
      : (["minimumHealthyModels", "health"] as const)
          .filter((field) => globalEndpoint[field] !== undefined)
          .map((field) => unused(["globalEndpoint", field], records))),
    ...Object.entries(file.regions).flatMap(([name, { weight, dial }]) => [
      ...(weight !== undefined && routing !== "weighted"
        ? [unused(["regions", name, "weight"], "weighted")]
        : []),
      ...(dial !== undefined && byRecords ? [unused(["regions", name, "dial"], "accelerator")] : []),
    ]),
  ];
}

function orderDiagnostics(file: ServingFile, { order }: GlobalEndpointFile): readonly Diagnostic[] {
  if (order === undefined) {
    return [
      keyError(
        "order-missing",
        ["globalEndpoint"],
        `failover needs an order; write the regions best first, such as order: [${globalEndpointRegionNames(file).join(", ")}]`,
      ),
    ];
  }
  const known = Object.keys(file.regions);
  const at = (index: number): Path => ["globalEndpoint", "order", index];
  const missing = globalEndpointRegionNames(file).filter((name) => !order.includes(name));
  return [
    ...order.flatMap((name, index) => {
      const repeated = repetitions(order, index, at(index), {
        called: (first) => `order[${first}]`,
        remedy: ", and would fail over to itself; remove it",
      });
      return known.includes(name) || repeated.length > 0
        ? repeated
        : [
            error(
              "undeclared-region",
              at(index),
              `"${name}" is none of the regions${didYouMean(closest(name, known))}`,
            ),
          ];
    }),
    ...(missing.length === 0
      ? []
      : [
          error(
            "order-incomplete",
            ["globalEndpoint", "order"],
            `leaves out ${missing.join(", ")}; add ${missing.length === 1 ? "it" : "them"}, or write traffic: removed there`,
          ),
        ]),
    ...longOrder(file, order),
  ];
}

/** An order that is too long for the name in DNS that holds all of it. */
function longOrder(file: ServingFile, order: readonly string[]): readonly Diagnostic[] {
  const known = order.filter((name) => globalEndpointRegionNames(file).includes(name));
  const name = `${orderLabel(known)}.${file.entry.domain ?? ""}`;
  return name.length <= DOMAIN_NAME.maxLength
    ? []
    : [
        error(
          "order-too-long",
          ["globalEndpoint", "order"],
          `the whole order becomes a name in DNS of ${name.length} characters, more than the allowed ${DOMAIN_NAME.maxLength}; write traffic: removed in the last regions, or use another routing`,
        ),
      ];
}

/**
 * Some region is served, and with the share that is written: not all regions are drained, and not all weights are 0,
 * which Route 53 treats as equal. Standbys may all have 0 while the region with a weight is drained.
 */
function trafficDiagnostics(file: ServingFile, { routing }: GlobalEndpointFile): readonly Diagnostic[] {
  const served = regionNamesWithTraffic(file);
  if (served.length === 0) {
    return [
      keyError(
        "no-region-served",
        ["regions"],
        "every region is drained or removed, so the global endpoint routes to none; serve one",
      ),
    ];
  }
  const share = { weighted: "weight", accelerator: "dial" } as const;
  const field = routing === "weighted" || routing === "accelerator" ? share[routing] : undefined;
  const areStandbys =
    field === "weight" && globalEndpointRegionNames(file).some((name) => regionWeight(file, name) > 0);
  if (field === undefined || areStandbys || served.some((name) => file.regions[name]?.[field] !== 0)) {
    return [];
  }
  const consequence =
    field === "weight"
      ? "all weights are 0, which Route 53 treats as equal"
      : "every dial is 0, and AWS does not document where Global Accelerator then sends clients";
  return served.map((name) =>
    error("every-region-at-zero", ["regions", name, field], `${consequence}; give one region more than 0`),
  );
}

function modelDiagnostics(file: ServingFile, globalEndpoint: GlobalEndpointFile): readonly Diagnostic[] {
  const known = Object.keys(file.models);
  const count = globalEndpointModelNames(file).length;
  const least = globalEndpoint.minimumHealthyModels ?? 0;
  return [
    ...(globalEndpoint.models ?? []).flatMap((name, index, all) => {
      const path = ["globalEndpoint", "models", index];
      if (!known.includes(name)) {
        return [
          error("unknown-model", path, `model "${name}" is not defined${didYouMean(closest(name, known))}`),
        ];
      }
      return repetitions(all, index, path, { called: (first) => `models[${first}]` });
    }),
    ...globalEndpointRegionNames(file).flatMap((region) =>
      globalEndpointModelNames(file)
        .filter((model) => !isServed(file, region, model))
        .map((model) =>
          error(
            "model-not-everywhere",
            ["regions", region, "models", model],
            `clients of the global endpoint that want ${model} would get a 404 in ${region}; serve it there, or name the others in globalEndpoint.models`,
          ),
        ),
    ),
    ...(least > count
      ? [
          error(
            "healthy-minimum-unreachable",
            ["globalEndpoint", "minimumHealthyModels"],
            `${least} of ${count} can never be healthy; use ${count} or fewer`,
          ),
        ]
      : []),
  ];
}

/** What must be the same in all regions of the global endpoint: one client may be routed to any of them. */
function alikeDiagnostics({ file, deployment }: Subject): readonly Diagnostic[] {
  const [first, ...others] = regionsInGlobalEndpoint(file, deployment.regions);
  if (first === undefined) {
    return [];
  }
  return others.flatMap((region) => [
    ...ALIKE.filter((field) => valueIn(first, field) !== valueIn(region, field)).map((field) =>
      error(
        "entries-differ",
        differingPath(file, first, region, field),
        `${field} is ${valueIn(first, field)} in ${first.name} and ${valueIn(region, field)} in ${region.name}, so ${CONSEQUENCES[field]}; make them the same`,
      ),
    ),
    ...(allowsLike(first, region)
      ? []
      : [
          warning(
            "allowed-clients-differ",
            differingPath(file, first, region, "allow"),
            `${region.name} allows other clients than ${first.name}, but the global endpoint may route a client to either; make them the same`,
          ),
        ]),
  ]);
}

/** Whether two regions allow the same clients. The same list or group has another id in each region, so none is compared. */
function allowsLike({ entry: one }: Region, { entry: other }: Region): boolean {
  return (
    one.allowedCidrs.join() === other.allowedCidrs.join() &&
    one.allowedPrefixLists.length === other.allowedPrefixLists.length &&
    one.allowedSecurityGroups.length === other.allowedSecurityGroups.length
  );
}

/** What the entries of all regions have in common, and what happens if they differ. */
const CONSEQUENCES = {
  domain: "the global endpoint's name would not reach both",
  scheme: "clients of the global endpoint cannot reach both",
  protocol: "clients of the global endpoint would have to speak two protocols",
  redirectHttp: "clients at port 80 would get an answer in one of them only",
  dualStack: "clients with IPv6 would all be routed to the same regions",
  default: "clients would get different answers when no route matches",
} as const;

type AlikeField = keyof typeof CONSEQUENCES;

const ALIKE: readonly AlikeField[] = ["domain", "scheme", "protocol", "redirectHttp", "dualStack", "default"];

function valueIn({ entry }: Region, field: AlikeField): string {
  // Over HTTP there is nothing to redirect.
  const redirectHttp = entry.protocol === "https" ? entry.redirectHttp : true;
  return String({ ...entry, redirectHttp }[field] ?? "none");
}

/** Of two regions that differ, the place where one of them sets its own value. */
function differingPath(file: ServingFile, first: Region, other: Region, field: AlikeField | "allow"): Path {
  const { path } = entrySetting(file, other.name, field);
  return isOfOneRegion(path) ? path : entrySetting(file, first.name, field).path;
}
