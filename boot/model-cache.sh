#!/usr/bin/env bash
# Puts weights, caches and mounts on the instance store, with all its NVMe disks as one: it is faster than the root volume,
# and in the price. Without an instance store, or after an error, they are on the root volume, which is large enough for them.
set -euo pipefail

# shellcheck source=/dev/null
source "${INSTANCE_FACTS:-/etc/model-server/instance.sh}"

readonly LABEL=model-cache
readonly MODEL="Amazon EC2 NVMe Instance Storage"
readonly MOUNTED_BY_AMI=/opt/dlami/nvme # the Deep Learning AMIs mount the instance store themselves

log() {
  echo "model-cache: $*" >&2
}

# Prints the disks of the instance store that are not in use: not mounted, and part of no volume.
unused_disks() {
  local disk model
  while read -r disk model; do
    if [[ "$model" == "$MODEL" && "$(lsblk --noheadings --output TYPE,MOUNTPOINT "$disk")" =~ ^disk\ *$ ]]; then
      echo "$disk"
    fi
  done < <(lsblk --nodeps --noheadings --paths --output NAME,MODEL)
}

# The root volume was sized for all of it. A disk smaller than its free space might be too small.
require_room() {
  local bytes=$1 wanted
  wanted=$(df --output=avail --block-size=1 / | tail --lines=1)
  if ((bytes < wanted)); then
    log "the instance store has $bytes bytes, the root volume has $wanted bytes free: the root volume is used"
    exit 0
  fi
}

size_of() {
  local size total=0
  while read -r size; do
    total=$((total + size))
  done < <(lsblk --nodeps --noheadings --bytes --output SIZE "$@")
  echo "$total"
}

format() {
  local disks
  mapfile -t disks < <(unused_disks)
  if ((${#disks[@]} == 0)); then
    log "no instance store: the root volume is used"
    exit 0
  fi
  require_room "$(size_of "${disks[@]}")"
  device=${disks[0]}
  if ((${#disks[@]} > 1)); then
    device=/dev/md/$LABEL
    command -v mdadm >/dev/null || dnf install --assumeyes mdadm
    mdadm --create "$device" --run --level=0 --raid-devices="${#disks[@]}" "${disks[@]}"
  fi
  # The disks are trimmed already (-K).
  mkfs.xfs -q -f -K -L "$LABEL" "$device"
}

if [[ ${#INSTANCE_VOLUMES[@]} == 0 || -z "$INSTANCE_STORE" ]] || mountpoint --quiet "$INSTANCE_DATA"; then
  exit 0
fi
mkdir --parents "$INSTANCE_DATA"
if mountpoint --quiet "$MOUNTED_BY_AMI"; then
  require_room "$(df --output=size --block-size=1 "$MOUNTED_BY_AMI" | tail --lines=1)"
  mkdir --parents "$MOUNTED_BY_AMI/$LABEL"
  mount --bind "$MOUNTED_BY_AMI/$LABEL" "$INSTANCE_DATA"
else
  # A reboot keeps the instance store; a stop empties it, and all is fetched again.
  if ! device=$(blkid --label "$LABEL"); then
    format
  fi
  mount --options noatime "$device" "$INSTANCE_DATA"
fi
log "the instance store is used"
