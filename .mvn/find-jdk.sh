# Finds a JDK of at least 25 for mvnw and sigwarden, which source this file (POSIX sh).
#
# find_jdk sets and exports JAVA_HOME and sets JDK_MAJOR (25, 26, ...), or says in one line what is
# missing and returns 1. Order: JAVA_HOME, JDK25_HOME, the java on PATH, then the usual folders, of
# which the lowest version that is new enough wins.

JDK_NEEDED=25

# The major version of the JDK in folder $1; fails if it is no JDK (a JRE has no javac).
jdk_major() {
  [ -x "$1/bin/java" ] && [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 1
  sed -n 's/^JAVA_VERSION="\([0-9][0-9]*\).*/\1/p' "$1/release"
}

# Takes folder $1 if it holds a JDK that is new enough.
take_jdk() {
  [ -n "$1" ] || return 1
  major=$(jdk_major "$1") && [ "${major:-0}" -ge "$JDK_NEEDED" ] || return 1
  JAVA_HOME=$1
  JDK_MAJOR=$major
  export JAVA_HOME
}

find_jdk() {
  take_jdk "${JAVA_HOME:-}" && return 0
  take_jdk "${JDK25_HOME:-}" && return 0
  on_path=$(command -v java 2>/dev/null) && on_path=$(readlink -f "$on_path" 2>/dev/null) \
    && take_jdk "${on_path%/bin/java}" && return 0
  best=
  best_major=
  for folder in /usr/lib/jvm/* "${HOME:-/}"/.sdkman/candidates/java/* "${HOME:-/}"/.jdks/* \
    "${HOME:-/}"/.local/share/mise/installs/java/* /opt/*jdk* /opt/java/* /opt/java /usr/java/* \
    /usr/local/*jdk* /Library/Java/JavaVirtualMachines/*/Contents/Home; do
    major=$(jdk_major "$folder") && [ "${major:-0}" -ge "$JDK_NEEDED" ] || continue
    if [ -z "$best" ] || [ "$major" -lt "$best_major" ]; then
      best=$folder
      best_major=$major
    fi
  done
  take_jdk "$best" && return 0
  echo "$1: no JDK $JDK_NEEDED or newer found; install one (apt install temurin-25-jdk, sdk install java 25-tem) or set JAVA_HOME" >&2
  return 1
}
