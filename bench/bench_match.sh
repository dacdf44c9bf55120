#!/bin/bash
# POST /v1/match of one print against N entries, keep-alive on loopback, beside an empty handler
# (/livez) of the same server in the same run; then a thousand prints a request. usage: bench_match.sh BUILD [N [SECONDS]]
set -euo pipefail
build=${1:?usage: bench_match.sh BUILD [N [SECONDS]]} n=${2:-1000000} seconds=${3:-5}
here=$(dirname "$0")
dir=$(mktemp -d)
coproc "$build/bench/serve_million" "$dir" "$n"
pid=$COPROC_PID
trap 'kill "$pid" 2>/dev/null; wait "$pid" 2>/dev/null; rm -rf "$dir"' EXIT
while read -r word rest <&"${COPROC[0]}"; do
    case $word in
    seeded) echo "seeded ${rest% *} entries in ${rest#* } s" ;;
    key) export KEY=$rest ;;
    listening) port=$rest && break ;;
    esac
done
[ -n "${port:-}" ] || { echo "the service did not start" >&2; exit 1; }
url=http://127.0.0.1:$port

cpu_ticks() { awk '{print $14 + $15}' "/proc/$pid/stat"; }

# NAME CONNECTIONS ARGUMENTS...: prints name, requests a second, server CPU and latency a request
run() {
    local name=$1 connections=$2 before after out
    shift 2
    wrk -t1 -c"$connections" -d1 "$@" >/dev/null # warm
    before=$(cpu_ticks)
    out=$(wrk -t1 -c"$connections" -d"$seconds" --latency "$@")
    after=$(cpu_ticks)
    awk -v name="$name" -v c="$connections" -v ticks=$((after - before)) -v hz="$(getconf CLK_TCK)" '
        / requests in / { n = $1 }
        $1 == "50%" { p50 = $2 } $1 == "99%" { p99 = $2 }
        /Requests\/sec/ { rate = $2 }
        /Non-2xx/ { bad = $NF }
        END {
            printf "%-10s %2d connections: %8.0f requests/s, %7.1f us of server CPU each, ", name, c, rate, ticks / hz / n * 1e6
            printf "latency %s (99%%: %s)%s\n", p50, p99, bad ? ", " bad " FAILED" : ""
        }' <<<"$out"
    last=$(awk '/Requests\/sec/ {print $2}' <<<"$out")
    last_cpu=$(awk -v ticks=$((after - before)) '/ requests in / {print ticks / $1}' <<<"$out")
}

for connections in 1 16; do
    run livez "$connections" "$url/livez"
    empty=$last empty_cpu=$last_cpu
    run match "$connections" -s "$here/match.lua" "$url/v1/match"
    awk -v a="$empty" -v b="$last" -v c="$empty_cpu" -v d="$last_cpu" \
        'BEGIN { printf "ratio: one match costs %.1f empty requests, %.1f in CPU\n", a / b, d / c }'
done
PRINTS=1000 run "match 1000" 4 -s "$here/match.lua" "$url/v1/match"
