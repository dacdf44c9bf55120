#!/usr/bin/python3
"""Recall and false matches of videos, through likeness hash and likeness match --protocol.

video.py --likeness PROGRAM --scratch DIR --pictures DIR [--samples DIR] [--long 40] [--short 760]
         [--scenes 60] [--json FILE]

Registers the films of films.py. 8 s of each long film in every edit of cuts.py, and every film as it
is, are looked up; the ten edits once more with a frame a second. No film shows what another shows,
so every match of another one is a false one. Also: stills against films and films against their
stills, and the sample clips, where they are."""
import argparse
import json
import os
from multiprocessing import Pool

import cuts
import films
import media
import tally
from tally import product

FAMILY = "chair-"


def cut(task):
    cache, film, names, busy = task
    return film, cache.made(cuts.write, "d", film.path, cuts.begin(film.path, film.seconds), names, busy)


def looked_up(a, name, registered, queries, options=()):
    bank, asked = (os.path.join(a.scratch, f"{name}.{x}") for x in ("bank", "queries"))
    refused = product.prints(a.likeness, "--register", registered, bank) if registered else 0
    refused_queries = product.prints(a.likeness, "--query", queries, asked, options)
    print(f"{name}: {len(registered)} registered ({refused} refused), {len(queries)} queries ({refused_queries} refused)",
          flush=True)
    return bank, asked


def show(of, own, halves=("fix", "test")):
    """of: [(edit, query, half)]; {half: (table, total)}"""
    out = {}
    for half in halves:
        table, total = tally.recall([(e, q) for e, q, h in of if h == half], own)
        print(f"-- {half}\n{tally.HEAD}")
        for name, row in table.items():
            print(tally.line(name, *row))
        print(tally.line(f"all of {len(table)}", *total), flush=True)
        out[half] = {"edits": table, "all": total}
    return out


def still(path, film, at):
    media.ffmpeg("-ss", str(at), "-i", film, "-frames:v", "1", "-q:v", "3", path)


def shown(path, picture):
    """A video made of a still: six seconds of it."""
    media.ffmpeg("-loop", "1", "-framerate", "25", "-t", "6", "-i", picture, *cuts.H264, "-crf", "26", path)


def stills(a, cache, long_films):
    pictures = [cache.made(still, "jpg", f.path, round(cuts.begin(f.path, f.seconds) + 2, 2)) for f in long_films]
    videos = [cache.made(shown, "mp4", p) for p in pictures]
    out = {}
    for name, registered, queries in (("still of a film", [f.path for f in long_films], pictures),
                                      ("film of a still", pictures, videos)):
        bank, asked = looked_up(a, name.replace(" ", "-"), registered, queries)
        truth = dict(zip(queries, registered))
        own, others = tally.split(product.matches(a.likeness, bank, asked), truth)
        grades = tally.by_grade(own)
        print(f"{name}: {len(own)} of {len(queries)} found ({grades}); others {len(others)}")
        out[name] = [len(own), len(queries), grades, len(others)]
    return out


def samples(a):
    """Every clip of a family against every other, both ways."""
    clips = sorted(os.path.join(a.samples, f) for f in os.listdir(a.samples))
    bank, asked = looked_up(a, "samples", clips, clips)
    rows = product.matches(a.likeness, bank, asked)
    grades = {}
    for grade, score, entry, query in rows:
        grades.setdefault((query, entry), grade)
    family = [c for c in clips if os.path.basename(c).startswith(FAMILY)]
    pairs = [(q, e) for q in family for e in family if q != e]
    strangers = [(q, e) for q in clips for e in clips if (q in family) != (e in family)]
    found = {p: grades[p] for p in pairs if p in grades}
    print(f"sample family: {len(found)} of {len(pairs)} pairs ({tally.by_grade(found)}); "
          f"pairs of different families that matched: {sum(p in grades for p in strangers)} of {len(strangers)}")
    for q, e in pairs:
        if (q, e) not in found:
            print(f"  missed: {os.path.basename(q)} in {os.path.basename(e)}")
    rest = [c for c in clips if c not in family]
    print("the other clips (parts of one film; not all overlap): " + ", ".join(
        f"{os.path.basename(q)}: {sum((q, e) in grades for e in rest if e != q)} of {len(rest) - 1}" for q in rest))
    return {"pairs": len(pairs), "found": len(found), "strangers": sum(p in grades for p in strangers)}


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--likeness", required=True, help="-: make the files and no more")
    p.add_argument("--scratch", required=True)
    p.add_argument("--pictures", required=True, help="PACKAGE/....jpg, as bench/recall/gather.py leaves them")
    p.add_argument("--samples", help="clips of true edits, chair-* a family")
    p.add_argument("--long", type=int, default=40)
    p.add_argument("--short", type=int, default=760)
    p.add_argument("--scenes", type=int, default=60)
    p.add_argument("--json")
    a = p.parse_args()
    cache = media.Cache(os.path.join(a.scratch, "cache"))
    with Pool(2) as pool:
        long_films, short_films = films.all_films(cache, pool, a.pictures, a.long, a.short, a.scenes)
        everything = long_films + short_films
        busy = films.unlike(a.pictures)[-1][1]
        names = tuple(cuts.EVERY)
        made = [(name, cuts.file_of(d, name), f)
                for f, d in pool.imap(cut, [(cache, f, names, busy) for f in long_films]) for name in names]
    if a.likeness == "-":
        return
    sources = len({f.source for f in everything})
    print(f"films: {len(long_films)} of 20 s, {len(short_films)} of 6 s, of {sources} sources", flush=True)
    truth = {q: f.path for _, q, f in made} | {f.path: f.path for f in everything}
    bank, asked = looked_up(a, "films", [f.path for f in everything], list(truth))
    rows = product.matches(a.likeness, bank, asked)
    own, others = tally.split(rows, truth)
    result = {"2 fps": {}, "pairs": len(truth) * (len(everything) - 1)}
    for title, family in (("ten edits", cuts.TEN), ("wider family", cuts.WIDER)):
        print(f"\n{title}, two frames a second")
        result["2 fps"][title] = show([(n, q, f.half) for n, q, f in made if n in family], own)
    plain = tally.recall([(n, q) for n, q, f in made if n in cuts.PLAIN_GROUND], own)[1]
    print(tally.line("over plain ground", *plain))
    n = len(everything)
    independent = n * (n - 1) // 2
    print(f"\nfalse matches: {len(others)} ({tally.by_grade(others)}) of {result['pairs']} pairs of clips; "
          f"{independent} pairs of independent films (bound {tally.bound(independent):.1e}), "
          f"{sources * (sources - 1) // 2} of packages (bound {tally.bound(sources * (sources - 1) // 2):.1e})")
    result["false"], result["independent"] = len(others), independent
    by_path = {f.path: f for f in everything}
    with open(os.path.join(a.scratch, "video.false.tsv"), "w") as f:
        for (query, entry), grade in others.items():
            f.write("\t".join([grade, by_path[truth[query]].source, by_path[entry].source, query, entry]) + "\n")
    print("\nten edits, a frame a second")
    ten = [(n, q, f.half) for n, q, f in made if n in cuts.TEN]
    _, asked = looked_up(a, "films-1fps", [], [q for _, q, _ in ten], ("--every-ms", "1000"))
    result["1 fps"] = show(ten, tally.split(product.matches(a.likeness, bank, asked), truth)[0])
    result["stills"] = stills(a, cache, long_films)
    if a.samples:
        result["samples"] = samples(a)
    if a.json:
        with open(a.json, "w") as f:
            json.dump(result, f, indent=1)


if __name__ == "__main__":
    main()
