#!/usr/bin/env bash
# Copies the weights from S3 to the instance: from weights.uri or, when that fails, from the next mirror. A file that is
# there already is not copied again. A file that does not match SHA256SUMS is copied once more, before the next mirror is
# used.
# shellcheck disable=SC2154 # variables that the sourced files set
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
    log "the disk is full, $INSTANCE_WEIGHTS_DIRECTORY has $(($(free_mib))) MiB left: set weights.size to the size of the weights, or set volume.size"
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

mkdir --parents "$INSTANCE_WEIGHTS_DIRECTORY"
cd "$INSTANCE_WEIGHTS_DIRECTORY"
for source in "$INSTANCE_WEIGHTS_URI" "${INSTANCE_WEIGHTS_MIRRORS[@]}"; do
  if copy_and_verify "$source"; then
    exit 0
  fi
done
# After a reboot or out of a warm pool the files may all be here while S3 is not available. Then every file is checked again.
rm --force "$VERIFIED"
if [[ -e "$MANIFEST" ]] && verify; then
  log "the files on the instance match their $MANIFEST, and are used"
  exit 0
fi
log "the weights could not be copied from any source"
exit 1
