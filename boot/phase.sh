#!/usr/bin/env bash
# Records how long each phase of a boot took: in the log, and as a metric in CloudWatch's embedded format, one line each,
# which the CloudWatch agent sends. Sourced by the other scripts. The boot goes on if anything fails here.
set -euo pipefail

LAST_PHASE=${LAST_PHASE:-/run/model-server-phase} # gone at the next boot
PHASE_LOG=${PHASE_LOG:-/var/log/model-server-phases.log}

# Seconds since the kernel started.
uptime_seconds() {
  local seconds
  read -r seconds _ <"${UPTIME:-/proc/uptime}"
  echo "${seconds%.*}"
}

# Prints the last phase of this boot; nothing before the first one has ended.
last_phase() {
  local name=""
  if [[ -r "$LAST_PHASE" ]]; then
    read -r name _ <"$LAST_PHASE" || true
  fi
  echo "$name"
}

# phase <Name>: records a phase that has just ended, and began when the one before it ended. A repeated one counts once.
phase() {
  local name=$1 now ended=0
  now=$(uptime_seconds) || return 0
  if [[ "$(last_phase)" == "$name" ]]; then
    return 0
  fi
  if [[ -r "$LAST_PHASE" ]]; then
    read -r _ ended <"$LAST_PHASE" || true
  fi
  echo "phase: $name after $((now - ended)) s, $now s after the start of the instance" >&2
  {
    echo "$name $now" >"$LAST_PHASE"
    if [[ -n "$INSTANCE_METRICS_NAMESPACE" ]]; then
      phase_metric "$name" "$((now - ended))" "$now" >>"$PHASE_LOG"
    fi
  } 2>/dev/null || true
}

# The first phase of a boot is the start of the system. When the server restarts later, that time is no phase.
begin_phases() {
  if [[ -e "$LAST_PHASE" ]]; then
    echo "Restarted $(uptime_seconds)" >"$LAST_PHASE" || true
  else
    phase SystemStarted
  fi
}

phase_metric() {
  local metrics='[{"Name":"BootPhaseSeconds","Unit":"Seconds"},{"Name":"SecondsSinceBoot","Unit":"Seconds"}]'
  printf '{"_aws":{"Timestamp":%s000,"CloudWatchMetrics":[{"Namespace":"%s","Dimensions":[%s],"Metrics":%s}]},' \
    "$EPOCHSECONDS" "$INSTANCE_METRICS_NAMESPACE" '["AutoScalingGroupName","Phase"]' "$metrics"
  printf '"AutoScalingGroupName":"%s","Phase":"%s","BootPhaseSeconds":%s,"SecondsSinceBoot":%s}\n' \
    "$INSTANCE_GROUP" "$1" "$2" "$3"
}
