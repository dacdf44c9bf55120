#!/usr/bin/python3
"""Unlike photographs with something in common: one app's frame, one sticker, one font.

shared.py --likeness PROGRAM PHOTOGRAPHS SCRATCH [--n 60] [--side 900] [--seed 1] [--overlays a,b] [--check]

Every photograph is put under the same overlay, all are registered, all are asked. Counts pairs of
photographs that match in either direction, by overlay and grade: in the bank of all, in that bank
judged as one of 100,000, and in banks of one and of two pictures, where nothing can be muted for
being on many. Pairs that match without any overlay are alike by themselves and left out; their
names are said. --check: exit 1 when an overlay has a partial or better, or more than one review
for 1,770 pairs, in the bank of all under either judgement."""
import argparse
import os
import sys
from itertools import combinations
from multiprocessing import Pool

import cv2
import numpy as np

import product
from drawing import app_page, blend, canvas, ellipse_mask, face_sticker, letters, long_side, put, scaled, star_sticker, words

cv2.setNumThreads(1)
ALLOWED_REVIEWS = 1 / 1770  # of all pairs
OVERLAYS = {}


def overlay(f):
    """A function of (picture, common, own): generators seeded by the overlay, and by the picture as well."""
    OVERLAYS[f.__name__] = f
    return f


@overlay
def none(i, common, own): return i


@overlay
def page_light(i, common, own): return app_page(i, common, False)


@overlay
def page_dark(i, common, own): return app_page(i, common, True)


@overlay
def page_cropped(i, common, own):
    """The frame as people cut it: some above and below, different for each."""
    page = app_page(i, common, True)
    h = page.shape[0]
    return page[int(own.uniform(.03, .1) * h):int(own.uniform(.7, .9) * h)]


@overlay
def chat(i, common, own):
    """Bubbles with the same words above and below the photograph, a field to type in."""
    width, height = 828, 1700
    c = canvas(height, width, (222, 230, 236))
    cv2.rectangle(c, (0, 0), (width, 120), (96, 88, 20), -1)
    c = letters(c, words(common, 2), 120, 36, 36)
    cv2.circle(c, (60, 60), 36, (200, 200, 200), -1, cv2.LINE_AA)
    y = 160
    for k in range(2):
        cv2.rectangle(c, (30, y), (560, y + 70), (255, 255, 255), -1)
        c = letters(c, words(common, 4), 50, y + 18, 26, (20, 20, 20), face=2)
        y += 100
    pic = scaled(i, min(600 / i.shape[1], 760 / i.shape[0]))
    cv2.rectangle(c, (width - pic.shape[1] - 46, y), (width - 22, y + pic.shape[0] + 24), (198, 248, 220), -1)
    put(c, pic, width - pic.shape[1] - 34, y + 12)
    y += pic.shape[0] + 60
    while y < height - 260:
        cv2.rectangle(c, (30, y), (640, y + 70), (255, 255, 255), -1)
        c = letters(c, words(common, 5), 50, y + 18, 26, (20, 20, 20), face=2)
        y += 100
    cv2.rectangle(c, (20, height - 110), (width - 130, height - 30), (255, 255, 255), -1)
    cv2.circle(c, (width - 66, height - 70), 44, (96, 88, 20), -1, cv2.LINE_AA)
    return letters(c, "Message", 60, height - 92, 30, (150, 150, 150), face=2)


@overlay
def caption(i, common, own):
    """A white bar with two lines above the photograph."""
    h, w = i.shape[:2]
    bar = int(.2 * h)
    c = put(canvas(h + bar, w, (255, 255, 255)), i, 0, bar)
    for k in range(2):
        c = letters(c, words(common, 4), w / 2, bar * (.1 + .42 * k), bar * .3, (10, 10, 10), centred=True)
    return c


def stuck(i, common, place):
    i = i.copy()
    h, w = i.shape[:2]
    r = .11 * min(h, w)
    for k in range(4):
        x, y = place.uniform(.15, .85, 2)
        (star_sticker if k == 3 else face_sticker)(i, common, x * w, y * h, r)
    return i


@overlay
def stickers(i, common, own): return stuck(i, common, common)


@overlay
def stickers_moved(i, common, own): return stuck(i, common, own)


@overlay
def logo(i, common, own):
    """A round badge with letters in a corner, a sixth of the width."""
    h, w = i.shape[:2]
    r = w / 12
    x, y = w - 1.3 * r, h - 1.3 * r
    i = blend(i, canvas(h, w, (30, 30, 200)), ellipse_mask(i.shape, x, y, r, r))
    cv2.circle(i, (int(x), int(y)), int(.85 * r), (255, 255, 255), max(2, int(r / 12)), cv2.LINE_AA)
    return letters(i, "VOLT", x, y - .35 * r, .58 * r, centred=True)


@overlay
def watermark(i, common, own):
    """A name all over, pale."""
    h, w = i.shape[:2]
    for k in range(5):
        for n in range(3):
            i = letters(i, "@tonight_tv", w * (.02 + .36 * n + .12 * (k % 2)), h * (.05 + .2 * k), .05 * w, alpha=.45)
    return i


