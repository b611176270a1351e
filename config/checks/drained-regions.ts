import { doorRegionNames, regionWeight, servedRegionNames } from "../door";
import { type Problem, warning } from "../problem";
import type { ServingFile } from "../schema/deployment";
import { together } from "../wording";
import type { Subject } from "./check";

/** More regions are drained than those that are served were sized to lose, or nothing is left to take over from them. */
export function tooManyDrained({ file, deployment }: Subject): readonly Problem[] {
  const served = servedRegionNames(file);
  const drained = doorRegionNames(file).filter((name) => !served.includes(name));
  const isSized = deployment.regions.some(({ models }) =>
    models.some(({ survivesRegion }) => survivesRegion),
  );
  const brought = bringingClients(file, drained).length;
  const several = served.length > 1;
  const consequences = [
    ...(brought > 1
      ? [
          `${together(served)} ${several ? "get" : "gets"} the clients of ${brought} regions, and ${several ? "are" : "is"} sized for those of one`,
        ]
      : []),
    ...(several || takesDrainedBack(file)
      ? []
      : [`nothing survives the loss of ${served.join()}, the only region that is served`]),
  ];
  return !isSized || served.length === 0 || consequences.length === 0
    ? []
    : drained.map((name) =>
        warning(
          ["regions", name, "traffic"],
          `while ${together(drained)} ${drained.length === 1 ? "is" : "are"} drained, ${consequences.join("; and ")}`,
        ),
      );
}

/**
 * Those of the regions whose clients the others have to share. By an order of failover one region serves all that
 * another did, however many are out; and a standby has no clients.
 */
function bringingClients(file: ServingFile, drained: readonly string[]): readonly string[] {
  switch (file.door?.routing) {
    case "failover":
      return [];
    case "weighted":
      return drained.filter((name) => regionWeight(file, name) > 0);
    default:
      return drained;
  }
}

/**
 * An accelerator ignores dials when it fails over, so there a drained region takes over (Global Accelerator developer
 * guide, How failover works for unhealthy endpoints).
 */
function takesDrainedBack({ door }: ServingFile): boolean {
  return door?.routing === "accelerator";
}
