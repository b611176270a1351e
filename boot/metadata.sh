#!/usr/bin/env bash
# metadata <path>: reads a path of the instance metadata service (IMDSv2). Sourced by the other scripts.
set -euo pipefail

readonly METADATA=${METADATA_ENDPOINT:-http://169.254.169.254}

metadata() {
  local token
  token=$(curl --silent --fail --max-time 2 --request PUT "$METADATA/latest/api/token" \
    --header "X-aws-ec2-metadata-token-ttl-seconds: 60") || return
  curl --silent --fail --max-time 2 "$METADATA/latest/meta-data/$1" --header "X-aws-ec2-metadata-token: $token"
}
