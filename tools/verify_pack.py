#!/usr/bin/env python3
"""Checks an evidence pack: that nothing in it was changed, added or taken out, and who signed it.

usage: verify_pack.py [--key HEX] PACK.tar

An encrypted pack (it begins with "age-encryption.org") is opened first:
    age -d -i KEYFILE PACK.age > PACK.tar

It needs Python 3.8 and nothing else, and shares no code with the program that makes packs: it was
written from docs/formats/pack.md. --key is the key that the organisation gave you in another way than
this pack, 64 hexadecimal digits.

exit: 0 all is well; 1 something is wrong with the pack; 2 wrong usage; 3 not signed, or by another key
"""
import datetime
import hashlib
import json
import re
import sys

BLOCK = 512
MAX_BYTES = 64 << 20
MAX_FILES = 2000
MANIFEST, SIGNATURE = "manifest.json", "manifest.sig"
NEEDED = {"README.txt", "case.json", "summary.pdf"}
MEMBERS = {"schema", "pack", "made_at", "for", "tool", "law_date", "signed_by", "files"}


class Wrong(Exception):
    """Something is wrong with the pack."""


class WrongKey(Exception):
    """Not signed, or by another key."""


# ---- the archive ----

def number(field, what):
    if not re.fullmatch(rb"[0-7]{11}\0", field):
        raise Wrong(f"{what} of a file is not a number")
    return int(field[:11], 8)


def header(name, size, time):
    """The one header that a file of that name, size and time may have."""
    fields = [
        name.encode("ascii").ljust(100, b"\0"), b"0000644\0", b"0000000\0", b"0000000\0",
        b"%011o\0" % size, b"%011o\0" % time, b" " * 8, b"0", b"\0" * 100, b"ustar\0" + b"00",
        b"\0" * 64, b"0000000\0", b"0000000\0", b"\0" * 167]
    block = b"".join(fields)
    return block[:148] + b"%06o\0 " % sum(block) + block[156:]


def read_archive(data):
    """-> ({name: bytes}, time). Order, form and padding are all prescribed, so there is no room to hide in."""
    files, at, time, last = {}, 0, None, ""
    if len(data) > MAX_BYTES:
        raise Wrong("the pack is larger than a pack may be")
    while True:
        block = data[at:at + BLOCK]
        if len(block) < BLOCK:
            raise Wrong("the archive is cut off")
        if block == b"\0" * BLOCK:
            if data[at:] != b"\0" * (2 * BLOCK):
                raise Wrong("something stands behind the end of the archive")
            return files, time
        name = block[:100].rstrip(b"\0").decode("ascii", "replace")
        if not re.fullmatch(r"[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*", name):
            raise Wrong(f"a name that may not be: {name!r}")
        size, when = number(block[124:136], "the size"), number(block[136:148], "the time")
        if block != header(name, size, when):
            raise Wrong(f"the header of {name} has another form than it must")
        if name <= last:
            raise Wrong(f"{name} stands twice or out of order")
        if time is not None and when != time:
            raise Wrong(f"{name} has another time than the rest")
        at += BLOCK
        padded = size + -size % BLOCK
        content = data[at:at + padded]
        if len(content) < padded:
            raise Wrong("the archive is cut off")
        if content[size:].strip(b"\0"):
            raise Wrong(f"something stands behind {name}")
        if len(files) == MAX_FILES:
            raise Wrong("too many files")
        files[name] = content[:size]
        last, time = name, when
        at += padded


# ---- the manifest ----

def no_twins(pairs):
    if len({key for key, _ in pairs}) != len(pairs):
        raise Wrong("a member stands twice in the manifest")
    return dict(pairs)


def read_manifest(text, time):

    try:
        manifest = json.loads(text.decode("utf-8"), object_pairs_hook=no_twins)
    except ValueError as error:
        raise Wrong(f"the manifest is not JSON: {error}") from None
    if not isinstance(manifest, dict):
        raise Wrong("the manifest is no object")
    if manifest.get("schema") != "likeness-pack-1":
        raise Wrong(f"not a form of pack that is known here: {manifest.get('schema')!r}")
    if set(manifest) != MEMBERS:
        raise Wrong("the manifest has other members than it must")
    if not isinstance(manifest["pack"], str) or not re.fullmatch("[0-9a-f]{16}", manifest["pack"]):
        raise Wrong("the manifest names no pack")
    if manifest["for"] not in ("police", "regulator", "person"):
        raise Wrong("the manifest does not say for whom the pack is")
    made = datetime.datetime(1970, 1, 1) + datetime.timedelta(seconds=time)
    if manifest["made_at"] != made.strftime("%Y-%m-%dT%H:%M:%SZ"):
        raise Wrong("the time of the files is not that of the manifest")
    return manifest


