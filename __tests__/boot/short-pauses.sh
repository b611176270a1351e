# Bash reads this before a script (BASH_ENV). A pause of a script of boot/ then takes a twentieth of a second, but counts in
# full in its SECONDS. Its length is recorded.
# shellcheck shell=bash
if [[ "$0" == */boot/*.sh ]]; then
  sleep() {
    echo "$1" >>"$PAUSES"
    command sleep 0.05
    SECONDS=$((SECONDS + $1))
  }
fi
