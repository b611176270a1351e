import type { Instance } from "../../simulation/auto-scaling/instance";
import type { Driver } from "../driver";
import type { Belonging } from "../machine";
import type { Scaling } from "./aws";
import type { AwsRequest } from "./calls";

/** Answers an instance from the simulation of its group, and does there what it asks for. */
export function groupAnswers(
  instance: Instance,
  { group, region }: Belonging,
  driver: Pick<Driver, "do">,
): Scaling {
  const { id } = instance;
  const answers: Readonly<Record<string, (request: AwsRequest) => string>> = {
    "autoscaling:DescribeAutoScalingGroups": () => described({ group, region }),
    "autoscaling:SetInstanceHealth": ({ parameter }) => {
      if (parameter("HealthStatus") === "Unhealthy") {
        group.markUnhealthy(id, "it has marked itself unhealthy");
      }
      return "";
    },
    "elasticloadbalancing:DeregisterTargets": () => {
      group.deregister(id);
      return "<DeregisterTargetsResult/>";
    },
  };
  return {
    hook: ({ action, hook, result, ...asked }) =>
      driver.do(() => {
        const { launchHook, terminateHook } = group.model;
        const waiting = instance.state === "Terminating:Wait" ? terminateHook : launchHook;
        const waits = asked.instance === id && instance.state.endsWith(":Wait") && waiting?.name === hook;
        if (waits && action === "RecordLifecycleActionHeartbeat") {
          group.heartbeat(id);
        } else if (waits) {
          group.complete(id, result === "CONTINUE" ? "CONTINUE" : "ABANDON");
        }
        return waits;
      }),
    answer: (request) => {
      const answer = answers[`${request.service}:${request.action}`];
      return answer && driver.do(() => wrapped(request, answer(request)));
    },
  };
}

function wrapped({ action }: AwsRequest, result: string): string {
  return `<${action}Response>${result}<ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></${action}Response>`;
}

/** Source: Auto Scaling API, DescribeAutoScalingGroups; of all that it has, what an instance asks for. */
function described({ group, region }: Pick<Belonging, "group" | "region">): string {
  const instances = [...group.all].map(
    ({ id, state, unhealthy }) =>
      `<member><InstanceId>${id}</InstanceId><LifecycleState>${state}</LifecycleState><HealthStatus>${unhealthy === undefined ? "Healthy" : "Unhealthy"}</HealthStatus></member>`,
  );
  const targetGroups = group.model.targetGroups.flatMap((address) => {
    const { name } = region.targetGroups.get(address)?.model ?? {};
    const arn = `arn:aws:elasticloadbalancing:${region.name}:123456789012:targetgroup/${name}/0123456789abcdef`;
    return name === undefined ? [] : [`<member>${arn}</member>`];
  });
  return `<DescribeAutoScalingGroupsResult><AutoScalingGroups><member><AutoScalingGroupName>${group.model.name}</AutoScalingGroupName><DesiredCapacity>${group.desired}</DesiredCapacity><Instances>${instances.join("")}</Instances><TargetGroupARNs>${targetGroups.join("")}</TargetGroupARNs></member></AutoScalingGroups></DescribeAutoScalingGroupsResult>`;
}
