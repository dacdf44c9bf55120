#!/usr/bin/env python3
"""Writes src/core/audio/audio_tables.h: the constants of audio prints.

usage: tools/audio_tables.py > src/core/audio/audio_tables.h

Checked in, so that no build and no print depends on a mathematics library's last bit. What they are
for stands in docs/formats/print.md and docs/internals/audio-prints.md."""
import math
import random
import struct

RATE = 16000
WINDOW = 1024
FREQUENCY_LOW, FREQUENCY_HIGH = 250, 3500
BANDS = 32
HALF_WIDTH = 1.5  # of a band, in steps from one centre to the next
BLOCK = 64  # rows
SIGNS = 16  # rows and columns
TAPS_HALF, TAPS_STEPS = 8, 128
KAISER_BETA = 5.65  # 60 dB
SEED = 20261123


def literal(x):
    x = struct.unpack("f", struct.pack("f", x))[0]
    mantissa, exponent = x.hex().split("p")
    sign = "-" if mantissa.startswith("-") else ""
    digits = mantissa.lstrip("-")[len("0x1."):].rstrip("0")
    return "0.0f" if x == 0 else f"{sign}0x1{'.' + digits if digits else ''}p{exponent}f"


def table(kind, name, values, to_text=literal, per_line=8):
    print(f"static const {kind} {name}[{len(values)}] = {{")
    for i in range(0, len(values), per_line):
        print("    " + ", ".join(to_text(v) for v in values[i:i + per_line]) + ",")
    print("};")


def rows(kind, name, values):
    print(f"static const {kind} {name}[{len(values)}][{len(values[0])}] = {{")
    for row in values:
        print("    {" + ", ".join(literal(v) for v in row) + "},")
    print("};")


def bessel(x):
    total = term = 1.0
    k = 1
    while term > 1e-18 * total:
        term *= (x / (2 * k)) ** 2
        total += term
        k += 1
    return total


def tap(i):
    if i == 0 or i >= TAPS_HALF * TAPS_STEPS:
        return float(i == 0)
    if i % TAPS_STEPS == 0:
        return 0.0
    u = i / TAPS_STEPS
    kaiser = bessel(KAISER_BETA * math.sqrt(1 - (u / TAPS_HALF) ** 2)) / bessel(KAISER_BETA)
    return math.sin(math.pi * u) / (math.pi * u) * kaiser


def bands():
    """First bin and weights of each band: triangles on a logarithmic axis."""
    steps = BANDS - 1 + 2 * HALF_WIDTH
    step = math.log(FREQUENCY_HIGH / FREQUENCY_LOW) / steps
    out = []
    for b in range(BANDS):
        centre = math.log(FREQUENCY_LOW) + (b + HALF_WIDTH) * step
        weight = {k: 1 - abs(math.log(k * RATE / WINDOW) - centre) / (HALF_WIDTH * step)
                  for k in range(1, WINDOW // 2)}
        bins = [k for k in weight if weight[k] > 1e-9]
        total = sum(weight[k] for k in bins)
        out.append((bins[0], [weight[k] / total for k in bins]))
    return out


def cosine(n, length, frequency):
    return math.cos(math.pi / length * (n + 0.5) * frequency)


def main():
    made = bands()
    weights = [w for _, ws in made for w in ws]
    first = min(k for k, _ in made)
    last = max(k + len(ws) - 1 for k, ws in made)
    order = list(range(SIGNS * SIGNS))
    random.Random(SEED).shuffle(order)
    print("/* Made by tools/audio_tables.py: the constants of audio prints. */")
    print("#ifndef CORE_AUDIO_AUDIO_TABLES_H\n#define CORE_AUDIO_AUDIO_TABLES_H\n")
    print("#include <stdint.h>\n\n/* clang-format off */")
    print(f"enum {{\n    AUDIO_WINDOW = {WINDOW},\n    AUDIO_BANDS = {BANDS},\n    AUDIO_BLOCK = {BLOCK},"
          f"\n    AUDIO_SIGNS = {SIGNS},\n    AUDIO_BIN_FIRST = {first},\n    AUDIO_BIN_LAST = {last},"
          f"\n    AUDIO_TAPS_HALF = {TAPS_HALF},\n    AUDIO_TAPS_STEPS = {TAPS_STEPS},\n}};\n")
    print("/* Half of the resampler's filter, from its middle outwards. */")
    table("float", "audio_taps", [tap(i) for i in range(TAPS_HALF * TAPS_STEPS + 1)])
    print("\n/* Hann: the first half and its middle. */")
    table("float", "audio_window",
          [0.5 - 0.5 * math.cos(2 * math.pi * n / WINDOW) for n in range(WINDOW // 2 + 1)])
    print("\n/* Cosine and sine of -2 pi k / 1024. */")
    rows("float", "audio_circle", [[f(-2 * math.pi * k / WINDOW) for f in (math.cos, math.sin)]
                                   for k in range(3 * WINDOW // 4)])
    print("\n/* Of each band: its first bin, how many there are, and their weights one after another. */")
    table("uint8_t", "audio_band_first", [k for k, _ in made], str, per_line=16)
    table("uint8_t", "audio_band_bins", [len(w) for _, w in made], str, per_line=16)
    table("float", "audio_band_weights", weights)
    print("\n/* Frequencies 1 .. 16 of a block's rows: the first half of each. */")
    rows("float", "audio_time_basis",
         [[cosine(t, BLOCK, r) for t in range(BLOCK // 2)] for r in range(1, SIGNS + 1)])
    print("\n/* Frequencies of the bands, for the first 16 bands: 0, 2, .. 14, then 1, 3, .. 15. */")
    columns = [*range(0, SIGNS, 2), *range(1, SIGNS, 2)]
    rows("float", "audio_band_basis",
         [[cosine(b, BANDS, c) for c in columns] for b in range(BANDS // 2)])
    print("\n/* Which bit of the print the sign of row r, column c is: [16 * r + c]. */")
    table("uint8_t", "audio_place", order, str, per_line=16)
    print("/* clang-format on */\n\n#endif")


main()
