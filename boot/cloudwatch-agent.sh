#!/usr/bin/env bash
# Starts the CloudWatch agent with the configuration of this instance, and the unit that writes logs to a file for it.
# Installs the agent if the machine image lacks it. If this fails, the model is served all the same.
#
# The configuration contains the name of the Auto Scaling group. To look the name up, the agent would need permission to
# read the tags of all instances.
set -euo pipefail

# shellcheck source=/dev/null
source "${INSTANCE_FACTS:-/etc/model-server/instance.sh}"

readonly AGENT=${AGENT:-/opt/aws/amazon-cloudwatch-agent/bin/amazon-cloudwatch-agent-ctl}
readonly CONFIGURATION=${CONFIGURATION:-/etc/model-server}

# fill <file>: replaces the placeholders in a file by the facts of the instance.
fill() {
  local text gauges
  text=$(<"${BASH_SOURCE%/*}/$1")
  # Without nvidia-smi the agent does not start with its metrics. They lie before those of the disks.
  if [[ -z "$INSTANCE_GPUS" ]]; then
    text=${text/'"nvidia_gpu"'*'"disk"'/'"disk"'}
  fi
  gauges=$(IFS='|' && echo "${INSTANCE_GAUGES[*]}")
  text=${text//@REGION@/"$INSTANCE_REGION"}
  text=${text//@GROUP@/"$INSTANCE_GROUP"}
  text=${text//@NAMESPACE@/"$INSTANCE_METRICS_NAMESPACE"}
  text=${text//@LOGS@/"$INSTANCE_LOG_GROUPS"}
  text=${text//@DATA@/"$INSTANCE_DATA"}
  echo "${text//@GAUGES@/"$gauges"}" >"$CONFIGURATION/$1"
}

# Without -s, which also reloads systemd: that can take the GPUs from a container, and systemd 252 then forgets how often a
# unit has failed.
agent() {
  "$AGENT" -a "$1" -m ec2 -c "file:$CONFIGURATION/$2"
}

if [[ -z "$INSTANCE_METRICS_NAMESPACE" ]]; then
  exit 0
fi
systemctl start --no-block boot-log.service
if [[ ! -x "$AGENT" ]]; then
  dnf install --assumeyes amazon-cloudwatch-agent
fi
fill cloudwatch-agent.json
agent fetch-config cloudwatch-agent.json
if ((${#INSTANCE_GAUGES[@]} > 0)); then
  echo "$INSTANCE_PROMETHEUS" >"$CONFIGURATION/prometheus.json"
  fill server-metrics.json
  agent append-config server-metrics.json
fi
systemctl restart amazon-cloudwatch-agent.service
