#!/usr/bin/env bash
# What the container sees of the instance's disks: folders that outlast it, and the files of the team. Sourced by
# model-server.sh.
set -euo pipefail

# Adds both to `options`. Any user of the container may write to a folder that is not read-only.
mount_volumes() {
  local volume file path
  for volume in "${INSTANCE_VOLUMES[@]}"; do
    install --directory --mode=1777 "$INSTANCE_DATA/${volume%%:*}"
    options+=(--volume "$INSTANCE_DATA/$volume")
  done
  for file in "${INSTANCE_FILES[@]}"; do
    path=${file%%:*}
    install -D --mode=0644 /dev/null "$INSTANCE_DATA/files$path"
    printf %s "${file#*:}" >"$INSTANCE_DATA/files$path"
    options+=(--volume "$INSTANCE_DATA/files$path:$path:ro")
  done
}
