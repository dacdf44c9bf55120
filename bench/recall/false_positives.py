#!/usr/bin/python3
"""False matches among pictures that have nothing to do with each other.

false_positives.py --likeness PROGRAM SET [--groups FILE] [--labels FILE] [--sheets DIR] [--bank-of N]

SET: what gather.py wrote. Every picture is registered and every picture is a query, in two ways: all against
all, with anchors looked for even where a whole print is enough (each picture finds itself), and half of
the sources against the other half, since a picture that is registered takes part in muting. Writes
SET/pairs.tsv: grade, score, label, entry, query, each unordered pair once with its best grade. A pair is `same` where the two whole pictures lie within 45 bits in some turn (copies and
variants), or as FILE says (label, entry, query; labels are given by people who look at the sheets:
same, shared - something in both is the same thing - or false). Unlabelled pairs count as false.
Sheets: PNG pages of the unlabelled pairs, worst grade first.

A source is a package, a set of photographs or a set of videos. Pictures of one source are no
independent evidence of each other, and packages copy from one another, so pairs across sources and across
groups of sources (groups.tsv) are stated beside all pairs, and the bound (rule of three where nothing is
false, else the exact Poisson bound, 95 %) is for each of the three."""
import argparse
import math
import os
import sys

import numpy as np

import product

SAME_BITS = 45


def whole_prints(path, turns):
    """{picture: [bits as +1 and -1]} of the lines of whole pictures, one row a turn wanted."""
    rows = {}
    for line in open(path):
        head, _, name = line.rstrip("\n").rpartition("\t")
        f = head.split()
        if f[2] == "whole" and (name not in rows or (turns > 1 and len(rows[name]) < turns)):
            bits = np.unpackbits(np.frombuffer(bytes.fromhex(f[0]), np.uint8))
            rows.setdefault(name, []).append(bits.astype(np.float32) * 2 - 1)
    return rows


def near_pairs(bank, queries, radius):
    """Pairs of pictures whose whole prints lie within `radius` in one of the entry's eight turns:
    {(a, b): distance}, a < b; by matrix products, sharing nothing with the product's search."""
    e, q = whole_prints(bank, 8), whole_prints(queries, 1)
    qn, found = sorted(q), {}
    qm = np.stack([q[n][0] for n in qn])
    en = [n for n in sorted(e) for _ in e[n]]
    em = np.concatenate([np.stack(e[n]) for n in sorted(e)])
    for at in range(0, len(em), 4000):
        d = 128 - (em[at:at + 4000] @ qm.T) / 2
        for i, j in zip(*np.nonzero(d <= radius)):
            a, b = en[at + i], qn[j]
            if a != b:
                k = (min(a, b), max(a, b))
                found[k] = min(found.get(k, 999), int(d[i, j]))
    return found


def bound(k):
    """95 % upper bound of a Poisson mean of which k events were seen."""
    if k == 0:
        return 3.0
    lo, hi = float(k), 3 * k + 10.0
    for _ in range(60):
        m = (lo + hi) / 2
        tail = sum(math.exp(-m + i * math.log(m) - math.lgamma(i + 1)) for i in range(k + 1))
        lo, hi = (m, hi) if tail > .05 else (lo, m)
    return hi


def sheets(directory, rows, per_page=10):
    import cv2
    os.makedirs(directory, exist_ok=True)

    def tile(path):
        img = cv2.imread(path)
        s = min(300 / img.shape[1], 300 / img.shape[0])
        img = cv2.resize(img, None, fx=s, fy=s, interpolation=cv2.INTER_AREA)
        out = np.full((300, 300, 3), 60, np.uint8)
        out[:img.shape[0], :img.shape[1]] = img
        return out

    for page in range(0, len(rows), per_page):
        strips = []
        for k, (grade, score, _, a, b) in enumerate(rows[page:page + per_page]):
            strip = np.hstack([tile(a), tile(b)])
            cv2.putText(strip, f"{page + k} {grade} {score}", (6, 290), cv2.FONT_HERSHEY_SIMPLEX, .8, (0, 255, 255), 2)
            strips.append(strip)
        while len(strips) % 2:
            strips.append(np.zeros_like(strips[0]))
        page_image = np.vstack([np.hstack(strips[i:i + 2]) for i in range(0, len(strips), 2)])
        cv2.imwrite(os.path.join(directory, f"page{page // per_page:03d}.png"), page_image)


def groups_of(path, sources):
    """{source: group}; a source that the file does not name is a group of its own."""
    group = {s: s for s in sources}
    for line in open(path) if path else ():
        if not line.startswith("#"):
            name, members = line.rstrip("\n").split("\t")
            group.update({s: name for s in members.split() if s in group})
    return group


