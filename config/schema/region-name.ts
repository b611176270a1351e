import * as z from "zod";
import { region as awsRegion, regionCodes } from "../../aws/regions";
import { closest } from "../diagnostics/suggest";
import { finding } from "./errors/codes";

const regionText = z.string().meta({
  id: "region",
  description: "An AWS region, by its code: `eu-west-1`.",
  enum: regionCodes,
});

/** The code of an AWS region in this project's list. */
export const regionName = () =>
  regionText.refine((code) => awsRegion(code) !== undefined, {
    ...finding("unknown-region"),
    error: ({ input }) => {
      const near = closest(String(input), regionCodes);
      return `region "${input}" is not an AWS region${near.length > 0 ? `; closest: ${near.join(", ")}` : ""}`;
    },
  });
