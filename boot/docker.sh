#!/usr/bin/env bash
# Docker, with the NVIDIA runtime where there are GPUs, and images from any registry. Sourced by the scripts that start
# containers.
set -euo pipefail

readonly DOCKER_SETTINGS=${DOCKER_SETTINGS:-/etc/docker/daemon.json}

# Docker is started and not enabled, as model-server.service starts it on every boot: to enable a unit reloads systemd, and
# systemd 252 then forgets how often a unit has failed, so a server that cannot start would be tried for ever.
ensure_docker() {
  if ! command -v docker >/dev/null; then
    dnf install --assumeyes docker
  fi
  systemctl start docker
  if [[ "$(docker info --format '{{json .Runtimes}} {{.LiveRestoreEnabled}}')" != *"${INSTANCE_GPUS:+nvidia}"*" true" ]]; then
    if [[ -n "$INSTANCE_GPUS" ]]; then
      nvidia-ctk runtime configure --runtime=docker
    fi
    keep_containers
    systemctl restart docker
  fi
}

# Has containers go on while Docker is restarted or has died: without that they end, and stay down while their unit is active.
# Of two values for a setting Docker takes the last. Without a file there are no settings yet.
keep_containers() {
  local settings="{}"
  if [[ -s "$DOCKER_SETTINGS" ]]; then
    settings=$(<"$DOCKER_SETTINGS")
  else
    mkdir --parents "${DOCKER_SETTINGS%/*}"
  fi
  settings=${settings%\}*}
  if [[ "$settings" == *\"* ]]; then
    settings+=,
  fi
  echo "$settings \"live-restore\": true}" >"$DOCKER_SETTINGS"
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
