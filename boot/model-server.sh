#!/usr/bin/env bash
# Starts and stops the container that serves the model: model-server.sh start | stop
set -euo pipefail

# shellcheck source=/dev/null
for file in "${INSTANCE_FACTS:-/etc/model-server/instance.sh}" "${BASH_SOURCE%/*}"/{certificate,connections,docker,hub,phase,secrets,stop,volumes}.sh; do
  source "$file"
done
# For its credentials the CLI would ask the metadata service once, for a second, which is too little on a busy instance.
export AWS_RETRY_MODE=standard AWS_MAX_ATTEMPTS=10 AWS_METADATA_SERVICE_NUM_ATTEMPTS=5 LC_ALL=C.UTF-8

readonly CONTAINER=model-server
options=() # of docker run
# An init forwards signals: as process 1 SGLang and llama.cpp ignore SIGTERM while they load. The limits are those of the
# published recipes: memory that GPUs and network cards read is locked, NCCL's threads have large stacks, and every
# connection is a file.
readonly LIMITS=(${INSTANCE_INIT:+--init} --ulimit memlock=-1 --ulimit stack=67108864 --ulimit nofile=1048576)
# The runtime writes these GPUs into the container's specification, and systemd gives them back after each reload. Of those
# of --gpus systemd knows nothing, so a reload takes them (NVIDIA/nvidia-container-toolkit#48).
readonly GPUS=(${INSTANCE_GPUS:+--runtime nvidia --env NVIDIA_VISIBLE_DEVICES=runtime.nvidia.com/gpu=all})
secrets=() # NAME=value, filled by read_secrets

# The main memory of the instance, less 2 GiB and one thirty-second. A server that exceeds it is killed and restarted;
# without a limit the kernel might kill Docker or an agent instead.
memory_kib() {
  local name kib
  while read -r name kib _; do
    if [[ "$name" == MemTotal: ]]; then
      echo $((kib - 2 * 1024 * 1024 - kib / 32))
    fi
  done <"${MEMINFO:-/proc/meminfo}"
}

set_options() {
  local variable
  if [[ -n "$INSTANCE_CERTIFICATE_DIRECTORY" ]]; then
    make_certificate
    options+=(--volume "$CERTIFICATES/tls:$INSTANCE_CERTIFICATE_DIRECTORY:ro")
  fi
  for variable in "${INSTANCE_ENVIRONMENT[@]}"; do
    options+=(--env "$variable")
  done
  if [[ -n "$INSTANCE_ENTRYPOINT" ]]; then
    options+=(--entrypoint "$INSTANCE_ENTRYPOINT")
  fi
  if [[ -n "$INSTANCE_STOP_SIGNAL" ]]; then
    options+=(--stop-signal "$INSTANCE_STOP_SIGNAL")
  fi
  if [[ -n "$INSTANCE_SHM_SIZE" ]]; then
    options+=(--shm-size "$INSTANCE_SHM_SIZE")
  else
    options+=(--ipc host)
  fi
}

start() {
  begin_phases
  ensure_docker
  pull "$INSTANCE_IMAGE" "${INSTANCE_REGISTRY[@]}"
  phase ImagePulled
  bash "${BASH_SOURCE%/*}/weights.sh"
  phase WeightsCopied
  mount_volumes
  start_without_hub # before set_options, as of two values Docker takes the last: that of the team
  set_options
  read_secrets
  keep_metrics_token
  local secret
  for secret in "${secrets[@]}"; do
    options+=(--env "${secret%%=*}")
  done
  docker rm --force "$CONTAINER" >/dev/null
  # Docker reads secrets from the environment, so no list of processes shows them.
  if ((${#secrets[@]} > 0)); then
    export "${secrets[@]}"
  fi
  # Docker waits longer before each restart, and stops after the fifth. Then lifecycle.sh abandons an instance that has not
  # answered yet, and the load balancer's health check has one replaced that has.
  docker run --detach --name "$CONTAINER" "${GPUS[@]}" \
    --network host --restart on-failure:5 --memory "$(memory_kib)k" \
    --log-driver json-file --log-opt max-size=100m --log-opt max-file=3 --stop-timeout "$INSTANCE_STOP_TIMEOUT" \
    "${LIMITS[@]}" "${options[@]}" "$INSTANCE_IMAGE" "${INSTANCE_ARGUMENTS[@]}"
  phase ServerStarted
}

case "${1:-}" in
  start) start ;;
  stop) stop ;;
  *)
    echo "usage: $0 start | stop" >&2
    exit 2
    ;;
esac
