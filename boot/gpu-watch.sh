#!/usr/bin/env bash
# Watches for GPUs that have died under a server whose health check still passes, and has the group replace the instance.
# shellcheck disable=SC2154 # what the sourced files leave behind
set -euo pipefail

# shellcheck source=/dev/null
for file in "${INSTANCE_FACTS:-/etc/model-server/instance.sh}" "${BASH_SOURCE%/*}"/{metadata,probe,gpu-faults,unhealthy}.sh; do
  source "$file"
done
export AWS_RETRY_MODE=standard AWS_MAX_ATTEMPTS=5

readonly POLL_SECONDS=${POLL_SECONDS:-15}   # from one look at the GPUs to the next
readonly PROBE_SECONDS=${PROBE_SECONDS:-60} # from one probe of the model to the next
readonly IN_A_ROW=3                         # failures that are no accident

say() {
  echo "gpu-watch: $*" >&2
}

# An instance on its way in or out is not watched: lifecycle.sh gives it up, or lets it go.
in_service() {
  [[ "$(metadata autoscaling/target-lifecycle-state)" == InService ]]
}

# With a dead GPU the server answers nobody, whatever its health check says: stopped, it is asked no more.
replace_and_stop() {
  if replace_me "$1"; then
    systemctl stop --no-block model-server.service
    exit 0
  fi
}

# What has never worked since boot is not missed: a machine image may lack it, or its driver call it otherwise.
watch_gpus() {
  local installed fault complete=no missing=0
  installed=$(installed_gpus)
  while sleep "$POLL_SECONDS"; do
    in_service || continue
    if fault=$(fatal_xid); then
      replace_and_stop "$fault"
    fi
    look_at_gpus
    if [[ -n "$memory_fault" ]]; then
      replace_and_stop "$memory_fault"
    elif ((listed >= installed)); then
      complete=yes missing=0
    elif [[ "$complete" == yes ]] && ((++missing >= IN_A_ROW)); then
      replace_and_stop "nvidia-smi lists $listed of $installed GPUs"
    fi
  done
}

# A model that has answered once and now hangs, or fails, while its server says that it is well. It may only have too
# much to do, so it goes on until another instance has taken its place. One that refuses (4xx) or is busy (503) is alive.
watch_model() {
  local worked=no hung=0
  while sleep "$PROBE_SECONDS"; do
    if ! in_service || ! healthy; then
      hung=0
    elif probe "$INSTANCE_PROBE_TIMEOUT"; then
      worked=yes hung=0
    elif [[ "$worked" == yes && "$probe_status" != 4?? && "$probe_status" != 503 ]] && ((++hung >= IN_A_ROW)); then
      if replace_me "healthy, but $hung probes in a row failed: $probe_failure"; then
        exit 0
      fi
    fi
  done
}

if [[ -z "$INSTANCE_GPU_WATCH" ]]; then
  exit 0
fi
watch_gpus &
if [[ -n "$INSTANCE_PROBE_PATH" ]]; then
  watch_model &
fi
# The first to have the instance replaced, and so the last to do it: systemd ends the other.
wait -n
