#!/usr/bin/env bash
# Starts the agent of ALB Target Optimizer. All requests reach the server through it, a limited number at a time.
set -euo pipefail

# shellcheck source=/dev/null
for file in "${INSTANCE_FACTS:-/etc/model-server/instance.sh}" "${BASH_SOURCE%/*}/docker.sh"; do
  source "$file"
done

if [[ -z "$INSTANCE_OPTIMIZER_IMAGE" ]]; then
  exit 0
fi
options=()
for variable in "${INSTANCE_OPTIMIZER[@]}"; do
  options+=(--env "$variable")
done
pull "$INSTANCE_OPTIMIZER_IMAGE"
docker rm --force target-optimizer >/dev/null
docker run --detach --name target-optimizer --network host --restart always --log-driver journald \
  "${options[@]}" "$INSTANCE_OPTIMIZER_IMAGE"
