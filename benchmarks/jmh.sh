#!/usr/bin/env bash
# Runs the JMH benchmarks. Arguments go to JMH: jmh.sh AssociationBenchmark -p suite=aes-256-gcm
# Takes a JDK 25 or newer from JAVA_HOME, the PATH or /usr/lib/jvm.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

is_new_enough() { [[ -x $1 ]] && [[ $("$1" --version 2>/dev/null | sed -n '1s/^[a-z]* \([0-9]*\).*/\1/p') -ge 25 ]]; }
java=
for candidate in "${JAVA_HOME:-}/bin/java" "$(command -v java || true)" /usr/lib/jvm/*/bin/java; do
  if is_new_enough "$candidate"; then java=$candidate; break; fi
done
[[ -n $java ]] || { echo "error: no JDK 25 or newer found; install one, or set JAVA_HOME" >&2; exit 1; }

mvn -q -f "$here/../pom.xml" -pl benchmarks -am -DskipTests package
exec "$java" --add-opens java.base/jdk.internal.misc=ALL-UNNAMED --enable-native-access=ALL-UNNAMED \
  --sun-misc-unsafe-memory-access=allow -cp "$here/target/classes:$(<"$here/target/class-path")" org.openjdk.jmh.Main "$@"
