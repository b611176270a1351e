#!/usr/bin/env bash
# Whether an instance is still loading: the used space on its disks and in the memory of its GPUs grows. Sourced by lifecycle.sh.
# shellcheck disable=SC2034 # which reads `since`
set -euo pipefail

most=""       # MiB loaded so far
grown_at=-inf # when that grew last, in seconds of this script; -inf: never
extensions=-1 # of the time for loading; the first one starts the time

readonly MOST_LOOK=10      # seconds for a check of the GPUs
readonly MOST_EXTENSIONS=2 # a server that fails and restarts for ever may look like one that loads

# The time of the hook began at the launch, minutes before this script. After a heartbeat it begins together with `since`.
extend() {
  lifecycle_action record-lifecycle-action-heartbeat "$INSTANCE_LAUNCH_HOOK" || return
  extensions=$((extensions + 1))
  since=$SECONDS
}

# loaded_mib <seconds>: takes one second more at most. If the driver hangs, not even SIGKILL may end nvidia-smi: then the
# read times out.
loaded_mib() {
  local mib total=0
  while read -r -t $(($1 + 1)) mib; do
    if [[ "$mib" =~ ^[0-9]+$ ]]; then
      total=$((total + mib))
    fi
  done < <(
    df --output=used --block-size=1M / "$INSTANCE_DATA" 2>/dev/null
    timeout --signal=KILL "$1" nvidia-smi --query-gpu=memory.used --format=csv,noheader,nounits 2>/dev/null
  )
  echo "$total"
}

# No check lasts beyond the start timeout: after it the instance has only seconds for ABANDON before its hook times out.
observe_loading() {
  local now patience
  if ((extensions < 0)); then
    extend || extensions=0
  fi
  patience=$((since + INSTANCE_START_TIMEOUT - SECONDS))
  now=$(loaded_mib $((patience < 1 ? 1 : patience < MOST_LOOK ? patience : MOST_LOOK)))
  if [[ -z "$most" ]]; then
    most=$now
  elif ((now > most)); then
    most=$now
    grown_at=$SECONDS
  fi
}

# Docker has restarted the server five times, and does so no more: until then the container is running or restarting. The
# container of an earlier boot has exited too, so the phase is checked first.
failed_for_good() {
  [[ "$(last_phase)" == ServerStarted ]] &&
    [[ "$(docker container inspect --format '{{.State.Status}}' model-server 2>/dev/null)" == exited ]]
}

# It grew in the last half of the start timeout (compiling may take minutes), and has had fewer than two extensions.
still_loading() {
  [[ "$grown_at" != -inf ]] && ((extensions < MOST_EXTENSIONS && (SECONDS - grown_at) * 2 <= INSTANCE_START_TIMEOUT))
}
