import type { ServingFile } from "../schema/deployment";
import type { RegionAlarms } from "./deployment";

/** Whom the alarms of a region tell: the address, and those of the topics that are there. */
export function alarmsIn({ alarms: { email, topicArns } }: ServingFile, region: string): RegionAlarms {
  return { email, topicArns: topicArns.filter((arn) => topicRegion(arn) === region) };
}

/** The region of an SNS topic. Alarms of other regions cannot tell it. */
export function topicRegion(topicArn: string): string {
  return topicArn.split(":")[3] ?? "";
}
