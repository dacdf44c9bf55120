#!/bin/bash
# Recall of edited copies: our own edits, and an external suite where there is one.
# usage: run.sh DIR [SCRATCH]     DIR: the build; SCRATCH keeps the edited pictures (default: DIR/recall)
#
#   LIKENESS_PHOTOS=DIR        photographs to edit: two thirds are registered in turn, a third is
#                              pasted into others (default: the few of bench/recall/photographs)
#   LIKENESS_RECALL_SUITE=DIR  a suite with make_set.py and score.py, run on the product as well
#   RECALL_SEED=1  RECALL_LIMIT=0 (so many originals; 0: all)  RECALL_EVERY=1 (each n-th is scored)
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
dir=$(cd "$1" && pwd)
scratch=$(mkdir -p "${2:-$dir/recall}" && cd "${2:-$dir/recall}" && pwd)
photos=$(cd "${LIKENESS_PHOTOS:-$here/photographs}" && pwd)
seed=${RECALL_SEED:-1} limit=${RECALL_LIMIT:-0} every=${RECALL_EVERY:-1}
likeness=$dir/likeness
export LIKENESS_DECODE=${LIKENESS_DECODE:-$dir/likeness-decode}
python=/usr/bin/python3 # Debian's, which has OpenCV

# A third of the photographs is for pasting; of the others every second is a distractor.
rm -rf "$scratch/registered" "$scratch/strange" "$scratch/others"
mkdir -p "$scratch/registered" "$scratch/strange" "$scratch/others"
n=0
while IFS= read -r photo; do
    case $((n % 3)) in
    0) group=registered ;;
    1) group=strange ;;
    *) group=others ;;
    esac
    ln -s "$photo" "$scratch/$group/"
    n=$((n + 1))
done < <(find -L "$photos" -type f \( -name '*.jpg' -o -name '*.png' \) | LC_ALL=C sort)
[ "$n" -ge 6 ] || { echo "run.sh: $photos holds $n photographs, 6 are needed" >&2; exit 1; }

echo "own edits, seed $seed"
"$python" "$here/make_queries.py" "$scratch/registered" "$scratch/others" "$scratch/own-$seed" \
    --seed "$seed" --limit "$limit"
"$python" "$here/score.py" --likeness "$likeness" --manifest "$scratch/own-$seed/manifest.tsv" \
    --distractors "$scratch/strange" --bank-of 0,100000 --every "$every"

[ -n "${LIKENESS_RECALL_SUITE:-}" ] || exit 0
suite=$(mktemp -d)
trap 'rm -rf "$suite"' EXIT
cp -r "$LIKENESS_RECALL_SUITE"/. "$suite"
chmod -R u+w "$suite"
cd "$suite"
echo "external suite, seed $seed"
"$python" make_set.py "$scratch/registered" "$scratch/others" "$scratch/suite-$seed" \
    --seed "$seed" --limit "$limit"
goals=()
[ -f goals.tsv ] && goals=(--goals goals.tsv)
missed=0
for bank_of in 0 100000; do
    echo "-- thresholds of a bank of ${bank_of/#0/its own size}"
    as=$([ "$bank_of" = 0 ] || echo "--as-bank-of $bank_of")
    "$python" score.py --manifest "$scratch/suite-$seed/manifest.tsv" \
        --distractors "$scratch/strange" --every "$every" "${goals[@]}" \
        --reg-cmd "'$likeness' hash --register --files-from -" \
        --query-cmd "'$likeness' hash --query --files-from -" \
        --match-cmd "'$likeness' match --protocol $as" || missed=1
done
exit $missed
