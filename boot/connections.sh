#!/usr/bin/env bash
# How many connections of the load balancer are open: over HTTP/1.1 each has one request at most. Sourced by the scripts that
# stop the server, to tell how many requests are cut. No server can be asked: one that stops takes no new connection.
set -euo pipefail

readonly SOCKETS=${SOCKETS:-/proc/net}
readonly LOOPBACK='^(0{24}01000000|.*7F):' # ::1, 127.0.0.0/8; the first byte comes last

# Prints the number of established connections to the port of requests, without those of the instance itself.
open_connections() {
  local port line address peer state count=0
  printf -v port %04X "$INSTANCE_PORT"
  while read -r line address peer state _; do
    if [[ "$line" == *: && "$address" == *":$port" && "$state" == 01 && ! "$peer" =~ $LOOPBACK ]]; then
      count=$((count + 1))
    fi
  done < <(cat "$SOCKETS/tcp" "$SOCKETS/tcp6" 2>/dev/null)
  echo "$count"
}
