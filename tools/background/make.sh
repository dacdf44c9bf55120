#!/bin/sh
# Makes src/core/image/background_table.h again: to be run when the print of an anchor changes.
# usage: tools/background/make.sh [BUILD_DIR [SCRATCH_DIR]]
# Needs python3-cairo, python3-numpy and the fonts named in kit.py.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
build=${1:-$root/build}
scratch=${2:-$(mktemp -d)}
ninja -C "$build" tools/background/background_collect
"$root/tools/background/draw_and_collect.sh" "$build/tools/background/background_collect" "$scratch"
mv "$scratch/table.h" "$root/src/core/image/background_table.h"
