#!/usr/bin/env bash
# What the kernel, the PCI bus and the driver report of the GPUs of an instance. Sourced by gpu-watch.sh.
# shellcheck disable=SC2034 # which reads the variables that are set here
set -euo pipefail

# Xids after which NVIDIA's catalog resets the GPU or restarts the machine ("Resolution Bucket (Immediate Action)":
# RESET_GPU, RESTART_BM, and the workflows that begin with a reset). Nothing less repairs them:
#   46 stopped processing, 48 double-bit ECC error, 62 microcontroller halt, 64 row remapping failed, 74 NVLink error,
#   79 fallen off the bus, 95 uncontained memory error, 110 security fault, 119 and 120 GSP firmware, 136 link training
#   failed, 140 unrecovered ECC error, 143 initialization failed, 155 NVLink error, 156 resource retired, 158 timeout.
# Not in the list: those after which docker restarts the server alone (13, 31, 43, 45, 94 and others); 63 and 92, after
# which the server goes on; and 109, a context switch that timed out, which NVIDIA's own device plugin for Kubernetes
# counts among the errors of programs.
# https://docs.nvidia.com/deploy/xid-errors/analyzing-xid-catalog.html
readonly FATAL_XIDS=" 46 48 62 64 74 79 95 110 119 120 136 140 143 155 156 158 "

readonly PCI_DEVICES=${PCI_DEVICES:-/sys/bus/pci/devices}
readonly SMI_SECONDS=${SMI_SECONDS:-30}

# Prints the last fatal Xid since boot, as the kernel wrote it; false without one.
fatal_xid() {
  local line found=""
  while IFS= read -r line; do
    if [[ "$line" =~ NVRM:\ (Xid\ \([^\)]*\):\ ([0-9]+).*) && "$FATAL_XIDS" == *" ${BASH_REMATCH[2]} "* ]]; then
      found=${BASH_REMATCH[1]}
    fi
  done < <(dmesg)
  [[ -n "$found" ]] && echo "$found"
}

# Prints the number of GPUs on the PCI bus: NVIDIA's devices of the display class. NVSwitches are bridges.
installed_gpus() {
  local device vendor class count=0
  for device in "$PCI_DEVICES"/*; do
    { read -r vendor <"$device/vendor" && read -r class <"$device/class"; } 2>/dev/null || continue
    if [[ "$vendor" == 0x10de && "$class" == 0x03* ]]; then
      count=$((count + 1))
    fi
  done
  echo "$count"
}

# Sets `inside` to `seen` when the server's container sees GPUs, to `lost` when it sees none, and to nothing when that cannot
# be known: it is not running, or has no nvidia-smi.
look_into_container() {
  inside=""
  view=$(timeout --signal=KILL "$SMI_SECONDS" docker exec model-server nvidia-smi --list-gpus 2>&1) || true
  if [[ "$view" == "GPU "* ]]; then
    inside=seen
  elif [[ "$view" == "Failed to initialize NVML"* || "$view" == "No devices"* ]]; then
    inside=lost
  fi
}

# Sets `listed` to the number of GPUs that the driver lists, 0 when it hangs, and `memory_fault` to their memory errors. If
# the driver hangs, not even SIGKILL may end nvidia-smi: then the read times out.
look_at_gpus() {
  local bus errors
  listed=0 memory_fault=""
  while IFS=', ' read -r -t $((SMI_SECONDS + 1)) bus errors; do
    if [[ "$bus" =~ ^[0-9A-Fa-f]+(:[0-9A-Fa-f]+)+\.[0-9]$ ]]; then
      listed=$((listed + 1))
      if [[ "$errors" =~ ^[1-9][0-9]*$ ]]; then
        memory_fault="$errors uncorrectable memory errors on $bus"
      fi
    fi
  done < <(timeout --signal=KILL "$SMI_SECONDS" nvidia-smi --format=csv,noheader,nounits \
    --query-gpu=pci.bus_id,ecc.errors.uncorrected.volatile.total 2>/dev/null)
}
