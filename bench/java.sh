# What bench/run and bench/micro share: building, and finding a Java. Sourced; expects $root.

major() { # the major version of a java, 0 if it does not run
  "$1" -version 2>&1 | sed -n 's/.*version "\([0-9]*\).*/\1/p' | head -n 1 | grep . || echo 0
}

newest_java() {
  if [ -n "${TURNOUT_JAVA:-}" ]; then
    echo "$TURNOUT_JAVA"
    return
  fi
  best= best_major=16
  for candidate in "${JAVA_HOME:-/nonexistent}/bin/java" "$(command -v java || true)" \
      /usr/lib/jvm/*/bin/java /opt/java/*/bin/java; do
    [ -x "$candidate" ] || continue
    version=$(major "$candidate")
    if [ "$version" -gt "$best_major" ]; then
      best=$candidate best_major=$version
    fi
  done
  if [ -z "$best" ]; then
    echo "bench: no Java 17 or newer found; install one or set TURNOUT_JAVA to its java program" >&2
    exit 1
  fi
  echo "$best"
}

java_flags() { # what Netty wants to be told since Java 24
  if [ "$(major "$1")" -ge 24 ]; then
    echo "--enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow"
  fi
}

class_path() {
  echo "$root/bench/target/classes:$(cat "$root/bench/target/classpath.txt")"
}

build() {
  build_modules
  "$root/turnout" schema > /dev/null # makes what a fast start needs, if that is missing
}

build_modules() { # both, when a source is newer than what was built last
  stamp="$root/bench/target/classpath.txt"
  if [ -e "$stamp" ] && [ -e "$root/proxy/target/turnout.jar" ] && [ -z "$(find "$root/pom.xml" "$root/proxy/pom.xml" \
      "$root/bench/pom.xml" "$root/proxy/src/main" "$root/bench/src/main" -newer "$stamp" -print | head -n 1)" ]; then
    return
  fi
  command -v mvn > /dev/null || { echo "bench: it has to be built first, and mvn is not on the PATH" >&2; exit 1; }
  echo "bench: building ..." >&2
  (cd "$root" && mvn -q -B -pl proxy,bench package -DskipTests -Dspotless.check.skip=true) >&2
  touch "$stamp"
}
