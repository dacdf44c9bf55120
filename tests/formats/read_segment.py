"""Reads segment files, from docs/formats/segment.md alone: it shares no line with the program. Slow
and strict: every check is compared, every byte that must be zero is, and every row is looked up
through every table that must lead to it.

usage: read_segment.py FILE [KEY_HEX]     lists what the segment holds, a line an entry
"""
import hashlib
import os
import struct
import sys

CHUNK = 65536
NONE = 0xFFFFFFFF
KINDS = {1: "whole", 2: "anchor", 3: "frame", 4: "sound"}
NAMES = ["", "entries", "records", "digests", "by_id", "by_digest",
         "lines", "overflow", "ids", "rows", "labels"]
M64 = (1 << 64) - 1


class Damaged(Exception):
    pass


class WrongKey(Exception):
    pass


def need(condition, what):
    if not condition:
        raise Damaged(what)


def u16(b, at):
    return struct.unpack_from("<H", b, at)[0]


def u32(b, at):
    return struct.unpack_from("<I", b, at)[0]


def u64(b, at):
    return struct.unpack_from("<Q", b, at)[0]


# CRC-32C

def crc_table():
    table = []
    for i in range(256):
        for _ in range(8):
            i = i >> 1 ^ (0x82F63B78 if i & 1 else 0)
        table.append(i)
    return table


CRC_TABLE = crc_table()


def crc32c(data):
    table, crc = CRC_TABLE, 0xFFFFFFFF
    for byte in data:
        crc = crc >> 8 ^ table[(crc ^ byte) & 255]
    return crc ^ 0xFFFFFFFF


# RFC 8439, and HChaCha20 for the longer nonce

def chacha_rounds(state):
    x = list(state)
    for _ in range(10):
        for a, b, c, d in ((0, 4, 8, 12), (1, 5, 9, 13), (2, 6, 10, 14), (3, 7, 11, 15),
                           (0, 5, 10, 15), (1, 6, 11, 12), (2, 7, 8, 13), (3, 4, 9, 14)):
            xa, xb, xc, xd = x[a], x[b], x[c], x[d]
            xa = xa + xb & NONE
            xd ^= xa
            xd = (xd << 16 | xd >> 16) & NONE
            xc = xc + xd & NONE
            xb ^= xc
            xb = (xb << 12 | xb >> 20) & NONE
            xa = xa + xb & NONE
            xd ^= xa
            xd = (xd << 8 | xd >> 24) & NONE
            xc = xc + xd & NONE
            xb ^= xc
            xb = (xb << 7 | xb >> 25) & NONE
            x[a], x[b], x[c], x[d] = xa, xb, xc, xd
    return x


def chacha_state(key, tail):
    return list(struct.unpack("<4I", b"expand 32-byte k") + struct.unpack("<8I", key)
                + struct.unpack("<4I", tail))


def chacha_block(key, counter, nonce):
    state = chacha_state(key, struct.pack("<I", counter) + nonce)
    return struct.pack("<16I", *(a + b & NONE for a, b in zip(chacha_rounds(state), state)))


def hchacha(key, nonce16):
    x = chacha_rounds(chacha_state(key, nonce16))
    return struct.pack("<8I", *(x[:4] + x[12:]))


def poly1305(key, data):
    r = int.from_bytes(key[:16], "little") & 0x0FFFFFFC0FFFFFFC0FFFFFFC0FFFFFFF
    p, total = (1 << 130) - 5, 0
    for at in range(0, len(data), 16):
        total = (total + int.from_bytes(data[at:at + 16] + b"\1", "little")) * r % p
    return (total + int.from_bytes(key[16:], "little") & (1 << 128) - 1).to_bytes(16, "little")


