#!/usr/bin/python3
"""Recall and false matches of voices, through likeness hash and likeness match --protocol.

speech.py --likeness PROGRAM --scratch DIR [--clips 40] [--share 1] [--json FILE]

Registers every recording of voices.py. Clips of 3, 5 and 10 s of recordings of each half of the
speakers are distorted in each way of distort.py and looked up; every recording is looked up whole
as well. A match of another recording is a false one unless waveforms show that the two share sound
(same_sound.py), or a synthetic voice says the same phrase in both. Music and singing (songs.py) have a bank of their own."""
import argparse
import json
import os
import wave
from multiprocessing import Pool

import distort
import media
import same_sound
import songs
import tally
import voices
from tally import product

LENGTHS = (3, 5, 10)
CHANGED = ("pitch+1", "pitch-1", "speed+5%", "speed-5%")


def seconds_of(path):
    with wave.open(path) as w:
        return w.getnframes() / w.getframerate()


def dealt(recordings, n):
    """n recordings of 13 s and more, from the speakers in turns."""
    of, chosen = {}, []
    for r in recordings:
        if seconds_of(r.path) >= 13:
            of.setdefault(r.speaker, []).append(r)
    for speaker, rs in of.items():
        rs.sort(key=lambda r: media.digest("clip", os.path.basename(r.path)))
    order = sorted(of, key=lambda s: media.digest("speaker", s))
    order = [s for s in order if of[s][0].kind == "human"] + [s for s in order if of[s][0].kind != "human"]
    while len(chosen) < n and any(of.values()):
        for s in order:
            if of[s] and len(chosen) < n:
                chosen.append(of[s].pop(0))
    return chosen


def distorted(task):
    cache, recording, seconds, talkers, music, only = task
    start = distort.cut(recording.path, seconds, os.path.basename(recording.path))
    return recording, seconds, start, cache.made(distort.write, "d", recording.path, start, seconds, talkers, music, only)


def clips(cache, pool, recordings, lengths, talkers, music, only=tuple(distort.EVERY)):
    """[(distortion, query, recording, seconds, start)]"""
    tasks = [(cache, r, s, talkers, music, only) for r in recordings for s in lengths]
    return [(name, distort.file_of(d, name), r, s, start)
            for r, s, start, d in pool.imap(distorted, tasks) for name in only]


def looked_up(likeness, scratch, name, registered, queries):
    bank, asked = (os.path.join(scratch, f"{name}.{x}") for x in ("bank", "queries"))
    if likeness == "-":
        return []
    refused = product.prints(likeness, "--register", registered, bank)
    refused_queries = product.prints(likeness, "--query", queries, asked)
    print(f"{name}: {len(registered)} registered ({refused} refused), {len(queries)} queries ({refused_queries} refused), "
          f"{os.path.getsize(bank)} bytes of lines registered, {os.path.getsize(asked)} asked", flush=True)
    return product.matches(likeness, bank, asked)


def false_pairs(pool, others, queries, by_path):
    """Matches of other recordings, without those that share sound: {kind: {(query, entry): grade}}"""
    task_of = {(q, entry): (*queries[q], entry) for q, entry in others}
    tasks = sorted(set(task_of.values()), key=str)  # once for all distortions of a clip
    is_shared = dict(zip(tasks, pool.imap(same_sound.shared, tasks, chunksize=8)))
    kinds = {"same speaker": {}, "other speaker": {}, "shares sound": {}, "says the same phrase": {}}
    for pair, task in task_of.items():
        asked, met = by_path[queries[pair[0]][0]], by_path[pair[1]]
        kind = "shares sound" if is_shared[task] else "same speaker" if asked.speaker == met.speaker else "other speaker"
        if kind == "same speaker" and tally.same_phrase(asked.text, met.text):
            kind = "says the same phrase"
        kinds[kind][pair] = others[pair]
    return kinds


def show_recall(made, own, half, lengths):
    out = {}
    for s in lengths:
        of = [(name, q) for name, q, r, seconds, _ in made if seconds == s and r.half == half]
        table, _ = tally.recall(of, own)
        whole = [table[name] for name in distort.ALL if name in table]
        print(f"\n-- {half}, clips of {s} s\n{tally.HEAD}")
        for name, row in table.items():
            print(tally.line(name, *row))
        total = tuple(sum(row[k] for row in whole) for k in range(3))
        print(tally.line(f"all of {len(whole)}", *total))
        changed = tuple(sum(table[name][k] for name in CHANGED if name in table) for k in range(3))
        print(tally.line("pitch, speed 5 %", *changed), flush=True)
        out[s] = {"distortions": table, "all": total, "changed": changed}
    return out


