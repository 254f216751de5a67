#!/usr/bin/env bash
# What renewing keys costs: rekey.sh RIG_FOLDER
#
#   AFTER      times between two renewals (default: "1h 10s 2s")
#   MODE       wire, nic or offload (default: nic)
#   T          seconds of each run (default 10)
#   UDP_RATE   of the UDP run (default 200M)
#   OUT        folder for raw results (default: a new temporary one)
#
# For each: Mbit/s of one TCP stream, and the share of UDP packets lost at a rate the machine carries. Under a minute each. Needs root,
# iperf3, jq, ethtool.
set -uo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/common.sh"
RIG=$(copy_rig "${1:?the folder that holds rig.sh}") || exit 1
AFTER=${AFTER:-1h 10s 2s} MODE=${MODE:-nic} T=${T:-10} UDP_RATE=${UDP_RATE:-200M}
OUT=${OUT:-$(mktemp -d)}; mkdir -p "$OUT"
export NS_A=pairspan-rekey-$$-a NS_B=pairspan-rekey-$$-b
export STATE=

clean_up() {
  trap - EXIT INT TERM
  if [[ -n $STATE ]]; then peer_down 2>/dev/null; rm -rf "$STATE"; fi
  rig_down
  rm -rf "$RIG"
}
. "$RIG/peer-ours.sh"
trap clean_up EXIT
trap 'exit 130' INT TERM
peer_check || exit 1

echo "| rekey after | TCP, Mbit/s | UDP lost, % of $UDP_RATE |"
echo "|---|--:|--:|"
for after in $AFTER; do
  STATE=$(mktemp -d)
  VARIANT_NODE_CONF="rekey.after-time = $after"
  rig_up "$MODE"
  if peer_up; then
    tcp=$(tcp_mbps "tcp-$after" "$T" -C "$CC")
    tcp_mbps "udp-$after" "$T" -u -b "$UDP_RATE" -l 1300 >/dev/null
    lost=$(jq -r '.end.sum | 100 * .lost_packets / .packets * 1000 | round / 1000' "$OUT/udp-$after.server.json" 2>/dev/null)
    echo "| $after | $tcp | ${lost:--} |" | tee -a "$OUT/table.md"
  else
    echo "rekey after $after: did not come up" >&2
    cp -r "$STATE/log" "$OUT/log-$after" 2>/dev/null
  fi
  peer_down
  rig_down
  rm -rf "$STATE"; STATE=
done
echo "raw results: $OUT" >&2
