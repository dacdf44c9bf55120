#!/usr/bin/env python3
"""Checks a ledger from its files, by docs/formats/ledger.md alone: another program than the one that
wrote it, with nothing but Python's standard library.

usage: verify_ledger.py DIR|URL KEY [--since CHECKPOINT]
       verify_ledger.py --receipt FILE KEY

KEY is NAME+ID+BASE64. Exit 0: all holds; 1: it does not, and the last line says what."""
import base64
import hashlib
import struct
import sys
import urllib.error
import urllib.request

LATE_S = 3600
DASH = "\u2014 "


class Wrong(Exception):
    """What does not hold."""


# Ed25519, as in RFC 8032, 5.1 and 6: slow and plain.
P = 2 ** 255 - 19
Q = 2 ** 252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)


def add(a, b):
    """Points as (X, Y, Z, T), x = X / Z, y = Y / Z, x * y = T / Z."""
    e, f = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    g, h = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = f - e, h - g, h + g, f + e
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def times(n, point):
    out = (0, 1, 1, 0)
    while n > 0:
        if n & 1:
            out = add(out, point)
        point, n = add(point, point), n >> 1
    return out


def same(a, b):
    return (a[0] * b[2] - b[0] * a[2]) % P == 0 and (a[1] * b[2] - b[1] * a[2]) % P == 0


