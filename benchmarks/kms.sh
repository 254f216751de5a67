#!/usr/bin/env bash
# How many keys a second, beside what PostgreSQL itself inserts: kms.sh [NAME=VALUE ...]
# Names and their defaults: servers=1 pairs=20000 concurrency=64 seconds=10 hot=5000 cold=2000 journal=postgresql; see LoadOptions.
# Takes a JDK 25 or newer from JAVA_HOME, the PATH or /usr/lib/jvm; pgbench comes with the package postgresql.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/common.sh"
java=$(find_java)
mvn -q -f "$here/../pom.xml" -pl benchmarks -am -DskipTests package
properties=()
for setting in "$@"; do properties+=("-Dpairspan.load.$setting"); done
exec "$java" "${JAVA_FLAGS[@]}" "${properties[@]}" -cp "$here/target/classes:$(<"$here/target/class-path")" \
  org.pairspan.benchmarks.kms.KeyServiceLoad
