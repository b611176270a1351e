import { type Diagnostic, warning } from "../diagnostics/diagnostic";
import { together } from "../diagnostics/text";
import {
  globalEndpointRegionNames,
  regionNamesWithTraffic,
  regionWeight,
  shareByWeight,
} from "../plan/global-endpoint";
import type { ServingFile } from "../schema/deployment";
import type { Subject } from "./check";

/** More regions are drained than the served ones are sized for, or no region is left to take over from these. */
export function tooManyDrained({ file, deployment }: Subject): readonly Diagnostic[] {
  const served = regionNamesWithTraffic(file);
  const drained = globalEndpointRegionNames(file).filter((name) => !served.includes(name));
  const isSized = deployment.regions.some(({ models }) =>
    models.some(({ survivesRegion }) => survivesRegion),
  );
  const small = served.filter((name) => getsMoreThanByOneLoss(file, name));
  const consequences = [
    ...(small.length > 0
      ? [
          `${together(small)} ${small.length > 1 ? "get" : "gets"} more clients than after the loss of one region, which ${small.length > 1 ? "they are" : "it is"} sized for`,
        ]
      : []),
    ...(served.length > 1 || takesDrainedBack(file)
      ? []
      : [`nothing survives the loss of ${served.join()}, the only region that is served`]),
  ];
  return !isSized || served.length === 0 || consequences.length === 0
    ? []
    : drained.map((name) =>
        warning(
          "too-many-regions-drained",
          ["regions", name, "traffic"],
          `while ${together(drained)} ${drained.length === 1 ? "is" : "are"} drained, ${consequences.join(", and ")}; serve ${drained.length === 1 ? "it" : "one"} again`,
        ),
      );
}

/**
 * Whether the drained regions bring a region a larger share of the clients than the loss of any one region would. With
 * failover, one region serves all that another did, however many are out.
 */
function getsMoreThanByOneLoss(file: ServingFile, region: string): boolean {
  const known = globalEndpointRegionNames(file);
  const served = regionNamesWithTraffic(file);
  switch (file.globalEndpoint?.routing) {
    case "failover":
      return false;
    case "weighted": {
      const shareAmong = (names: readonly string[]) =>
        shareByWeight(
          regionWeight(file, region),
          names.map((name) => regionWeight(file, name)),
        );
      const afterLosses = known
        .filter((lost) => lost !== region)
        .map((lost) => shareAmong(known.filter((name) => name !== lost)));
      return shareAmong(served) > Math.max(...afterLosses) + ROUNDING;
    }
    default:
      return known.length - served.length > 1;
  }
}

/** Far less than the share of one client. */
const ROUNDING = 1e-9;

/**
 * An accelerator ignores dials when it fails over, so there a drained region takes over (Global Accelerator developer
 * guide, How failover works for unhealthy endpoints).
 */
function takesDrainedBack({ globalEndpoint }: ServingFile): boolean {
  return globalEndpoint?.routing === "accelerator";
}
