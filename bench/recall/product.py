"""Runs likeness: prints of many pictures on all processors, and matches of two files of prints."""
import os
import subprocess
import tempfile

ENDINGS = (".jpg", ".jpeg", ".png", ".webp", ".avif")
GRADES = ("exact", "near", "partial", "review")


def pictures(directory):
    return sorted(os.path.join(here, f) for here, _, files in os.walk(directory) for f in files if f.lower().endswith(ENDINGS))


def prints(likeness, side, paths, out, options=()):
    """side: --register or --query. Writes the lines to `out`; the number of refused pictures."""
    n = os.cpu_count() or 1
    running = []
    for k in range(min(n, len(paths))):
        lines, said = tempfile.TemporaryFile("w+"), tempfile.TemporaryFile("w+")
        given = tempfile.TemporaryFile("w+")
        given.write("".join(p + "\n" for p in paths[k::n]))
        given.seek(0)
        call = [likeness, "hash", side, *options, "--files-from", "-"]
        running.append((subprocess.Popen(call, stdin=given, stdout=lines, stderr=said), lines, said))
    with open(out, "w") as f:
        for process, lines, said in running:
            if process.wait():
                said.seek(0)
                raise SystemExit(f"likeness hash {side} failed:\n{said.read()[-2000:]}")
            lines.seek(0)
            for block in iter(lambda: lines.read(1 << 20), ""):
                f.write(block)
    with open(out) as f:
        return len(paths) - len({line.rpartition("\t")[2] for line in f})


def matches(likeness, bank, queries, bank_of=0, all_anchors=False):
    """[(grade, score, entry, query)]; bank_of: judge as in a bank of so many."""
    call = [likeness, "match", "--protocol"] + (["--as-bank-of", str(bank_of)] if bank_of else [])
    call += (["--all-anchors"] if all_anchors else []) + [bank, queries]
    said = subprocess.run(call, stdout=subprocess.PIPE, text=True, check=True).stdout
    rows = []
    for line in said.splitlines():
        head, _, query = line.rpartition("\t")
        grade, score, entry = head.split(" ", 2)
        rows.append((grade, int(score), entry, query))
    return rows
