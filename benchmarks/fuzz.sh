#!/usr/bin/env bash
# Feeds every decoder with bytes that nobody should send: fuzz.sh [SECONDS_EACH [SEED [NAME]]]
#
#   SECONDS_EACH   for each decoder (default 60)
#   SEED           a number; the same one makes the same inputs again (default: another each time; it is printed)
#   NAME           of one decoder, or a part of it (default: all): datagram, control, acknowledgements, handshake, pieces, packets,
#                  key-service, etsi-014, certificate-requests, enrolment
#
# Ends with code 1 and the input, in hexadecimal, that did harm. Takes a JDK 25 or newer from JAVA_HOME, the PATH or /usr/lib/jvm.
set -euo pipefail
case ${1:-} in -h | --help) sed -n '2,/^[^#]/s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; exit ;; esac
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/common.sh"
java=$(find_java)
mvn -q -f "$here/../pom.xml" -pl benchmarks -am -DskipTests package
exec "$java" "${JAVA_FLAGS[@]}" -Xmx256m -cp "$here/target/classes:$(<"$here/target/class-path")" \
  org.pairspan.benchmarks.fuzz.DecoderFuzz "$@"
