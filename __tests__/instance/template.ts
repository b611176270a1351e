import { type Asked, permissions } from "../../testing/iam/permissions";
import { valid, type WrittenFile } from "../support/serving-file";
import { type Json, resourcesOfType, synthesized } from "../support/synthesis";

/** What Auto Scaling launches an instance from. */
export interface Template {
  readonly group: string;
  /** As EC2 hands it to the instance. */
  readonly userData: Buffer;
  readonly launchHook: string;
  readonly terminateHook: string;
  /** Whether the role of its instances allows a call. */
  readonly allows: (call: Asked) => boolean;
}

/** That of the only model of a deployment with one region. */
export function templateOf(file: WrittenFile): Template {
  const { deployment } = valid(file);
  const stack = synthesized(deployment)[Object.keys(file.regions)[0] ?? ""];
  const [[id = "", template] = []] = Object.entries<Json>(stack?.resource.aws_launch_template);
  const [group] = resourcesOfType(stack, "aws_autoscaling_group");
  const hook = (transition: string): string =>
    group.initial_lifecycle_hook.find((each: Json) => each.lifecycle_transition.endsWith(transition)).name;
  return {
    group: group.name,
    userData: Buffer.from(template.user_data, "base64"),
    launchHook: hook("LAUNCHING"),
    terminateHook: hook("TERMINATING"),
    allows: permissions(stack, id),
  };
}
