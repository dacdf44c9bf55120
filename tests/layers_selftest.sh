#!/bin/bash
# layers.sh itself: a tree with one forbidden include of each sort must fail. Speaks TAP.
layers=$(realpath "$(dirname "$0")/layers.sh")
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
mkdir -p "$tree"/src/{base,core/kernels,inspect,sys,store}
n=0
expect_failure() { # NAME FILE LINE
    n=$((n + 1))
    echo "$3" >"$tree/src/$2"
    if bash "$layers" "$tree" >/dev/null; then echo "not ok $n - $1"; else echo "ok $n - $1"; fi
    rm "$tree/src/$2"
}
touch "$tree/src/sys/file.h"
expect_failure "an arrow that points up is caught" core/a.c '#include "sys/file.h"'
expect_failure "an impure header in core is caught" core/a.c '#include <stdio.h>'
expect_failure "intrinsics outside the kernels are caught" core/a.c '#include <immintrin.h>'
echo '#include <sqlite3.h>' >"$tree/src/store/a.c"
expect_failure "a library included twice is caught" store/b.c '#include <sqlite3.h>'
rm "$tree/src/store/a.c"
expect_failure "curl outside its two files is caught" sys/a.c '#include <curl/curl.h>'
n=$((n + 1))
echo '#include <immintrin.h>' >"$tree/src/core/kernels/a.c"
if bash "$layers" "$tree" >/dev/null; then echo "ok $n - a lawful tree passes"; else echo "not ok $n - a lawful tree passes"; fi
echo "1..$n"
