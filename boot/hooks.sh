#!/usr/bin/env bash
# Calls Auto Scaling about the lifecycle hooks that may wait for this instance. Sourced by lifecycle.sh.
# shellcheck disable=SC2034,SC2154 # which reads `answered`, `idle` and `stopped`, and sets `target`
set -euo pipefail

# lifecycle_action <call> <hook> [option ...]
lifecycle_action() {
  local call=$1 hook=$2 instance
  if ! instance=$(metadata instance-id); then
    echo "the metadata service does not answer" >&2
    return 1
  fi
  aws autoscaling "$call" --region "$INSTANCE_REGION" --auto-scaling-group-name "$INSTANCE_GROUP" \
    --lifecycle-hook-name "$hook" --instance-id "$instance" "${@:3}"
}

refused="" # the last message about a hook that does not wait
idle=0     # turns to skip before the launch hook is answered again
rest=0     # turns that were skipped the last time

# Logs once why a hook does not wait, and not at every turn of a long drain.
log_refused() {
  [[ "$1" == "$refused" ]] || log "$1"
  refused=$1
}

# Repeats an answer that fails until the time is over: at the next turn, or, if no hook waits, each time after more turns.
# A hook may not wait yet, as on the way out of a warm pool. After a reboot in service no hook ever waits.
answer() {
  local hook=$1 result=$2 reason=$3 output
  log "$reason: $result"
  if output=$(lifecycle_action complete-lifecycle-action "$hook" --lifecycle-action-result "$result" 2>&1); then
    answered=$target
    return
  fi
  log_refused "$hook: $output"
  if late; then
    answered=$target
  elif [[ "$output" == *"No active Lifecycle Action"* ]]; then
    rest=$((2 * rest + 1))
    idle=$rest
  fi
}

# True when the hook waits; its time begins anew.
hook_waits() {
  local output
  output=$(lifecycle_action record-lifecycle-action-heartbeat "$1" 2>&1) && return
  log_refused "$1: $output"
  return 1
}

# Sets `stopped` to what came of it, in words. The hook may wait for less than the server now needs: its time is of the day
# when the group was made. Heartbeats make it wait while the server stops, until the time is over.
stop_server() {
  local started=$SECONDS beat=$SECONDS stopping
  systemctl stop model-server.service &
  stopping=$!
  while kill -0 "$stopping" 2>/dev/null && ((SECONDS - started < INSTANCE_TERMINATE_TIMEOUT)); do
    if ((SECONDS - beat >= HEARTBEAT_SECONDS)); then
      beat=$SECONDS
      hook_waits "$INSTANCE_TERMINATE_HOOK" || true
    fi
    sleep "$POLL_SECONDS"
  done
  stopped="the server has stopped"
  if kill -0 "$stopping" 2>/dev/null || ! wait "$stopping"; then
    stopped="the server has not stopped cleanly within $INSTANCE_TERMINATE_TIMEOUT s"
  fi
}
