import { parseArn } from "../../aws/arn";
import type { ServingFile } from "../schema/deployment";
import type { RegionAlarms } from "./deployment";

/** Whom the alarms of a region tell: the address, and those of the topics that are there. They reach no others. */
export function alarmsIn({ alarms: { email, topicArns } }: ServingFile, region: string): RegionAlarms {
  return { email, topicArns: topicArns.filter((arn) => parseArn(arn)?.region === region) };
}
