#!/usr/bin/env bash
# Pairspan, for the rig of tunnels: two nodes, one key server, PKI made afresh. Sourced by the rig's measure.sh, beside its rig.sh.
#
#   PAIRSPAN_HOME       source tree or distribution (needed)
#   PAIRSPAN_SUITE      aes-256-gcm (default), chacha20-poly1305 or sm4-gcm
#   PAIRSPAN_MTU        of the tunnel's device (default 1500: what is too large for the path is cut below, inside the tunnel)
#   PAIRSPAN_NODE_CONF  further lines of the nodes' configuration (default: none)
#   PAIRSPAN_WARM_UP    seconds of TCP that warm the JVMs in peer_up, 0 to 5 (default 5)
#
# The key server runs inside site A's namespace and listens on the wire, so that site B reaches it there. It is no part of the tunnel:
# it is not started with `spawn`, so its CPU time and memory are not counted as the peer's.
. "$(dirname "${BASH_SOURCE[0]}")/rig.sh"
PAIRSPAN_SUITE=${PAIRSPAN_SUITE:-aes-256-gcm}
PAIRSPAN_MTU=${PAIRSPAN_MTU:-1500}
PAIRSPAN_NODE_CONF=${PAIRSPAN_NODE_CONF:-}
# What a variant of this peer adds to it after sourcing this file.
VARIANT_NODE_CONF=
PAIRSPAN_WARM_UP=${PAIRSPAN_WARM_UP:-5}
PEER_DESC="pairspan, $PAIRSPAN_SUITE, device MTU $PAIRSPAN_MTU, JVMs warmed by $PAIRSPAN_WARM_UP s of TCP, other settings default"
PEER_TARGET=$INNER_B

KMS_MEMBER_PORT=7400
KMS_CLUSTER_PORT=7300
BEARER_PORT=4710

pairspan() {
  if [[ -x $PAIRSPAN_HOME/pairspan ]]; then echo "$PAIRSPAN_HOME/pairspan"; else echo "$PAIRSPAN_HOME/bin/pairspan"; fi
}

peer_check() {
  [[ -n ${PAIRSPAN_HOME:-} ]] || { echo "set PAIRSPAN_HOME to the source tree or the distribution"; return 1; }
  [[ -x $(pairspan) ]] || { echo "no pairspan command in $PAIRSPAN_HOME"; return 1; }
  ((PAIRSPAN_WARM_UP >= 0 && PAIRSPAN_WARM_UP <= 5)) || { echo "PAIRSPAN_WARM_UP is 0 to 5 seconds"; return 1; }
  # Builds from source where that is needed, so that no build runs beside a measurement.
  "$(pairspan)" --version >/dev/null
}

kms_config() {
  cat <<CONF
pairspan.kms {
  name = kms-1
  identity { certificate = "kms-1.crt", private-key = "kms-1.key", authority = "ca.crt" }
  cluster { host = "127.0.0.1", port = $KMS_CLUSTER_PORT, seeds = ["127.0.0.1:$KMS_CLUSTER_PORT"] }
  member-link { host = "$WIRE_A", port = $KMS_MEMBER_PORT }
  sealing.master-key-file = "master.key"
}
CONF
}

node_config() {   # side, wire address, inner address
  cat <<CONF
pairspan.node {
  identity { certificate = "site-$1.crt", private-key = "site-$1.key", authority = "ca.crt" }
  key-service.servers = ["$WIRE_A:$KMS_MEMBER_PORT"]
  bearer { host = "$2", port = $BEARER_PORT, directory = "$(shm_folder "$1")" }
  device { name = "rigps-$1", mtu = $PAIRSPAN_MTU, addresses = ["$3/24"] }
  prefixes = ["$3/32"]
  suites = [$PAIRSPAN_SUITE]
  $PAIRSPAN_NODE_CONF
  $VARIANT_NODE_CONF
}
CONF
}

# Streams live in memory, not on a disk; the name is this run's own.
shm_folder() { echo "/dev/shm/$(basename "$STATE")-$1"; }

# until_ready LOG PID_FILE WORDS SECONDS: until the program says so in its log; fails when it ended instead, or took too long
until_ready() {
  local deadline=$((SECONDS + $4))
  until grep -qs "$3" "$1"; do
    if [[ ! -d /proc/$(<"$2") ]] || ((SECONDS >= deadline)); then
      echo "not ready within $4 s, or ended before:" >&2; tail -n 20 "$1" >&2
      return 1
    fi
    sleep 0.2
  done
}

warm_up() {
  ((PAIRSPAN_WARM_UP > 0)) || return 0
  local server
  echo "pairspan: warming the JVMs with $PAIRSPAN_WARM_UP s of TCP" >&2
  timeout 15 ip netns exec "$NS_B" iperf3 -s -1 -p 5299 >/dev/null 2>&1 & server=$!
  for _ in {1..40}; do ip netns exec "$NS_B" ss -Hltn "sport = :5299" | grep -q . && break; sleep 0.05; done
  timeout 12 ip netns exec "$NS_A" iperf3 -c "$INNER_B" -p 5299 -t "$PAIRSPAN_WARM_UP" >"$STATE/log/warm-up.log" 2>&1
  kill "$server" 2>/dev/null; wait "$server" 2>/dev/null
  return 0
}

peer_up() {
  local folder=$STATE/pairspan command log=$STATE/log
  command=$(pairspan)
  mkdir -p "$folder" "$log"; chmod 700 "$folder"
  "$command" pki ca --dir "$folder" --key ecdsa-p256 >"$log/pki.log" || return 1
  "$command" pki kms kms-1 --dir "$folder" >>"$log/pki.log" || return 1
  "$command" pki member site-a --prefix "$INNER_A/32" --dir "$folder" >>"$log/pki.log" || return 1
  "$command" pki member site-b --prefix "$INNER_B/32" --dir "$folder" >>"$log/pki.log" || return 1
  "$command" pki master-key --dir "$folder" >>"$log/pki.log" || return 1
  kms_config >"$folder/kms.conf"
  node_config a "$WIRE_A" "$INNER_A" >"$folder/node-a.conf"
  node_config b "$WIRE_B" "$INNER_B" >"$folder/node-b.conf"

  ip netns exec "$NS_A" "$command" kms --config "$folder/kms.conf" >"$log/kms.log" 2>&1 </dev/null &
  echo $! >"$STATE/kms.pid"
  disown $! 2>/dev/null || true
  until_ready "$log/kms.log" "$STATE/kms.pid" "^kms .* ready" 60 || return 1
  spawn a pairspan "$command" node --config "$folder/node-a.conf"
  spawn b pairspan "$command" node --config "$folder/node-b.conf"
  until_ready "$log/a-pairspan.log" "$STATE/pids/a-pairspan" "^node .* ready" 30 || return 1
  until_ready "$log/b-pairspan.log" "$STATE/pids/b-pairspan" "^node .* ready" 30 || return 1
  wait_ping "$INNER_B" 20 || return 1
  warm_up
}

peer_down() {
  local pid
  stop_spawned
  if [[ -e $STATE/kms.pid ]]; then
    pid=$(<"$STATE/kms.pid"); rm -f "$STATE/kms.pid"
    kill -TERM "$pid" 2>/dev/null
    for _ in {1..50}; do [[ -d /proc/$pid ]] || break; sleep 0.1; done
    kill -KILL "$pid" 2>/dev/null
  fi
  rm -rf "$(shm_folder a)" "$(shm_folder b)"
  return 0
}

peer_mtu() { in_a cat /sys/class/net/rigps-a/mtu; }
