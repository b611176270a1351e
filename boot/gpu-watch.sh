#!/usr/bin/env bash
# Watches for GPUs that have died under a server whose health check still passes, and for a model that hangs, and has the
# group replace the instance.
# shellcheck disable=SC2154 # variables that the sourced files set
set -euo pipefail

# shellcheck source=/dev/null
for file in "${INSTANCE_FACTS:-/etc/model-server/instance.sh}" "${BASH_SOURCE%/*}"/{metadata,probe,gpu-faults,unhealthy}.sh; do
  source "$file"
done
export AWS_RETRY_MODE=standard AWS_MAX_ATTEMPTS=5 AWS_METADATA_SERVICE_NUM_ATTEMPTS=5

readonly POLL_SECONDS=${POLL_SECONDS:-15}   # between two checks of the GPUs
readonly PROBE_SECONDS=${PROBE_SECONDS:-60} # between two probes of the model
readonly IN_A_ROW=3                         # failures before the instance is replaced

log() {
  echo "gpu-watch: $*" >&2
}

# An instance on its way in or out is not watched: lifecycle.sh completes its hooks.
in_service() {
  [[ "$(metadata autoscaling/target-lifecycle-state)" == InService ]]
}

# With a dead GPU the server answers no request, even if its health check passes. Stopped, it gets none.
replace_and_stop() {
  if replace_me "$1"; then
    systemctl stop --no-block model-server.service
    exit 0
  fi
}

# A container may lose GPUs that the instance still has. A server then goes on by CPU, or until it needs them anew, so it
# serves until another instance has replaced it. Only GPUs that it has seen once are lost.
watch_container() {
  look_into_container
  if [[ "$inside" == seen ]]; then
    had=yes lost=0
  elif [[ "$inside" == lost && "$had" == yes ]] && ((++lost >= IN_A_ROW)); then
    if replace_me "the server's container has lost its GPUs: ${view%%$'\n'*}"; then
      exit 0
    fi
  fi
}

# A GPU counts as missing only after all were listed once: a machine image may lack nvidia-smi, or list GPUs otherwise.
watch_gpus() {
  local installed fault complete=no missing=0 had=no lost=0
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
      watch_container
    elif [[ "$complete" == yes ]] && ((++missing >= IN_A_ROW)); then
      replace_and_stop "nvidia-smi lists $listed of $installed GPUs"
    fi
  done
}

# A model that has answered once and now hangs, or fails, while its health check passes. It may be overloaded, so it serves
# until another instance has replaced it. A model that refuses (4xx) or is busy (503) works.
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

if [[ -z "$INSTANCE_GPU_WATCH" || -z "$INSTANCE_GPUS$INSTANCE_PROBE_PATH" ]]; then
  exit 0
fi
if [[ -n "$INSTANCE_GPUS" ]]; then
  watch_gpus &
fi
if [[ -n "$INSTANCE_PROBE_PATH" ]]; then
  watch_model &
fi
# The first watch that has the instance replaced ends; systemd then ends the other.
wait -n
