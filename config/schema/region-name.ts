import * as z from "zod";
import { region as awsRegion, isNewerThanList, REGION_CODE, regionCodes } from "../../aws/regions";
import { closest } from "../diagnostics/suggest";
import { finding } from "./errors/codes";

const regionText = z.string().meta({
  id: "region",
  description: "An AWS region, by its code: `eu-west-1`.",
  anyOf: [{ enum: regionCodes }, { pattern: REGION_CODE.source }],
});

/** The code of an AWS region: one of this project's list, or one that may be newer. A check warns of the latter. */
export const regionName = () =>
  regionText.refine((code) => awsRegion(code) !== undefined || isNewerThanList(code), {
    ...finding("unknown-region"),
    error: ({ input }) => {
      const near = closest(String(input), regionCodes);
      return `region "${input}" is not an AWS region${near.length > 0 ? `; closest: ${near.join(", ")}` : ""}`;
    },
  });