def halves(directory, bank, queries, source, size):
    """Files of prints, the sources dealt to two halves: [(bank of one, queries of the other)] both ways."""
    half, filled = {}, [0, 0]
    for s in sorted(size, key=size.get, reverse=True):
        half[s] = int(filled[0] > filled[1])
        filled[half[s]] += size[s]
    names = {}
    for what, path in (("bank", bank), ("queries", queries)):
        names[what] = [os.path.join(directory, f"{what}.half{k}") for k in (0, 1)]
        files = [open(name, "w") for name in names[what]]
        for line in open(path):
            files[half[source[line.rstrip("\n").rpartition("\t")[2]]]].write(line)
        for f in files:
            f.close()
    return [(names["bank"][k], names["queries"][1 - k]) for k in (0, 1)]


def main():
    p = argparse.ArgumentParser()
    p.add_argument("set")
    p.add_argument("--likeness", required=True)
    p.add_argument("--groups")
    p.add_argument("--labels")
    p.add_argument("--sheets")
    p.add_argument("--bank-of", type=int, default=0)
    p.add_argument("--keep-prints", action="store_true", help="take SET/bank and SET/queries as they are")
    a = p.parse_args()
    root = os.path.join(a.set, "pictures")
    paths = product.pictures(root)
    bank, queries = os.path.join(a.set, "bank"), os.path.join(a.set, "queries")
    if not (a.keep_prints and os.path.exists(queries)):
        product.prints(a.likeness, "--register", paths, bank)
        product.prints(a.likeness, "--query", paths, queries)
    names = {line.rstrip("\n").rpartition("\t")[2] for line in open(queries)}
    source = {n: os.path.relpath(n, root).split(os.sep)[0] for n in names}
    size = {}
    for s in source.values():
        size[s] = size.get(s, 0) + 1
    n = len(names)
    group = groups_of(a.groups, size)
    size_of_group = {}
    for s, k in size.items():
        size_of_group[group[s]] = size_of_group.get(group[s], 0) + k
    n_pairs = n * (n - 1) // 2
    n_across, n_unrelated = ((n * n - sum(k * k for k in sizes.values())) // 2 for sizes in (size, size_of_group))

    labels = {}
    for line in open(a.labels) if a.labels else ():
        label, x, y = line.rstrip("\n").split("\t")
        labels[min(x, y), max(x, y)] = label
    alike = near_pairs(bank, queries, SAME_BITS)
    best = {}
    for entries, asked in [(bank, queries)] + halves(a.set, bank, queries, source, size):
        for grade, score, x, y in product.matches(a.likeness, entries, asked, a.bank_of or n, all_anchors=True):
            if x != y:
                k = (min(x, y), max(x, y))
                row = (product.GRADES.index(grade), -score)
                best[k] = min(best.get(k, row), row)
    rows = []
    for k, (grade, score) in best.items():
        label = labels.get((os.path.relpath(k[0], root), os.path.relpath(k[1], root)), "same" if k in alike else "?")
        rows.append((product.GRADES[grade], -score, label) + k)
    rows.sort(key=lambda r: (product.GRADES.index(r[0]), source[r[3]] == source[r[4]], r[3], r[4]))
    with open(os.path.join(a.set, "pairs.tsv"), "w") as f:
        for grade, score, label, x, y in rows:
            f.write(f"{grade}\t{score}\t{label}\t{os.path.relpath(x, root)}\t{os.path.relpath(y, root)}\n")
    if a.sheets:
        sheets(a.sheets, [r for r in rows if r[2] == "?"])

    print(f"{len(paths)} pictures, {n} not refused, {len(size)} sources; thresholds of a bank of {a.bank_of or n}")
    print(f"pairs: {n_pairs:.3g}, across sources {n_across:.3g}, across {len(size_of_group)} groups {n_unrelated:.3g}")
    print("whole pictures within 31 bits in some turn: "
          f"{sum(d <= 31 for d in alike.values())}, within {SAME_BITS}: {len(alike)}")
    print(f"{'':24}{'matches':>9}{'same':>8}{'shared':>8}{'false':>8}{'bound a pair':>14}")
    kinds = (("", n_pairs, {}), (", across sources", n_across, {s: s for s in size}), (", across groups", n_unrelated, group))
    for name, n_of_kind, unit in kinds:
        for grade in product.GRADES:
            these = [r for r in rows if r[0] == grade and (not unit or unit[source[r[3]]] != unit[source[r[4]]])]
            count = {label: sum(r[2] == label for r in these) for label in ("same", "shared")}
            false = len(these) - sum(count.values())
            print(f"{grade + name:24}{len(these):9}{count['same']:8}{count['shared']:8}{false:8}{bound(false) / n_of_kind:14.1e}")
    reviewed = {y for _, _, label, x, y in rows if label == "?" or label == "false"}
    print(f"pictures in an unexplained match: {len(reviewed | {r[3] for r in rows if r[2] in ('?', 'false')})} of {n}")


if __name__ == "__main__":
    main()
