#!/usr/bin/env bash
# Whether the server is healthy, and whether its model answers a real request. Sourced by lifecycle.sh and gpu-watch.sh.
# shellcheck disable=SC2034 # which read the variables that are set here
set -euo pipefail

health_status="" # the HTTP status of the health check
probe_status=""  # the HTTP status; 000 without an answer
probe_failure="" # the reason, in words

# send <seconds> <protocol> <port> <path> [option of curl ...]
send() {
  # The certificate of a server on the same instance proves nothing, so it is not verified.
  curl --silent --insecure --globoff --max-time "$1" "${@:5}" "$2://127.0.0.1:$3$4"
}

healthy() {
  if [[ "$INSTANCE_HEALTH_PROTOCOL" == tcp ]]; then
    (: <"/dev/tcp/127.0.0.1/$INSTANCE_HEALTH_PORT") 2>/dev/null
  else
    health_status=$(send "$INSTANCE_HEALTH_TIMEOUT" "$INSTANCE_HEALTH_PROTOCOL" "$INSTANCE_HEALTH_PORT" \
      "$INSTANCE_HEALTH_PATH" --output /dev/null --write-out '%{http_code}') && health_accepts "$health_status"
  fi
}

# health_accepts <status>: whether the load balancer takes the status for healthy, as by 200,300-399.
health_accepts() {
  local codes
  for codes in ${INSTANCE_HEALTH_STATUSES//,/ }; do
    if (($1 >= ${codes%-*} && $1 <= ${codes#*-})); then
      return 0
    fi
  done
  return 1
}

# Prints the API key of the server as a header. curl reads it from a pipe, so no list of processes shows it.
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

# request <seconds> <path> [option of curl ...]: puts the answer into `text`.
request() {
  local answer
  answer=$(send "$1" "$INSTANCE_PROBE_PROTOCOL" "$INSTANCE_PROBE_PORT" "$2" \
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

# probe <seconds>: whether the model answers within them; if not, `probe_failure` has the reason.
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
