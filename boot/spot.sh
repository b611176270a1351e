#!/usr/bin/env bash
# Lets a Spot instance go in good order before EC2 takes it back, which it says two minutes ahead: the load balancer
# sends it nothing more, and its server finishes what it has, for as long as it can.
set -euo pipefail

# shellcheck source=/dev/null
for file in "${INSTANCE_FACTS:-/etc/model-server/instance.sh}" "${BASH_SOURCE%/*}/metadata.sh"; do
  source "$file"
done
export AWS_RETRY_MODE=standard AWS_MAX_ATTEMPTS=3

readonly POLL_SECONDS=${POLL_SECONDS:-5}
readonly STOP_BEFORE=30 # seconds: the server is told to stop
readonly KILL_BEFORE=10 # seconds: it is killed, if it has not stopped

say() {
  echo "spot: $*" >&2
}

# What the metadata service answers, however long it takes to.
await() {
  until metadata "$1"; do
    sleep "$POLL_SECONDS"
  done
}

# A recommendation is no notice: it may be hours early, or reach many instances at once, when no others can be had. The
# group replaces the instance first (capacity rebalancing), drains it for as long as its requests take, which is longer than
# a notice gives, and lifecycle.sh stops the server then.
await_notice() {
  local advised=""
  until metadata spot/instance-action; do
    if [[ -z "$advised" ]] && advised=$(metadata events/recommendations/rebalance); then
      say "EC2 may take this instance back soon: $advised. It serves until the group has replaced it"
    fi
    sleep "$POLL_SECONDS"
  done
}

# The group hears of the notice too, but may leave the instance with the load balancer until it is gone. The only instance that
# is well goes on: it is better than none. Where many are taken back at once, AWS may answer late.
stop_taking_work() {
  local instance others target_group target_groups well="LifecycleState=='InService' && HealthStatus=='Healthy'"
  instance=$(metadata instance-id) || return
  read -r others target_groups < <(
    aws autoscaling describe-auto-scaling-groups --region "$INSTANCE_REGION" --auto-scaling-group-names "$INSTANCE_GROUP" \
      --output text --query "AutoScalingGroups[0].[length(Instances[?$well && InstanceId!='$instance']),
        join(' ', TargetGroupARNs)]"
  ) || return
  if ((others == 0)); then
    say "no other instance is well, so this one takes requests to the end"
    return 0
  fi
  for target_group in $target_groups; do
    aws elbv2 deregister-targets --region "$INSTANCE_REGION" --target-group-arn "$target_group" --targets "Id=$instance" ||
      return
  done
  say "the load balancer sends nothing more"
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
say "EC2 takes this instance back: $notice. Its requests have $(seconds_until $KILL_BEFORE) s to finish"
until stop_taking_work; do
  sleep "$POLL_SECONDS"
done & # whatever becomes of it, the server is stopped in time

wait=$(seconds_until $STOP_BEFORE)
sleep $((wait > 0 ? wait : 0))
patience=$(seconds_until $KILL_BEFORE)
# By systemd, which stops it once, whoever else has it stopped: a second signal makes servers drop what they have.
if ! timeout $((patience > 1 ? patience : 1)) systemctl stop model-server.service; then
  docker kill model-server
fi
say "the server has stopped"
