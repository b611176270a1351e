import type { AutoscalingGroupInitialLifecycleHook } from "@cdktf/provider-aws/lib/autoscaling-group";
import { LIFECYCLE_HOOK_HEARTBEAT, LIFECYCLE_HOOK_NAME } from "../../aws/limits";
import { requireText, requireWithin } from "../require-within";

/** What happens when the hook was not completed in time: the transition continues, or the instance is abandoned. */
export type LifecycleResult = "CONTINUE" | "ABANDON";

/** Holds an instance at launch or at termination, until the instance itself completes the hook. */
export interface LifecycleHook {
  /** Name, unique in the group: 1 to 255 letters, digits and `-_/`. The instance completes the hook by this name. */
  readonly name: string;

  /** Seconds until the hook times out, 30 to 7200. A heartbeat restarts them. */
  readonly heartbeatTimeout: number;

  /**
   * What happens when it times out.
   *
   * @default "ABANDON" at launch, so that only ready instances serve; "CONTINUE" at termination
   */
  readonly defaultResult?: LifecycleResult;
}

/** Whether the instance is launched or terminated. */
export type LifecycleTransition =
  | "autoscaling:EC2_INSTANCE_LAUNCHING"
  | "autoscaling:EC2_INSTANCE_TERMINATING";

/**
 * The settings of a hook for Terraform, either for a block of the group or for a resource of its own.
 *
 * @throws Error when Auto Scaling would refuse the name
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
