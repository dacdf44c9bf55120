"""The ledger that `likeness` writes, checked by another program; and logs of an operator who cheats,
made here, which both programs catch and name."""
import base64
import hashlib
import os
import random
import shutil
import sqlite3
import struct
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request

import sodium
import verify_ledger as other
from tap import finish, point

LIKENESS = sys.argv[1]
NAME = "example.org/ledger"
START = 1790000000
rng = random.Random(6962)


def run(*arguments):
    done = subprocess.run([LIKENESS, "ledger", *arguments], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout, done.stderr


# A log that does whatever its operator wants.
def a_leaf(sequence, second=None, outcome=1, partner=b"Video"):
    return struct.pack(">BQ8BQQ32s", 1, sequence, 3, 0, outcome, 0, 1, 1, 0, 0,
                       START + sequence if second is None else second, 0, rng.randbytes(32)) + bytes(
                           [len(partner)]) + partner + b"\0"


class Operator:
    def __init__(self):
        self.public, self.secret = sodium.sign_keypair(b"7" * 32)
        raw = b"\1" + self.public
        self.id = hashlib.sha256(NAME.encode() + b"\n" + raw).digest()[:4]
        self.key = f"{NAME}+{self.id.hex()}+{base64.b64encode(raw).decode()}"

    def note(self, leaves):
        root = other.root_of([other.leaf_hash(leaf) for leaf in leaves])
        text = f"{NAME}\n{len(leaves)}\n{base64.b64encode(root).decode()}\n"
        signature = base64.b64encode(self.id + sodium.sign(text.encode(), self.secret)).decode()
        return f"{text}\n{other.DASH}{NAME} {signature}\n"

    def publish(self, leaves, place, note=None):
        """Files that fit each other, whatever the leaves say."""
        shutil.rmtree(place, ignore_errors=True)
        for level in range(8):
            if level == 0:
                hashes = [other.leaf_hash(leaf) for leaf in leaves]
            for number in range((len(hashes) + 255) // 256):
                part = hashes[number * 256:number * 256 + 256]
                write(f"{place}/tile/{level}/" + other.path_of(number, len(part)), b"".join(part))
            hashes = [other.root_of(hashes[i:i + 256]) for i in range(0, len(hashes) - 255, 256)]
        for number in range((len(leaves) + 255) // 256):
            part = leaves[number * 256:number * 256 + 256]
            write(f"{place}/tile/entries/" + other.path_of(number, len(part)),
                  b"".join(struct.pack(">H", len(leaf)) + leaf for leaf in part))
        write(f"{place}/checkpoint", (note or self.note(leaves)).encode())


def write(path, content):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(content)


def both(place, key, since=None):
    """What the two programs say."""
    code, out, err = run("verify", place, "--key", key, *(["--since", since] if since else []))
    try:
        kept = other.Checkpoint(open(since, encoding="utf-8").read(), other.Key(key)) if since else None
        other.check_log(place, other.Key(key), kept)
        python = ""
    except other.Wrong as wrong:
        python = str(wrong)
    return code, (err or out).strip(), python


def caught(name, said, word):
    code, ours, python = said
    point(name, ([] if code > 2 and word in ours else [f"likeness: {code} {ours}"]) +
          ([] if word in python else [f"python: {python}"]))


def holds(name, said):
    code, ours, python = said
    point(name, ([] if code == 0 else [f"likeness: {code} {ours}"]) +
          ([] if python == "" else [f"python: {python}"]))


def add_events(home, first, n):
    """As the service would have recorded them."""
    store = sqlite3.connect(f"{home}/likeness.db")
    for seq in range(first, first + n):
        store.execute(
            "INSERT INTO event (seq, type, partner_id, regime, clock_kind, event_ms, due_ms, outcome,"
            " reason, tier, medium, confidence, commitment) VALUES (?, 3, 1, 'us-tida', 1, ?, ?, 3, 0, 1,"
            " 1, 90, ?)", (seq, (START + seq) * 1000, (START + seq + 172800) * 1000, rng.randbytes(32)))
    store.execute("UPDATE counter SET value = ? WHERE name = 'event'", (first + n - 1,))
    store.commit()
    store.close()


def key_of(home):
    return run("show", "--data", home)[1].split("key")[1].strip()


def check_agreement(work):
    home, place = f"{work}/home", f"{work}/log"
    subprocess.run([LIKENESS, "partner", "add", "Video", "--data", home], capture_output=True, check=True)
    at = 0
    for size in (0, 1, 2, 3, 255, 256, 257, 600, 70000):
        add_events(home, at + 1, size - at)
        at = size
        key = key_of(home)
        run("export", place, "--data", home)
        holds(f"both programs find {size} leaves under the root", both(place, key))
        if size == 257:
            shutil.copy(f"{place}/checkpoint", f"{work}/kept")
    holds("and a checkpoint kept from before is its beginning", both(place, key, f"{work}/kept"))
    wrong = []
    for number in (1, 2, 256, 257, 65536, 65537, 69999, 70000):
        code, receipt, _ = run("proof", str(number), "--data", home)
        write(f"{work}/receipt", receipt.encode())
        if code != 0 or run("check-receipt", f"{work}/receipt", "--key", key)[0] != 0:
            wrong.append(f"likeness refuses the receipt of {number}")
        if other.check_receipt(receipt, other.Key(key)).sequence != number:
            wrong.append(f"python reads another leaf than {number}")
    point("a receipt holds in both programs", wrong)
    bad = receipt.replace("index 69999", "index 69998")
    write(f"{work}/receipt", bad.encode())
    point("a receipt for another leaf does not",
          [] if "not under the root" in run("check-receipt", f"{work}/receipt", "--key", key)[2] else [bad])
    point("there is no receipt of what is not there",
          [] if run("proof", "70001", "--data", home)[0] > 2 else ["there was one"])


def check_attacks(work):
    operator, place = Operator(), f"{work}/cheat"
    leaves = [a_leaf(i + 1) for i in range(700)]
    operator.publish(leaves, place)
    holds("an honest log holds", both(place, operator.key))
    write(f"{work}/seen", operator.note(leaves[:600]).encode())
    holds("and what was seen of it before is its beginning", both(place, operator.key, f"{work}/seen"))

    with open(f"{place}/tile/entries/001", "r+b") as file:
        file.seek(30)
        file.write(b"\xff")
    caught("a leaf that is rewritten in its file is named", both(place, operator.key), "leaf 256 was rewritten")

    changed = leaves[:300] + [a_leaf(301, outcome=4)] + leaves[301:]
    operator.publish(changed, place, operator.note(leaves))
    caught("hashes that are rewritten with the leaf do not have the root", both(place, operator.key),
           "the log was rewritten")
    operator.publish(changed, place)
    caught("a leaf that is rewritten and signed again is a fork", both(place, operator.key, f"{work}/seen"),
           "the log was forked")

    operator.publish(leaves[:300] + leaves[301:], place)
    caught("a leaf that is dropped leaves a gap", both(place, operator.key), "a leaf was dropped")
    operator.publish(leaves[:500], place)
    caught("a log that is cut is shorter than it was seen", both(place, operator.key, f"{work}/seen"),
           "the log was cut")

    late = leaves + [a_leaf(701, second=START - 86400)]
    operator.publish(late, place)
    caught("an event that is dated back stands behind later ones", both(place, operator.key),
           "leaf 700 was backdated")

    stranger = Operator()
    stranger.public, stranger.secret = sodium.sign_keypair(b"8" * 32)
    operator.publish(leaves, place, stranger.note(leaves))
    caught("a log of another key is none", both(place, operator.key), "not signed with")


def check_witnesses(work):
    operator = Operator()
    leaves = [a_leaf(i + 1) for i in range(300)]
    forked = leaves[:280] + [a_leaf(i + 1) for i in range(280, 300)]

    def witness(name, place):
        return run("witness", place, "--key", operator.key, "--keep", f"{work}/{name}.seen", "--name",
                   f"{name}.example", "--secret", f"{work}/{name}.key")

    operator.publish(leaves[:270], f"{work}/a")
    code, note, err = witness("one", f"{work}/a")
    point("a witness signs what it sees first", [] if code == 0 and note.count(other.DASH) == 2 else [err])
    witness("two", f"{work}/a")
    operator.publish(leaves, f"{work}/a")
    operator.publish(forked, f"{work}/b")
    code, _, err = witness("one", f"{work}/a")
    point("and what grew out of it", [] if code == 0 else [err])
    code, _, err = witness("two", f"{work}/b")
    point("a fork is not seen by a witness that is shown it alone", [] if code == 0 else [err])
    caught("but as soon as the two compare what they saw", both(f"{work}/a", operator.key, f"{work}/two.seen"),
           "two views")
    code, out, err = witness("one", f"{work}/b")
    point("a witness that is shown the other view does not sign",
          [] if code > 2 and "two views" in err and out == "" else [err])
    operator.publish(forked + [a_leaf(301)], f"{work}/b")
    code, out, err = witness("one", f"{work}/b")
    point("nor what grew out of that", [] if code > 2 and "forked" in err and out == "" else [err])
    operator.publish(leaves[:200], f"{work}/a")
    code, out, err = witness("one", f"{work}/a")
    point("nor a log that became shorter", [] if code > 2 and "cut" in err and out == "" else [err])


def check_signature():
    """The first vectors of RFC 8032, 7.1."""
    wrong = []
    for key, message, signature in (
        ("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
         "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
         "d25bf5f0595bbe24655141438e7a100b"),
        ("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
         "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c"
         "387b2eaeb4302aeeb00d291612bb0c00")):
        raw = [bytes.fromhex(x) for x in (key, message, signature)]
        if not other.ed25519(*raw):
            wrong.append(f"{key} is refused")
        if other.ed25519(raw[0], raw[1] + b"x", raw[2]):
            wrong.append(f"{key} takes anything")
    point("the other program's Ed25519 is that of RFC 8032", wrong)


def asked(address, path):
    """Status, Cache-Control and body."""
    try:
        with urllib.request.urlopen(f"{address}{path}", timeout=30) as answer:
            return answer.status, answer.headers["Cache-Control"], answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers["Cache-Control"], b""


def check_service(work):
    home = f"{work}/home"  # of check_agreement()
    with subprocess.Popen([LIKENESS, "serve", "--data", home, "--listen", "127.0.0.1:0"], text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as serve:
        address = next(line.split()[-1].rstrip("/") for line in serve.stdout if "listening on" in line)
        holds("the service serves what both programs check", both(f"{address}/ledger", key_of(home)))
        wrong = []
        for path, status, cache in (("checkpoint", 200, "no-cache"), ("tile/0/000", 200, "immutable"),
                                    ("tile/entries/273.p/112", 200, "max-age=3600"),
                                    ("tile/1/000", 200, "immutable"), ("tile/2/000.p/1", 200, "3600"),
                                    ("tile/0/273", 404, ""), ("tile/0/0", 404, ""), ("tile/9/000", 404, ""),
                                    ("tile/0/000.p/256", 404, ""), ("tile/entries/x999/999", 404, "")):
            found = asked(address, f"/ledger/{path}")
            if found[0] != status or cache not in found[1]:
                wrong.append(f"{path}: {found[:2]}")
        point("full files are kept for ever, others asked for again", wrong)
        serve.terminate()
        serve.stdout.read()


with tempfile.TemporaryDirectory() as folder:
    check_signature()
    check_agreement(folder)
    check_service(folder)
    check_attacks(folder)
    check_witnesses(folder)
finish()