def point_of(raw):
    """The point of 32 bytes; None: there is none."""
    y = int.from_bytes(raw, "little")
    sign, y = y >> 255, y & (2 ** 255 - 1)
    if y >= P:
        return None
    x2 = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(x2, (P + 3) // 8, P)
    if (x * x - x2) % P != 0:
        x = x * ROOT % P
    if (x * x - x2) % P != 0 or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = P - x
    return (x, y, 1, x * y % P)


BASE = point_of((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def ed25519(key, message, signature):
    a, r = point_of(key), point_of(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if a is None or r is None or s >= Q or len(signature) != 64:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % Q
    return same(times(s, BASE), add(r, times(h, a)))


# The Merkle tree of RFC 6962.
def leaf_hash(leaf):
    return hashlib.sha256(b"\0" + leaf).digest()


def node(left, right):
    return hashlib.sha256(b"\1" + left + right).digest()


def root_of(hashes):
    """By the definition: the largest power of two below the number goes left."""
    if not hashes:
        return hashlib.sha256(b"").digest()
    while len(hashes) > 1:
        pairs = [node(hashes[i], hashes[i + 1]) for i in range(0, len(hashes) - 1, 2)]
        hashes = pairs + hashes[len(pairs) * 2:]
    return hashes[0]


def led_up(leaf, index, size, path):
    """The root to which a leaf and its path lead; None: the path does not fit."""
    fn, sn = index, size - 1
    for other in path:
        if sn == 0:
            return None
        if fn & 1 or fn == sn:
            leaf = node(other, leaf)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            leaf = node(leaf, other)
        fn, sn = fn >> 1, sn >> 1
    return leaf if sn == 0 else None


class Key:
    def __init__(self, text):
        self.name, digits, raw = text.strip().split("+", 2)
        raw = base64.b64decode(raw, validate=True)
        self.kind, self.key = raw[0], raw[1:]
        self.id = hashlib.sha256(self.name.encode() + b"\n" + raw).digest()[:4]
        if self.id.hex() != digits or len(self.key) != 32 or self.kind not in (1, 4):
            raise Wrong("this is no key of Ed25519")

    def signed(self, text, lines):
        """Is there a signature of this key?"""
        found = False
        for line in lines:
            name, _, raw = line.removeprefix(DASH).partition(" ")
            raw = base64.b64decode(raw, validate=True)
            if name != self.name or raw[:4] != self.id:
                continue
            message, signature = text.encode(), raw[4:]
            if self.kind == 4:
                when = struct.unpack(">Q", raw[4:12])[0]
                message, signature = f"cosignature/v1\ntime {when}\n".encode() + message, raw[12:]
            if not ed25519(self.key, message, signature):
                return False
            found = True
        return found


class Checkpoint:
    def __init__(self, note, key):
        text, gap, rest = note.rpartition("\n\n")
        text += "\n"
        if not gap or not all(line.startswith(DASH) for line in rest.splitlines()):
            raise Wrong("not a signed checkpoint")
        self.origin, size, root = text.split("\n")[:3]
        self.size, self.root = int(size), base64.b64decode(root, validate=True)
        if str(self.size) != size or len(self.root) != 32:
            raise Wrong("not a checkpoint")
        if self.origin != key.name or not key.signed(text, rest.splitlines()):
            raise Wrong("the checkpoint is not signed with this key")


class Leaf:
    def __init__(self, raw):
        if len(raw) < 67 or raw[0] != 1:
            raise Wrong("not a leaf of version 1")
        (_, self.sequence, self.type, self.clock, self.outcome, self.reason, self.tier, self.medium,
         self.confidence, self.day_only, self.event_s, self.due_s, self.commitment) = struct.unpack(
             ">BQ8BQQ32s", raw[:65])
        n = raw[65]
        self.partner, rest = raw[66:66 + n].decode(), raw[66 + n:]
        self.regime = rest[1:].decode()
        if len(rest) != 1 + rest[0] or self.day_only > 1:
            raise Wrong("a leaf with damaged texts")


def path_of(number, width):
    groups = [f"{number % 1000:03}"]
    while number >= 1000:
        number //= 1000
        groups.insert(0, f"x{number % 1000:03}")
    return "/".join(groups) + (f".p/{width}" if width < 256 else "")


def reader(place):
    def get(path):
        try:
            if place.startswith(("http://", "https://")):
                with urllib.request.urlopen(f"{place.rstrip('/')}/{path}", timeout=60) as answer:
                    return answer.read()
            with open(f"{place}/{path}", "rb") as file:
                return file.read()
        except (OSError, urllib.error.URLError) as error:
            raise Wrong(f"{path} cannot be read: {error}") from error
    return get


def leaves(get, size):
    """Every leaf with its hash as the tiles have it."""
    for number in range((size + 255) // 256):
        width = min(256, size - number * 256)
        bundle = get("tile/entries/" + path_of(number, width))
        hashes = get("tile/0/" + path_of(number, width))
        if len(hashes) != width * 32:
            raise Wrong(f"tile {number} does not have {width} hashes")
        at = 0
        for i in range(width):
            n = int.from_bytes(bundle[at:at + 2], "big")
            if at + 2 + n > len(bundle) or at + 2 > len(bundle):
                raise Wrong(f"a leaf was dropped: leaf {number * 256 + i} is missing")
            yield bundle[at + 2:at + 2 + n], hashes[i * 32:i * 32 + 32]
            at += 2 + n
        if at != len(bundle):
            raise Wrong("there are bytes behind a leaf")


def check_log(place, key, since):
    get = reader(place)
    now = Checkpoint(get("checkpoint").decode(), key)
    if since and now.size < since.size:
        raise Wrong("the log was cut: it had more leaves when it was seen before")
    if since and now.size == since.size and now.root != since.root:
        raise Wrong("the log shows two views: two trees of one size are signed")
    hashes, newest = [], None
    for index, (raw, claimed) in enumerate(leaves(get, now.size)):
        if leaf_hash(raw) != claimed:
            raise Wrong(f"leaf {index} was rewritten")
        leaf = Leaf(raw)
        if leaf.sequence != index + 1:
            raise Wrong(f"a leaf was dropped or put in: leaf {index} is event {leaf.sequence}")
        if not leaf.day_only:
            if newest is not None and leaf.event_s < newest - LATE_S:
                raise Wrong(f"leaf {index} was backdated")
            newest = leaf.event_s if newest is None else max(newest, leaf.event_s)
        hashes.append(claimed)
    if root_of(hashes) != now.root:
        raise Wrong("the log was rewritten: its leaves do not have the root that is signed")
    if since and root_of(hashes[:since.size]) != since.root:
        raise Wrong("the log was forked: it does not begin with what was signed before")
    return now


def check_receipt(text, key):
    head, _, note = text.partition("\n\n")
    lines = head.split("\n")
    if lines[0] != "c2sp.org/tlog-proof@v1" or not lines[1].startswith("extra "):
        raise Wrong("not a receipt")
    raw, index = base64.b64decode(lines[1][6:], validate=True), int(lines[2].removeprefix("index "))
    path = [base64.b64decode(line, validate=True) for line in lines[3:]]
    now = Checkpoint(note, key)
    if index >= now.size or led_up(leaf_hash(raw), index, now.size, path) != now.root:
        raise Wrong("the leaf is not under the root that is signed")
    return Leaf(raw)


def main(arguments):
    try:
        if len(arguments) == 3 and arguments[0] == "--receipt":
            with open(arguments[1], encoding="utf-8") as file:
                leaf = check_receipt(file.read(), Key(arguments[2]))
            print(f"event {leaf.sequence} is under the signed root")
        elif len(arguments) == 2 or (len(arguments) == 4 and arguments[2] == "--since"):
            key, since = Key(arguments[1]), None
            if len(arguments) == 4:
                with open(arguments[3], encoding="utf-8") as file:
                    since = Checkpoint(file.read(), key)
            print(f"{check_log(arguments[0], key, since).size} leaves, all under the signed root")
        else:
            sys.exit(__doc__)
    except (Wrong, ValueError) as error:
        print(error)
        sys.exit(1)


if __name__ == "__main__":
    main(sys.argv[1:])
