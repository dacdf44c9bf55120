"""Keyed prints from docs/formats/print.md alone; the key stream is libsodium's.

usage: print_key.py > print_key.inc     the vectors of test_print_key.c
"""
import ctypes
import ctypes.util
import hashlib

sodium = ctypes.CDLL(ctypes.util.find_library("sodium"))


def key_of(seed):
    """Place of each bit, and the mask as a number whose bit k is that of the print."""
    stream = ctypes.create_string_buffer(4096)
    sodium.crypto_stream_chacha20_ietf(stream, ctypes.c_ulonglong(4096), bytes(12), seed)
    mask, drawn = int.from_bytes(stream.raw[:32], "big"), iter(stream.raw[32:])

    def below(n):
        return next(b for b in drawn if b < 256 - 256 % n) % n

    def order(n):
        out = list(range(n))
        for k in range(n - 1, 0, -1):
            other = below(k + 1)
            out[k], out[other] = out[other], out[k]
        return out

    place = []
    for pair in order(8):
        first = below(2)
        for part in (2 * pair + first, 2 * pair + 1 - first):
            place += [16 * part + bit for bit in order(16)]
    return place, mask


def keyed(seed, value):
    place, mask = key_of(seed)
    return mask ^ sum((value >> place[k] & 1) << k for k in range(256))


for name in ("zeros", "a", "b", "c"):
    seed = bytes(32) if name == "zeros" else hashlib.sha256(name.encode()).digest()
    for value in (0, 1, int.from_bytes(hashlib.sha256(b"print " + name.encode()).digest(), "big")):
        print(f'{{"{seed.hex()}",\n "{value:064x}",\n "{keyed(seed, value):064x}"}},')
