#!/usr/bin/env python3
"""Writes src/core/kernels/pdq_basis.h: the DCT rows 1..16 of 64 samples that PDQ uses, as constants.

usage: tools/pdq_basis.py > src/core/kernels/pdq_basis.h

D[i][j] = float( float(sqrt(2/64)) * cos(pi/2/64 * (i+1) * (2j+1)) ), product in double. Checked in,
so that no build depends on a mathematics library's last bit."""
import math
import struct


def to_float(x):
    return struct.unpack("f", struct.pack("f", x))[0]


def literal(x):
    mantissa, exponent = x.hex().split("p")
    sign = "-" if mantissa.startswith("-") else ""
    digits = mantissa.lstrip("-")[len("0x1."):].rstrip("0")
    return f"{sign}0x1{'.' + digits if digits else ''}p{exponent}f"


SCALE = to_float(math.sqrt(2.0 / 64.0))
D = [[to_float(SCALE * math.cos((math.pi / 2 / 64.0) * (i + 1) * (2 * j + 1))) for j in range(64)]
     for i in range(16)]


def table(name, rows):
    print(f"static const _Alignas(64) float {name}[{len(rows)}][{len(rows[0])}] = {{")
    for row in rows:
        print("    {" + ", ".join(literal(x) for x in row) + "},")
    print("};")


print("/* Made by tools/pdq_basis.py: the DCT rows of PDQ, and the same turned. */")
print("#ifndef CORE_KERNELS_PDQ_BASIS_H\n#define CORE_KERNELS_PDQ_BASIS_H\n\n/* clang-format off */")
table("pdq_basis", D)
print()
table("pdq_basis_turned", [list(column) for column in zip(*D)])
print("/* clang-format on */\n\n#endif")
