#!/bin/bash
# Video and voice: what is found of edited clips, and what is found wrongly.
# usage: run.sh DIR [--quick]     DIR: the build
#
#   AV_SCRATCH=DIR         keeps pictures, recordings, films and edits, by content (default:
#                          ~/.cache/likeness-av; about 4 GB, with --quick 1 GB)
#   LIKENESS_CLIPS=DIR     clips of true edits, chair-* one family (not packaged by Debian)
#   LIKENESS_PICTURES=DIR  PACKAGE/....jpg, where bench/recall/gather.py has run already
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
dir=$(cd "$1" && pwd)
scratch=${AV_SCRATCH:-${XDG_CACHE_HOME:-$HOME/.cache}/likeness-av}
mkdir -p "$scratch"
export LIKENESS_DECODE=${LIKENESS_DECODE:-$dir/likeness-decode}
python=/usr/bin/python3 # Debian's, which has numpy and OpenCV

speech=() video=() sources=$here/pictures.tsv
if [ "${2:-}" = --quick ]; then
    speech=(--clips 5 --share 0.06 --lengths 5 --songs 2)
    video=(--long 6 --short 40 --scenes 4)
    sources=$scratch/quick.tsv
    grep -E '^(gnome|mate|lomiri|ukui|plasma)' "$here/pictures.tsv" >"$sources"
fi

pictures=${LIKENESS_PICTURES:-$scratch/${2:-all}-gathered/pictures}
if [ ! -d "$pictures" ]; then
    echo "taking the pictures out of $(grep -vc '^#' "$sources") packages"
    "$python" "$here/../recall/gather.py" "$(dirname "$pictures")" --sources "$sources"
fi
[ -z "${LIKENESS_CLIPS:-}" ] || video+=(--samples "$LIKENESS_CLIPS")

"$python" "$here/speech.py" --likeness "$dir/likeness" --scratch "$scratch" --json "$scratch/speech.json" "${speech[@]}"
"$python" "$here/video.py" --likeness "$dir/likeness" --scratch "$scratch" --pictures "$pictures" \
    --json "$scratch/video.json" "${video[@]}"
