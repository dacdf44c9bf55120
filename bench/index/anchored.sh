#!/bin/bash
# Matching edited copies against very many registered pictures. usage: anchored.sh BUILD_DIR DATA_DIR
#
#   LIKENESS_PHOTOS=DIR     photographs (default: the few of bench/recall/photographs): a third each
#                           is registered and edited, is asked for as a stranger, gives the pieces
#                           that the other pictures of the bank are made from
#   ANCHORED_PICTURES=25000 registered pictures; 100000 take 13 GB of memory and five minutes
#   ANCHORED_PIECES=600     pieces
#   ANCHORED_LIMIT=60       photographs that are edited, at most
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
dir=$(cd "$1" && pwd)
data=$(mkdir -p "$2/anchored" && cd "$2/anchored" && pwd)
photos=$(cd "${LIKENESS_PHOTOS:-$here/../recall/photographs}" && pwd)
n_pieces=${ANCHORED_PIECES:-600}
likeness=$dir/likeness
export LIKENESS_DECODE=${LIKENESS_DECODE:-$dir/likeness-decode}

rm -rf "$data/registered" "$data/strange" "$data/donors" "$data/edited" "$data/pieces"
mkdir -p "$data/registered" "$data/strange" "$data/donors" "$data/pieces"
n=0
while IFS= read -r photo; do
    groups=(registered strange donors)
    ln -s "$photo" "$data/${groups[n % 3]}/"
    n=$((n + 1))
done < <(find -L "$photos" -type f \( -name '*.jpg' -o -name '*.png' \) | LC_ALL=C sort)
[ "$n" -ge 6 ] || { echo "anchored.sh: $photos holds $n photographs, 6 are needed" >&2; exit 1; }

# Pieces of half to all of each side, anywhere; the same in each run.
pieces() {
    local photo=$1 number=$2 n_of_each=$3 width height
    local -a cuts=()
    read -r width height < <(identify -format '%w %h\n' "$photo[0]")
    RANDOM=$number
    for ((k = 0; k < n_of_each; k++)); do
        local w=$((width * (50 + RANDOM % 50) / 100)) h=$((height * (50 + RANDOM % 50) / 100))
        cuts+=('(' -clone 0 -crop "${w}x$h+$((RANDOM % (width - w)))+$((RANDOM % (height - h)))"
            +repage -resize '600x600>' -write "$data/pieces/$number-$k.jpg" +delete ')')
    done
    convert -quiet "$photo[0]" "${cuts[@]}" null:
}
donors=("$data"/donors/*)
for i in "${!donors[@]}"; do
    pieces "${donors[i]}" "$i" $(((n_pieces + ${#donors[@]} - 1) / ${#donors[@]}))
done

/usr/bin/python3 "$here/../recall/make_queries.py" "$data/registered" "$data/strange" "$data/edited" \
    --limit "${ANCHORED_LIMIT:-60}"
prints() {
    find -L "$1" -type f ! -name manifest.tsv | LC_ALL=C sort |
        "$likeness" hash "--$2" --files-from - >"$3"
}
prints "$data/pieces" register "$data/donors.lines"
prints "$data/registered" register "$data/registered.lines"
prints "$data/registered" query "$data/same.lines"
prints "$data/edited" query "$data/edited.lines"
prints "$data/strange" query "$data/strange.lines"
"$dir/bench/index/bench_anchored" "$data"/{donors,registered,same,edited,strange}.lines \
    "${ANCHORED_PICTURES:-25000}"
