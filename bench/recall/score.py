#!/usr/bin/python3
"""Recall of the product on edited copies, by edit, family and grade.

score.py --likeness PROGRAM --manifest OUT/manifest.tsv [--distractors DIR] [--bank-of 0,100000]
         [--every N] [--json FILE]

A query counts for an edit when its own original is among the matches, with the best grade of it.
One table for each bank size: 0 is the bank's own. Ranges are 95 % (Wilson)."""
import argparse
import json
import math
import os
import tempfile

import product

ACTING = ("exact", "near", "partial")


def wilson(k, n):
    if not n:
        return 0.0, 1.0
    z, p = 1.96, k / n
    middle, half = p + z * z / (2 * n), z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return max(0.0, (middle - half) / (1 + z * z / n)), min(1.0, (middle + half) / (1 + z * z / n))


def tally(manifest, rows):
    """({edit: {family, n, grade: count}}, queries that found another original)"""
    truth, best, wrong = {m[3]: m[2] for m in manifest}, {}, set()
    for grade, _, entry, query in rows:
        if truth[query] != entry:
            wrong.add(query)
        elif query not in best or product.GRADES.index(grade) < product.GRADES.index(best[query]):
            best[query] = grade
    table = {}
    for name, family, _, query in manifest:
        row = table.setdefault(name, {"family": family, "n": 0, **dict.fromkeys(product.GRADES, 0)})
        row["n"] += 1
        if query in best:
            row[best[query]] += 1
    return table, wrong


def mean(table, grades):
    return sum(100 * sum(r[g] for g in grades) / r["n"] for r in table.values()) / len(table)


def show(table, wrong, n_queries, distractors):
    print(f"{'family':10}{'edit':20}{'n':>5}{'found %':>9}{'95 %':>14}" + "".join(f"{g + ' %':>11}" for g in product.GRADES))
    for name, r in table.items():
        found = sum(r[g] for g in product.GRADES)
        low, high = wilson(found, r["n"])
        print(f"{r['family']:10}{name:20}{r['n']:5}{100 * found / r['n']:9.1f}{f'{100 * low:.0f} to {100 * high:.0f}':>14}"
              + "".join(f"{100 * r[g] / r['n']:11.1f}" for g in product.GRADES))
    print(f"mean over edits: {mean(table, product.GRADES):.2f} any grade, {mean(table, ACTING):.2f} exact, near and partial")
    print(f"queries that found another original: {len(wrong)} of {n_queries}")
    for grade, queries in distractors.items():
        print(f"distractors with a {grade} match: {len(queries)}")


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--likeness", required=True)
    p.add_argument("--manifest", required=True)
    p.add_argument("--distractors")
    p.add_argument("--bank-of", default="0,100000")
    p.add_argument("--every", type=int, default=1)
    p.add_argument("--json")
    a = p.parse_args()
    manifest = [line.rstrip("\n").split("\t") for line in open(a.manifest)]
    originals = sorted({m[2] for m in manifest})[::a.every]
    manifest = [m for m in manifest if m[2] in set(originals)]
    results = {}
    with tempfile.TemporaryDirectory() as d:
        bank, queries, others = (os.path.join(d, x) for x in ("bank", "queries", "others"))
        refused = product.prints(a.likeness, "--register", originals, bank)
        refused_queries = product.prints(a.likeness, "--query", [m[3] for m in manifest], queries)
        strange = product.pictures(a.distractors) if a.distractors else []
        product.prints(a.likeness, "--query", strange, others)
        print(f"originals {len(originals)} ({refused} refused), queries {len(manifest)} ({refused_queries} refused), distractors {len(strange)}")
        for size in (int(x) for x in a.bank_of.split(",")):
            table, wrong = tally(manifest, product.matches(a.likeness, bank, queries, size))
            distractors = {}
            for grade, _, _, query in product.matches(a.likeness, bank, others, size) if strange else []:
                distractors.setdefault(grade, set()).add(query)
            print(f"\n-- thresholds of {f'a bank of {size}' if size else 'this bank'}")
            show(table, wrong, len(manifest), distractors)
            results[size] = {"edits": table, "mean": mean(table, product.GRADES), "acting": mean(table, ACTING),
                             "wrong": len(wrong), "distractors": {g: len(q) for g, q in distractors.items()}}
    if a.json:
        with open(a.json, "w") as f:
            json.dump(results, f, indent=1)


if __name__ == "__main__":
    main()
