#!/usr/bin/env bash
# Calls Auto Scaling about the lifecycle hooks that may wait for this box. Sourced by lifecycle.sh.
set -euo pipefail

# lifecycle_action <call> <hook> [option ...]
lifecycle_action() {
  local call=$1 hook=$2 instance
  instance=$(metadata instance-id) || return
  aws autoscaling "$call" --region "$BOX_REGION" --auto-scaling-group-name "$BOX_GROUP" \
    --lifecycle-hook-name "$hook" --instance-id "$instance" "${@:3}"
}

refused="" # what was said last of a hook that does not wait

# True when the hook waits, whose time begins anew. Why it does not is said once, and not at every turn of a long drain.
hook_waits() {
  local said
  said=$(lifecycle_action record-lifecycle-action-heartbeat "$1" 2>&1) && return
  [[ "$said" == "$refused" ]] || say "$1: $said"
  refused=$said
  return 1
}