def check_files(files, entries):
    listed = []
    if not isinstance(entries, list):
        raise Wrong("the manifest has no list of files")
    for entry in entries:
        if not isinstance(entry, dict) or set(entry) != {"name", "size", "sha256"}:
            raise Wrong("an entry of the manifest has another form than it must")
        name = entry["name"]
        listed.append(name)
        if name not in files:
            raise Wrong(f"{name} is missing")
        if isinstance(entry["size"], bool) or entry["size"] != len(files[name]):
            raise Wrong(f"{name} is not as long as the manifest says")
        if entry["sha256"] != hashlib.sha256(files[name]).hexdigest():
            raise Wrong(f"{name} was changed: its digest is another")
    present = [name for name in files if name not in (MANIFEST, SIGNATURE)]
    if listed != present:
        raise Wrong("the manifest does not list exactly the files of the pack, in their order")
    if NEEDED - set(present):
        raise Wrong("missing: " + ", ".join(sorted(NEEDED - set(present))))


# ---- Ed25519 (RFC 8032) ----
# Points of the curve -x^2 + y^2 = 1 + d x^2 y^2 over the field of P elements, as X : Y : Z : T with
# x = X/Z, y = Y/Z, x y = T/Z. Slow and plain: one signature takes some milliseconds.

P = 2 ** 255 - 19
ORDER = 2 ** 252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)  # of -1


def plus(a, b):
    first = (a[1] - a[0]) * (b[1] - b[0]) % P
    second = (a[1] + a[0]) * (b[1] + b[0]) % P
    third = 2 * a[3] * b[3] * D % P
    fourth = 2 * a[2] * b[2] % P
    e, f, g, h = second - first, fourth - third, fourth + third, second + first
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(n, point):
    result = (0, 1, 1, 0)
    while n:
        if n & 1:
            result = plus(result, point)
        point = plus(point, point)
        n >>= 1
    return result


def same(a, b):
    return (a[0] * b[2] - b[0] * a[2]) % P == 0 and (a[1] * b[2] - b[1] * a[2]) % P == 0


def point_of(text):
    """32 bytes -> a point, or None."""
    y = int.from_bytes(text, "little")
    is_odd, y = y >> 255, y & (1 << 255) - 1
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT % P
    if (x * x - square) % P or (x == 0 and is_odd):
        return None
    if x & 1 != is_odd:
        x = P - x
    return x, y, 1, x * y % P


BASE = point_of((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def is_signed(key, message, signature):
    if len(signature) != 64:
        return False
    a, r = point_of(key), point_of(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if a is None or r is None or s >= ORDER or same(times(8, a), (0, 1, 1, 0)):
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % ORDER
    return same(times(s, BASE), plus(r, times(h, a)))


def check_signature(files, manifest, key):
    """-> a sentence on who signed."""
    signer, signature = manifest["signed_by"], files.get(SIGNATURE)
    if signer is None and signature is None:
        if key is not None:
            raise WrongKey("the pack is not signed")
        return "It is not signed: whoever had it could have made it anew as a whole."
    if signature is None or not isinstance(signer, str) or not re.fullmatch("[0-9a-f]{64}", signer):
        raise Wrong("the manifest and the signature do not belong together")
    if not is_signed(bytes.fromhex(signer), files[MANIFEST], signature):
        raise Wrong("the signature is not of this manifest")
    if key is None:
        return f"It is signed with the key {signer}\nCompare it with the one that the organisation gave you."
    if signer != key:
        raise WrongKey(f"the pack is signed with another key: {signer}")
    return "It is signed with the key that you gave."


def check(data, key=None):
    """-> what to tell; raises Wrong or WrongKey."""
    if data.startswith(b"age-encryption.org/"):
        raise Wrong("the pack is still encrypted: open it with age -d -i KEYFILE")
    files, time = read_archive(data)
    if MANIFEST not in files:
        raise Wrong("the manifest is missing")
    manifest = read_manifest(files[MANIFEST], time)
    check_files(files, manifest["files"])
    signed = check_signature(files, manifest, key)
    return (f"Pack {manifest['pack']} for the {manifest['for']}, made at {manifest['made_at']}: "
            f"{len(manifest['files'])} files, each as the manifest says.\n{signed}")


def main(args):
    key = None
    if len(args) >= 2 and args[0] == "--key":
        key = args[1].lower()
        args = args[2:]
        if not re.fullmatch("[0-9a-f]{64}", key):
            print("verify_pack: a key has 64 hexadecimal digits", file=sys.stderr)
            return 2
    if len(args) != 1 or args[0].startswith("-"):
        print(__doc__, file=sys.stderr)
        return 2
    try:
        with open(args[0], "rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        print(f"verify_pack: {error}", file=sys.stderr)
        return 2
    try:
        print(check(data, key))
        return 0
    except Wrong as wrong:
        print(f"verify_pack: DO NOT RELY ON THIS PACK: {wrong}", file=sys.stderr)
        return 1
    except WrongKey as wrong:
        print(f"verify_pack: {wrong}", file=sys.stderr)
        return 3


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
