"""A bank's directory, as the program writes it, must be read by a reader that knows only the
specification; what is damaged it must refuse. Speaks TAP.

usage: test_bank.py WRITE_BANKS
"""
import os
import random
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from read_bank import Bank, Damaged, WrongKey  # noqa: E402
from tap import Tap  # noqa: E402

KEY = bytes(range(32))
tap = Tap()


def reads_as_listed(path, key):
    try:
        bank = Bank(path, key)
    except (Damaged, WrongKey) as error:
        return False, repr(error)
    expected = sorted(open(path + ".txt").read().splitlines())
    lines = list(bank.lines())
    wrong = [f"{a}\n{b}" for a, b in zip(lines, expected) if a != b]
    detail = f"{len(lines)} of {len(expected)} lines, cursor {bank.cursor}\n" + "\n".join(wrong[:1])
    shape = len(bank.logs) >= 1 and len(bank.segments) >= 2
    return lines == expected and bank.cursor == 160 and shape, detail


def refuses_damage(path, name, key, rng):
    """One bit anywhere in this file of the bank, unless it is of a body that was withdrawn."""
    full = os.path.join(path, name)
    data = open(full, "rb").read()
    try:
        for _ in range(12 if len(data) < 100000 else 3):
            at = rng.randrange(len(data))
            changed = bytearray(data)
            changed[at] ^= 1 << rng.randrange(8)
            open(full, "wb").write(changed)
            try:
                lines = list(Bank(path, key).lines())
            except (Damaged, WrongKey):
                continue
            if name.startswith("log-") and lines == sorted(open(path + ".txt").read().splitlines()):
                continue
            return False, f"byte {at}"
        return True, ""
    finally:
        open(full, "wb").write(data)


def main():
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.argv[1], folder, KEY.hex()], check=True)
        rng = random.Random(4)
        for mode, key in (("plain", None), ("sealed", KEY), ("keyed", None)):
            path = f"{folder}/{mode}"
            ok, detail = reads_as_listed(path, key)
            tap.point(ok, f"the {mode} bank holds what was written into it", detail)
            files = sorted(n for n in os.listdir(path) if n == "manifest" or "-" in n)
            if mode == "keyed":  # but for the manifest and the prints, it is the plain one again
                files = ["manifest"]
            if key is not None:  # unsealing is slow here: the segments have a test of their own
                files = [n for n in files if not n.startswith("segment-")]
                files = files[:2]
            for name in files:
                ok, detail = refuses_damage(path, name, key, rng)
                tap.point(ok, f"the {mode} bank with one bit of '{name}' changed is refused", detail)
        try:
            Bank(f"{folder}/sealed", bytes(32))
            tap.point(False, "another key does not open the sealed bank")
        except WrongKey:
            tap.point(True, "another key does not open the sealed bank")
        Bank(f"{folder}/keyed", None, KEY)
        try:
            Bank(f"{folder}/keyed", None, bytes(32))
            tap.point(False, "another print key is told from that of the keyed bank")
        except WrongKey:
            tap.point(True, "another print key is told from that of the keyed bank")
    tap.end()


main()
