#!/usr/bin/env bash
# Starts the CloudWatch agent, which the machine image may lack, with what it is to send of this box, and the unit that
# writes logs to a file for it. The model is served with it and without it.
#
# The agent does not look up the name of its Auto Scaling group, for which it would have to read the tags of all
# instances: it is written into what it reads.
set -euo pipefail

# shellcheck source=/dev/null
source "${BOX_FACTS:-/etc/model-server/box.sh}"

readonly AGENT=${AGENT:-/opt/aws/amazon-cloudwatch-agent/bin/amazon-cloudwatch-agent-ctl}
readonly CONFIGURATION=${CONFIGURATION:-/etc/model-server}

# fill <file>: with the facts of the box in the places of their names.
fill() {
  local text gauges
  text=$(<"${BASH_SOURCE%/*}/$1")
  gauges=$(IFS='|' && echo "${BOX_GAUGES[*]}")
  text=${text//@REGION@/"$BOX_REGION"}
  text=${text//@GROUP@/"$BOX_GROUP"}
  text=${text//@NAMESPACE@/"$BOX_METRICS_NAMESPACE"}
  text=${text//@LOGS@/"$BOX_LOG_GROUPS"}
  text=${text//@WEIGHTS@/"$BOX_WEIGHTS_DIRECTORY"}
  text=${text//@METRICS_PROTOCOL@/"$BOX_METRICS_PROTOCOL"}
  text=${text//@METRICS_PORT@/"$BOX_METRICS_PORT"}
  text=${text//@METRICS_PATH@/"$BOX_METRICS_PATH"}
  echo "${text//@GAUGES@/"$gauges"}" >"$CONFIGURATION/$1"
}

agent() {
  "$AGENT" -a "$1" -m ec2 -s -c "file:$CONFIGURATION/$2"
}

if [[ -z "$BOX_METRICS_NAMESPACE" ]]; then
  exit 0
fi
systemctl start --no-block boot-log.service
if [[ ! -x "$AGENT" ]]; then
  dnf install --assumeyes amazon-cloudwatch-agent
fi
fill cloudwatch-agent.json
agent fetch-config cloudwatch-agent.json
if ((${#BOX_GAUGES[@]} > 0)); then
  fill prometheus.json
  fill server-metrics.json
  agent append-config server-metrics.json
fi
