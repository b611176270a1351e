#!/usr/bin/env bash
# Calls Auto Scaling about the lifecycle hooks that may wait for this instance. Sourced by lifecycle.sh.
# shellcheck disable=SC2034,SC2154 # which reads `answered` and `idle`, and knows `target`
set -euo pipefail

# lifecycle_action <call> <hook> [option ...]
lifecycle_action() {
  local call=$1 hook=$2 instance
  instance=$(metadata instance-id) || return
  aws autoscaling "$call" --region "$INSTANCE_REGION" --auto-scaling-group-name "$INSTANCE_GROUP" \
    --lifecycle-hook-name "$hook" --instance-id "$instance" "${@:3}"
}

refused="" # what was said last of a hook that does not wait
idle=0     # turns to let pass before the launch hook is answered again
rest=0     # as many as were let pass the last time

# Why a hook does not wait is said once, and not at every turn of a long drain.
say_refused() {
  [[ "$1" == "$refused" ]] || say "$1"
  refused=$1
}

# An answer that fails is tried again until it is late: at the next turn; or, where no hook waits, each time after more
# turns. It may not wait yet, as on the way out of a warm pool; after a reboot in service it never will.
answer() {
  local hook=$1 result=$2 reason=$3 said
  say "$reason: $result"
  if said=$(lifecycle_action complete-lifecycle-action "$hook" --lifecycle-action-result "$result" 2>&1); then
    answered=$target
    return
  fi
  say_refused "$hook: $said"
  if late; then
    answered=$target
  elif [[ "$said" == *"No active Lifecycle Action"* ]]; then
    rest=$((2 * rest + 1))
    idle=$rest
  fi
}

# True when the hook waits, whose time begins anew.
hook_waits() {
  local said
  said=$(lifecycle_action record-lifecycle-action-heartbeat "$1" 2>&1) && return
  say_refused "$1: $said"
  return 1
}
