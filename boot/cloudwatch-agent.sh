#!/usr/bin/env bash
# Starts the CloudWatch agent, which the machine image may lack. The model is served with it and without it.
set -euo pipefail

readonly AGENT=${AGENT:-/opt/aws/amazon-cloudwatch-agent/bin/amazon-cloudwatch-agent-ctl}

if [[ ! -x "$AGENT" ]]; then
  dnf install --assumeyes amazon-cloudwatch-agent
fi
"$AGENT" -a fetch-config -m ec2 -s -c file:/etc/model-server/cloudwatch-agent.json
