#!/usr/bin/env bash
# Starts Orchestrator on this machine: the host, a local agent and a sample app. Ctrl-C stops everything again.
set -uo pipefail
root=$(cd "$(dirname "$0")" && pwd)
. "$root/deploy/prerequisites.sh"

usage() {
  cat <<'TEXT'
usage: ./run.sh [options]
  --data DIR           where state and sandboxes are kept        (./.data)
  --port N             console, master API and REST              (5050)
  --marathon-port N    the same host for Marathon clients, 0 off (8080)
  --agent-port N       first local agent; further ones count up  (5051)
  --agents N           local agents sharing this machine         (1)
  --simulate N         N simulated agents and a believable load, no real task
  --no-sample          do not deploy the sample app /hello
  --keep               tasks survive Ctrl-C
TEXT
}

data="$PWD/.data" port=5050 marathon_port=8080 agent_port=5051 agents=1 simulate=0 sample=1 keep=0
number() { [[ "$2" =~ ^[0-9]+$ ]] && [ "$2" -le "$3" ] || die "$1: '$2' is not a number from 0 to $3."; }
while [ $# -gt 0 ]; do
  case "$1" in
    --data | --port | --marathon-port | --agent-port | --agents | --simulate)
      [ $# -ge 2 ] || die "$1 needs a value (./run.sh --help)." ;;
  esac
  case "$1" in
    --data) data=$2; shift 2 ;;
    --port) number "$1" "$2" 65535; port=$2; shift 2 ;;
    --marathon-port) number "$1" "$2" 65535; marathon_port=$2; shift 2 ;;
    --agent-port) number "$1" "$2" 65535; agent_port=$2; shift 2 ;;
    --agents) number "$1" "$2" 64; agents=$2; shift 2 ;;
    --simulate) number "$1" "$2" 50000; simulate=$2; shift 2 ;;
    --no-sample) sample=0; shift ;;
    --keep) keep=1; shift ;;
    -h | --help) usage; exit 0 ;;
    *) usage >&2; die "unknown option '$1'." ;;
  esac
done
[ "$port" -gt 0 ] || die "--port: 0 is not a port to open a page on."
if [ "$simulate" -gt 0 ]; then agents=0 sample=0; fi

apt_install curl
ensure_dotnet
[ "$sample" = 0 ] || command -v busybox >/dev/null || apt_install busybox-static
mkdir -p "$data" || die "--data: cannot create $data."
data=$(cd "$data" && pwd)
say "Building"
build Release
host_dll="$root/Orchestrator.Web/bin/Release/net10.0/orchestrator.dll"
agent_dll="$root/Orchestrator.AgentService/bin/Release/net10.0/orchestrator-agent.dll"
url="http://127.0.0.1:$port"

host_pid="" agent_pids=()
stop() {
  trap '' INT TERM
  say "Stopping"
  # The host first: what the agents then end is not a failure that it should repair.
  [ -z "$host_pid" ] || { kill -TERM "$host_pid" 2>/dev/null; wait "$host_pid" 2>/dev/null; }
  local pid
  for pid in "${agent_pids[@]}"; do kill -TERM "$pid" 2>/dev/null; done
  for pid in "${agent_pids[@]}"; do wait "$pid" 2>/dev/null; done
}
trap 'stop; exit 0' INT TERM

# In sessions of their own, so that Ctrl-C reaches this script only, which then stops them in order.
start() { local log=$1; shift; setsid "$@" >>"$log" 2>&1 </dev/null & }

host_args=(--ip 127.0.0.1 --port "$port" --http_port "$marathon_port" --work_dir "$data/host")
[ "$simulate" -gt 0 ] && host_args+=(--simulate "$simulate")
start "$data/host.log" dotnet "$host_dll" "${host_args[@]}"
host_pid=$!

if [ "$agents" -gt 0 ]; then
  ensure_docker || say "No Docker daemon answers: command tasks work, Docker apps wait (install docker.io and start dockerd)."
  cpus=$(nproc) mem=$(awk '/MemTotal/ {print int($2 / 1024)}' /proc/meminfo)
  [ "$mem" -ge 2048 ] && mem=$((mem - 1024)) || mem=$((mem / 2))
  for i in $(seq 1 "$agents"); do
    args=(--master "127.0.0.1:$port" --ip "127.0.0.$i" --hostname "127.0.0.$i" --port $((agent_port + i - 1)) --work_dir "$data/agent-$i" --containerizers docker,mesos)
    if [ "$agents" -gt 1 ]; then
      span=$((1000 / agents)) first=$((31000 + (i - 1) * (1000 / agents)))
      args+=(--resources "cpus:$(awk "BEGIN {printf \"%.3f\", $cpus / $agents}");mem:$((mem / agents));ports:[$first-$((first + span - 1))]")
    fi
    [ "$keep" = 1 ] || args+=(--shutdown_tasks_on_exit)
    start "$data/agent-$i.log" dotnet "$agent_dll" "${args[@]}"
    agent_pids+=($!)
  done
fi

alive() {
  kill -0 "$host_pid" 2>/dev/null || { tail -n 20 "$data/host.log" >&2; stop; die "the host stopped (log: $data/host.log)."; }
  local i
  for i in "${!agent_pids[@]}"; do
    kill -0 "${agent_pids[$i]}" 2>/dev/null || { tail -n 20 "$data/agent-$((i + 1)).log" >&2; stop; die "agent $((i + 1)) stopped (log: $data/agent-$((i + 1)).log)."; }
  done
}
# Ready: the services engine is subscribed and, unless agents are simulated, every local agent is registered.
ready() {
  local wanted=$agents
  [ "$simulate" -gt 0 ] && wanted=$simulate
  curl -fsS -m 5 "$url/v2/info" 2>/dev/null | grep -qE '"frameworkId": ?"[^"]+' || return 1
  [ "$(curl -fsS -m 5 "$url/metrics/snapshot" 2>/dev/null | grep -oE '"master/slaves_active": ?[0-9]+' | grep -oE '[0-9]+$')" -ge "$wanted" ] 2>/dev/null
}
for _ in $(seq 1 300); do alive; ready && break; sleep 0.2; done
ready || { stop; die "not ready after a minute (logs: $data/*.log)."; }

if [ "$sample" = 1 ]; then
  curl -fsS -o /dev/null -X PUT "$url/v2/apps//hello" -H 'Content-Type: application/json' --data-binary @"$root/deploy/hello.json" ||
    say "The sample app could not be deployed."
fi
echo "Orchestrator is ready: $url"

while :; do alive; sleep 1; done
