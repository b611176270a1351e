#!/usr/bin/env bash
# Stops the container of the server, and tells when that has cut requests. Sourced by model-server.sh.
# shellcheck disable=SC2154 # variables that the other files set
set -euo pipefail

# Sends SIGTERM, or the container's own signal, and SIGKILL after its stop timeout. What was open just before is cut.
stop() {
  local begun=$SECONDS open=0 stopping
  docker stop "$CONTAINER" &
  stopping=$!
  while kill -0 "$stopping" 2>/dev/null; do
    if ((SECONDS - begun < INSTANCE_STOP_TIMEOUT)); then
      open=$(open_connections)
    fi
    sleep 1
  done
  wait "$stopping"
  if ((SECONDS - begun >= INSTANCE_STOP_TIMEOUT)) && [[ "$(exit_code)" == 137 ]]; then
    echo "model-server: the server still ran after $INSTANCE_STOP_TIMEOUT s, so SIGKILL has cut $open connections" >&2
  fi
}

# 137: ended by SIGKILL.
exit_code() {
  docker container inspect --format '{{.State.ExitCode}}' "$CONTAINER"
}
