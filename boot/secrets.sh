#!/usr/bin/env bash
# Reads the secrets of the server, each from the service and the region that its ARN names: Secrets Manager, or Systems
# Manager's parameters. Sourced by model-server.sh.
set -euo pipefail

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
  local arn=$1 service region
  IFS=: read -r _ _ service region _ <<<"$arn"
  case "$service" in
    ssm)
      aws ssm get-parameter --region "$region" --name "$arn" --with-decryption --query Parameter.Value --output text
      ;;
    *)
      aws secretsmanager get-secret-value --region "$region" --secret-id "$arn" --query SecretString --output text
      ;;
  esac
}
