#!/usr/bin/env bash
# Has the group replace this instance, unless too few others would be left. Sourced by gpu-watch.sh.
set -euo pipefail

readonly JITTER_SECONDS=${JITTER_SECONDS:-30}

kept="" # why the instance was left in service last, so that it is said once

# Instances wanted, others that are well, and where this one is: "6 5 InService".
group_now() {
  local instance=$1 well="LifecycleState=='InService' && HealthStatus=='Healthy'"
  aws autoscaling describe-auto-scaling-groups --region "$INSTANCE_REGION" --auto-scaling-group-names "$INSTANCE_GROUP" \
    --output text --query "AutoScalingGroups[0].[DesiredCapacity,
      length(Instances[?$well && InstanceId!='$instance']), Instances[?InstanceId=='$instance']|[0].LifecycleState]"
}

# replace_me <reason>: true when the group has heard it. Two thirds of the instances stay, so that no fault of the watch,
# of the model or of its load takes a fleet down; instances with the same thought ask one after the other.
replace_me() {
  local reason=$1 instance now desired others state
  sleep $((RANDOM % (JITTER_SECONDS + 1)))
  instance=$(metadata instance-id) && now=$(group_now "$instance") || return
  read -r desired others state <<<"$now"
  if [[ "$state" != InService ]]; then
    return 1
  fi
  if ((others < desired * 2 / 3)); then
    if [[ "$kept" != "$reason" ]]; then
      say "$reason; but only $others other instances of $desired are well, so this one stays"
      kept=$reason
    fi
    return 1
  fi
  # What was seen is no sign of loading, which the group's grace period is for.
  aws autoscaling set-instance-health --region "$INSTANCE_REGION" --instance-id "$instance" --health-status Unhealthy \
    --no-should-respect-grace-period || return
  say "$reason: marked unhealthy, so that the group replaces this instance"
}
