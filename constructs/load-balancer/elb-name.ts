import { Token } from "cdktf";

/** Source: ELB API reference, CreateLoadBalancer and CreateTargetGroup, `Name`. */
const LONGEST_NAME = 32;

/**
 * Refuses a name that Elastic Load Balancing would refuse, while the program still runs.
 * A name Terraform only knows later (a token) is let through.
 *
 * @param what how the name is called in the message, e.g. `target group name`
 * @throws Error when the name is longer than 32 characters, holds anything but letters, digits and
 *   hyphens, or begins or ends with a hyphen
 */
export function requireElbName(what: string, name: string): void {
  if (Token.isUnresolved(name)) {
    return;
  }
  if (name.length > LONGEST_NAME) {
    throw new Error(
      `${what} "${name}" has ${name.length} characters; the limit is ${LONGEST_NAME}: shorten it by ${name.length - LONGEST_NAME}`,
    );
  }
  if (!/^[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?$/.test(name)) {
    throw new Error(`${what} "${name}" may hold only letters, digits and inner hyphens`);
  }
}
