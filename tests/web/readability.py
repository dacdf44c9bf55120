#!/usr/bin/env python3
"""How hard each page is to read, in English. Speaks TAP.

The measure is the grade of Flesch and Kincaid (Kincaid, Fishburne, Rogers, Chissom: "Derivation of new
readability formulas for Navy enlisted personnel", 1975): 0.39 words a sentence + 11.8 syllables a word
- 15.59, in years of school in the United States; with 5 more it is about an age. It knows nothing of
sense, so it says when a text is too hard, never that it is good.

Labels and headings of a few words are left out: as sentences of their own they would make any page
look easy. Colons and semicolons do not end a sentence here, for the same reason.
"""
import ast
import math
import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from tap import finish, point  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "web/templates"

MAX_GRADE = 6.0  # a reading age of about 11
MAX_LONG_SHARE = 0.1
# what platforms read, and what nobody needs to read on the way through
REFERENCE = {"about", "match", "platforms", "privacy"}
MAX_GRADE_REFERENCE = 9.0
MAX_LONG_SHARE_REFERENCE = 0.2
LONG = 20  # words
MIN_SENTENCE_WORDS = 5  # without a mark at its end

LITERAL = r'"(?:[^"\\]|\\.)*"'
FUNCTION_OR_TEXT = re.compile(rf"^\w[^;=\n]*?\b(\w+)\([^;\n]*$|\bN_\(((?:\s*{LITERAL})+)\s*\)", re.M)
SHOWN_ON = {"words": "match", "steps": "applies", "case_show": "status", "case_change": "status", "case_mail": "status", "case_new": "new"}
TO_THE_PERSON = {"copy_words", "grade_words", "reason_words"}  # the rest of words.c is for platforms


# An e that is written and not spoken: file, files, asked, but neither title, pages nor posted; and in
# the middle: safely, someone.
SILENT = re.compile(
    r"(?<![^aeiouy]l)(?:(?<![td])ed|(?<![csgxz])(?<!sh)(?<!ch)es|e)$"
    r"|(?<=[^aeiouy])e(?=(?:ful|less|ly|ments?|ness|one|thing|times|ty|where)$)"
)
# A vowel that is spoken apart from the one behind it: video, usual, million does not.
APART = re.compile(
    r"(?<![cglstx])i(?=[aou])|(?<=d)e(?=o)|(?<=cr)e(?=a)|e(?=a$)|(?<!q)u(?=al|at)|[aeoy](?=ing)"
)


def syllables(word):
    """After Talburt, "The Flesch index: an easily programmable readability analysis algorithm" (1985):
    groups of vowels, without those that are silent. A figure counts as one a digit. On the words of
    these pages the sum is within 1 % of that of the CMU Pronouncing Dictionary."""
    word = word.lower().replace("'", "")
    digits = len(re.findall(r"\d", word))
    groups = re.findall("[aeiouy]+", APART.sub(r"\g<0>.", SILENT.sub("", word)))
    return digits + (max(len(groups), 1) if re.search("[a-z]", word) else 0)


def sentences(text):
    text = re.sub(r"%[a-z_0-9]+%|\{[a-z]+\}", "12", text)  # places for values
    for sentence in re.split(r"(?<=[.?!])\s", text):
        words = re.findall(r"[A-Za-z0-9]+(?:'[a-z]+)?", sentence)
        if words:
            yield words


def measure(text):
    """-> (grade, share of long sentences, number of words)"""
    found = list(sentences(text))
    words = [word for sentence in found for word in sentence]
    grade = 0.39 * len(words) / len(found) + 11.8 * sum(map(syllables, words)) / len(words) - 15.59
    return grade, sum(len(sentence) > LONG for sentence in found) / len(found), len(words)


def is_ended(text):
    return text.endswith((".", "?", "!"))


def is_prose(text):
    return is_ended(text) or len(text.split()) >= MIN_SENTENCE_WORDS


def plain(message):
    return " ".join(re.sub(r"<[^>]*>", " ", message).split())


def template_source(name):
    return (TEMPLATES / f"{name}.html").read_text(encoding="utf-8")


def template_texts(name, seen):
    """The messages of a template and of those within it, each once; seen: names so far."""
    seen.append(name)
    for kind, text in re.findall(r"\{\{([>_])\s*(.*?)\}\}", template_source(name), re.S):
        if kind == "_":
            yield plain(text)
        elif text not in seen:
            yield from template_texts(text, seen)


