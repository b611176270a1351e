#!/usr/bin/env bash
# Docker in small, for one container, which is a process: docker.sh <server.js> <port> <folder> <arguments of docker ...>
# As docker does, it starts a server again that fails, so many times, and kills one that does not stop in its time.
set -euo pipefail

readonly SERVER=$1 PORT=$2
cd "$3"
shift 3

note() {
  echo "$2" >"$1.new"
  mv "$1.new" "$1"
}

keep_running() {
  local restarts=0
  note state running
  until [[ -e stopped ]]; do
    node "$SERVER" "$PORT" . >>log 2>&1 &
    note pid $!
    if wait $! || ((restarts++ == $1)); then
      break
    fi
    sleep 0.1
  done
  note state exited
}

# What the server would find under /tls lies in the folder that is mounted there.
mount() {
  if [[ "$2" == /tls:ro ]]; then
    note certificates "$1"
  fi
}

run() {
  local restarts=0
  note signal TERM
  while (($# > 0)); do
    case "$1" in
      --restart) restarts=${2#on-failure:} ;;
      --stop-timeout) note patience "$2" ;;
      --stop-signal) note signal "$2" ;;
      --volume) mount "${2%%:*}" "${2#*:}" ;;
    esac
    shift
  done
  rm -f stopped
  keep_running "$restarts" </dev/null >/dev/null 2>&1 &
}

# end <signal> <seconds>
end() {
  : >stopped
  [[ -e pid ]] || return 0
  local pid tenth
  pid=$(<pid)
  kill -s "$1" "$pid" 2>/dev/null || return 0
  for ((tenth = 0; tenth < $2 * 10; tenth++)); do
    kill -0 "$pid" 2>/dev/null || return 0
    sleep 0.1
  done
  kill -s KILL "$pid" 2>/dev/null || true
}

case "$1 ${2-}" in
  "info "*) echo '{"nvidia":{}} true' ;;
  "run "*) run "$@" ;;
  "stop "*) end "$(<signal)" "$(<patience)" ;;
  "kill "* | "rm "*) end KILL 0 ;;
  "logs "*) tail --lines=20 log >&2 ;;
  "container inspect") cat state ;;
esac
