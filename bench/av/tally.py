"""Counting: what was found of each edit, and which pairs should not have matched."""
import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "recall"))
import product  # noqa: E402  (bench/recall: likeness hash and match)
import score  # noqa: E402

FOUND = score.ACTING + ("review",)
assert FOUND == product.GRADES


def bound(pairs):
    """No event among so many independent pairs: the rate is below this, with 95 % (rule of three)."""
    return 3 / pairs if pairs else 1.


def split(rows, truth):
    """rows of `match --protocol`: ({query: best grade with its own original}, {(query, entry): grade}
    of the others). truth: query -> its original; None: it has none."""
    own, others = {}, {}
    for grade, _, entry, query in rows:
        best, key = (own, query) if truth.get(query) == entry else (others, (query, entry))
        if key not in best or product.GRADES.index(grade) < product.GRADES.index(best[key]):
            best[key] = grade
    return own, others


def recall(manifest, own):
    """manifest: (edit, query) -> {edit: (n, found, acting)} and the row of all."""
    table = {}
    for edit, query in manifest:
        n, found, acting = table.get(edit, (0, 0, 0))
        grade = own.get(query)
        table[edit] = (n + 1, found + (grade is not None), acting + (grade in score.ACTING))
    total = tuple(sum(row[k] for row in table.values()) for k in range(3))
    return table, total


def same_phrase(a, b, letters=12):
    """Whether two texts share a run of words of so many letters: a synthetic voice says it alike."""
    def runs(text):
        words, found = re.findall(r"\w+", text.lower()), set()
        for i in range(len(words)):
            run = ""
            for w in words[i:]:
                run += w + " "
                if len(run) - run.count(" ") >= letters:
                    found.add(run)
                    break
        return found
    return not runs(a).isdisjoint(runs(b))


def share(k, n):
    return k / n if n else 0.


def line(name, n, found, acting):
    low, high = score.wilson(found, n)
    return f"{name:18}{n:6}{share(found, n):9.4f}{f'{low:.3f} to {high:.3f}':>17}{share(acting, n):9.4f}"


HEAD = f"{'':18}{'n':>6}{'found':>9}{'95 %':>17}{'acting':>9}"


def by_grade(pairs):
    """{(query, entry): grade} -> 'near 0, partial 1, review 3'"""
    counts = dict.fromkeys(product.GRADES, 0)
    for grade in pairs.values():
        counts[grade] += 1
    return ", ".join(f"{g} {n}" for g, n in counts.items())
