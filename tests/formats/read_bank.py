"""Reads a bank's directory, from docs/formats/bank.md and segment.md alone: it shares no line with
the program. Slow and strict, like read_segment.py.

usage: read_bank.py DIRECTORY [KEY_HEX]     lists the entries in force, a line each, by id

Prints of a keyed bank are listed as they stand there; the print key is checked when it is given.
"""
import os
import struct
import sys

from read_segment import (KINDS, Damaged, Segment, WrongKey, crc32c, need, open_sealed_x, u32, u64)

TIERS = {0x1E: "self", 0x2D: "checked", 0x4B: "confirmed"}
WITHDRAWN, OVERWRITTEN = 0x87, 0xD2
KINDS_OF_MEDIUM = {1: (1, 2), 2: (3, 2, 4), 3: (4,)}


def unseal(key, label, bound_to, sealed):
    """What was sealed under the key, or None."""
    return open_sealed_x(key, sealed[:24], sealed[24:-16], sealed[-16:], label + b"\0" + bound_to)


def read_records_1(data, n):
    """Kind, front end, quality, time, frame and print of each."""
    need(len(data) == 44 * n, "the length of a sequence")
    for at in range(0, len(data), 44):
        need(data[at + 3] == 0, "a record")
        yield *data[at:at + 3], u32(data, at + 4), data[at + 8:at + 12], data[at + 12:at + 44]


def read_records_2(data, n):
    before, at = (bytes(2), bytes(1), 0, bytes(2), bytes(1), bytes(1)), 0

    def take(n_bytes):
        nonlocal at
        need(at + n_bytes <= len(data), "the length of a sequence")
        at += n_bytes
        return data[at - n_bytes:at]

    def take_later():
        value, shift = 0, 0
        while True:
            byte = take(1)[0]
            value |= (byte & 127) << shift
            if byte < 128:
                need(byte > 0 and value < 1 << 32, "a time in its shortest form")
                return value
            shift += 7

    for _ in range(n):
        tag = take(1)[0]
        need(tag < 64, "a tag")
        parts = list(before)
        for part, n_bytes in enumerate((2, 1, 0, 2, 1, 1)):
            if tag >> part & 1:
                parts[part] = take(n_bytes) if part != 2 else before[2] + take_later()
                need(parts[part] != before[part], "a part that differs")
        before = tuple(parts)
        kinds, quality, time_ms, place, size, turn = parts
        yield *kinds, quality[0], time_ms, place + size + turn, take(32)
    need(at == len(data), "the length of a sequence")


def read_sequence(data):
    """The words of a line that say what the sequence is."""
    need(len(data) >= 16 and data[:4] == b"LKSQ" and data[4] in (1, 2) and data[7] == 0,
         "a sequence")
    medium, n_digests = data[5], data[6]
    n_records, duration = u32(data, 8), u32(data, 12)
    need(medium in KINDS_OF_MEDIUM and n_digests <= 4 and n_records <= 65535, "a sequence")
    need(n_records + n_digests > 0, "a sequence of nothing")
    first = 16 + 36 * n_digests
    need(len(data) >= first, "the length of a sequence")
    words, last_ms = [str(duration), str(medium)], 0
    records = (read_records_1 if data[4] == 1 else read_records_2)(data[first:], n_records)
    for kind, front_end, quality, time_ms, frame, record_print in records:
        need(kind in KINDS_OF_MEDIUM[medium] and quality <= 100, "a record")
        need(time_ms >= last_ms, "times that fall")
        last_ms = time_ms
        words.append(f"{KINDS[kind]}:{time_ms}:{frame.hex()}:{front_end}:{quality}:"
                     f"{record_print.hex()}")
    for at in range(16, first, 36):
        need(data[at] in (1, 2) and not any(data[at + 1:at + 4]), "a digest")
        words.append(f"digest:{data[at]}:{data[at + 4:at + 36].hex()}")
    return words


