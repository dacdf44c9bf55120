#!/usr/bin/env python3
"""Writes src/core/image/anchor_tables.h: the constants of anchored prints.

usage: tools/anchor_tables.py > src/core/image/anchor_tables.h

Checked in, so that no build and no print depends on a mathematics library's last bit. What they are
for stands in docs/internals/anchored-prints.md."""
import math
import random
import struct

PATCH = 32  # samples on a side
WINDOW = 0.5  # standard deviation, of half the side
FREQUENCIES = 8
BASE_SIGMA = 1.6
PER_OCTAVE = 4
CAMERA_SIGMA = 0.5  # blur that every picture has
SIZE_STEPS = 40  # an octave
TURN_DEGREES = 10
PARTS = 16  # of the index, 16 bits each
# What two coefficients of other channels have in common with those of one, measured on photographs.
OPPOSITE_CHANNEL, OTHER_CHANNEL = 0.3, 0.1


def literal(x):
    x = struct.unpack("f", struct.pack("f", x))[0]
    mantissa, exponent = x.hex().split("p")
    sign = "-" if mantissa.startswith("-") else ""
    digits = mantissa.lstrip("-")[len("0x1."):].rstrip("0")
    return "0.0f" if x == 0 else f"{sign}0x1{'.' + digits if digits else ''}p{exponent}f"


def table(kind, name, values, to_text=literal):
    print(f"static const {kind} {name}[{len(values)}] = {{")
    print("    " + ", ".join(to_text(v) for v in values) + ",")
    print("};")


def blur(sigma):
    radius = math.ceil(3 * sigma)
    k = [math.exp(-i * i / (2 * sigma * sigma)) for i in range(radius + 1)]
    total = k[0] + 2 * sum(k[1:])
    return [v / total for v in k]


def level_sigma(i):
    return BASE_SIGMA * 2 ** (i / PER_OCTAVE)


def blurs():
    first = [math.sqrt(BASE_SIGMA**2 - CAMERA_SIGMA**2)]
    return [blur(s) for s in first + [math.sqrt(level_sigma(i) ** 2 - level_sigma(i - 1) ** 2)
                                      for i in range(1, PER_OCTAVE + 3)]]


def dot(a, b):
    return sum(x * y for x, y in zip(a, b))


WEIGHT = [math.exp(-((x - (PATCH - 1) / 2) ** 2) / (2 * (WINDOW * PATCH / 2) ** 2)) for x in range(PATCH)]
BASIS = [[g * math.cos(math.pi / (2 * PATCH) * u * (2 * x + 1)) for x, g in enumerate(WEIGHT)]
         for u in range(FREQUENCIES + 1)]
MEAN = [sum(b) / sum(WEIGHT) for b in BASIS]
PLACES = [(u, v) for u in range(FREQUENCIES) for v in range(FREQUENCIES) if (u, v) != (0, 0)] + [(FREQUENCIES, 0)]


def correlation():
    """Of all coefficients, for a picture of white noise within a channel."""
    gram = [[dot(a, b) for b in BASIS] for a in BASIS]

    def product(a, b):
        (u, v), (s, t) = a, b
        ma, mb = MEAN[u] * MEAN[v], MEAN[s] * MEAN[t]
        return (gram[u][s] * gram[v][t] - mb * gram[u][0] * gram[v][0]
                - ma * gram[0][s] * gram[0][t] + ma * mb * gram[0][0] ** 2)

    size = [math.sqrt(product(p, p)) for p in PLACES]
    one = [[product(p, q) / size[i] / size[j] for j, q in enumerate(PLACES)] for i, p in enumerate(PLACES)]

    def between(i, j):
        a, b = i // 64, j // 64
        share = 1 if a == b else OPPOSITE_CHANNEL if a // 2 == b // 2 else OTHER_CHANNEL
        return share * one[i % 64][j % 64]

    return [[between(i, j) ** 2 if i != j else 0 for j in range(256)] for i in range(256)]


def spread():
    """Shares the coefficients out to the parts of the index so that those of one part tell little of
    one another: exchanges two while that makes the sum of squared correlations smaller."""
    common = correlation()
    rng = random.Random(1)
    part = [i % PARTS for i in range(256)]
    rng.shuffle(part)
    load = [[sum(common[i][j] for j in range(256) if part[j] == p) for p in range(PARTS)] for i in range(256)]
    improved = True
    while improved:
        improved = False
        for i in range(256):
            for j in range(i):
                p, q = part[i], part[j]
                if p == q:
                    continue
                gain = load[i][p] + load[j][q] - load[i][q] - load[j][p] + 2 * common[i][j]
                if gain <= 1e-9:
                    continue
                part[i], part[j] = q, p
                for k in range(256):
                    change = common[k][i] - common[k][j]
                    load[k][p] -= change
                    load[k][q] += change
                improved = True
    return [i for p in range(PARTS) for i in range(256) if part[i] == p]


print("/* Made by tools/anchor_tables.py: the constants of anchored prints. */")
print("#ifndef CORE_IMAGE_ANCHOR_TABLES_H\n#define CORE_IMAGE_ANCHOR_TABLES_H\n\n#include <stdint.h>\n")
print("/* clang-format off */")
kernels = blurs()
width = max(len(k) for k in kernels)
print(f"enum {{ ANCHOR_MAX_BLUR = {width - 1}, ANCHOR_N_BLURS = {len(kernels)} }};\n")
print("/* From the picture to the first level, then from each level to the next: radius, and half the\n"
      " * kernel from its middle outwards. */")
table("uint8_t", "anchor_blur_radius", [len(k) - 1 for k in kernels], str)
print(f"static const float anchor_blur[{len(kernels)}][{width}] = {{")
for k in kernels:
    print("    {" + ", ".join(literal(v) for v in k) + "},")
print("};\n")
print("/* Blur of each level of the first octave, in its pixels. */")
table("float", "anchor_level_sigma", [level_sigma(i) for i in range(PER_OCTAVE + 3)])
print("\n/* Cosines under the window, frequency by frequency, and their means under it. */")
print(f"static const _Alignas(64) float anchor_basis[{FREQUENCIES + 1}][{PATCH}] = {{")
for row in BASIS:
    print("    {" + ", ".join(literal(v) for v in row) + "},")
print("};")
table("float", "anchor_basis_mean", MEAN)
print("\n/* The same, place by place, without the last frequency. */")
print(f"static const _Alignas(64) float anchor_basis_across[{PATCH}][{FREQUENCIES}] = {{")
for x in range(PATCH):
    print("    {" + ", ".join(literal(BASIS[u][x]) for u in range(FREQUENCIES)) + "},")
print("};")
print("\n/* Bit k of a print is coefficient anchor_order[k]: 64 * channel + place. */")
table("uint8_t", "anchor_order", spread(), str)
print("\n/* 2^(i / 40), and the base-2 logarithm of the first sigma, in fortieths. */")
table("float", "anchor_exp2", [2 ** (i / SIZE_STEPS) for i in range(SIZE_STEPS)])
print(f"#define ANCHOR_BASE_LOG {literal(SIZE_STEPS * math.log2(BASE_SIGMA))}")
print(f"#define ANCHOR_TURN_COS {literal(math.cos(math.radians(TURN_DEGREES)))}")
print(f"#define ANCHOR_TURN_SIN {literal(math.sin(math.radians(TURN_DEGREES)))}")
print("/* clang-format on */\n\n#endif")
