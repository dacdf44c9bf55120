#!/usr/bin/python3
"""Write the edited copies of photographs.

make_queries.py ORIGINALS OTHERS OUT [--seed 1] [--side 900] [--edits a,b] [--jobs 2] [--limit N]

OUT/EDIT/NAME.ending, and OUT/manifest.tsv: edit, family, original, query. OTHERS: photographs that
collages and stickers take from; they are in no bank. The same seed gives the same bytes on one
machine (encoders differ between versions)."""
import argparse
import os
from multiprocessing import Pool

import cv2

import edits
from drawing import long_side

cv2.setNumThreads(1)
ENDINGS = (".jpg", ".jpeg", ".png", ".webp")


def pictures(directory):
    return sorted(os.path.join(here, f) for here, _, files in os.walk(directory) for f in files if f.lower().endswith(ENDINGS))


def one(task):
    path, names, out, others, seed, side = task
    img = cv2.imread(path, cv2.IMREAD_COLOR)
    if img is None:
        raise SystemExit(f"make_queries: cannot read {path}")
    if max(img.shape[:2]) > side:
        img = long_side(img, side)
    ident = os.path.splitext(os.path.basename(path))[0]

    def other(rng):
        return long_side(cv2.imread(others[int(rng.integers(len(others)))], cv2.IMREAD_COLOR), 640)

    rows = []
    for name in names:
        data, ending = edits.apply(name, img, ident, other, seed)
        where = os.path.join(out, name, f"{ident}.{ending}")
        with open(where, "wb") as f:
            f.write(data)
        rows.append((name, edits.FAMILY[name], path, where))
    return rows


def main():
    p = argparse.ArgumentParser()
    p.add_argument("originals")
    p.add_argument("others")
    p.add_argument("out")
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--side", type=int, default=900)
    p.add_argument("--edits", default=",".join(edits.ALL))
    p.add_argument("--jobs", type=int, default=2)
    p.add_argument("--limit", type=int, default=0, help="so many originals, evenly spaced; 0: all")
    a = p.parse_args()
    names, originals, others = a.edits.split(","), pictures(a.originals), pictures(a.others)
    if not originals or not others:
        raise SystemExit("make_queries: no pictures in the directories given")
    if a.limit and a.limit < len(originals):
        originals = [originals[k * len(originals) // a.limit] for k in range(a.limit)]
    for name in names:
        os.makedirs(os.path.join(a.out, name), exist_ok=True)
    with Pool(a.jobs) as workers:
        rows = sum(workers.imap(one, [(f, names, a.out, others, a.seed, a.side) for f in originals]), [])
    order = {name: k for k, name in enumerate(names)}
    with open(os.path.join(a.out, "manifest.tsv"), "w") as f:
        f.writelines("\t".join(r) + "\n" for r in sorted(rows, key=lambda r: (order[r[0]], r[2])))
    print(f"{len(originals)} originals, {len(names)} edits, {len(rows)} queries")


if __name__ == "__main__":
    main()
