#!/usr/bin/env bash
# Whether an instance is still loading: what lies on its disks and in the memory of its GPUs grows. Sourced by lifecycle.sh.
# shellcheck disable=SC2034 # which reads `since`
set -euo pipefail

most=""       # MiB loaded so far
grown_at=-inf # when that grew last, in seconds of the script; never yet
extensions=-1 # of the time it may take; the first makes it begin anew

readonly MOST_LOOK=10      # seconds for a look at the GPUs
readonly MOST_EXTENSIONS=2 # a server that fails and starts again for ever may look like one that loads

# The time of the hook began when EC2 launched the instance, minutes before this script did: from here on both are the same.
extend() {
  lifecycle_action record-lifecycle-action-heartbeat "$INSTANCE_LAUNCH_HOOK" || return
  extensions=$((extensions + 1))
  since=$SECONDS
}

# loaded_mib <seconds>: within them, and one more. A driver that hangs may hold a program so fast that not even SIGKILL
# ends it: then reading ends.
loaded_mib() {
  local mib total=0
  while read -r -t $(($1 + 1)) mib; do
    if [[ "$mib" =~ ^[0-9]+$ ]]; then
      total=$((total + mib))
    fi
  done < <(
    df --output=used --block-size=1M / "$INSTANCE_WEIGHTS_DIRECTORY" 2>/dev/null
    timeout --signal=KILL "$1" nvidia-smi --query-gpu=memory.used --format=csv,noheader,nounits 2>/dev/null
  )
  echo "$total"
}

# No look lasts beyond the time of the instance, after which it has seconds to give itself up before its hook does.
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

# Docker does not start it again: it does so five times, and the container is running or restarting until then. That of
# the boot before ended too.
failed_for_good() {
  [[ "$(last_phase)" == ServerStarted ]] &&
    [[ "$(docker container inspect --format '{{.State.Status}}' model-server 2>/dev/null)" == exited ]]
}

# It grew in the last half of its time (compiling may take minutes), which it has had fewer than three times.
still_loading() {
  [[ "$grown_at" != -inf ]] && ((extensions < MOST_EXTENSIONS && (SECONDS - grown_at) * 2 <= INSTANCE_START_TIMEOUT))
}
