import { createHash } from "node:crypto";
import { LOAD_BALANCER_NAME, TARGET_GROUP_NAME } from "../../aws/limits";

/**
 * A name for a resource: a readable part and a hash.
 *
 * The readable part is cut to fit. The hash covers all of it, so that two names stay different after they are cut. The
 * hash also covers `forcesNew`. When one of these properties changes, the name changes too, and Terraform can create the
 * new resource before it deletes the old one.
 *
 * @param parts the readable part, from the general to the particular
 * @param forcesNew properties that AWS cannot change in place
 * @param maxLength characters that AWS allows
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

/** 32 bits: two of the 100 target groups of a load balancer have the same hash in one of about 870,000 deployments. */
const HASH_LENGTH = 8;

/** Name of a region's load balancer, at most 32 characters. Another scheme or VPC gives a new load balancer. */
export function balancerName(deployment: string, forcesNew: { scheme: string; network: string }): string {
  return awsName([deployment], forcesNew, LOAD_BALANCER_NAME.maxLength);
}

/** Properties of a target group that AWS cannot change in place. */
export interface TargetGroupIdentity {
  readonly port: number;
  /** Control port of Target Optimizer's agent; undefined without it. */
  readonly controlPort?: number;
  readonly protocol: string;
  readonly protocolVersion: string;
  /** The VPC: its id, or the CIDR block that it is created with. */
  readonly network: string;
}

/** Name of a variant's target group, at most 32 characters. */
export function targetGroupName(
  deployment: string,
  model: string,
  variant: string,
  identity: TargetGroupIdentity,
): string {
  return awsName([model, variant], { deployment, ...identity }, TARGET_GROUP_NAME.maxLength);
}

/** Name of a variant's Auto Scaling group and of what belongs to it. It never changes during the life of the variant. */
export function groupName(deployment: string, model: string, variant: string): string {
  return `${deployment}.${model}.${variant}`;
}

/** Name of the resource group of a variant's reservations. It begins with no name of a deployment, which AWS may refuse. */
export function reservationGroupName(group: string): string {
  return `reserved.${group}`;
}

/** Id of a schedule within its variant. It follows from its times, whatever the order of the schedules. */
export function scheduleId(cron: string, timeZone: string): string {
  return awsName(["at"], { cron, timeZone }, 2 * HASH_LENGTH);
}

/** Prefix of the names of a variant's log groups. It never changes during the life of the variant. */
export function logGroupPrefix(deployment: string, model: string, variant: string): string {
  return `/${deployment}/${model}/${variant}`;
}

/** Log groups of an instance, one for each kind of log. boot/cloudwatch-agent.json has the same names. */
export const LOG_GROUPS = ["agent", "boot", "metrics", "server"] as const;
