#!/usr/bin/env bash
# Whether the server is well, and whether its model answers a real request. Sourced by the scripts that decide by it.
# shellcheck disable=SC2034 # which read what a probe leaves behind
set -euo pipefail

probe_status=""  # of HTTP; 000 where there was no answer
probe_failure="" # what was wrong, in words

# ask <seconds> <protocol> <port> <path> [option of curl ...]
ask() {
  # The certificate of a server on this very instance proves nothing.
  curl --silent --insecure --globoff --max-time "$1" "${@:5}" "$2://127.0.0.1:$3$4"
}

healthy() {
  if [[ "$INSTANCE_HEALTH_PROTOCOL" == tcp ]]; then
    (: <"/dev/tcp/127.0.0.1/$INSTANCE_HEALTH_PORT") 2>/dev/null
  else
    ask 5 "$INSTANCE_HEALTH_PROTOCOL" "$INSTANCE_HEALTH_PORT" "$INSTANCE_HEALTH_PATH" --fail --output /dev/null
  fi
}

# The API key of the server, as a header for curl. It goes there by a pipe, so that no list of processes shows it.
authorization() {
  local variable
  if [[ -n "$INSTANCE_PROBE_BEARER" ]]; then
    while IFS= read -r variable; do
      if [[ "$variable" == "$INSTANCE_PROBE_BEARER="* ]]; then
        echo "Authorization: Bearer ${variable#*=}"
      fi
    done < <(docker inspect --format '{{range .Config.Env}}{{println .}}{{end}}' model-server 2>/dev/null)
  fi
}

# request <seconds> <path> [option of curl ...]: leaves what was answered in `text`.
request() {
  local answer
  answer=$(ask "$1" "$INSTANCE_PROBE_PROTOCOL" "$INSTANCE_PROBE_PORT" "$2" \
    --header @<(authorization) --write-out '\n%{http_code}' "${@:3}") || answer=$'\n000'
  probe_status=${answer##*$'\n'}
  text=${answer%$'\n'*}
  case "$probe_status" in
    2??) return 0 ;;
    000) probe_failure="$2 was not answered within $1 s" ;;
    *) probe_failure="$2 was answered with $probe_status: ${text:0:300}" ;;
  esac
  return 1
}

# probe <seconds>: whether the model answers within them; `probe_failure` says why not.
probe() {
  local seconds=$1 body=$INSTANCE_PROBE_BODY text post=()
  probe_status="" probe_failure=""
  if [[ -z "$INSTANCE_PROBE_PATH" ]]; then
    return 0
  fi
  if [[ "$body" == *"{model}"* ]]; then
    request "$seconds" /v1/models || return
    if [[ ! "$text" =~ \"id\"\ *:\ *\"([^\"]+)\" ]]; then
      probe_failure="/v1/models names no model: ${text:0:300}"
      return 1
    fi
    body=${body//"{model}"/"${BASH_REMATCH[1]}"}
  fi
  if [[ -n "$body" ]]; then
    post=(--header "Content-Type: application/json" --data-raw "$body")
  fi
  request "$seconds" "$INSTANCE_PROBE_PATH" "${post[@]}" || return
  if [[ "$text" != *"$INSTANCE_PROBE_EXPECT"* ]]; then
    probe_failure="$INSTANCE_PROBE_PATH was answered without $INSTANCE_PROBE_EXPECT: ${text:0:300}"
    return 1
  fi
}
