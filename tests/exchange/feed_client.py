"""A client of the feed, written from docs/formats/feed.md and docs/formats/print.md alone.

It keeps what it holds in memory: {id: entry}. `follow()` applies one chunk after the other and
signs for what it deleted."""
import base64
import json
import os
import struct
import sys
import time
import urllib.error
import urllib.request

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import sodium


class Client:
    def __init__(self, url, key):
        self.url, self.key = url, key
        self.box_public, self.box_secret = sodium.box_keypair()
        self.sign_public, self.sign_secret = sodium.sign_keypair(os.urandom(32))
        self.entries, self.cursor, self.signed = {}, bytes(48), bytes(48)
        joined = json.loads(self.ask("POST", "/v1/feed/join", {
            "box_key": self.box_public.hex(), "sign_key": self.sign_public.hex()}))
        self.node = bytes.fromhex(joined["node"])
        self.registry_key = bytes.fromhex(joined["registry_key"])
        self.snapshot = joined.get("snapshot")

    def ask(self, method, path, body=None):
        request = urllib.request.Request(
            self.url + path, method=method, data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": "Bearer " + self.key, "Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.read()

    def fetch(self, wait=0):
        """The next chunk as it came; b"" when there are no news."""
        after = base64.urlsafe_b64encode(self.cursor).decode() if any(self.cursor) else ""
        return self.ask("GET", f"/v1/feed?node={self.node.hex()}&after={after}&wait={wait}")

    def read_snapshot(self):
        """The files for newcomers; how many there were."""
        node, secret = (bytes.fromhex(self.snapshot[name]) for name in ("node", "box_secret"))
        for number in range(1 << 32):
            try:
                with urllib.request.urlopen(f"{self.snapshot['url']}{number}.lkf", timeout=60) as file:
                    self.apply(file.read(), node, secret)
            except (urllib.error.HTTPError, ValueError):
                return number

    def open(self, chunk, node=None, secret=None):
        """The changes of a chunk: [(op, id, about, prints)], the next place, whether more follows."""
        public = self.box_public if secret is None else sodium.box_public(secret)
        if len(chunk) < 132 + 64 or chunk[:4] != b"LKFC":
            raise ValueError("no chunk of a feed")
        version, flags, it_is_for, start, to, made, n = struct.unpack_from("<HH16s48s48sQI", chunk, 4)
        if version != 1 or len(chunk) != 132 + n + 64:
            raise ValueError("another version, or cut short")
        sodium.sign_check(chunk[-64:], chunk[:-64], self.registry_key)
        if it_is_for != (node or self.node) or start != self.cursor:
            raise ValueError("for another node, or from another place")
        content = sodium.box_seal_open(chunk[132:-64], public, secret or self.box_secret)
        return list(changes_of(content)), to, bool(flags & 1)

    def apply(self, chunk, *reader):
        changes, to, more = self.open(chunk, *reader)
        deleted = []
        for op, entry, about, prints in changes:
            if op == 1:
                self.entries[entry] = {**about, "prints": prints}
            elif op == 2 and entry in self.entries:
                self.entries[entry].update(about)
            elif op == 3 and self.entries.pop(entry, None) is not None:
                deleted.append(entry)
        self.cursor = to
        if deleted:
            self.sign(deleted)
        return more

    def sign(self, deleted=()):
        body = b"LKFR" + struct.pack("<HH16s48s48sQQI", 1, 0, self.node, self.signed, self.cursor,
                                     int(time.time() * 1000), len(self.entries), len(deleted))
        body += b"".join(deleted)
        self.ask("POST", "/v1/feed/receipts", {
            "node": self.node.hex(), "body": body.hex(),
            "signature": sodium.sign(body, self.sign_secret).hex()})
        self.signed = self.cursor

    def follow(self, wait=0):
        """Applies all that there is; waits at most that many seconds for the first of it."""
        chunk = self.fetch(wait)
        while chunk:
            self.apply(chunk)
            chunk = self.fetch()


def changes_of(content):
    (count,), at = struct.unpack_from("<I", content), 4
    for _ in range(count):
        op, entry, n = struct.unpack_from("<B16sH", content, at)
        at += 19
        about = about_of(content[at:at + n]) if op != 3 else {}
        at += n
        prints = None
        if op == 1:
            (n,) = struct.unpack_from("<I", content, at)
            prints = prints_of(content[at + 4:at + 4 + n])
            at += 4 + n
        yield op, entry, about, prints
    if at != len(content):
        raise ValueError("bytes behind the last change")


def about_of(text):
    tier, brake, last_day, n = struct.unpack_from("<BBIB", text)
    laws, at = [], 7
    for _ in range(n):
        laws.append(text[at + 1:at + 1 + text[at]].decode())
        at += 1 + text[at]
    return {"tier": tier, "brake": brake, "last_day": last_day, "laws": laws}


def prints_of(text):
    """The prints of a sequence: [(kind, turn, time in milliseconds, 32 bytes)]."""
    magic, version, _, n_digests, _, n, _ = struct.unpack_from("<4sBBBBII", text)
    if magic != b"LKSQ" or version != 2:
        raise ValueError("no sequence of version 2")
    at, kind, turn, when, prints = 16 + 36 * n_digests, 0, 0, 0, []
    for _ in range(n):
        tag, at = text[at], at + 1
        if tag & 1:
            kind, at = text[at], at + 2
        at += (tag >> 1) & 1  # quality
        if tag & 4:
            later, shift = 0, 0
            while True:
                later |= (text[at] & 127) << shift
                shift, at = shift + 7, at + 1
                if text[at - 1] < 128:
                    break
            when += later
        at += 2 * ((tag >> 3) & 1) + ((tag >> 4) & 1)  # place and size
        if tag & 32:
            turn, at = text[at], at + 1
        prints.append((kind, turn, when, text[at:at + 32]))
        at += 32
    if at != len(text):
        raise ValueError("bytes behind the last print")
    return prints
