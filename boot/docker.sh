#!/usr/bin/env bash
# Docker, with the NVIDIA runtime where there are GPUs, and images from any registry. Sourced by the scripts that start
# containers.
set -euo pipefail

readonly DOCKER_SETTINGS=${DOCKER_SETTINGS:-/etc/docker/daemon.json}
readonly REGISTRY_LOGIN=${REGISTRY_LOGIN:-/run/registry-login}

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

# pull_signed_in <image> <server> <user> <ARN of the secret>: the password reaches Docker by a pipe. What Docker keeps of it is
# in a folder that root alone may open, and is removed after the pull: each start reads the secret anew.
pull_signed_in() {
  local status=0
  local -x DOCKER_CONFIG=$REGISTRY_LOGIN
  (umask 077 && mkdir --parents "$REGISTRY_LOGIN")
  {
    secret_value "$4" | docker login --username "$3" --password-stdin "$2" >/dev/null &&
      docker pull --quiet "$1"
  } || status=$?
  rm --recursive --force "$REGISTRY_LOGIN"
  return "$status"
}

pull_now() {
  if (($# > 1)); then
    pull_signed_in "$@"
  else
    sign_in_to_ecr "$1" && docker pull --quiet "$1"
  fi
}

# pull <image> [<server> <user> <ARN of the secret>]
# If the registry does not answer, the image that an earlier start has pulled is used, as after a reboot or out of a warm pool.
pull() {
  if ! pull_now "$@"; then
    docker image inspect --format "cannot pull, so the image that is here is used: {{.Id}}" "$1" >&2
  fi
}
