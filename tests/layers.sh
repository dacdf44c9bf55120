#!/bin/bash
# The arrows of ARCHITECTURE.md: which room may include which. Speaks TAP.
# usage: layers.sh [ROOT]
root=${1:-$(dirname "$0")/..}
cd "$root" || exit 1

# room: the rooms whose headers it may include, besides its own and the public ones
declare -A may=(
    [base]=""
    [core]="base"
    [inspect]="base"
    [sys]="base"
    [media]="base sys core inspect"
    [bank]="base sys core inspect media"
    [store]="base sys core inspect media"
    [law]="base sys"
    [cases]="base sys core inspect media bank store law"
    [ledger]="base sys core bank store law"
    [exchange]="base sys core inspect media bank store law cases ledger paper"
    [paper]="base sys"
    [http]="base sys"
    [node]="base sys core inspect media bank store law cases ledger paper exchange http"
    [service]="base sys core inspect media bank store law cases ledger paper exchange http"
    [cli]="base sys core inspect media bank store law cases ledger paper exchange http service node"
)
pure_headers="stdint.h stddef.h stdbool.h stdarg.h stdatomic.h string.h math.h"

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

for dir in src/*/; do
    room=$(basename "$dir")
    if [ -z "${may[$room]+known}" ]; then
        point 1 "$room is a room of the house" "add it to tests/layers.sh and ARCHITECTURE.md"
        continue
    fi
    allowed=" $room ${may[$room]} "
    bad=""
    while IFS=: read -r file line include; do
        target=${include%%/*}
        [ "$target" = "$include" ] && continue # a neighbour in the same folder
        [ -d "src/$target" ] || continue        # a subfolder of the room
        [[ $allowed == *" $target "* ]] || bad+="$file:$line includes $include"$'\n'
    done < <(grep -rnoE '^#include "[^"]+"' "$dir" --include='*.[ch]' | sed -E 's/#include "([^"]+)"/\1/')
    [ -z "$bad" ]
    point $? "$room includes only what lies below it" "$bad"
done

bad=""
while IFS=: read -r file line header; do
    case $file in src/core/kernels/*) [[ $header =~ ^(immintrin|arm_neon|cpuid)\.h$ ]] && continue ;; esac
    case $header in likeness/*) continue ;; esac
    [[ " $pure_headers " == *" $header "* ]] || bad+="$file:$line includes <$header>"$'\n'
done < <(grep -rnoE '^#include <[^>]+>' src/base src/core src/inspect --include='*.[ch]' | sed -E 's/#include <([^>]+)>/\1/')
[ -z "$bad" ]
point $? "base, core and inspect include no system header beyond the pure ones" "$bad"

for pair in microhttpd.h sqlite3.h sodium.h jansson.h jpeglib.h spng.h libheif/heif.h tiffio.h gif_lib.h seccomp.h ini.h pango/pangocairo.h cairo-pdf.h openssl/evp.h liboath/oath.h qrencode.h expat.h; do
    files=$(grep -rlE "^#include <$pair>" src --include='*.[ch]')
    [ "$(grep -c . <<<"$files")" -le 1 ]
    point $? "<$pair> is included in at most one file" "$files"
done

files=$(grep -rlE "^#include <curl/curl.h>" src --include='*.[ch]' | grep -vxE 'src/sys/(mail|fetch)\.c')
[ -z "$files" ]
point $? "<curl/curl.h> is included in sys/mail.c and sys/fetch.c alone" "$files"

echo "1..$n"
exit $failed
