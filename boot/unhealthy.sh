#!/usr/bin/env bash
# Has the group replace this instance, unless too few other instances are healthy. Sourced by gpu-watch.sh.
set -euo pipefail

readonly JITTER_SECONDS=${JITTER_SECONDS:-30}

kept="" # the last reason for which the instance stayed in service; logged once

# Prints the desired capacity, the number of other healthy instances, and the state of this one: "6 5 InService".
group_now() {
  local instance=$1 healthy="LifecycleState=='InService' && HealthStatus=='Healthy'"
  aws autoscaling describe-auto-scaling-groups --region "$INSTANCE_REGION" --auto-scaling-group-names "$INSTANCE_GROUP" \
    --output text --query "AutoScalingGroups[0].[DesiredCapacity,
      length(Instances[?$healthy && InstanceId!='$instance']), Instances[?InstanceId=='$instance']|[0].LifecycleState]"
}

# replace_me <reason>: true when the instance is marked unhealthy. Two thirds of the instances stay, so that no fault of the
# watch, of the model or of its load takes a fleet down. Instances that fail together wait a different time each.
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
      log "$reason; but only $others other instances of $desired are healthy, so this one stays"
      kept=$reason
    fi
    return 1
  fi
  # The grace period is for loading, and this fault is none of loading.
  aws autoscaling set-instance-health --region "$INSTANCE_REGION" --instance-id "$instance" --health-status Unhealthy \
    --no-should-respect-grace-period || return
  log "$reason: marked unhealthy, so that the group replaces this instance"
}
