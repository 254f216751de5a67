#!/usr/bin/env bash
# Measures Pairspan beside other tunnels in one run of the rig: compare.sh RIG_FOLDER [REPEATS]
#
#   PEERS="ours nebula"   which peers of the rig, or ours-reliable, in which order (this is the default)
#   MODES, OUT, SEARCH    as the rig's run-all.sh has them; SEARCH is 0 unless you ask for it
#   PAIRSPAN_SUITE ...    as peer-ours.sh has them
#
# The rig's folder is left as it is: a copy of its scripts gets ours beside them.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
rig=${1:?the folder that holds run-all.sh}
[[ -x $rig/run-all.sh ]] || { echo "error: no run-all.sh in $rig" >&2; exit 1; }

copy=$(copy_rig "$rig")
trap 'rm -rf "$copy"' EXIT
PEERS=${PEERS:-ours nebula} SEARCH=${SEARCH:-0} "$copy/run-all.sh" "${2:-3}"
