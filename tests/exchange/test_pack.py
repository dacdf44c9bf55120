#!/usr/bin/env python3
"""Packs as others read them: Python's tarfile, a PDF reader, the age tool, and the stand-alone verifier;
and no byte of one can be changed without both verifiers saying so. Speaks TAP.

usage: test_pack.py WRITE_PACKS LIKENESS_PAPER LIKENESS VERIFY_PACK_PY
"""
import io
import json
import os
import random
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from tap import finish, point  # noqa: E402

WRITE, PAPER, LIKENESS, VERIFY = sys.argv[1:5]
SEED = 20261124
os.environ["LIKENESS_PAPER"] = PAPER


def run(*command, **more):
    return subprocess.run(command, capture_output=True, **more)


def verdicts(path, key):
    """What both verifiers say: whether they are content."""
    theirs = run(sys.executable, VERIFY, "--key", key, path).returncode == 0
    ours = run(LIKENESS, "case", "verify", path, "--key", key).returncode == 0
    return ours, theirs


def others_read_it(packed):
    faults = []
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        names = archive.getnames()
        manifest = json.load(archive.extractfile("manifest.json"))
        case = json.load(archive.extractfile("case.json"))
        pdf = archive.extractfile("summary.pdf").read()
    if sorted(names) != names:
        faults.append("the files are not in order")
    listed = {file["name"] for file in manifest["files"]}
    if listed | {"manifest.json", "manifest.sig"} != set(names):
        faults.append(f"the manifest lists {listed}")
    if not pdf.startswith(b"%PDF-") or case["pack"] != manifest["pack"]:
        faults.append("the summary or the case is not of this pack")
    return faults


def every_change_is_noticed(packed, key, folder):
    """A byte in each block, and each kind of cut and addition."""
    draw = random.Random(SEED)
    places = [draw.randrange(at, min(at + 512, len(packed))) for at in range(0, len(packed), 512)]
    places = draw.sample(places, min(len(places), 60))
    changed = [packed[:at] + bytes([packed[at] ^ (1 << draw.randrange(8))]) + packed[at + 1 :] for at in places]
    changed += [packed[:-512], packed[:1024], packed + b"\0" * 512, packed + b"x", b"", packed[512:]]
    path = str(folder / "changed.tar")
    faults = []
    for i, data in enumerate(changed):
        Path(path).write_bytes(data)
        said = verdicts(path, key)
        if any(said):
            faults.append(f"change {i}: ours {said[0]}, theirs {said[1]}")
    return faults


def age_opens_it(folder, packed, key):
    if shutil.which("age") is None:
        return ["the age tool is missing: tools/setup test"]
    keys = folder / "keys"
    run("age-keygen", "-o", str(keys))
    recipient = run("age-keygen", "-y", str(keys)).stdout.decode().strip()
    sealed = run("age", "-r", recipient, input=packed).stdout
    (folder / "pack.age").write_bytes(sealed)
    said = run(LIKENESS, "case", "verify", str(folder / "pack.age"), "--identity", str(keys), "--key", key)
    opened = run(LIKENESS, "case", "unpack", str(folder / "pack.age"), "--identity", str(keys)).stdout
    faults = [] if said.returncode == 0 else [said.stderr.decode()]
    return faults + ([] if opened == packed else ["what was opened is not what was sealed"])


def a_case_becomes_a_pack(folder):
    """From a case to a sealed pack that the age tool opens and the verifier accepts."""
    data, keys, out = folder / "data", folder / "keys", folder / "case.age"
    code = run(LIKENESS, "desk", "open", "--data", str(data)).stdout
    recipient = run("age-keygen", "-y", str(keys)).stdout.decode().strip()
    import sqlite3  # the name of the case, as the operator's desk shows it

    with sqlite3.connect(data / "likeness.db") as store:
        case = store.execute("SELECT hex(public_id) FROM case_file").fetchone()[0].lower()
        store.execute("INSERT INTO desk_case (case_id) SELECT id FROM case_file")
    if not code:
        return ["no case was opened"]
    made = run(LIKENESS, "case", "pack", case, "--for", "police", "--recipient", recipient, "--output", str(out), "--data", str(data))
    if made.returncode != 0:
        return [made.stderr.decode()]
    key = run(LIKENESS, "case", "pack-key", "--data", str(data)).stdout.decode().strip()
    (folder / "case.tar").write_bytes(run("age", "-d", "-i", str(keys), str(out)).stdout)
    said = verdicts(str(folder / "case.tar"), key)
    faults = [] if said == (True, True) else [f"ours {said[0]}, theirs {said[1]}"]
    if (out.stat().st_mode & 0o777) != 0o600:
        faults.append("others can read the file")
    refused = run(LIKENESS, "case", "pack", case, "--for", "police", "--data", str(data))
    return faults + ([] if refused.returncode == 2 else ["an unsealed pack was made without being asked for"])


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        subprocess.run([WRITE, PAPER, name], check=True)
        packed, key = (folder / "signed.tar").read_bytes(), (folder / "key").read_text().strip()
        point("other programs read a pack", others_read_it(packed))
        said = verdicts(str(folder / "signed.tar"), key)
        point("both verifiers accept it", [] if said == (True, True) else [str(said)])
        said = verdicts(str(folder / "signed.tar"), "00" * 32)
        point("both refuse another's key", [] if said == (False, False) else [str(said)])
        said = verdicts(str(folder / "unsigned.tar"), key)
        point("both refuse an unsigned one where a key is given", [] if said == (False, False) else [str(said)])
        point("every change is noticed by both", every_change_is_noticed(packed, key, folder))
        point("a pack sealed by the age tool is opened here", age_opens_it(folder, packed, key))
        point("a case becomes a sealed pack that the age tool opens", a_case_becomes_a_pack(folder))
    finish()


main()
