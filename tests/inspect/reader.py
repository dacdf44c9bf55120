"""A small reader of C2PA manifests, written apart from the C one and after another plan: everything is
parsed into Python values first, then looked at. For JPEG, PNG, RIFF, MP4 and MP3."""
import hashlib
import struct


def parse_cbor(data, at=0):
    """-> (value, where it ends)"""
    first = data[at]
    major, info = first >> 5, first & 31
    at += 1
    n = info
    if 24 <= info <= 27:
        size = 1 << (info - 24)
        n = int.from_bytes(data[at : at + size], "big")
        at += size
    if major == 0:
        return n, at
    if major == 1:
        return -1 - n, at
    if major == 2:
        return data[at : at + n], at + n
    if major == 3:
        return data[at : at + n].decode(), at + n
    if major == 4:
        items = []
        for _ in range(n):
            item, at = parse_cbor(data, at)
            items.append(item)
        return items, at
    if major == 5:
        pairs = {}
        for _ in range(n):
            key, at = parse_cbor(data, at)
            pairs[key], at = parse_cbor(data, at)
        return pairs, at
    if major == 6:
        return parse_cbor(data, at)
    return {20: False, 21: True, 22: None}[info], at


def parse_boxes(data):
    """-> [(type, body)]"""
    found, at = [], 0
    while at + 8 <= len(data):
        size, kind = struct.unpack(">I4s", data[at : at + 8])
        found.append((kind, data[at + 8 : at + (size or len(data))]))
        at += size or len(data)
    return found


class Superbox:
    def __init__(self, body):
        self.body = body
        (_, description), *content = parse_boxes(body)
        self.label = description[17:].split(b"\0")[0].decode()
        self.boxes = [Superbox(inner) for kind, inner in content if kind == b"jumb"]
        self.cbor = next((parse_cbor(inner)[0] for kind, inner in content if kind == b"cbor"), None)
        self.raw = next((inner for kind, inner in content if kind == b"cbor"), None)

    def __getitem__(self, label):
        return next(box for box in self.boxes if box.label.startswith(label))


def segments(file):
    at, out = 2, b""
    while file[at + 1] != 0xDA:
        (size,) = struct.unpack(">H", file[at + 2 : at + 4])
        if file[at + 1] == 0xEB:
            piece = file[at + 12 : at + 2 + size]
            out += piece[8:] if out else piece
        at += 2 + size
    return out


def between(file, start, order):
    """Chunks of PNG (start 8) and RIFF (12)."""
    at = start
    while at < len(file):
        if order == ">":
            (size,), kind = struct.unpack(">I", file[at : at + 4]), file[at + 4 : at + 8]
            step = size + 12
        else:
            kind, (size,) = file[at : at + 4], struct.unpack("<I", file[at + 4 : at + 8])
            step = 8 + size + size % 2
        if kind in (b"caBX", b"C2PA"):
            return file[at + 8 : at + 8 + size]
        at += step
    return b""


def manifest_store(file):
    if file[:2] == b"\xff\xd8":
        return segments(file)
    if file[:4] == b"\x89PNG":
        return between(file, 8, ">")
    if file[:4] == b"RIFF":
        return between(file, 12, "<")
    if file[:3] == b"ID3":
        return file[file.index(b"c2pa manifest store\0") + 20 :]
    for kind, body in parse_boxes(file):
        if kind == b"uuid" and body[:4] == bytes.fromhex("d8fec3d6"):
            return body[16 + 4 + 9 + 8 :]
    return b""


def content_fits(label, assertion, file):
    digest = hashlib.sha256()
    if label == "c2pa.hash.data":
        left = set()
        for hole in assertion["exclusions"]:
            left |= set(range(hole["start"], hole["start"] + hole["length"]))
        digest.update(bytes(byte for at, byte in enumerate(file) if at not in left))
    else:
        at = 0
        for kind, body in parse_boxes(file):
            if not any(
                hole["xpath"] == "/" + kind.decode("latin-1")
                and all(
                    file[at + piece["offset"] :].startswith(piece["value"]) for piece in hole.get("data") or []
                )
                for hole in assertion["exclusions"]
            ):
                digest.update(at.to_bytes(8, "big") + struct.pack(">I", 8 + len(body)) + kind + body)
            at += 8 + len(body)
    return digest.digest() == assertion["hash"]


def read(file):
    """What the C reader should say of each manifest: a list of dictionaries, the last about this file."""
    found = []
    data = manifest_store(file)
    if not data:
        return found
    manifests = Superbox(data[8 : struct.unpack(">I", data[:4])[0]]).boxes
    for manifest in manifests:
        claim, store = manifest["c2pa.claim"].cbor, manifest["c2pa.assertions"]
        references = claim.get("assertions") or claim["created_assertions"]
        right, wrong = [], 0
        for reference in references:
            box = store[reference["url"].rsplit("/", 1)[1]]
            if hashlib.sha256(box.body).digest() == reference["hash"]:
                right.append(box)
            else:
                wrong += 1
        info = claim.get("claim_generator_info")
        content = None
        for box in right:
            if box.label.startswith("c2pa.hash.") and manifest is manifests[-1]:
                content = content_fits(box.label, box.cbor, file)
        found.append(
            {
                "generator": f"{info['name']} {info['version']}" if info else claim["claim_generator"],
                "n_statements": len(references),
                "n_changed": wrong,
                "actions": [
                    action["action"]
                    for box in right
                    if box.label.startswith("c2pa.actions")
                    for action in box.cbor["actions"]
                ],
                "n_ingredients": sum(box.label.startswith("c2pa.ingredient") for box in right),
                "content": {None: "not_checked", True: "holds", False: "fails"}[content],
            }
        )
    return found
