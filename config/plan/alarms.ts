import { parseArn } from "../../aws/arn";
import type { ServingFile } from "../schema/deployment";
import type { Recipients } from "./deployment";

/** Recipients of a region's alarms: the address, and the topics in that region. An alarm can only notify a topic of its own region. */
export function alarmsIn({ alarms: { email, topicArns } }: ServingFile, region: string): Recipients {
  return { email, topicArns: topicArns.filter((arn) => parseArn(arn)?.region === region) };
}
