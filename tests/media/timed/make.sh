#!/bin/bash
# Makes the clips of this directory: a moving test picture and a sound that changes all the time, both
# drawn by ffmpeg, in the containers and codecs that tests/media/test_timed.c reads. Run it here; the
# results are committed, so that tests do not depend on the encoders of a machine.
set -euo pipefail
cd "$(dirname "$0")"
base=$(mktemp --suffix=.mkv)
trap 'rm -f "$base"' EXIT
ff() { ffmpeg -v error -y -fflags +bitexact "$@"; }
sound="aevalsrc=exprs='0.25*sin(2*PI*(300+250*sin(1.7*t)+180*floor(mod(t*3.3,5)))*t)+0.2*sin(2*PI*(900+400*sin(2.3*t)+230*floor(mod(t*4.1,7)))*t)*(0.6+0.4*sin(9*t))':s=48000:d=5"
ff -f lavfi -i "mandelbrot=s=144x108:r=10:start_scale=2.2:end_scale=0.3:end_pts=60" -f lavfi -i "$sound" -t 5 -c:v ffv1 -pix_fmt yuv420p -c:a pcm_s16le "$base"
x264="-c:v libx264 -preset veryslow -crf 34 -pix_fmt yuv420p -flags +bitexact"
ff -i "$base" $x264 -bf 3 -c:a aac -b:a 24k -ac 1 h264_aac.mp4
ff -i h264_aac.mp4 -c copy h264_aac.mkv
ff -i h264_aac.mp4 -c copy h264_aac.ts
ff -i h264_aac.mp4 -c copy -map_metadata -1 fast.mov
ff -i "$base" -vf transpose=cclock $x264 -an turned.mp4
ff -i turned.mp4 -c copy -metadata:s:v:0 rotate=270 turned_90.mp4 && mv turned_90.mp4 turned.mp4
ff -i "$base" -c:v libvpx-vp9 -crf 50 -b:v 0 -c:a libopus -b:a 12k -ac 1 vp9_opus.webm
ff -i "$base" -c:v libvpx -crf 40 -b:v 40k -c:a libvorbis -q:a 0 -ac 1 vp8_vorbis.webm
ff -i "$base" -c:v mpeg4 -q:v 20 -c:a libmp3lame -b:a 16k -ac 1 -ar 16000 mpeg4_mp3.avi
ff -i "$base" -c:v mpeg2video -q:v 16 -r 25 -c:a mp2 -b:a 32k -ac 1 mpeg2_mp2.ts
ff -i "$base" -c:v libx265 -preset slow -crf 36 -pix_fmt yuv420p10le -x265-params log-level=none -an ten_bit.mp4
ff -i "$base" -vf "select='not(mod(n,4))+not(mod(n,7))'" -vsync vfr $x264 -an variable.mp4
ff -ss 1.25 -i h264_aac.mp4 -c copy edit_list.mp4
ff -i "$base" -vf "fps=2,scale=96:72" -an animated.gif
ff -i "$base" -vn -ac 1 -c:a libmp3lame -b:a 24k sound.mp3
ff -i "$base" -vn -ac 1 -c:a libopus -b:a 12k sound.ogg
ff -i "$base" -vn -ac 1 -ar 16000 -sample_fmt s16 -c:a flac sound.flac
ff -i "$base" -vn -ac 1 -ar 8000 -c:a pcm_mulaw sound.wav
ff -i "$base" -vn -ac 6 -ar 44100 -c:a aac -b:a 48k six.m4a
ff -i "$base" -vn -ac 1 -c:a aac -b:a 24k sound.aac
ff -i "$base" -vn -t 3.5 -ac 1 -ar 11025 -c:a adpcm_ms adpcm.wav
ff -i "$base" -c:v libx264 -crf 36 -pix_fmt yuv420p -t 4 -vf "geq=lum=90:cb=128:cr=128" -an flat.mp4
if ffmpeg -hide_banner -encoders 2>/dev/null | grep -q amr_nb; then
    ff -i "$base" -vn -ac 1 -ar 8000 -c:a libopencore_amrnb -b:a 6.7k sound.amr
fi
