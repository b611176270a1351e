#!/usr/bin/env bash
# Reads the secrets of the server, each from the service and the region that its ARN names: Secrets Manager, or Systems
# Manager's parameters. Sourced by model-server.sh.
set -euo pipefail

readonly METRICS_TOKEN=${METRICS_TOKEN:-/run/model-server/metrics-token}
# Python is there wherever dnf is. It reads the secret from a pipe, so that no list of processes shows it.
readonly JSON_VALUE='import json, sys
value = json.load(sys.stdin)[sys.argv[1]]
print(value if isinstance(value, str) else json.dumps(value))'

# Puts all into `secrets`, as NAME=value. All are read before any is exported: one may be named AWS_ACCESS_KEY_ID.
read_secrets() {
  local secret value
  for secret in "${INSTANCE_SECRETS[@]}"; do
    # $(...) removes line ends. The dot keeps those of the secret; the CLI adds one.
    value=$(secret_value "${secret#*=}" && printf .)
    secrets+=("${secret%%=*}=${value%$'\n.'}")
  done
}

secret_value() {
  local partition service region account kind name key stage id arn value
  IFS=: read -r _ partition service region account kind name key stage id <<<"$1"
  if [[ "$service" == ssm ]]; then
    aws ssm get-parameter --region "$region" --name "$1" --with-decryption --query Parameter.Value --output text
    return
  fi
  arn=arn:$partition:$service:$region:$account:$kind:$name
  value=$(aws secretsmanager get-secret-value --region "$region" --secret-id "$arn" ${stage:+--version-stage "$stage"} \
    ${id:+--version-id "$id"} --query SecretString --output text && printf .) || return
  if [[ -z "$key" ]]; then
    printf %s "${value%.}"
  elif ! printf %s "${value%.}" | python3 -c "$JSON_VALUE" "$key" 2>/dev/null; then
    echo "secrets: $arn is no JSON object with the key $key" >&2
    return 1
  fi
}

# Keeps the API key of the server where the CloudWatch agent, which runs as root, reads it at each request for metrics.
keep_metrics_token() {
  local variable
  for variable in "${INSTANCE_ENVIRONMENT[@]}" "${secrets[@]}"; do
    if [[ -n "$INSTANCE_METRICS_BEARER" && "$variable" == "$INSTANCE_METRICS_BEARER="* ]]; then
      (umask 077 && mkdir -p "${METRICS_TOKEN%/*}" && printf %s "${variable#*=}" >"$METRICS_TOKEN")
    fi
  done
}
