import type { IncomingMessage, ServerResponse } from "node:http";

/** An answer to a lifecycle hook, or a heartbeat for it. */
export interface HookCall {
  readonly action: "CompleteLifecycleAction" | "RecordLifecycleActionHeartbeat";
  readonly group: string;
  readonly hook: string;
  readonly instance: string;
  /** `CONTINUE` or `ABANDON`, where it is an answer. */
  readonly result?: string;
}

/** The call for a hook that a request is, if it is one. */
export function hookCallOf({ headers }: IncomingMessage, body: Buffer): HookCall | undefined {
  if (!headers["content-type"]?.startsWith("application/x-www-form-urlencoded")) {
    return undefined;
  }
  const form = new URLSearchParams(body.toString());
  const action = form.get("Action");
  return action === "CompleteLifecycleAction" || action === "RecordLifecycleActionHeartbeat"
    ? {
        action,
        group: form.get("AutoScalingGroupName") ?? "",
        hook: form.get("LifecycleHookName") ?? "",
        instance: form.get("InstanceId") ?? "",
        result: form.get("LifecycleActionResult") ?? undefined,
      }
    : undefined;
}

/** A call for a hook that does not wait is a validation error (Auto Scaling API, CompleteLifecycleAction). */
export function answerHook(response: ServerResponse, { action, instance }: HookCall, waits: boolean): void {
  const id = "<ResponseMetadata><RequestId>1</RequestId></ResponseMetadata>";
  const text = waits
    ? `<${action}Response xmlns="http://autoscaling.amazonaws.com/doc/2011-01-01/"><${action}Result/>${id}</${action}Response>`
    : `<ErrorResponse><Error><Type>Sender</Type><Code>ValidationError</Code><Message>No active Lifecycle Action found with instance ID ${instance}</Message></Error></ErrorResponse>`;
  response.writeHead(waits ? 200 : 400, { "content-type": "text/xml" }).end(text);
}
