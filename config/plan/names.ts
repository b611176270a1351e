import { createHash } from "node:crypto";
import { LOAD_BALANCER_NAME, TARGET_GROUP_NAME } from "../../aws/limits";

/**
 * A name for AWS: what people know a thing by, and a hash of all that makes it another thing.
 *
 * The readable part is cut to what fits; the hash is over the whole of it, so that two names stay different
 * after shortening, and over `forcesNew`: whatever AWS cannot change in place. When one of those changes the
 * name changes with it, and the new thing can be made before the old one goes.
 *
 * @param parts what people know it by, from the general to the particular
 * @param forcesNew all that AWS cannot change in place
 * @param maxLength characters AWS allows
 */
export function awsName(
  parts: readonly string[],
  forcesNew: Readonly<Record<string, string | number | boolean | undefined>>,
  maxLength: number,
): string {
  const facts = Object.entries(forcesNew)
    .filter(([, value]) => value !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const hash = createHash("sha256")
    .update(JSON.stringify([parts, facts]))
    .digest("hex")
    .slice(0, HASH_LENGTH);
  const readable = parts
    .join("-")
    .slice(0, maxLength - HASH_LENGTH - 1)
    .replace(/-+$/, "");
  return `${readable}-${hash}`;
}

/** 32 bits: among the 100 target groups of a balancer two are alike once in about 870,000 deployments. */
const HASH_LENGTH = 8;

/** Name of a region's load balancer, ≤32 characters. Another scheme or VPC is another load balancer. */
export function balancerName(deployment: string, forcesNew: { scheme: string; network: string }): string {
  return awsName([deployment], forcesNew, LOAD_BALANCER_NAME.maxLength);
}

/** What AWS cannot change on a target group once it is there. */
export interface TargetGroupIdentity {
  readonly port: number;
  /** Where Target Optimizer's agent takes what the load balancer says to it; nothing without it. */
  readonly controlPort?: number;
  readonly protocol: string;
  readonly protocolVersion: string;
  /** Where the VPC comes from: its id, or the block it is made with. */
  readonly network: string;
}

/** Name of a variant's target group, ≤32 characters. */
export function targetGroupName(
  deployment: string,
  model: string,
  variant: string,
  identity: TargetGroupIdentity,
): string {
  return awsName([model, variant], { deployment, ...identity }, TARGET_GROUP_NAME.maxLength);
}

/** Name of a variant's Auto Scaling group and what belongs to it; stays for the life of the variant. */
export function groupName(deployment: string, model: string, variant: string): string {
  return `${deployment}.${model}.${variant}`;
}

/** What the names of a variant's log groups begin with; stays for the life of the variant. */
export function logGroupPrefix(deployment: string, model: string, variant: string): string {
  return `/${deployment}/${model}/${variant}`;
}

/** What instances write, each kind to a log group of its own; boot/cloudwatch-agent.json names the same. */
export const LOG_GROUPS = ["agent", "boot", "metrics", "server"] as const;
