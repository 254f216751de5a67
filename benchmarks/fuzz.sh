#!/usr/bin/env bash
# Feeds every decoder with bytes that nobody should send: fuzz.sh [SECONDS_EACH [SEED [NAME]]]
# Ends with code 1 and the input, in hexadecimal, that did harm. Takes a JDK 25 or newer from JAVA_HOME, the PATH or /usr/lib/jvm.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/common.sh"
java=$(find_java)
mvn -q -f "$here/../pom.xml" -pl benchmarks -am -DskipTests package
exec "$java" "${JAVA_FLAGS[@]}" -Xmx256m -cp "$here/target/classes:$(<"$here/target/class-path")" \
  org.pairspan.benchmarks.fuzz.DecoderFuzz "$@"