def lines(i, rng, face):
    h, w = i.shape[:2]
    for k in range(3):
        i = letters(i, words(rng, 3), w / 2, h * (.66 + .1 * k), .07 * w, edge=(0, 0, 0), face=face, centred=True)
    return i


@overlay
def same_words(i, common, own): return lines(i, common, 0)


@overlay
def same_font(i, common, own): return lines(i, own, 0)


def seeded(seed, *names):
    return np.random.default_rng([seed] + [b for name in names for b in name.encode()])


def draw(task):
    path, names, out, seed, side = task
    img = long_side(cv2.imread(path, cv2.IMREAD_COLOR), side)
    ident = os.path.splitext(os.path.basename(path))[0]
    for name in names:
        drawn = OVERLAYS[name](img, seeded(seed, name), seeded(seed, name, ident))
        cv2.imwrite(os.path.join(out, name, ident + ".jpg"), drawn, (cv2.IMWRITE_JPEG_QUALITY, 85))


def blocks(path):
    """{picture: its lines}"""
    found = {}
    with open(path) as f:
        for line in f:
            found.setdefault(line.rstrip("\n").rpartition("\t")[2], []).append(line)
    return found


def write(path, groups):
    with open(path, "w") as f:
        for group in groups:
            f.writelines(group)


def worst(found, rows):
    """Adds to {pair: best grade}."""
    for grade, _, entry, query in rows:
        if entry == query:
            continue
        pair = tuple(sorted(os.path.basename(p) for p in (entry, query)))
        if pair not in found or product.GRADES.index(grade) < product.GRADES.index(found[pair]):
            found[pair] = grade
    return found


def small_banks(likeness, bank, queries, size, scratch):
    """Each picture stands in one bank of `size`; the others are asked."""
    found, names = {}, sorted(bank)
    part = os.path.join(scratch, "part")
    for k in range(0, len(names) - size + 1, size):
        write(part, [bank[n] for n in names[k:k + size]])
        worst(found, product.matches(likeness, part, queries))
    return found


def measure(likeness, name, scratch):
    files = product.pictures(os.path.join(scratch, name))
    bank, queries = (os.path.join(scratch, f"{name}.{side}") for side in ("bank", "queries"))
    product.prints(likeness, "--register", files, bank)
    product.prints(likeness, "--query", files, queries)
    entries = blocks(bank)
    n_asked = len(blocks(queries))
    return [worst({}, product.matches(likeness, bank, queries)),
            worst({}, product.matches(likeness, bank, queries, 100000)),
            small_banks(likeness, entries, queries, 1, scratch),
            small_banks(likeness, entries, queries, 2, scratch)], len(entries), n_asked


def counts(found, alike):
    grades = [g for pair, g in found.items() if pair not in alike]
    return sum(g != "review" for g in grades), sum(g == "review" for g in grades)


def main():
    p = argparse.ArgumentParser()
    p.add_argument("photographs")
    p.add_argument("scratch")
    p.add_argument("--likeness", required=True)
    p.add_argument("--n", type=int, default=60)
    p.add_argument("--side", type=int, default=900)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--overlays", default=",".join(OVERLAYS))
    p.add_argument("--show", action="store_true", help="name the pairs")
    p.add_argument("--check", action="store_true")
    a = p.parse_args()
    names = ["none"] + [n for n in a.overlays.split(",") if n != "none"]
    photographs = product.pictures(a.photographs)
    n = min(a.n, len(photographs))
    photographs = [photographs[k * len(photographs) // n] for k in range(n)]
    for name in names:
        os.makedirs(os.path.join(a.scratch, name), exist_ok=True)
        for old in product.pictures(os.path.join(a.scratch, name)):
            os.remove(old)
    with Pool(2) as workers:
        workers.map(draw, [(f, names, a.scratch, a.seed, a.side) for f in photographs], 1)
    alike, failed = set(), False
    n_pairs = len(list(combinations(photographs, 2)))
    print(f"{n} photographs, {n_pairs} pairs; pairs that match as partial or better / review")
    print(f"{'overlay':16}{'bank of all':>14}{'as of 100,000':>16}{'banks of 1':>13}{'banks of 2':>13}")
    for name in names:
        results, n_entries, n_asked = measure(a.likeness, name, a.scratch)
        if name == "none":
            alike = set().union(*results)
            for pair in sorted(alike):
                print("alike without an overlay:", *pair)
        cells = [counts(found, alike) for found in results]
        print(f"{name:16}" + "".join(f"{f'{c[0]} / {c[1]}':>{w}}" for c, w in zip(cells, (14, 16, 13, 13)))
              + (f"   ({n - n_entries} not registered, {n - n_asked} not asked)" if n_entries + n_asked < 2 * n else ""), flush=True)
        failed |= any(c[0] > 0 or c[1] > max(1, n_pairs * ALLOWED_REVIEWS) for c in cells[:2])
        for kind, found in zip(("all", "100,000", "1", "2"), results) if a.show else ():
            for pair, grade in sorted(found.items()):
                if pair not in alike:
                    print("   ", kind, grade, *pair)
    sys.exit(1 if a.check and failed else 0)


if __name__ == "__main__":
    main()
