import { parseArn } from "../../aws/arn";
import { regionPartition } from "../../aws/regions";
import { type Diagnostic, error, keyError } from "../diagnostics/diagnostic";
import type { ServingFile } from "../schema/deployment";
import type { Check } from "./check";

/** Where the state lies: with a key of its region, and in the world of the regions. */
export const checkState: Check = ({ file }) => [...keyDiagnostics(file.state), ...partitionDiagnostics(file)];

function keyDiagnostics({ kmsKeyArn, region }: ServingFile["state"]): readonly Diagnostic[] {
  const keyRegion = parseArn(kmsKeyArn)?.region;
  return keyRegion !== undefined && keyRegion !== region
    ? [
        error(
          "in-another-region",
          ["state", "kmsKeyArn"],
          `the key is in ${keyRegion}, and the bucket in ${region}; use a key of ${region}`,
        ),
      ]
    : [];
}

/** An account belongs to one partition, and so do all that a deployment names. */
function partitionDiagnostics({ state, regions }: ServingFile): readonly Diagnostic[] {
  const home = regionPartition(state.region);
  return Object.keys(regions)
    .filter((region) => regionPartition(region) !== home)
    .map((region) =>
      keyError(
        "partitions-mixed",
        ["regions", region],
        `${region} is in partition ${regionPartition(region)} and the state in ${home}, which share no accounts; make another deployment`,
      ),
    );
}