def speech(a, cache, pool):
    recordings = voices.recordings(cache, pool, a.share)
    by_path = {r.path: r for r in recordings}
    hours = sum(seconds_of(r.path) for r in recordings) / 3600
    print(f"references: {len(recordings)} recordings, {hours:.2f} h, {len({r.speaker for r in recordings})} speakers; "
          + ", ".join(f"{k} {sum(seconds_of(r.path) for r in recordings if r.kind == k) / 3600:.2f} h" for k in ("human", "synthetic")))
    talkers, music = tuple(voices.unregistered_talkers(cache)), songs.tracks()
    chosen = [r for half in ("fix", "test") for r in dealt([r for r in recordings if r.half == half], a.clips)]
    made = clips(cache, pool, chosen, a.lengths, talkers, music)
    truth = {q: r.path for _, q, r, _, _ in made} | {r.path: r.path for r in recordings}
    rows = looked_up(a.likeness, a.scratch, "speech", [r.path for r in recordings], list(truth))
    own, others = tally.split(rows, truth)
    result = {half: show_recall(made, own, half, a.lengths) for half in ("fix", "test")}
    queries = {q: (r.path, start, s) for _, q, r, s, start in made} | {r.path: (r.path, 0, None) for r in recordings}
    kinds = false_pairs(pool, others, queries, by_path)
    print(f"\nwhole recordings that found themselves: {sum(r.path in own for r in recordings)} of {len(recordings)}")
    print(f"pairs looked at: {len(queries) * (len(recordings) - 1)}; matches of other recordings:")
    of_speaker = {}
    for r in recordings:
        of_speaker[r.speaker] = of_speaker.get(r.speaker, 0) + 1
    same = sum(of_speaker[by_path[p].speaker] - 1 for p, _, _ in queries.values())
    for kind, pairs in kinds.items():
        for half in ("fix", "test"):
            part = {p: g for p, g in pairs.items() if by_path[queries[p[0]][0]].half == half}
            print(f"  {kind}, {half}: {len(part)} ({tally.by_grade(part)})")
    print(f"  of them pairs of the same speaker: {same}")
    with open(os.path.join(a.scratch, "speech.false.tsv"), "w") as f:
        for kind in ("other speaker", "same speaker"):
            for (query, entry), grade in kinds[kind].items():
                f.write("\t".join([kind, grade, by_path[queries[query][0]].speaker, by_path[entry].speaker, query, entry]) + "\n")
    result["false"] = {kind: len(pairs) for kind, pairs in kinds.items()}
    result["pairs"] = [len(queries) * (len(recordings) - 1), same]
    return result


def music(a, cache, pool):
    only = tuple(n for n in distort.EVERY if n not in ("music_10dB", "music_5dB", "chain"))
    recordings = songs.recordings(cache, a.songs)
    by_path = {r.path: r for r in recordings}
    chosen = [r for kind in ("music", "singing") for r in [r for r in recordings if r.kind == kind][:a.clips]]
    made = clips(cache, pool, chosen, a.lengths, tuple(voices.unregistered_talkers(cache)), (), only)
    truth = {q: r.path for _, q, r, _, _ in made}
    own, others = tally.split(looked_up(a.likeness, a.scratch, "music", list(by_path), list(truth)), truth)
    result = {kind: show_recall(made, own, kind, a.lengths) for kind in ("music", "singing")}
    queries = {q: (r.path, start, s) for _, q, r, s, start in made}
    kinds = false_pairs(pool, others, queries, by_path)
    print(f"\npairs looked at: {len(queries) * (len(recordings) - 1)}; matches of other pieces (a track repeats itself):")
    for kind, pairs in kinds.items():
        print(f"  {kind.replace('speaker', 'track or singer')}: {len(pairs)} ({tally.by_grade(pairs)})")
    return result


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--likeness", required=True, help="-: make the files and no more")
    p.add_argument("--scratch", required=True)
    p.add_argument("--clips", type=int, default=40, help="recordings of each half that are cut")
    p.add_argument("--share", type=float, default=1., help="share of each speaker's material registered")
    p.add_argument("--songs", type=int, default=16)
    p.add_argument("--lengths", type=lambda s: tuple(map(int, s.split(","))), default=LENGTHS)
    p.add_argument("--json")
    a = p.parse_args()
    cache = media.Cache(os.path.join(a.scratch, "cache"))
    with Pool(2) as pool:
        result = {"speech": speech(a, cache, pool), "music": music(a, cache, pool)}
    if a.json:
        with open(a.json, "w") as f:
            json.dump(result, f, indent=1)


if __name__ == "__main__":
    main()
