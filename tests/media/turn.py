"""Puts an EXIF orientation into a JPEG or PNG, or writes the bare block; or puts a rotation of that
many quarters, anticlockwise, into a HEIC file with one picture. For make.sh.

usage: turn.py jpeg|png|block|heic NUMBER FROM TO
"""
import struct
import sys
import zlib



def boxes(data, at, end):
    """Yields (type, start, end) of each ISO BMFF box."""
    while at < end:
        size = int.from_bytes(data[at : at + 4], "big")
        yield data[at + 4 : at + 8], at, at + size
        at += size


def find(data, path):
    """The (start, end) of each box on the way down, outermost first."""
    at, end, found = 0, len(data), []
    for name in path:
        at, end = next((a, e) for t, a, e in boxes(data, at, end) if t == name)
        found.append((at, end))
        at += 12 if name == b"meta" else 8
    return found


def insert(data, path, at, piece):
    """Puts `piece` at `at`, inside the boxes of path, which grow."""
    data = bytearray(data)
    for start, _ in find(data, path):
        size = int.from_bytes(data[start : start + 4], "big") + len(piece)
        data[start : start + 4] = size.to_bytes(4, "big")
    data[at:at] = piece
    return data


def heic_with_rotation(data, quarters):
    ipco = [b"meta", b"iprp", b"ipco"]
    start, end = find(data, ipco)[-1]
    n_properties = len(list(boxes(data, start + 8, end)))
    data = insert(data, ipco, end, b"\0\0\0\x09irot" + bytes([quarters]))
    ipma = [b"meta", b"iprp", b"ipma"]
    start, end = find(data, ipma)[-1]
    # version, flags, entry count 4, item id 2, association count 1
    assert data[start + 8 : start + 12] == b"\0\0\0\0" and data[start + 15] >= 1
    count_at = start + 18
    data[count_at] += 1
    last = count_at + data[count_at]
    data = insert(data, ipma, last, bytes([0x80 | (n_properties + 1)]))
    start, end = find(data, [b"meta", b"iloc"])[-1]
    assert data[start + 8] in (0, 1) and data[start + 12] == 0x44  # 4-byte offsets, lengths
    at, n_items = start + 16, int.from_bytes(data[start + 14 : start + 16], "big")
    base_bytes = data[start + 13] >> 4
    for _ in range(n_items):
        at += 4 + (2 if data[start + 8] == 1 else 0) + base_bytes
        n_extents = int.from_bytes(data[at : at + 2], "big")
        at += 2
        for _ in range(n_extents):
            moved = int.from_bytes(data[at : at + 4], "big") + 10
            data[at : at + 4] = moved.to_bytes(4, "big")
            at += 8
    return bytes(data)


kind, orientation, source, target = sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4]
# Odd orientations in one byte order, even ones in the other: both are met.
order = "<" if orientation % 2 else ">"
block = (b"II" if order == "<" else b"MM") + struct.pack(
    order + "HIHHHIHHI", 42, 8, 1, 0x0112, 3, 1, orientation, 0, 0
)
data = open(source, "rb").read()
if kind == "jpeg":
    body = b"Exif\0\0" + block
    out = data[:2] + b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body + data[2:]
elif kind == "png":
    chunk = b"eXIf" + block
    out = data[:33] + struct.pack(">I", len(block)) + chunk
    out += struct.pack(">I", zlib.crc32(chunk)) + data[33:]
elif kind == "heic":
    out = heic_with_rotation(data, orientation)
else:
    out = block
open(target, "wb").write(out)
