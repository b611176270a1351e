#!/usr/bin/env bash
# Whether the files in the current folder match their SHA256SUMS. Sourced by weights.sh.
# shellcheck disable=SC2034,SC2154 # which reads `diagnostic`, and sets `pinned`
set -euo pipefail

readonly MANIFEST=SHA256SUMS
readonly VERIFIED=.verified # the hash of the manifest that all files were checked by; newer than any file

diagnostic="" # what is wrong

# After a reboot, or out of a warm pool, the files of an earlier start are there, and were checked then.
verified_before() {
  [[ -e "$VERIFIED" ]] && sha256sum --check --status "$VERIFIED" &&
    [[ -z "$(find . -type f -cnewer "$VERIFIED" -print -quit)" ]]
}

strange_line() {
  local line
  while IFS= read -r line || [[ -n "$line" ]]; do
    if [[ ! "$line" =~ ^[0-9a-fA-F]{64}\ [\ *][^/] || "/${line:66}/" == */../* || "$line" == *$'\r' ]]; then
      echo "$line"
      return 0
    fi
  done <"$MANIFEST"
  return 1
}

# Prints one file a line. Reads as many files at once as there are processors.
wrong_files() {
  # shellcheck disable=SC2016 # for the inner bash
  xargs --delimiter='\n' --max-args=1 --max-procs="$(nproc)" --arg-file="$MANIFEST" \
    bash -c 'sha256sum --check --status 2>/dev/null <<<"$1" || echo "${1:66}"' bash
}

# With pinned weights no other file reaches the server, such as code that somebody has put beside them.
delete_unlisted() {
  local file listed
  listed=$'\n'$(cut --characters=67- "$MANIFEST")$'\n'
  while IFS= read -r file; do
    if [[ "$file" != "$MANIFEST" && "$file" != "$VERIFIED" && "$listed" != *$'\n'"$file"$'\n'* &&
      "$listed" != *$'\n'"./$file"$'\n'* ]]; then
      log "$file is not in $MANIFEST, and is deleted"
      rm --force -- "$file"
    fi
  done < <(find . -type f -printf '%P\n')
}

# True when all files match. Wrong files are deleted, so that they are copied again; `diagnostic` then names the reason.
verify() {
  local wrong file count=0
  if [[ ! -e "$MANIFEST" ]]; then
    diagnostic="there is no $MANIFEST, which sha256 requires"
    [[ -z "$pinned" ]]
    return
  fi
  if [[ -n "$pinned" ]] && ! sha256sum --check --status <<<"$pinned  $MANIFEST"; then
    rm --force "$MANIFEST"
    diagnostic="its $MANIFEST does not have the hash in sha256"
    return 1
  fi
  if verified_before; then
    return 0
  fi
  if file=$(strange_line); then
    diagnostic="its $MANIFEST has a line that sha256sum cannot read: $file"
    return 1
  fi
  diagnostic="it cannot be checked"
  wrong=$(wrong_files) || return
  while IFS= read -r file; do
    rm --force -- "$file"
    count=$((count + 1))
  done < <(printf %s "${wrong:+$wrong$'\n'}")
  if ((count > 0)); then
    diagnostic="$count files do not match its $MANIFEST, the first is ${wrong%%$'\n'*}"
    return 1
  fi
  if [[ -n "$pinned" ]]; then
    delete_unlisted
  fi
  sha256sum "$MANIFEST" >"$VERIFIED"
}
