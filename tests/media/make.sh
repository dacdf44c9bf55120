#!/bin/bash
# Makes the files beside it, once, from one photograph; the results are committed.
# usage: make.sh PHOTOGRAPH     (needs imagemagick, webp, libheif-examples, python3)
set -euo pipefail
photo=$1
cd "$(dirname "$0")"

convert "$photo" -strip -resize 72x96! -depth 8 base.ppm
convert base.ppm -colorspace Gray -depth 8 grey.pgm

# A soft edge: transparency that falls from left to right.
convert base.ppm \( -size 96x72 gradient:white-black -rotate -90 -resize 72x96! \) \
    -alpha off -compose CopyOpacity -composite png32:alpha.png
convert alpha.png -background white -alpha remove -depth 8 alpha.ppm
convert base.ppm \( -size 72x96 xc:white -fill black -draw 'rectangle 0,0 35,95' \) \
    -alpha off -compose CopyOpacity -composite -colors 200 clear_half.gif
convert clear_half.gif -background white -alpha remove -depth 8 clear_half.ppm

# JPEG
convert base.ppm -quality 92 -sampling-factor 2x2 plain.jpg
convert base.ppm -quality 92 -sampling-factor 2x2 -interlace JPEG progressive.jpg
convert base.ppm -quality 92 -sampling-factor 1x1 full_chroma.jpg
convert grey.pgm -quality 92 grey.jpg
convert base.ppm -quality 95 -colorspace CMYK cmyk.jpg

# PNG
convert base.ppm png24:plain.png
convert base.ppm -interlace PNG png24:interlaced.png
convert base.ppm -depth 16 png48:deep.png
convert grey.pgm grey.png
convert grey.pgm -depth 16 -define png:bit-depth=16 -define png:color-type=0 grey_deep.png
convert base.ppm -colors 256 png8:palette.png
convert palette.png -depth 8 palette.ppm
convert grey.pgm -monochrome -define png:bit-depth=1 two_tones.png
convert two_tones.png -depth 8 two_tones.pgm
convert alpha.png -colorspace Gray -define png:color-type=4 grey_alpha.png
convert grey_alpha.png -background white -alpha remove -depth 8 grey_alpha.pgm

# WebP
cwebp -quiet -q 90 base.ppm -o lossy.webp
cwebp -quiet -lossless base.ppm -o lossless.webp
cwebp -quiet -lossless -exact alpha.png -o alpha.webp
convert base.ppm -flop flopped.png
img2webp -lossless plain.png -d 100 flopped.png -o animated.webp >/dev/null 2>&1
rm flopped.png

# GIF
convert base.ppm -colors 256 plain.gif
convert plain.gif -depth 8 gif.ppm
convert plain.gif -interlace GIF interlaced.gif
convert plain.gif \( plain.gif -flop \) -loop 0 animated.gif
convert -size 90x110 xc:white \( plain.gif -repage +10+5 \) -delete 0 -repage 90x110+10+5 offset.gif

# BMP
convert base.ppm bmp3:plain.bmp
convert base.ppm -colors 256 -compress None bmp3:palette.bmp
convert palette.bmp -depth 8 bmp_palette.ppm
convert palette.bmp -compress RLE bmp3:runs.bmp
convert two_tones.png bmp3:two_tones.bmp
convert base.ppm -define bmp:subtype=RGB565 bmp:fields.bmp
convert alpha.png bmp:alpha.bmp

# TIFF
convert base.ppm -compress LZW plain.tif
convert base.ppm -compress Zip -depth 16 -endian MSB deep.tif
convert grey.pgm -compress LZW grey.tif
convert palette.png -compress LZW -type Palette palette.tif
convert base.ppm -compress JPEG -quality 92 jpeg.tif
convert base.ppm -colorspace CMYK -compress LZW cmyk.tif
convert alpha.png -compress LZW alpha.tif
convert base.ppm -compress LZW -define tiff:tile-geometry=16x16 tiled.tif

# PNM
convert base.ppm -depth 16 deep.ppm
{ printf 'P6\n# made by hand\n72 96\n# maximum\n255\n'; tail -c 20736 base.ppm; } >comment.ppm

# HEIC, AVIF
heif-enc -q 90 plain.png -o plain.heic >/dev/null 2>&1
heif-enc -q 90 alpha.png -o alpha.heic >/dev/null 2>&1
heif-enc -A -q 90 plain.png -o plain.avif >/dev/null 2>&1
heif-enc -A -q 90 alpha.png -o alpha.avif >/dev/null 2>&1

# Orientation: stored turned, so that applying it gives base.ppm again.
undo=("" "" "-flop" "-rotate 180" "-flip" "-transpose" "-rotate -90" "-transverse" "-rotate 90")
temp=$(mktemp -d)
for o in 1 2 3 4 5 6 7 8; do
    # shellcheck disable=SC2086
    convert base.ppm ${undo[$o]} -quality 92 -sampling-factor 1x1 "$temp/turned.jpg"
    python3 turn.py jpeg $o "$temp/turned.jpg" turned_$o.jpg
done
convert base.ppm -rotate -90 png24:"$temp/turned.png"
python3 turn.py png 6 "$temp/turned.png" turned_6.png
cwebp -quiet -lossless "$temp/turned.png" -o "$temp/turned.webp"
python3 turn.py block 6 "$temp/turned.png" "$temp/turned.exif"
webpmux -set exif "$temp/turned.exif" "$temp/turned.webp" -o turned_6.webp 2>/dev/null
convert "$temp/turned.png" -compress LZW -orient RightTop turned_6.tif
heif-enc -q 90 "$temp/turned.png" -o "$temp/turned.heic" >/dev/null 2>&1
python3 turn.py heic 3 "$temp/turned.heic" turned.heic
rm -r "$temp"

# Large enough to be reduced while decoding: 1040 / 2 is still above 512.
convert base.ppm -resize 1040x2200! -quality 15 -sampling-factor 2x2 large.jpg
python3 turn.py jpeg 6 large.jpg large_6.jpg
