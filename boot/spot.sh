#!/usr/bin/env bash
# Stops the server of a Spot instance in good order before EC2 takes the instance back, which it says two minutes ahead.
# The group hears of it too: it takes the box out of the load balancer and launches another one. So the server only has
# to finish what it has, for as long as it can.
set -euo pipefail

# shellcheck source=/dev/null
source "${BASH_SOURCE%/*}/metadata.sh"

readonly POLL_SECONDS=${POLL_SECONDS:-5}
readonly STOP_BEFORE=30 # seconds: the server is told to stop
readonly KILL_BEFORE=10 # seconds: it has stopped, whatever it did

say() {
  echo "spot: $*" >&2
}

# What the metadata service answers, however long it takes to.
await() {
  until metadata "$1"; do
    sleep "$POLL_SECONDS"
  done
}

# A recommendation is no notice: it may be hours early, or reach many boxes at once. The group replaces the box first,
# and lifecycle.sh stops the server when its turn has come.
await_notice() {
  local advised=""
  until metadata spot/instance-action; do
    if [[ -z "$advised" ]] && advised=$(metadata events/recommendations/rebalance); then
      say "EC2 may take this box back soon: $advised. It serves until the group has replaced it"
    fi
    sleep "$POLL_SECONDS"
  done
}

seconds_until() {
  echo $((end - $1 - $(date +%s)))
}

if [[ "$(await instance-life-cycle)" != spot ]]; then
  exit 0
fi
notice=$(await_notice)
[[ "$notice" =~ \"time\"[^\"]*\"([^\"]+)\" ]]
end=$(date --date="${BASH_REMATCH[1]}" +%s)
say "EC2 takes this box back: $notice. Its requests have $(seconds_until $KILL_BEFORE) s to finish"

wait=$(seconds_until $STOP_BEFORE)
sleep $((wait > 0 ? wait : 0))
patience=$(seconds_until $KILL_BEFORE)
docker stop -t $((patience > 1 ? patience : 1)) model-server
say "the server has stopped"
