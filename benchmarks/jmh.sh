#!/usr/bin/env bash
# Runs the JMH benchmarks. Arguments go to JMH: jmh.sh AssociationBenchmark -p suite=aes-256-gcm
# Takes a JDK 25 or newer from JAVA_HOME, the PATH or /usr/lib/jvm.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

. "$here/common.sh"
java=$(find_java)

mvn -q -f "$here/../pom.xml" -pl benchmarks -am -DskipTests package
exec "$java" "${JAVA_FLAGS[@]}" -cp "$here/target/classes:$(<"$here/target/class-path")" org.openjdk.jmh.Main "$@"
