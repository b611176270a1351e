#!/usr/bin/env bash
# Copies the weights and the adapters from S3 to the instance, each folder from its URI or, when that fails, from the next
# mirror. A file that is there already is not copied again. A file that does not match SHA256SUMS is copied once more, before
# the next mirror is used.
# shellcheck disable=SC2034,SC2154 # variables that the sourced files read and set
set -euo pipefail

# shellcheck source=/dev/null
for file in "${INSTANCE_FACTS:-/etc/model-server/instance.sh}" "${BASH_SOURCE%/*}/checksums.sh"; do
  source "$file"
done
# After SlowDown from S3 the CLI sends fewer requests, and retries for longer.
AWS_CONFIG_FILE=$(cd "${BASH_SOURCE%/*}" && pwd)/aws.config
export AWS_CONFIG_FILE AWS_RETRY_MODE=adaptive AWS_MAX_ATTEMPTS=10 LC_ALL=C.UTF-8

readonly TRIES=2 # for each source whose files are wrong

log() {
  echo "weights: $*" >&2
}

free_mib() {
  df --output=avail --block-size=1M . | tail --lines=1
}

# --delete removes half copied files of an earlier attempt, which would fill the disk.
copy() {
  local source=$1 output
  if output=$(aws s3 sync "$source" . --region "$INSTANCE_REGION" --delete --exclude "$VERIFIED" --only-show-errors 2>&1); then
    if compgen -G "*" >/dev/null; then
      return 0
    fi
    output="there is nothing"
  fi
  if [[ "$output" == *"No space left on device"* ]]; then
    log "$output"
    log "the disk is full, $PWD has $(($(free_mib))) MiB left: set the size of the weights and the adapters, or volume.size"
    exit 1
  fi
  log "cannot copy $source: $output"
  return 1
}

copy_and_verify() {
  local source=$1 try begun=$SECONDS
  for ((try = 1; try <= TRIES; try++)); do
    copy "$source" || return
    if verify; then
      log "$source is here after $((SECONDS - begun)) s"
      return 0
    fi
    log "$source: $diagnostic"
  done
  return 1
}

# copy_folder <folder> <sha256> <uri ...>: copies from the first URI that works.
copy_folder() {
  local source
  pinned=$2
  mkdir --parents "$INSTANCE_DATA/$1"
  cd "$INSTANCE_DATA/$1"
  for source in "${@:3}"; do
    if copy_and_verify "$source"; then
      return
    fi
  done
  # After a reboot or out of a warm pool the files may all be here while S3 is not available. Then every file is checked again.
  rm --force "$VERIFIED"
  if [[ -e "$MANIFEST" ]] && verify; then
    log "the files on the instance match their $MANIFEST, and are used"
    return
  fi
  log "$1 could not be copied from any source"
  exit 1
}

if [[ -n "$INSTANCE_WEIGHTS_URI" ]]; then
  copy_folder models "$INSTANCE_WEIGHTS_SHA256" "$INSTANCE_WEIGHTS_URI" "${INSTANCE_WEIGHTS_MIRRORS[@]}"
fi
for adapter in "${INSTANCE_ADAPTERS[@]}"; do
  # Neither a name, nor a hash or the hyphen for none, nor a URI holds a space.
  read -r -a parts <<<"$adapter"
  copy_folder "adapters/${parts[0]}" "${parts[1]#-}" "${parts[@]:2}"
done