class Bank:
    def __init__(self, path, key=None, print_seed=None):
        self.path, self.key, self.print_seed = path, key, print_seed
        self.entries = {}  # by id: the words of its line
        self.read_manifest()
        for number in reversed(self.logs):
            self.read_log(number)
        for number in self.segments:
            self.read_segment(number)

    def read(self, name):
        with open(os.path.join(self.path, name), "rb") as file:
            return file.read()

    def put(self, entry_id, tier, words):
        need(entry_id not in self.entries, "an id is in force twice")
        self.entries[entry_id] = [entry_id.hex(), tier] + words

    # manifest

    def read_manifest(self):
        m = self.read("manifest")
        need(len(m) >= 140 and m[:8] == b"LKBANKM\n", "not a manifest")
        need(crc32c(m[:-4]) == u32(m, len(m) - 4), "the check of the manifest")
        need(u32(m, 8) == 2 and u32(m, 12) in (1, 2, 5, 6), "an unknown version or mode")
        self.sealed, self.id = u32(m, 12) & 2 != 0, m[16:32]
        items = 136 + (72 if u32(m, 12) & 4 else 0)
        need(len(m) >= items + 4, "the length of the manifest")
        if self.print_seed is not None and unseal(self.print_seed, b"bank.print.check", self.id,
                                                  m[136:items]) != bytes(32):
            raise WrongKey()
        if not self.sealed:
            need(not any(m[32:104]), "a key check in a plain bank")
        elif self.key is None or unseal(self.key, b"bank.key.check", self.id,
                                        m[32:104]) != bytes(32):
            raise WrongKey()
        self.generation, self.next_number, self.cursor = struct.unpack_from("<QQQ", m, 104)
        n_items = u32(m, 128)
        need(n_items <= 1024 and u32(m, 132) == 0 and len(m) == items + 24 * n_items + 4,
             "the items of the manifest")
        self.logs, self.segments = [], []
        for at in range(items, items + 24 * n_items, 24):
            kind, zero, number, due_ms = struct.unpack_from("<IIQq", m, at)
            need(kind in (1, 2) and zero == 0 and number < self.next_number, "an item")
            need(kind == 2 or due_ms == 0, "a log that is due")
            (self.logs if kind == 1 else self.segments).append(number)
        need(len(self.logs) > 0, "no log")
        need(len(set(self.logs + self.segments)) == n_items, "a number twice")

    # logs

    def check_of(self, number, offset, data):
        return crc32c(self.id + struct.pack("<QQ", number, offset) + data)

    def read_log(self, number):
        log = self.read(f"log-{number}")
        need(len(log) >= 160 and log[:8] == b"LKBANK\r\n", "not a log")
        need(crc32c(log[:156]) == u32(log, 156), "the header of a log")
        need(u32(log, 8) == 2 and u32(log, 12) == 1 + self.sealed and log[16:32] == self.id
             and u64(log, 32) == number and not any(log[112:156]), "a log of something else")
        self.log_key = None
        if self.sealed:
            self.log_key = unseal(self.key, b"bank.log.key",
                                  self.id + struct.pack("<Q", number), log[40:112])
            need(self.log_key is not None, "the key of a log")
        else:
            need(not any(log[40:112]), "a key in a plain log")
        at = 160
        while at is not None and at < len(log):
            at = self.read_batch(log, number, at)

    def read_batch(self, log, number, at):
        """Where the next batch begins; None when this one was never finished."""
        if len(log) - at < 32:
            return None
        head = log[at:at + 32]
        if self.check_of(number, at, head[:24]) != u32(head, 24) or head[:4] != b"LKBB":
            need(not any(log[at:][-16:]), "a batch")
            return None
        need(not any(head[28:]), "a batch")
        n_records, n_bytes, cursor = struct.unpack_from("<IQQ", head, 4)
        end = at + 32 + n_bytes
        if end > len(log):
            return None
        self.cursor = max(self.cursor, cursor)
        at += 32
        for _ in range(n_records):
            at = self.read_record(log, number, at, end)
        need(at == end, "the length of a batch")
        return end

    def read_record(self, log, number, at, end):
        need(end - at >= 32, "a record")
        state, zero, n, entry_id, scope, check = struct.unpack_from("<B3sI16sII", log, at)
        need(zero == bytes(3) and self.check_of(number, at, log[at + 1:at + 28]) == check,
             "the head of a record")
        content_end = at + 32 + n
        next_at = content_end + 4 + -(n + 4) % 8
        need(next_at <= end, "the length of a record")
        if state == WITHDRAWN:
            return next_at
        need(state in TIERS, "the state of a record")
        content = log[at + 32:content_end]
        need(self.check_of(number, at, content) == u32(log, content_end), "the body of a record")
        need(not any(log[content_end + 4:next_at]), "behind the body of a record")
        if self.sealed:
            content = unseal(self.log_key, b"bank.log.body",
                             self.id + struct.pack("<QQ", number, at) + entry_id
                             + struct.pack("<I", scope), content)
            need(content is not None, "the seal of a record")
        self.put(entry_id, TIERS[state], [str(scope)] + read_sequence(content))
        return next_at

    # segments

    def read_states(self, number, n_entries):
        s = self.read(f"state-{number}")
        need(len(s) == 64 + n_entries and s[:8] == b"LKBANKS\n", "not the states of a segment")
        need(crc32c(s[:60]) == u32(s, 60) and u32(s, 8) == 2 and u32(s, 12) == n_entries
             and s[16:32] == self.id and u64(s, 32) == number and not any(s[40:60]),
             "the header of states")
        return s[64:]

    def read_segment(self, number):
        segment = Segment(os.path.join(self.path, f"segment-{number}"), self.key)
        need(segment.sealed == self.sealed, "a segment of the other mode")
        states = self.read_states(number, segment.n_entries)
        for ordinal, (state, line) in enumerate(zip(states, segment.lines())):
            words = line.split(" ")
            if state in TIERS:
                self.put(segment.entry(ordinal)["id"], TIERS[state], words[1:])
                continue
            need(state in (WITHDRAWN, OVERWRITTEN), "the state of an entry")
            if state == OVERWRITTEN:
                prints = [word.split(":")[-1] for word in words[4:]]
                need(not any(bytes.fromhex("".join(prints))), "a withdrawn print")

    def lines(self):
        for entry_id in sorted(self.entries):
            yield " ".join(self.entries[entry_id])


def main():
    key = bytes.fromhex(sys.argv[2]) if len(sys.argv) > 2 else None
    try:
        bank = Bank(sys.argv[1], key)
    except Damaged as damage:
        sys.exit(f"{os.path.basename(sys.argv[1])} is damaged: {damage}")
    except WrongKey:
        sys.exit("the key does not open it")
    for line in bank.lines():
        print(line)


if __name__ == "__main__":
    main()
