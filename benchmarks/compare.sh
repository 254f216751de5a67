#!/usr/bin/env bash
# Measures Pairspan beside other tunnels in one run of the rig: compare.sh RIG_FOLDER [REPEATS]
#
#   PEERS="ours nebula"   which peers of the rig, in which order (this is the default)
#   MODES, OUT, SEARCH    as the rig's run-all.sh has them; SEARCH is 0 unless you ask for it
#   PAIRSPAN_SUITE ...    as peer-ours.sh has them
#
# The rig's folder is left as it is: a copy of its scripts gets peer-ours.sh beside them.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
rig=${1:?the folder that holds run-all.sh}
[[ -x $rig/run-all.sh ]] || { echo "error: no run-all.sh in $rig" >&2; exit 1; }

copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
cp "$rig"/*.sh "$here/peer-ours.sh" "$copy/"
export PAIRSPAN_HOME=${PAIRSPAN_HOME:-$(cd "$here/.." && pwd)}
PEERS=${PEERS:-ours nebula} SEARCH=${SEARCH:-0} "$copy/run-all.sh" "${2:-3}"
