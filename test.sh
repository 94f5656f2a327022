#!/usr/bin/env bash
# Runs the tests: ./test.sh [unit|contract|simulation|integration|browser]   (no argument: all)
# Installs what they need, starts a Docker daemon if none answers, builds, runs, and ends with "N passed, N failed".
# A test that cannot run for want of something fails; none is skipped.
set -uo pipefail
root=$(cd "$(dirname "$0")" && pwd)
. "$root/deploy/prerequisites.sh"

case "${1:-all}" in
  all) suites=(unit contract simulation integration browser) ;;
  unit | contract | simulation | integration | browser) suites=("$1") ;;
  *) say "usage: ./test.sh [unit|contract|simulation|integration|browser]"; exit 2 ;;
esac

apt_install curl ca-certificates
ensure_dotnet
for suite in "${suites[@]}"; do
  case "$suite" in
    integration) apt_install docker.io busybox-static docker-registry apache2-utils python3 ;;
    browser) apt_install docker.io busybox-static chromium fonts-dejavu-core ;;
  esac
done
case " ${suites[*]} " in *" integration "* | *" browser "*)
  ensure_docker || say "No Docker daemon answers and none could be started: tests that need one will fail." ;;
esac
build Release

results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT
passed=0 failed=0
run_suite() {
  local suite=$1 filter=()
  case "$suite" in
    unit) filter=(-trait- "Category=Contract" -trait- "Category=Simulation" -trait- "Category=Integration" -trait- "Category=Browser") ;;
    *) filter=(-trait "Category=${suite^}") ;;
  esac
  # Suites that start processes and containers run one class at a time: two cores are few.
  case "$suite" in integration | browser) filter+=(-parallel none) ;; esac
  timeout --kill-after=30 1500 "$root/Orchestrator.Tests/bin/Release/net10.0/Orchestrator.Tests" "${filter[@]}" -noLogo > "$results/$suite.log" 2>&1
}
count_suite() {
  local suite=$1 log="$results/$1.log" line
  say "== $suite"
  grep -vE '^\s*$' "$log" >&2
  line=$(grep -oE 'Total: [0-9]+, Errors: [0-9]+, Failed: [0-9]+, Skipped: [0-9]+' "$log" | tail -n 1)
  if [ -z "$line" ]; then
    say "The suite $suite did not finish."
    failed=$((failed + 1))
    return
  fi
  local total errors bad skipped
  read -r total errors bad skipped <<<"$(tr -c '0-9\n' ' ' <<<"$line")"
  [ "$total" -gt 0 ] || { say "The suite $suite has no test."; bad=$((bad + 1)); total=$((total + 1)); }
  failed=$((failed + errors + bad + skipped))
  passed=$((passed + total - bad - skipped))
}

# The suites that start no process of their own run side by side; the others one after another, with the machine to themselves.
fast=() slow=()
for suite in "${suites[@]}"; do
  case "$suite" in unit | contract | simulation) fast+=("$suite") ;; *) slow+=("$suite") ;; esac
done
[ ${#fast[@]} -eq 0 ] || say "running ${fast[*]}"
# Only they are waited for: a Docker daemon that was started above may be a child too.
running=()
for suite in "${fast[@]}"; do
  run_suite "$suite" &
  running+=($!)
done
[ ${#running[@]} -eq 0 ] || wait "${running[@]}"
for suite in "${fast[@]}"; do count_suite "$suite"; done
for suite in "${slow[@]}"; do
  say "running $suite"
  run_suite "$suite"
  count_suite "$suite"
done

# What failed is said once more at the end, where a long log is read first.
grep -hE -A 12 '\[(FAIL|SKIP)\]' "$results"/*.log | cut -c1-600 >&2
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
