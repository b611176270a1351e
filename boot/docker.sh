#!/usr/bin/env bash
# Docker with the NVIDIA runtime, and images from any registry. Sourced by the scripts that start containers.
set -euo pipefail

# Docker is started and not enabled, as model-server.service starts it on every boot: to enable a unit reloads systemd, and
# systemd 252 then forgets how often a unit has failed, so a server that cannot start would be tried for ever.
ensure_docker() {
  if ! command -v docker >/dev/null; then
    dnf install --assumeyes docker
  fi
  systemctl start docker
  if [[ "$(docker info --format '{{json .Runtimes}}')" != *nvidia* ]]; then
    nvidia-ctk runtime configure --runtime=docker
    systemctl restart docker
  fi
}

# The role of the instance may pull from a private Amazon ECR registry, and Docker needs a password for that.
sign_in_to_ecr() {
  local registry=${1%%/*}
  if [[ "$registry" =~ ^[0-9]{12}\.dkr\.ecr(-fips)?\.([a-z0-9-]+)\.amazonaws\.com(\.cn)?$ ]]; then
    aws ecr get-login-password --region "${BASH_REMATCH[2]}" |
      docker login --username AWS --password-stdin "$registry"
  fi
}

# If the registry does not answer, the image that an earlier start has pulled is used, as after a reboot or out of a warm pool.
pull() {
  if ! { sign_in_to_ecr "$1" && docker pull --quiet "$1"; }; then
    docker image inspect --format "cannot pull, so the image that is here is used: {{.Id}}" "$1" >&2
  fi
}
