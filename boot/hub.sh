#!/usr/bin/env bash
# A server asks the hub what is newest, and ends when that is away. Once the model has answered here, all of it is in the
# cache, over a reboot or the time in a warm pool. Sourced by the other scripts.
set -euo pipefail

# All that the server has fetched is in its cache now, and on the same disk as this note.
note_answer() {
  if [[ -n "$INSTANCE_HUB" ]]; then
    : >"$INSTANCE_DATA/answered" || true
  fi
}

start_without_hub() {
  local status variable
  if [[ -z "$INSTANCE_HUB" || ! -e "$INSTANCE_DATA/answered" ]]; then
    return
  fi
  status=$(curl --silent --max-time 10 --output /dev/null --write-out '%{http_code}' "$INSTANCE_HUB") || true
  if [[ "$status" =~ ^(000|429|5..)$ ]]; then
    echo "the hub is away (status $status), so the server starts from its cache" >&2
    for variable in "${INSTANCE_OFFLINE[@]}"; do
      options+=(--env "$variable")
    done
  fi
}
