#!/bin/bash
# Installs the library into an empty place, compiles the example of docs/embedding.md with nothing
# but what pkg-config says, and runs it. Speaks TAP.
# usage: test_embed.sh BUILD SOURCE CC
build=$1 source=$2 cc=$3
dest=$(mktemp -d) || exit 1
trap 'rm -rf "$dest"' EXIT

n=0 failed=0
point() { # OK(0/1) NAME DETAIL
    n=$((n + 1))
    if [ "$1" -eq 0 ]; then
        echo "ok $n - $2"
    else
        failed=1
        echo "not ok $n - $2"
        sed 's/^/# /' <<<"$3"
    fi
}

shown=$(sed -n '/^```c$/,/^```$/p' "$source/docs/embedding.md" | sed '/^```/d')
detail=$(diff <(echo "$shown") "$source/tests/embed/example.c")
point $? "the page shows the example as it is compiled" "$detail"

detail=$(DESTDIR=$dest meson install -C "$build" --no-rebuild --quiet --tags devel,runtime 2>&1)
point $? "the library installs into an empty place" "$detail"

pc=$(find "$dest" -name likeness.pc)
export PKG_CONFIG_SYSROOT_DIR=$dest PKG_CONFIG_LIBDIR=${pc%/*}
libdir=$dest$(pkg-config --variable=libdir likeness | sed "s|^$dest||")
strict="-std=c17 -O2 -Wall -Wextra -Wpedantic -Werror"

# 1 and 2 differ in four bits, 3 is far from both
input="$dest/prints"
{
    printf '%064d\n' 0 1111
    printf 'ff%062d\n' 0 | tr 0 f
} >"$input"
expected="2 is 4 bits from 1"

# shellcheck disable=SC2046,SC2086
detail=$("$cc" $strict "$source/tests/embed/example.c" $(pkg-config --cflags --libs likeness) \
    -o "$dest/shared" 2>&1)
point $? "the example compiles with pkg-config's flags and no others" "$detail"
answer=$(LD_LIBRARY_PATH=$libdir "$dest/shared" <"$input" 2>&1)
[ "$answer" = "$expected" ]
point $? "with the shared library it finds the near print" "$answer"

# shellcheck disable=SC2046,SC2086
detail=$("$cc" -static $strict "$source/tests/embed/example.c" \
    $(pkg-config --static --cflags --libs likeness) -o "$dest/static" 2>&1)
point $? "it links without any shared library" "$detail"
answer=$("$dest/static" <"$input" 2>&1)
[ "$answer" = "$expected" ]
point $? "with the static library it finds the near print" "$answer"

answer=$(echo 12 | "$dest/static" 2>&1)
status=$?
[ $status -eq 3 ] && [ -n "$answer" ]
point $? "a line that is no print ends it with the reason" "exit $status: $answer"

undeclared=$(nm -D --defined-only "$libdir/liblikeness.so" | awk '$2 ~ /[TDBR]/ {print $3}' |
    grep -vwFf <(grep -hoE '\blk_[a-z0-9_]+' "$source"/include/likeness/*.h))
[ -z "$undeclared" ]
point $? "it exports what the public headers declare, and nothing else" "$undeclared"

missing=$(grep -v '^typedef' "$source/include/likeness/index.h" | grep -oE '\blk_[a-z0-9_]+\(' | tr -d '(' |
    sort -u |
    grep -vxFf <(nm -D --defined-only "$libdir/liblikeness.so" | awk '{print $3}'))
[ -z "$missing" ]
point $? "all that the index's header declares can be called" "$missing"

echo "1..$n"
exit $failed
