#!/usr/bin/env bash
# Drains a Spot instance before EC2 takes it back, of which EC2 gives two minutes' notice: the load balancer sends no new
# requests, and the server finishes those it has, if there is time.
set -euo pipefail

# shellcheck source=/dev/null
for file in "${INSTANCE_FACTS:-/etc/model-server/instance.sh}" "${BASH_SOURCE%/*}"/{connections,metadata}.sh; do
  source "$file"
done
export AWS_RETRY_MODE=standard AWS_MAX_ATTEMPTS=3 AWS_METADATA_SERVICE_NUM_ATTEMPTS=5

readonly POLL_SECONDS=${POLL_SECONDS:-5}
readonly STOP_BEFORE=30 # seconds before the end: the server gets its stop signal
readonly KILL_BEFORE=10 # seconds before the end: it is killed, if it has not stopped

log() {
  echo "spot: $*" >&2
}

# Waits until the metadata service answers, however long that takes.
await() {
  until metadata "$1"; do
    sleep "$POLL_SECONDS"
  done
}

# A rebalance recommendation is no notice: it may come hours early, or for many instances at once, when no others are
# available. The group launches a replacement first (capacity rebalancing), then drains this instance for as long as its
# requests take, which is longer than a notice allows. lifecycle.sh then stops the server.
await_notice() {
  local advised=""
  until metadata spot/instance-action; do
    if [[ -z "$advised" ]] && advised=$(metadata events/recommendations/rebalance); then
      log "EC2 may take this instance back soon: $advised. It serves until the group has replaced it"
    fi
    sleep "$POLL_SECONDS"
  done
}

# The group gets the notice too, but may leave the instance in its target group until it is gone. The only healthy instance
# goes on: it is better than none. When EC2 takes many back at once, AWS may answer late.
stop_taking_work() {
  local instance others target_group target_groups healthy="LifecycleState=='InService' && HealthStatus=='Healthy'"
  instance=$(metadata instance-id) || return
  read -r others target_groups < <(
    aws autoscaling describe-auto-scaling-groups --region "$INSTANCE_REGION" --auto-scaling-group-names "$INSTANCE_GROUP" \
      --output text --query "AutoScalingGroups[0].[length(Instances[?$healthy && InstanceId!='$instance']),
        join(' ', TargetGroupARNs)]"
  ) || return
  if ((others == 0)); then
    log "no other instance is healthy, so this one takes requests to the end"
    return 0
  fi
  for target_group in $target_groups; do
    aws elbv2 deregister-targets --region "$INSTANCE_REGION" --target-group-arn "$target_group" --targets "Id=$instance" ||
      return
  done
  log "the load balancer sends no new requests"
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
log "EC2 takes this instance back: $notice. Its requests have $(seconds_until $KILL_BEFORE) s to finish"
until stop_taking_work; do
  sleep "$POLL_SECONDS"
done & # in the background: the server is stopped in time, even if this fails

wait=$(seconds_until $STOP_BEFORE)
sleep $((wait > 0 ? wait : 0))
patience=$(seconds_until $KILL_BEFORE)
log "the server gets its stop signal with $(open_connections) open connections"
# systemd stops the server once, even if another script stops it too: a second signal makes servers drop their requests.
if ! timeout $((patience > 1 ? patience : 1)) systemctl stop model-server.service; then
  open=$(open_connections)
  docker kill model-server
  log "the spot notice has cut $open connections, which were open $KILL_BEFORE s before the end"
fi
log "the server has stopped"
