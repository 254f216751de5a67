#!/usr/bin/env bash
# One TCP stream through tunnels over a long and lossy line: lossy.sh RIG_FOLDER [REPEATS]
#
#   PEERS      which, in which order (default: raw ours ours-reliable nebula openvpn); what is not installed is left out
#   RTTS       round trips in ms (default: 0 20 50 150)
#   LOSSES     shares lost each way (default: 0 0.01 0.05)
#   RATE       capacity of the line, as 100M (default: none), with BUFFER bytes of drop-tail buffer (default: 1M)
#   T          seconds of each stream that count, after two that do not (default 8)
#   OUT        folder for raw results (default: a new temporary one)
#
# Two namespaces with a third between them, where a relay program delays and drops frames (LineRelay); nothing leaves them. A run of five
# peers takes about twenty minutes a repeat. Needs root, iperf3, jq, ethtool.
set -uo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/common.sh"
RIG=$(copy_rig "${1:?the folder that holds rig.sh}") || exit 1
REPEATS=${2:-1}
PEERS=${PEERS:-raw ours ours-reliable nebula openvpn}
RTTS=${RTTS:-0 20 50 150} LOSSES=${LOSSES:-0 0.01 0.05} RATE=${RATE:-} BUFFER=${BUFFER:-1M} T=${T:-8}
OUT=${OUT:-$(mktemp -d)}; mkdir -p "$OUT"
JAVA=$(find_java) || exit 1
JARS=$(pairspan_jars) || exit 1

export NS_A=pairspan-lossy-$$-a NS_B=pairspan-lossy-$$-b
NS_LINE=pairspan-lossy-$$-line
RELAY=
export STATE=

line_down() { [[ -z $RELAY ]] || { stop_pid "$RELAY"; wait "$RELAY" 2>/dev/null; RELAY=; }; }

# line_up SETTINGS...: nothing passes between the namespaces without it
line_up() {
  line_down
  ip netns exec "$NS_LINE" "$JAVA" "${JAVA_FLAGS[@]}" -Xmx64m -XX:+UseSerialGC -cp "$JARS/*" org.pairspan.cli.lab.line.LineRelay \
    left right "$@" >"$OUT/relay.log" 2>&1 </dev/null &
  RELAY=$!
  for _ in {1..100}; do grep -qs "^line ready" "$OUT/relay.log" && return; sleep 0.1; done
  echo "error: the line did not start" >&2; cat "$OUT/relay.log" >&2
  return 1
}

network_up() {
  local side ns device
  ip netns add "$NS_A"; ip netns add "$NS_B"; ip netns add "$NS_LINE"
  ip -n "$NS_A" link add veth-a mtu 1500 type veth peer name left mtu 1500 netns "$NS_LINE"
  ip -n "$NS_B" link add veth-b mtu 1500 type veth peer name right mtu 1500 netns "$NS_LINE"
  for device in left right; do
    ip -n "$NS_LINE" link set "$device" addrgenmode none
    ip -n "$NS_LINE" link set "$device" up
  done
  ip -n "$NS_A" addr add "$WIRE_A/24" dev veth-a
  ip -n "$NS_B" addr add "$WIRE_B/24" dev veth-b
  for side in a b; do
    [[ $side == a ]] && ns=$NS_A || ns=$NS_B
    ip -n "$ns" link set lo up
    # Buffers for the longest line, and nothing learned from the stream before.
    ip netns exec "$ns" sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv4.tcp_no_metrics_save=1 \
      net.ipv4.tcp_rmem="4096 131072 67108864" net.ipv4.tcp_wmem="4096 65536 67108864"
    # Frames as on an Ethernet, gathered again by the receiver's driver.
    ip netns exec "$ns" ethtool -K "veth-$side" tso off gso off tx-udp-segmentation off gro on >/dev/null 2>&1
    ip -n "$ns" link set "veth-$side" up
  done
}

network_down() {
  local ns
  line_down
  for ns in "$NS_A" "$NS_B" "$NS_LINE"; do [[ ! -e /run/netns/$ns ]] || ip netns del "$ns"; done
}

clean_up() {
  trap - EXIT INT TERM
  if [[ -n $STATE ]]; then peer_down 2>/dev/null; rm -rf "$STATE"; fi
  network_down
  rm -rf "$RIG"
}
trap clean_up EXIT
trap 'exit 130' INT TERM

# A tunnel is measured on the line that it has known from its start: the reliable class takes five to eight seconds to find that a way is longer.
measure_peer() {   # peer, repeat
  local rtt
  . "$RIG/peer-$1.sh"
  if peer_check >/dev/null 2>&1; then
    for rtt in $RTTS; do measure_line "$1" "$2" "$rtt"; done
  else
    echo "$1: not available" >&2
  fi
}

measure_line() {   # peer, repeat, round trip
  local peer=$1 loss value settings
  settings=("delay=$(awk -v r="$3" 'BEGIN { print r * 500 }')us" "seed=$2")
  [[ -z $RATE ]] || settings+=("rate=$RATE" "buffer=$BUFFER")
  STATE=$(mktemp -d)
  network_up
  if line_up "${settings[@]}" && peer_up; then
    # The JVMs get warm and windows open: what is measured is a tunnel in use.
    wait_ping "$PEER_TARGET" 20 && tcp_mbps "$2-$peer-$3-warm" 4 -C "$CC" >/dev/null
    for loss in $LOSSES; do
      line_up "${settings[@]}" "loss=$loss" && wait_ping "$PEER_TARGET" 20
      value=$(tcp_mbps "$2-$peer-$3-$loss" $((T + 2)) -O 2 -C "$CC")
      echo "$2 $peer $3 $loss $value" | tee -a "$OUT/values" >&2
    done
  else
    echo "$peer: did not come up" >&2
    cp -r "$STATE/log" "$OUT/log-$peer" 2>/dev/null
  fi
  peer_down
  network_down
  rm -rf "$STATE"; STATE=
}

# Medians over the repeats, one row a peer.
table() {
  awk -v rtts="$RTTS" -v losses="$LOSSES" '
    function median(text,   v, n, i, j, t) {
      n = split(text, v, " ")
      for (i = 1; i <= n; i++) for (j = i + 1; j <= n; j++) if (v[j] + 0 < v[i] + 0) { t = v[i]; v[i] = v[j]; v[j] = t }
      return n ? v[int((n + 1) / 2)] : "-"
    }
    { if (!($2 in seen)) { seen[$2] = 1; order[++peers] = $2 } all[$2, $3, $4] = all[$2, $3, $4] " " $5 }
    END {
      nr = split(rtts, r, " "); nl = split(losses, l, " ")
      head = "| Mbit/s |"; rule = "|---|"
      for (i = 1; i <= nr; i++) for (j = 1; j <= nl; j++) { head = head " " r[i] " ms, " l[j] * 100 " % |"; rule = rule "--:|" }
      print head; print rule
      for (p = 1; p <= peers; p++) {
        row = "| " order[p] " |"
        for (i = 1; i <= nr; i++) for (j = 1; j <= nl; j++) row = row " " median(all[order[p], r[i], l[j]]) " |"
        print row
      }
    }' "$OUT/values"
}

. "$RIG/rig.sh"
echo "raw results: $OUT" >&2
: >"$OUT/values"
for ((repeat = 1; repeat <= REPEATS; repeat++)); do
  for peer in $PEERS; do measure_peer "$peer" "$repeat"; done
done
table | tee "$OUT/table.md"
