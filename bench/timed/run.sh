#!/bin/bash
# Matching videos and recordings against very many. usage: run.sh BUILD_DIR DATA_DIR
#
#   LIKENESS_PHOTOS=DIR   photographs that films are made of (default: bench/recall/photographs)
#   TIMED_MILLIONS=1      of prints in the bank; 10 take 4 GB of memory and a quarter of an hour
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
dir=$(cd "$1" && pwd)
data=$(mkdir -p "$2/timed/pictures" && cd "$2/timed" && pwd)
sounds=/usr/share/asterisk/sounds

[ -s "$data/sound.raw" ] ||
    find "$sounds" -name '*.g722' -size +4k -print0 | LC_ALL=C sort -z | xargs -0 cat |
    ffmpeg -v error -f g722 -i - -f s16le -ac 1 -ar 16000 "$data/sound.raw"
while IFS= read -r photo; do
    pgm=$data/pictures/$(basename "${photo%.*}").pgm
    [ -f "$pgm" ] || convert -quiet "$photo[0]" -colorspace Gray -resize 800x800 "$pgm"
done < <(find -L "${LIKENESS_PHOTOS:-$here/../recall/photographs}" -type f -name '*.jpg')
"$dir/bench/bench_timed" "$data/sound.raw" "$data/pictures" "${TIMED_MILLIONS:-1}"
