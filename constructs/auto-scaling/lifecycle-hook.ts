import type { AutoscalingGroupInitialLifecycleHook } from "@cdktf/provider-aws/lib/autoscaling-group";
import { LIFECYCLE_HOOK_HEARTBEAT, LIFECYCLE_HOOK_NAME } from "../../aws/limits";
import { requireText, requireWithin } from "../require-within";

/** What becomes of an instance that did not answer in time: it goes on, or it is given up. */
export type LifecycleResult = "CONTINUE" | "ABANDON";

/** A pause of an instance on its way into service or out of it, until the instance itself says to go on. */
export interface LifecycleHook {
  /** Name, unique in the group: 1 to 255 letters, digits and `-_/`. The instance has to know it. */
  readonly name: string;

  /** Seconds it may take, 30 to 7200. */
  readonly heartbeatTimeout: number;

  /**
   * What becomes of an instance that did not answer by then.
   *
   * @default "ABANDON" on the way in, so that no instance serves that never was ready; "CONTINUE" on the way out
   */
  readonly defaultResult?: LifecycleResult;
}

/** Whether the instance comes or goes. */
export type LifecycleTransition =
  | "autoscaling:EC2_INSTANCE_LAUNCHING"
  | "autoscaling:EC2_INSTANCE_TERMINATING";

/**
 * What Terraform is to know about a hook, either as a block of the group or as a resource of its own.
 *
 * @throws Error when the name is one Auto Scaling would refuse
 * @throws RangeError when the heartbeat timeout is not a whole number from 30 to 7200
 */
export function lifecycleHook(
  transition: LifecycleTransition,
  hook: LifecycleHook,
): AutoscalingGroupInitialLifecycleHook {
  const { name, heartbeatTimeout } = hook;
  requireText("the name of a lifecycle hook", name, LIFECYCLE_HOOK_NAME);
  requireWithin(`heartbeatTimeout of hook "${name}"`, heartbeatTimeout, LIFECYCLE_HOOK_HEARTBEAT);
  const launching = transition === "autoscaling:EC2_INSTANCE_LAUNCHING";
  return {
    name,
    lifecycleTransition: transition,
    heartbeatTimeout,
    defaultResult: hook.defaultResult ?? (launching ? "ABANDON" : "CONTINUE"),
  };
}
