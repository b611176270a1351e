#!/usr/bin/env bash
# systemd in small, for the service of the model server: systemctl.sh <model-server.sh> <folder> <arguments ...>
# A service is stopped once, however many ask: the others wait for that.
set -euo pipefail

readonly SCRIPT=$1
cd "$2"
shift 2

stop() {
  if mkdir stopping 2>/dev/null; then
    bash "$SCRIPT" stop
    : >stopped
  fi
  until [[ -e stopped ]]; do
    sleep 0.1
  done
}

case "$*" in
  "is-failed --quiet model-server.service") [[ -e failed ]] ;;
  "stop model-server.service") stop ;;
  "stop --no-block model-server.service") stop & ;;
esac
