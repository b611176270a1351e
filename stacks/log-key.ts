import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import type { Construct } from "constructs";
import type { Region } from "../config/plan/deployment";
import { LogsKey } from "../constructs/storage/logs-key";
import { forget } from "./forget";

/** Id of what makes the key. */
const ID = "logs";

/**
 * The key of a region's logs in CloudWatch: the one that the file names, or one that is made here.
 *
 * @returns its ARN; `undefined` where the region writes no such logs
 */
export function logKeyArn(scope: Construct, deployment: string, region: Region): string | undefined {
  const named = region.observability?.kmsKeyArn;
  if (named !== undefined) {
    // What it encrypted before stays readable.
    forget(scope, [`${KmsKey.tfResourceType}.${ID}_key`]);
    return named;
  }
  return writesLogs(region)
    ? new LogsKey(scope, ID, {
        description: `Encrypts the logs of ${deployment} in CloudWatch Logs.`,
        region: region.name,
      }).keyArn
    : undefined;
}

function writesLogs({ observability, network, entry }: Region): boolean {
  const hasFlowLogs = network.kind === "created" && network.flowLogDays !== undefined;
  return observability !== undefined || hasFlowLogs || entry.waf !== undefined;
}
