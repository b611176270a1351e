import { parseArn } from "../../aws/arn";
import { regionPartition } from "../../aws/regions";
import { error } from "../diagnostics/diagnostic";
import type { Check } from "./check";

/** Account of the ARNs of policies that AWS manages. */
const MANAGED = "aws";

/** What an account names lies in that account, and in the partition of the deployment. */
export const checkAccount: Check = ({ file: { account, state } }) => {
  if (account === undefined) {
    return [];
  }
  const partition = regionPartition(state.region);
  return (["assumeRole", "permissionsBoundary"] as const).flatMap((field) => {
    const arn = parseArn(account[field]);
    if (arn === undefined) {
      return [];
    }
    if (arn.partition !== partition) {
      return [
        error(
          "in-another-account",
          ["account", field],
          `${account[field]} is in partition ${arn.partition}, and the deployment in ${partition}; name one of account ${account.id}`,
        ),
      ];
    }
    return arn.account === account.id || (field === "permissionsBoundary" && arn.account === MANAGED)
      ? []
      : [
          error(
            "in-another-account",
            ["account", field],
            `${account[field]} is in account ${arn.account}, and account.id is ${account.id}; name one of that account`,
          ),
        ];
  });
};
