#!/bin/sh
# The table of the tree is, to the byte, what its tool makes with the prints of the tree.
# usage: test_table.sh COLLECT
# Skipped where a font is missing (tools/setup drawings): the pictures would be others.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
point="the background table is what its tool makes of the present prints"
missing=$(cd "$here" && /usr/bin/python3 - <<'END'
import subprocess
try:
    import kit
    for font in kit.FONTS:
        if font not in subprocess.run(["fc-match", "-f", "%{family}", font], capture_output=True, text=True).stdout:
            print(font)
except ImportError as missing:
    print(missing.name)
END
)
echo 1..1
if [ -n "$missing" ]; then
    echo "ok 1 - $point # SKIP missing: $(echo "$missing" | tr '\n' ' ')"
    exit 0
fi
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
"$here/draw_and_collect.sh" "$1" "$scratch" 2>/dev/null
if cmp "$scratch/table.h" "$here/../../src/core/image/background_table.h" >&2; then
    echo "ok 1 - $point"
else
    echo "not ok 1 - $point"
fi
