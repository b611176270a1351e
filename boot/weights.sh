#!/usr/bin/env bash
# Copies the weights from S3 to the instance: from where they lie or, when that fails, from the next mirror. A file that is
# there already is not copied again; one that is not as SHA256SUMS says is, once, before the next mirror has its turn.
# shellcheck disable=SC2154 # what the sourced files leave behind
set -euo pipefail

# shellcheck source=/dev/null
for file in "${INSTANCE_FACTS:-/etc/model-server/instance.sh}" "${BASH_SOURCE%/*}/checksums.sh"; do
  source "$file"
done
# S3 that says SlowDown is asked more slowly, and for longer.
AWS_CONFIG_FILE=$(cd "${BASH_SOURCE%/*}" && pwd)/aws.config
export AWS_CONFIG_FILE AWS_RETRY_MODE=adaptive AWS_MAX_ATTEMPTS=10 LC_ALL=C.UTF-8

readonly TRIES=2 # of each source whose files are wrong

say() {
  echo "weights: $*" >&2
}

free_mib() {
  df --output=avail --block-size=1M . | tail --lines=1
}

# What an earlier attempt has left half copied goes (--delete), or the disk would fill up.
copy() {
  local source=$1 said
  if said=$(aws s3 sync "$source" . --region "$INSTANCE_REGION" --delete --exclude "$VERIFIED" --only-show-errors 2>&1); then
    if compgen -G "*" >/dev/null; then
      return 0
    fi
    said="there is nothing"
  fi
  if [[ "$said" == *"No space left on device"* ]]; then
    say "$said"
    say "the disk is full, $INSTANCE_WEIGHTS_DIRECTORY has $(($(free_mib))) MiB left: say how large the weights are, or the volume (weights.size, volume.size)"
    exit 1
  fi
  say "cannot copy $source: $said"
  return 1
}

copy_and_verify() {
  local source=$1 try begun=$SECONDS
  for ((try = 1; try <= TRIES; try++)); do
    copy "$source" || return
    if verify; then
      say "$source is here after $((SECONDS - begun)) s"
      return 0
    fi
    say "$source: $diagnostic"
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
# S3 may be away while all of it is here, after a reboot or out of a warm pool: then every file is read once more.
rm --force "$VERIFIED"
if [[ -e "$MANIFEST" ]] && verify; then
  say "goes on with what is here, which is as its $MANIFEST says"
  exit 0
fi
say "there are no weights to be had"
exit 1
