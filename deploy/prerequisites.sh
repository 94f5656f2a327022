# Functions shared by run.sh, test.sh and bench.sh: they install what is missing and say what they install.
# Sourced, not run. Everything is installed by package name through the machine's own package sources.

say() { printf '%s\n' "$*" >&2; }

die() { say "error: $*"; exit 1; }

# apt_install PACKAGE... : installs Debian packages that are not installed yet.
apt_install() {
  local missing=() package
  for package in "$@"; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return 0
  [ "$(id -u)" = 0 ] || die "these Debian packages are missing: ${missing[*]}. Install them, or run this script as root."
  say "Installing Debian packages: ${missing[*]}"
  [ -n "${apt_updated:-}" ] || apt-get update -qq >/dev/null || die "apt-get update failed: check the machine's package sources."
  apt_updated=1
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null ||
    die "apt-get could not install: ${missing[*]}"
}

# The .NET SDK that global.json names.
ensure_dotnet() {
  export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
  [ -x "$HOME/.dotnet/dotnet" ] && PATH="$HOME/.dotnet:$PATH"
  (cd "$root" && dotnet --version >/dev/null 2>&1) && return 0
  local wanted; wanted=$(sed -n 's/.*"version": "\([0-9]*\.[0-9]*\).*/\1/p' "$root/global.json")
  say "The .NET SDK $wanted is missing: installing the package dotnet-sdk-$wanted"
  apt_install "dotnet-sdk-$wanted"
  (cd "$root" && dotnet --version >/dev/null 2>&1) || die "global.json asks for a .NET SDK $wanted that is not installed."
}

# docker_answers : whether a Docker daemon answers on its default socket.
docker_answers() { [ -S /var/run/docker.sock ] && curl -fsS -m 5 --unix-socket /var/run/docker.sock http://docker/_ping >/dev/null 2>&1; }

# Starts a Docker daemon if none answers and we may. Fails only by its exit code.
ensure_docker() {
  docker_answers && return 0
  [ "$(id -u)" = 0 ] || return 1
  command -v dockerd >/dev/null || return 1
  say "Starting a Docker daemon (log: /var/log/dockerd-orchestrator.log)"
  rm -f /var/run/docker.pid
  setsid dockerd >/var/log/dockerd-orchestrator.log 2>&1 </dev/null &
  local i
  for i in $(seq 1 60); do docker_answers && return 0; sleep 0.5; done
  return 1
}

# build CONFIGURATION : restores by the lock files and builds everything.
build() {
  local log; log=$(mktemp)
  if ! (cd "$root" && dotnet build Orchestrator.sln -c "$1" -v quiet -clp:NoSummary >"$log" 2>&1); then
    grep -E 'error|warning' "$log" | sort -u >&2 || cat "$log" >&2
    rm -f "$log"
    die "the build failed."
  fi
  rm -f "$log"
}
