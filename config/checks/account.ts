import { type Arn, parseArn } from "../../aws/arn";
import { regionPartition } from "../../aws/regions";
import { type Diagnostic, error } from "../diagnostics/diagnostic";
import { arnsIn, type WrittenArn } from "./arns";
import type { Check } from "./check";

/** Account of the ARNs of policies that AWS manages. */
const MANAGED = "aws";

/** What the file names is in the partition of the deployment, and in its account where it has to be. */
export const checkAccount: Check = ({ file }) => {
  const home = regionPartition(file.state.region);
  return arnsIn(file).flatMap((written) => {
    const arn = parseArn(written.arn);
    if (arn === undefined || home === undefined) {
      return [];
    }
    return arn.partition === home
      ? accountDiagnostics(written, arn, file.account?.id)
      : partitionDiagnostics(written, arn, home);
  });
};

function partitionDiagnostics({ path }: WrittenArn, arn: Arn, home: string): readonly Diagnostic[] {
  // Of a region in another partition it is told that the region is another.
  return arn.region !== "" && regionPartition(arn.region) !== home
    ? []
    : [
        error(
          "in-another-partition",
          path,
          `is in partition ${arn.partition}, and the deployment in ${home}, which share no accounts; name one that begins with arn:${home}:`,
        ),
      ];
}

function accountDiagnostics(
  { path, arn: text, of }: WrittenArn,
  { account }: Arn,
  own: string | undefined,
): readonly Diagnostic[] {
  return own === undefined ||
    of === undefined ||
    account === own ||
    (of === "own or of AWS" && account === MANAGED)
    ? []
    : [
        error(
          "in-another-account",
          path,
          `${text} is in account ${account || "none"}, and account.id is ${own}; name one of that account`,
        ),
      ];
}
