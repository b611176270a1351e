import { type Asked, permissions } from "../../testing/iam/permissions";
import { blocksIn, type Json, resourcesOf } from "../../testing/terraform/json";

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

/** Those of the groups of a synthesized stack. @throws Error when a group of it is none of this project */
export function templatesIn(stack: Json): readonly Template[] {
  return resourcesOf(stack, "aws_autoscaling_group").map(([id, group]) => {
    const used = [group, ...blocksIn(group, "mixed_instances_policy")].flatMap((from) =>
      blocksIn(from, "launch_template").flatMap((each) => [
        each.id,
        ...blocksIn(each, "launch_template_specification").map(
          ({ launch_template_id }) => launch_template_id,
        ),
      ]),
    );
    const [, name = ""] = /\$\{aws_launch_template\.([\w-]+)\./.exec(used.join(" ")) ?? [];
    const userData = stack.resource.aws_launch_template?.[name]?.user_data;
    const [launchHook, terminateHook] = ["LAUNCHING", "TERMINATING"].map(
      (transition) =>
        blocksIn(group, "initial_lifecycle_hook").find(({ lifecycle_transition }) =>
          lifecycle_transition.endsWith(transition),
        )?.name,
    );
    if (!/^[\w+/=]+$/.test(userData) || launchHook === undefined || terminateHook === undefined) {
      throw new Error(
        `aws_autoscaling_group.${id}: a launch template with user data in it, and hooks for launch and end, are what an instance needs`,
      );
    }
    return {
      ...{ group: group.name, userData: Buffer.from(userData, "base64"), launchHook, terminateHook },
      allows: permissions(stack, name),
    };
  });
}