def code_texts():
    """Texts of the pages' C files, with the page that shows them."""
    for path in sorted((ROOT / "src/service/pages").glob("*.c")):
        function = ""
        for name, literals in FUNCTION_OR_TEXT.findall(path.read_text(encoding="utf-8")):
            function = name or function
            if literals:
                page = SHOWN_ON.get(path.stem, path.stem)
                text = "".join(map(ast.literal_eval, re.findall(LITERAL, literals)))
                yield "status" if function in TO_THE_PERSON else page, plain(text)


def pages():
    """-> {page: its texts}, what belongs to no page; the desk's are for staff"""
    found, seen = {}, []
    names = sorted(path.stem for path in TEMPLATES.glob("*.html") if not path.stem.startswith(("desk_", "inbox")))
    for name in names:
        if "{{>head}}" in template_source(name):
            here = []
            found[name] = dict.fromkeys(filter(is_prose, template_texts(name, here)))
            seen += here
    lost = [f"{name}.html" for name in names if name not in seen]
    for page, text in code_texts():
        if page in found and is_prose(text):
            found[page][text] = None
        elif is_prose(text):
            lost.append(f"{page}: {text}")
    return found, lost


COUNTED = """a 1, the 1, people 2, picture 2, pictures 2, video 3, recording 3, recordings 3, device 2, file 1,
files 1, code 1, platform 2, fingerprint 3, registered 3, erased 2, deleted 3, asked 1, posted 2, safely 2,
likeness 2, safety 2, someone 2, something 2, sometimes 2, website 2, copies 2, replied 2, pages 2, pieces 2,
addresses 3, changes 2, encrypted 3, internet 3, private 2, evidence 3, helpline 2, database 3, deepfake 2,
screenshot 2, collage 2, being 2, trying 2, usual 3, diary 3, period 3, million 2, question 2, previous 3,
special 2, once 1, used 1, minute 2, while 1, whole 1, mirrored 2, little 2, possible 3, title 2, titles 2,
recognise 3, computer 3, program 2, idea 3, 18 2, you 1, our 1, their 1, see 1, agreed 2, moment 2,
statement 2, decoded 3, allowed 2, washes 2, machine 2, machines 2, years 1, harmless 2, careful 2"""
LEGAL = """Notwithstanding any provision to the contrary contained herein, the aforementioned intermediary
shall expeditiously undertake all proportionate measures necessary to disable accessibility of the
unauthorised material, subject to the limitations enumerated in the preceding paragraph."""


def measure_works():
    pairs = re.findall(r"(\w+) (\d+)", COUNTED)
    point(
        f"syllables of {len(pairs)} words are counted as they are spoken",
        [f"{word}: {syllables(word)}, not {n}" for word, n in pairs if syllables(word) != int(n)],
    )
    hard, long_share, _ = measure(LEGAL)
    point(
        f"a sentence of law is grade {hard:.1f}, over 12, and long",
        [] if hard > 12 and long_share == 1 else ["it is not"],
    )
    easy = measure("The cat sat on the mat.")[0]
    point(
        f"a sentence of six words of one syllable is grade {easy:.2f}, under 2",
        [] if math.isclose(easy, 0.39 * 6 + 11.8 - 15.59) else ["it is not"],
    )


def judge(page, texts):
    grade, long_share, n_words = measure("\n".join(t if is_ended(t) else t + "." for t in texts))
    is_reference = page in REFERENCE
    max_grade = MAX_GRADE_REFERENCE if is_reference else MAX_GRADE
    max_share = MAX_LONG_SHARE_REFERENCE if is_reference else MAX_LONG_SHARE
    hardest = sorted(texts, key=lambda text: -measure(text)[0])[:8]
    point(
        f"{page}: grade {grade:.1f} of at most {max_grade}, {long_share:.0%} of at most {max_share:.0%}"
        f" of sentences over {LONG} words, {n_words} words in all",
        [f"{measure(text)[0]:.1f}: {text}" for text in hardest]
        if grade > max_grade or long_share > max_share
        else [],
    )


def main():
    measure_works()
    found, lost = pages()
    point("every template and every sentence in code belongs to a page", lost)
    for page, texts in found.items():
        judge(page, texts)
    finish()


main()