def open_sealed(key, nonce, data, tag, extra=b""):
    """The plaintext, or None."""
    def padded(b):
        return b + bytes(-len(b) % 16)
    mac = padded(extra) + padded(data) + struct.pack("<QQ", len(extra), len(data))
    if poly1305(chacha_block(key, 0, nonce)[:32], mac) != tag:
        return None
    out = bytearray()
    for i in range(0, len(data), 64):
        piece = data[i:i + 64]
        stream = chacha_block(key, 1 + i // 64, nonce)[:len(piece)]
        out += (int.from_bytes(piece, "little") ^ int.from_bytes(stream, "little")).to_bytes(
            len(piece), "little")
    return bytes(out)


def open_sealed_x(key, nonce24, data, tag, extra):
    return open_sealed(hchacha(key, nonce24[:16]), bytes(4) + nonce24[16:], data, tag, extra)


def tag_of(key, label, data):
    parts = struct.pack("<Q", len(label)) + label + struct.pack("<Q", len(data)) + data
    return hashlib.blake2b(parts, key=key, digest_size=16).digest()


# the file

def slots(m):
    n = 4 if m else 0
    while n * 3 < m * 4:
        n *= 2
    return n


def read_fix(path):
    """The chunks of a whole fix by number; none when it means nothing."""
    try:
        data = open(path, "rb").read()
    except FileNotFoundError:
        return {}
    if data[:8] != b"LKSFIX\r\n" or len(data) < 36 or u32(data, 8) != 2:
        return {}
    m = u32(data, 12)
    end = 32 + 8 * m
    first = -(-(end + 4) // CHUNK) * CHUNK
    if len(data) != first + CHUNK * m or crc32c(data[:end]) != u32(data, end):
        return {}
    if any(data[end + 4:first]):
        return {}
    numbers = [u32(data, 32 + 8 * i) for i in range(m)]
    if not numbers or numbers[0] != 0 or numbers != sorted(set(numbers)):
        return {}
    chunks = {}
    for i, number in enumerate(numbers):
        chunk = data[first + i * CHUNK:first + (i + 1) * CHUNK]
        if crc32c(chunk) != u32(data, 36 + 8 * i):
            return {}
        chunks[number] = chunk
    return chunks


def header_is_whole(header):
    return (len(header) == CHUNK and header[:8] == b"LKSEGM\r\n"
            and crc32c(header[:CHUNK - 20]) == u32(header, CHUNK - 20))


class Segment:
    def __init__(self, path, master_key=None):
        self.data = open(path, "rb").read()
        self.fix = read_fix(path + ".fix")
        if self.fix and not self.fix_prevails():
            self.fix = {}
        self.header = self.chunk(0)
        self.read_header()
        self.key = self.unwrap(master_key)
        self.read_table()
        self.sections = {name: self.read_section(name) for name in self.places}
        self.check_entries()
        self.check_hash_tables()
        for kind in KINDS:
            self.check_index(kind)

    def fix_prevails(self):
        new, old = self.fix[0], self.data[:CHUNK]
        if not header_is_whole(new):
            return False
        return not header_is_whole(old) or (new[16:32] == old[16:32] and u64(new, 72) >= u64(old, 72))

    def chunk(self, number):
        return self.fix.get(number) or self.data[number * CHUNK:(number + 1) * CHUNK]

    def read_header(self):
        h = self.header
        need(header_is_whole(h), "the header is damaged")
        need(u32(h, 8) == 2, "the version is unknown")
        need(u32(h, 12) == 0x01020304, "the byte order is unknown")
        need(u32(h, 32) <= 1, "neither plain nor sealed")
        self.id, self.sealed = h[16:32], u32(h, 32) == 1
        self.t, self.d, self.seed = u32(h, 40), u32(h, 44), u64(h, 48)
        self.n_entries, self.n_digests, self.n_records = u32(h, 56), u32(h, 60), u64(h, 64)
        self.n_overwritten = u64(h, 72)
        self.kinds = {}
        for kind in KINDS:
            order, k, zero, n, v = struct.unpack_from("<BBHIQ", h, 80 + 16 * (kind - 1))
            need(order == kind % 2, "an unknown order of bits")
            need(zero == 0 and (k == 0 or 8 <= k <= 16), "impossible tables")
            need(v >= 32 if k else v == 0, "impossible overflow")
            self.kinds[kind] = (k, n, v)
        need(not any(h[216:256]), "bytes that must be zero")
        need(self.sealed or not any(h[144:216]) and not any(h[CHUNK - 16:]), "a plain key")
        self.read_places()

    def expected_sections(self):
        yield 1, 0, 40 * self.n_entries
        yield 2, 0, 16 * self.n_records
        yield 3, 0, 40 * self.n_digests
        yield 4, 0, 4 * slots(self.n_entries)
        yield 5, 0, 4 * slots(self.n_digests)
        for kind, (k, n, v) in self.kinds.items():
            yield 6, kind, 16 * 64 << k if k else 0
            yield 7, kind, 2 * v
            yield 8, kind, 64 * n if k else 0
            yield 9, kind, 32 * n
            yield 10, kind, 8 * n

    def read_places(self):
        h, number, at = self.header, 1 + self.t, 256
        self.places = {}
        for which, kind, size in self.expected_sections():
            if size == 0:
                continue
            row = struct.unpack_from("<HHIQQ", h, at)
            need(row == (which, kind, 0, number * CHUNK, size), "a section is elsewhere")
            self.places[which, kind] = (number, size, h[at + 24:at + 40])
            number += -(-size // CHUNK)
            at += 40
        need(u32(h, 36) == len(self.places) and not any(h[at:CHUNK - 20]), "too many sections")
        need(number == 1 + self.t + self.d, "D is wrong")
        self.entry_size = 24 if self.sealed else 4
        need(self.t == -(-self.d * self.entry_size // CHUNK), "T is wrong")
        need(len(self.data) == (1 + self.t + self.d) * CHUNK, "the length of the file is wrong")

    def unwrap(self, master_key):
        if not self.sealed:
            return None
        w = self.header[144:216]
        key = None
        if master_key is not None:
            key = open_sealed_x(master_key, w[:24], w[24:56], w[56:], b"segment.key\0" + self.id)
        if key is None:
            raise WrongKey()
        need(tag_of(key, b"segment.header", self.header[:CHUNK - 16]) == self.header[CHUNK - 16:],
             "the tag of the header")
        return key

    def read_table(self):
        self.table = b"".join(self.chunk(1 + i) for i in range(self.t))
        need(not any(self.table[self.d * self.entry_size:]), "behind the table of checks")
        for name, (number, size, check) in self.places.items():
            first = (number - 1 - self.t) * self.entry_size
            entries = self.table[first:first + -(-size // CHUNK) * self.entry_size]
            if self.sealed:
                now = tag_of(self.key, b"segment.section", entries)
            else:
                now = struct.pack("<I", crc32c(entries)) + bytes(12)
            need(now == check, "the checks of section " + NAMES[name[0]])

    def read_chunk(self, number, what):
        chunk, at = self.chunk(number), (number - 1 - self.t) * self.entry_size
        entry = self.table[at:at + self.entry_size]
        if self.sealed:
            chunk = open_sealed(self.key, struct.pack("<I", number) + entry[:8], chunk, entry[8:])
            need(chunk is not None, what)
        else:
            need(crc32c(self.id + struct.pack("<Q", number) + chunk) == u32(entry, 0), what)
        return chunk

    def read_section(self, name):
        number, size, _ = self.places[name]
        what = f"section {NAMES[name[0]]} {KINDS.get(name[1], '')}"
        data = b"".join(self.read_chunk(number + i, what) for i in range(-(-size // CHUNK)))
        need(not any(data[size:]), "bytes behind " + what)
        return data[:size]

    def section(self, which, kind=0):
        return self.sections.get((which, kind), b"")

    # entries

    def entry(self, ordinal):
        e = struct.unpack_from("<16sIIQIHBB", self.section(1), 40 * ordinal)
        return dict(zip(("id", "scope", "duration_ms", "first_record", "first_digest", "n_records",
                         "medium", "n_digests"), e))

    def records(self, e):
        for i in range(e["first_record"], e["first_record"] + e["n_records"]):
            time_ms, frame, kind, front_end, quality, zero, row = struct.unpack_from(
                "<I4sBBBBI", self.section(2), 16 * i)
            need(kind in KINDS and zero == 0 and row < self.kinds[kind][1], "a record")
            yield time_ms, frame, kind, front_end, quality, row

    def digests(self, e):
        for i in range(e["first_digest"], e["first_digest"] + e["n_digests"]):
            ordinal, kind, zero, digest = struct.unpack_from("<IB3s32s", self.section(3), 40 * i)
            need(zero == bytes(3), "a digest")
            yield ordinal, kind, digest

    def check_entries(self):
        seen = [0] * 5
        for ordinal in range(self.n_entries):
            e = self.entry(ordinal)
            need(e["first_record"] + e["n_records"] <= self.n_records, "records of an entry")
            need(e["n_digests"] <= 4 and e["first_digest"] + e["n_digests"] <= self.n_digests,
                 "digests of an entry")
            for number, record in enumerate(self.records(e)):
                kind, row = record[2], record[5]
                label = u64(self.section(10, kind), 8 * row)
                wiped = label == 0 and not any(self.section(9, kind)[32 * row:32 * row + 32])
                need(wiped or label == ordinal << 16 | number, "the label of a row")
                seen[kind] += 1
            need(all(d[0] == ordinal for d in self.digests(e)), "the entry of a digest")
        need(all(seen[kind] == self.kinds[kind][1] for kind in KINDS), "rows of nobody")

    def fold(self, seed, data):
        h = seed & M64
        for i in range(0, len(data), 8):
            h ^= u64(data, i)
            for _ in range(2):
                h ^= h >> 32
                h = h * 0xD6E8FEB86659FD93 & M64
            h ^= h >> 32
        return h

    def find(self, which, n, h, same):
        table, size = self.section(which), slots(n)
        at = h >> 64 - (size.bit_length() - 1)
        for step in range(size):
            number = u32(table, 4 * ((at + step) % size))
            if number == NONE:
                return False
            need(number < n, "a slot")
            if same(number):
                return True
        return False

    def check_hash_tables(self):
        for i in range(self.n_entries):
            h = self.fold(self.seed, self.entry(i)["id"])
            need(self.find(4, self.n_entries, h, lambda number: number == i), "by_id")
        for i in range(self.n_digests):
            kind, digest = self.section(3)[40 * i + 4], self.section(3)[40 * i + 8:40 * i + 40]
            if any(digest):
                h = self.fold(self.seed + kind, digest)
                need(self.find(5, self.n_digests, h, lambda number: number == i), "by_digest")

    # index

    def stored(self, kind, row):
        return int.from_bytes(self.section(9, kind)[32 * row:32 * row + 32], "little")

    def print_of(self, kind, row):
        stored = self.stored(kind, row)
        if kind % 2 == 0:
            return stored
        value = 0
        for p in range(16):
            for i in range(16):
                value |= (stored >> 16 * p + i & 1) << 16 * i + (p - i) % 16
        return value

    def check_index(self, kind):
        k, n, v = self.kinds[kind]
        if k == 0:
            return
        wiped = {row for row in range(n) if self.stored(kind, row) == 0
                 and u64(self.section(10, kind), 8 * row) == 0}
        over_at = 0
        for p in range(16):
            over_at += self.check_part(kind, p, over_at, wiped)
        need(over_at + 32 == v, "the length of the overflow")

    def check_part(self, kind, p, over_at, wiped):
        k, n, _ = self.kinds[kind]
        lines, overflow, ids = (self.section(which, kind) for which in (6, 7, 8))
        base = over = 0
        met = []
        for key in range(1 << k):
            at = 64 * ((p << k) + key)
            need((u32(lines, at + 52), u32(lines, at + 56)) == (base, over), "the head of a line")
            count = u32(lines, at + 60)
            for i in range(count):
                row = u32(ids, 4 * (p * n + base + i))
                f = u16(lines, at + 2 * i) if i < 26 else u16(overflow,
                                                              2 * (over_at + over + i - 26))
                self.check_filter(kind, p, key, row, f)
                met.append(row)
            need(not any(lines[at + 2 * count:at + 52]), "behind the filters of a line")
            base += count
            over += max(0, count - 26)
        need(base == n, "the rows of a part")
        need(sorted(r for r in met if r != NONE) == [r for r in range(n) if r not in wiped],
             "a part does not lead to every row")
        return over

    def check_filter(self, kind, p, key, row, f):
        k, n, _ = self.kinds[kind]
        if row == NONE:
            need(f == 0, "a filter that was not wiped")
            return
        need(row < n, "an id")
        stored, low = self.stored(kind, row), (1 << k) - 1
        part, partner = stored >> 16 * p & 0xFFFF, stored >> 16 * (p ^ 1) & 0xFFFF
        need(part & low == key, "a row in a bucket that is not its own")
        need(f == (part >> k | (partner & low) << 16 - k), "a filter")

    def lines(self):
        """A line an entry: what it is, and its prints (the hexadecimal form of print.md)."""
        for ordinal in range(self.n_entries):
            e = self.entry(ordinal)
            words = [e["id"].hex(), str(e["scope"]), str(e["duration_ms"]), str(e["medium"])]
            for time_ms, frame, kind, front_end, quality, row in self.records(e):
                words.append(f"{KINDS[kind]}:{time_ms}:{frame.hex()}:{front_end}:{quality}:"
                             f"{self.print_of(kind, row):064x}")
            words += [f"digest:{kind}:{digest.hex()}" for _, kind, digest in self.digests(e)]
            yield " ".join(words)


def main():
    key = bytes.fromhex(sys.argv[2]) if len(sys.argv) > 2 else None
    try:
        segment = Segment(sys.argv[1], key)
    except Damaged as damage:
        sys.exit(f"{os.path.basename(sys.argv[1])} is damaged: {damage}")
    except WrongKey:
        sys.exit("the key does not open it")
    for line in segment.lines():
        print(line)


if __name__ == "__main__":
    main()
