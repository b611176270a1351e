#!/usr/bin/env bash
# Completes the lifecycle hooks of the group: CONTINUE on launch when the model answers a request, ABANDON when that takes
# too long, and CONTINUE on termination when the server has stopped.
set -euo pipefail

# shellcheck source=/dev/null
for file in "${INSTANCE_FACTS:-/etc/model-server/instance.sh}" "${BASH_SOURCE%/*}"/{connections,metadata,hooks,hub,loading,probe,phase}.sh; do
  source "$file"
done
export AWS_RETRY_MODE=standard AWS_MAX_ATTEMPTS=5 AWS_METADATA_SERVICE_NUM_ATTEMPTS=5

readonly POLL_SECONDS=${POLL_SECONDS:-5} HEARTBEAT_SECONDS=${HEARTBEAT_SECONDS:-20}

target=""   # the target lifecycle state: InService, Terminated, Warmed:Stopped ...
answered="" # the target when a hook was answered last
since=0     # when `target` was first seen, in seconds of this script
open=0      # connections at the last turn of a drain
stopped=""  # how the server has stopped, in words

log() {
  echo "lifecycle: $*" >&2
}

late() {
  ((SECONDS - since >= INSTANCE_START_TIMEOUT))
}

# The time for a request is limited: one that hangs must not delay the check whether the model still loads, nor ABANDON.
model_answers() {
  local before=${probe_failure-} patience=$((since + INSTANCE_START_TIMEOUT - SECONDS)) most
  healthy || return
  for most in "${INSTANCE_PROBE_TIMEOUT:-1}" $((INSTANCE_START_TIMEOUT / 2)); do
    patience=$((patience < most ? patience : most))
  done
  probe $((patience > 1 ? patience : 1)) && return
  [[ "$probe_failure" == "$before" ]] || log "not yet: $probe_failure"
  return 1
}

give_up() {
  timeout 5 docker logs --tail 20 model-server >&2 || true
  answer "$INSTANCE_LAUNCH_HOOK" ABANDON "$1"
}

enter() {
  if ((idle > 0)); then
    idle=$((idle - 1))
  elif model_answers; then
    phase ModelAnswered
    note_answer
    answer "$INSTANCE_LAUNCH_HOOK" CONTINUE "the model answers"
  elif systemctl is-failed --quiet model-server.service; then
    give_up "the server could not be started"
  elif failed_for_good; then
    give_up "the server has failed too often to be started again"
  elif ! late; then
    observe_loading
  elif still_loading && extend; then
    log "still loading after $INSTANCE_START_TIMEOUT s: it may take as long again"
  else
    give_up "the model does not answer after $INSTANCE_START_TIMEOUT s${probe_failure:+ ($probe_failure)}"
  fi
}

# The hook waits once the load balancer has drained the instance. Before that the server still has requests to finish. If the
# delay was over first, the load balancer has cut them; a target without requests it lets go earlier.
leave() {
  if ! hook_waits "$INSTANCE_TERMINATE_HOOK"; then
    open=$(open_connections)
    return
  fi
  if ((open > 0 && SECONDS - since + 10 >= INSTANCE_DRAIN)); then # AWS may be seconds ahead
    log "the deregistration delay of $INSTANCE_DRAIN s has cut up to $open connections"
  fi
  stop_server
  answer "$INSTANCE_TERMINATE_HOOK" CONTINUE "$stopped"
}

follow() {
  local now
  now=$(metadata autoscaling/target-lifecycle-state) || return 0
  if [[ "$now" != "$target" ]]; then
    target=$now
    since=$SECONDS
    # shellcheck disable=SC2034 # hooks.sh and loading.sh read them
    extensions=-1 idle=0 rest=0
  fi
  case "$answered>$target" in
    "$target>$target") ;;
    *Terminated) leave ;;
    "InService>Warmed:"*) answer "$INSTANCE_TERMINATE_HOOK" CONTINUE "the instance goes back to the warm pool" ;;
    *) enter ;;
  esac
}

while true; do
  follow
  sleep "$POLL_SECONDS"
done
