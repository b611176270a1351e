import * as z from "zod";
import { region as awsRegion, regionCodes } from "../../aws/regions";
import { closest } from "../diagnostics/suggest";
import { finding } from "./errors/codes";

/** How AWS writes the codes of its regions: geography, direction, number. */
const FORM = /^([a-z]{2}(?:-gov)?)-(?:central|(?:north|south)(?:east|west)?|east|west)-[1-9]$/;

const regionText = z.string().meta({
  id: "region",
  description: "An AWS region, by its code: `eu-west-1`.",
  anyOf: [{ enum: regionCodes }, { pattern: FORM.source }],
});

/** Whether a code may be one of a region that is newer than this project's list. */
function mayBeNewer(code: string): boolean {
  const [, geography] = FORM.exec(code) ?? [];
  const isKnown = regionCodes.some((known) => known.startsWith(`${geography}-`));
  return geography !== undefined && (isKnown || closest(code, regionCodes).length === 0);
}

/** The code of an AWS region: one of this project's list, or one that may be newer. A check warns of the latter. */
export const regionName = () =>
  regionText.refine((code) => awsRegion(code) !== undefined || mayBeNewer(code), {
    ...finding("unknown-region"),
    error: ({ input }) => {
      const near = closest(String(input), regionCodes);
      return `region "${input}" is not an AWS region${near.length > 0 ? `; closest: ${near.join(", ")}` : ""}`;
    },
  });
