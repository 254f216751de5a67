#!/usr/bin/env bash
# What tunnels cost while nothing passes, and what they hold in memory: idle.sh RIG_FOLDER
#
#   PEERS      which (default: ours nebula openvpn); what is not installed is left out
#   T          seconds of measuring, each peer (default 30)
#   OUT        folder for raw results (default: a new temporary one)
#
# Of the larger side, in this order: CPU time and wake-ups of the idle tunnel in T seconds, resident memory then; resident memory after five
# seconds of TCP; CPU time in the first and in the last fifth of T after it. Then the average of 200 pings on the idle tunnel, one every
# 50 ms. About a minute a peer at the default. Needs root, iperf3, jq, ethtool.
set -uo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/common.sh"
RIG=$(copy_rig "${1:?the folder that holds rig.sh}") || exit 1
PEERS=${PEERS:-ours nebula openvpn} T=${T:-30}
OUT=${OUT:-$(mktemp -d)}; mkdir -p "$OUT"
HZ=$(getconf CLK_TCK)
export NS_A=pairspan-idle-$$-a NS_B=pairspan-idle-$$-b
export STATE=

clean_up() {
  trap - EXIT INT TERM
  if [[ -n $STATE ]]; then peer_down 2>/dev/null; rm -rf "$STATE"; fi
  rig_down
  rm -rf "$RIG"
}
. "$RIG/rig.sh"
trap clean_up EXIT
trap 'exit 130' INT TERM

# The largest of a number over the peer's programs: largest COMMAND, which gets a process id.
largest() {
  local file value most=0
  for file in "$STATE"/pids/*; do
    value=$("$1" "$(<"$file")")
    ((value > most)) && most=$value
  done
  echo "$most"
}
jiffies() { sed 's/.*) //' "/proc/$1/stat" | awk '{ print $12 + $13 }'; }
wakeups() { cat /proc/"$1"/task/*/status 2>/dev/null | awk '/^voluntary_ctxt_switches/ { n += $2 } END { print n + 0 }'; }
rss_kib() { awk '/^VmRSS/ { print $2 }' "/proc/$1/status"; }

# over SECONDS COMMAND: how much the number grew at the program where it grew most
over() {
  local file pid value most=0
  declare -A before=()
  for file in "$STATE"/pids/*; do pid=$(<"$file"); before[$pid]=$("$2" "$pid"); done
  sleep "$1"
  for pid in "${!before[@]}"; do
    value=$(($("$2" "$pid") - before[$pid]))
    ((value > most)) && most=$value
  done
  echo "$most"
}
percent() { awk -v j="$1" -v hz="$HZ" -v s="$2" 'BEGIN { printf "%.1f", 100 * j / hz / s }'; }

echo "| | CPU idle, % of a core | wake-ups/s | RSS idle, MiB | RSS after TCP, MiB | CPU after TCP, % first | % last | ping idle, ms |"
echo "|---|--:|--:|--:|--:|--:|--:|--:|"
for peer in $PEERS; do
  STATE=$(mktemp -d)
  . "$RIG/peer-$peer.sh"
  if ! peer_check >/dev/null 2>&1; then
    echo "$peer: not available" >&2; rm -rf "$STATE"; STATE=
    continue
  fi
  rig_up wire
  if peer_up; then
    fifth=$(((T + 4) / 5))
    sleep 3
    idle=$(over "$T" jiffies)
    woken=$(over "$fifth" wakeups)
    rss=$(largest rss_kib)
    in_a ping -i 0.05 -c 200 -w 15 "$PEER_TARGET" >"$OUT/$peer-ping.txt" 2>&1
    ping=$(sed -n 's/.*time=\([0-9.]*\) ms.*/\1/p' "$OUT/$peer-ping.txt" | awk '{ s += $1 } END { if (NR) printf "%.3f", s / NR; else print "-" }')
    tcp_mbps "$peer-tcp" 5 -C "$CC" >/dev/null
    loaded=$(largest rss_kib)
    first=$(over "$fifth" jiffies)
    sleep $((T - 2 * fifth))
    last=$(over "$fifth" jiffies)
    echo "| $peer | $(percent "$idle" "$T") | $((woken / fifth)) | $((rss / 1024)) | $((loaded / 1024)) | $(percent "$first" "$fifth") | $(percent "$last" "$fifth") | $ping |" \
      | tee -a "$OUT/table.md"
  else
    echo "$peer: did not come up" >&2
    cp -r "$STATE/log" "$OUT/log-$peer" 2>/dev/null
  fi
  peer_down
  rig_down
  rm -rf "$STATE"; STATE=
done
echo "raw results: $OUT" >&2
