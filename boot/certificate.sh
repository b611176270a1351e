#!/usr/bin/env bash
# Makes the key and the certificate with which the server speaks TLS to the load balancer. Sourced by model-server.sh.
#
# They are made in memory, whenever the server starts: the key is on no disk, in no snapshot and in no warm pool. Nobody
# verifies the certificate, its name or its dates. The load balancer accepts an expired one, and so does the instance itself.
set -euo pipefail

readonly CERTIFICATES=${CERTIFICATES:-/run/model-server}

# On the instance only root has access to the outer folder. The container sees only the inner one, and any user in it has
# to read the key.
make_certificate() {
  local folder=$CERTIFICATES/tls
  if ! command -v openssl >/dev/null; then
    dnf install --assumeyes openssl
  fi
  install --directory --mode=0700 "$CERTIFICATES"
  install --directory --mode=0755 "$folder"
  rm --force "$folder"/*
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 3650 -subj /CN=model-server \
    -keyout "$folder/key.pem" -out "$folder/certificate.pem"
  chmod 0444 "$folder"/*
}
