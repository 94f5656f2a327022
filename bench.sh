#!/usr/bin/env bash
# Measures on this machine and prints a table: ./bench.sh [--small] [--agents N] [--tasks N] [--apps N] [--only launch|allocation|docker|services|executor]
# One real host, load generator and all, on one machine; figures with their commit and machine go to docs/benchmarks.md.
set -euo pipefail
root=$(cd "$(dirname "$0")" && pwd)
. "$root/deploy/prerequisites.sh"

apt_install curl docker.io busybox-static
ensure_dotnet
ensure_docker || say "No Docker daemon answers: the container figures will fail."
build Release
# Each simulated agent and its stream is a connection of its own.
ulimit -n 65536 2>/dev/null || ulimit -n "$(ulimit -Hn)"
printf 'commit %s, %s cores, %s MiB, %s, kernel %s\n\n' "$(git -C "$root" describe --always --dirty)" "$(nproc)" \
  "$(awk '/MemTotal/ {print int($2 / 1024)}' /proc/meminfo)" "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)" "$(uname -r)"
exec "$root/Orchestrator.Tests/bin/Release/net10.0/Orchestrator.Tests" bench "$@"
