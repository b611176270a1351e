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
