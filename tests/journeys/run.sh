#!/bin/sh
# Runs a browser test where there is a browser; elsewhere says so in TAP.
# usage: run.sh SCRIPT ARGUMENT...
command -v node >/dev/null || { echo "1..0 # SKIP no node on this machine (tools/setup pages)"; exit 0; }
[ -x "${CHROMIUM:-/usr/bin/chromium}" ] || { echo "1..0 # SKIP no chromium on this machine (tools/setup pages)"; exit 0; }
[ -d "$(dirname "$1")/node_modules/playwright-core" ] || {
    echo "Bail out! the browser driver is missing: run tools/setup pages"
    exit 1
}
exec node "$@"
