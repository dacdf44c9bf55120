#!/bin/sh
# Draws the thousand pictures and writes the table of what they share to SCRATCH_DIR/table.h.
# usage: draw_and_collect.sh COLLECT SCRATCH_DIR
set -eu
here=$(cd "$(dirname "$0")" && pwd)
[ -e "$2/done" ] || /usr/bin/python3 "$here/draw.py" "$2" 0 1000
touch "$2/done"
"$1" 2048 "$2"/*.pgm >"$2/table.h"
