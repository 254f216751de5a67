# Sourced by the scripts of this folder.

BENCHMARKS=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
export PAIRSPAN_HOME=${PAIRSPAN_HOME:-$(cd "$BENCHMARKS/.." && pwd)}

is_new_enough() { [[ -x $1 ]] && [[ $("$1" --version 2>/dev/null | sed -n '1s/^[a-z]* \([0-9]*\).*/\1/p') -ge 25 ]]; }

# Prints a JDK 25 or newer from JAVA_HOME, the PATH or /usr/lib/jvm.
find_java() {
  local candidate
  for candidate in "${JAVA_HOME:-}/bin/java" "$(command -v java || true)" /usr/lib/jvm/*/bin/java; do
    if is_new_enough "$candidate"; then echo "$candidate"; return; fi
  done
  echo "error: no JDK 25 or newer found; install one, or set JAVA_HOME" >&2
  return 1
}

# The options that Pairspan's libraries need.
JAVA_FLAGS=(--add-opens java.base/jdk.internal.misc=ALL-UNNAMED --add-opens java.base/sun.nio.ch=ALL-UNNAMED
  --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow)

# Prints the folder with Pairspan's jars; builds from source first where that is needed.
pairspan_jars() {
  if [[ -d $PAIRSPAN_HOME/lib ]]; then echo "$PAIRSPAN_HOME/lib"; return; fi
  "$PAIRSPAN_HOME/pairspan" --version >/dev/null || return 1
  echo "$PAIRSPAN_HOME"/cli/target/pairspan-*/lib
}

# copy_rig RIG_FOLDER: prints a temporary folder with the rig's scripts and ours beside them; the rig's own folder is left as it is.
copy_rig() {
  local copy
  [[ -r $1/rig.sh ]] || { echo "error: no rig.sh in $1" >&2; return 1; }
  copy=$(mktemp -d)
  cp "$1"/*.sh "$BENCHMARKS"/peer-ours*.sh "$copy/"
  echo "$copy"
}

# stop_pid PID: asks a process of ours to end, and makes it after five seconds.
stop_pid() {
  kill -TERM "$1" 2>/dev/null || return 0
  for _ in {1..50}; do [[ -d /proc/$1 ]] || return 0; sleep 0.1; done
  kill -KILL "$1" 2>/dev/null
  return 0
}

# tcp_mbps NAME SECONDS [client arguments]: one iperf3 run from A to $PEER_TARGET, raw files in $OUT; prints Mbit/s received, or -
tcp_mbps() {
  local name=$1 seconds=$2 server value; shift 2
  timeout $((seconds + 15)) ip netns exec "$NS_B" iperf3 -s -1 -J -p 5201 >"$OUT/$name.server.json" 2>/dev/null & server=$!
  for _ in {1..60}; do ip netns exec "$NS_B" ss -Hltn "sport = :5201" | grep -q . && break; sleep 0.05; done
  timeout $((seconds + 12)) ip netns exec "$NS_A" iperf3 -c "$PEER_TARGET" -p 5201 -t "$seconds" -J "$@" >"$OUT/$name.client.json" 2>/dev/null
  for _ in {1..20}; do kill -0 "$server" 2>/dev/null || break; sleep 0.1; done
  kill "$server" 2>/dev/null; wait "$server" 2>/dev/null
  value=$(jq -r '.end.sum_received.bits_per_second // empty | . / 1e6 | round' "$OUT/$name.client.json" 2>/dev/null)
  echo "${value:--}"
}
