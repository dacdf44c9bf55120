"""What the program writes, a reader that knows only the specification must read; what is damaged it
must refuse. Speaks TAP.

usage: test_segment.py WRITE_SEGMENTS
"""
import os
import random
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import read_segment  # noqa: E402
from tap import Tap  # noqa: E402

KEY = bytes(range(32))
tap = Tap()


def known_answers():
    """The sums and ciphers against their own specifications, so that no error here can hide one
    there."""
    ok = read_segment.crc32c(b"123456789") == 0xE3069283
    # RFC 8439, 2.8.2
    key = bytes(range(0x80, 0xA0))
    nonce = bytes.fromhex("070000004041424344454647")
    extra = bytes.fromhex("50515253c0c1c2c3c4c5c6c7")
    sealed = bytes.fromhex(
        "d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d6"
        "3dbea45e8ca9671282fafb69da92728b1a71de0a9e060b2905d6a5b67ecd3b36"
        "92ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc"
        "3ff4def08e4b7a9de576d26586cec64b6116")
    tag = bytes.fromhex("1ae10b594f09e26a7e902ecbd0600691")
    text = read_segment.open_sealed(key, nonce, sealed, tag, extra)
    ok &= text is not None and text.startswith(b"Ladies and Gentlemen of the class of '99")
    # draft-irtf-cfrg-xchacha, 2.2.1
    sub = read_segment.hchacha(bytes(range(32)), bytes.fromhex("000000090000004a0000000031415927"))
    ok &= sub.hex() == "82413b4227b27bfed30e42508a877d73a0f9e4d58a74a853c12ec41326d3ecdc"
    return ok


def reads_as_listed(path):
    key = KEY if "sealed" in path else None
    try:
        lines = list(read_segment.Segment(path, key).lines())
    except (read_segment.Damaged, read_segment.WrongKey) as error:
        return False, repr(error)
    expected = open(path + ".txt").read().splitlines()
    wrong = [i for i, (a, b) in enumerate(zip(lines, expected)) if a != b]
    return lines == expected, f"{len(lines)} of {len(expected)} lines, wrong: {wrong[:5]}"


def refuses_damage(path, rng):
    """One bit anywhere."""
    data = open(path, "rb").read()
    for _ in range(12):
        at = rng.randrange(len(data))
        changed = bytearray(data)
        changed[at] ^= 1 << rng.randrange(8)
        with open(path + ".bad", "wb") as out:
            out.write(changed)
        try:
            read_segment.Segment(path + ".bad", KEY if "sealed" in path else None)
        except (read_segment.Damaged, read_segment.WrongKey):
            continue
        return False, f"byte {at}"
    return True, ""


def main():
    tap.point(known_answers(), "the reader's own sums and ciphers give the published answers")
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.argv[1], folder, KEY.hex()], check=True)
        names = sorted(n for n in os.listdir(folder) if os.path.exists(f"{folder}/{n}.txt"))
        for name in names:
            ok, detail = reads_as_listed(f"{folder}/{name}")
            tap.point(ok, f"'{name}' holds what was written into it", detail)
        rng = random.Random(3)
        for name in ("small", "sealed"):
            ok, detail = refuses_damage(f"{folder}/{name}", rng)
            tap.point(ok, f"'{name}' with one bit changed is refused", detail)
        try:
            read_segment.Segment(f"{folder}/sealed", bytes(32))
            tap.point(False, "another key does not open 'sealed'")
        except read_segment.WrongKey:
            tap.point(True, "another key does not open 'sealed'")
    tap.end()


main()
