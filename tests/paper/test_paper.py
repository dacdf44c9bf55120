#!/usr/bin/env python3
"""likeness-paper: what stands in a PDF, read back by poppler's tools. Speaks TAP.

usage: test_paper.py LIKENESS-PAPER PROBE
"""
import re
import subprocess
import sys
import tempfile
import unicodedata
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from tap import finish, point  # noqa: E402

PAPER, PROBE = sys.argv[1:3]
HEAD = "likeness-paper 1\nid 7d1f0c2a\nmade 2026-11-24T10:20:30Z\n"
TEXTS = {
    "en ltr": "The platform was asked to take it down on 24 November 2026.",
    "es ltr": "Se pidió a la plataforma que lo retirara el 24 de noviembre de 2026.",
    "fr ltr": "Il a été demandé à la plateforme de le retirer le 24 novembre 2026.",
    "pt-BR ltr": "Foi pedida à plataforma a remoção em 24 de novembro de 2026.",
    "it ltr": "È stata chiesta alla piattaforma la rimozione il 24 novembre 2026.",
    "de ltr": "Die Plattform wurde am 24. November 2026 um Löschung gebeten: Straße, Größe.",
    "ar rtl": "طلب من المنصة حذف المحتوى في 24 نوفمبر",
    "hi ltr": "मंच से 24 नवंबर 2026 को सामग्री हटाने को कहा गया",
    "ko ltr": "2026년 11월 24일에 플랫폼에 삭제를 요청했습니다",
    "ja ltr": "2026年11月24日にプラットフォームへ削除を求めました",
}


def run(description, timeout=120):
    if isinstance(description, str):
        description = description.encode()
    return subprocess.run([PAPER], input=description, capture_output=True, timeout=timeout, check=False, env={})


def poppler(tool, pdf, *args):
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(pdf)
        file.flush()
        done = subprocess.run([tool, *args, file.name] + (["-"] if tool == "pdftotext" else []),
                              capture_output=True, check=False)
        return done.stdout.decode() + done.stderr.decode()


def words_of(pdf, *args):
    text = unicodedata.normalize("NFC", poppler("pdftotext", pdf, *args))
    return re.sub(r"[\u200e\u200f\u202a-\u202e\u2066-\u2069]", "", text)


def pages_of(pdf):
    return int(re.search(r"Pages:\s+(\d+)", poppler("pdfinfo", pdf)).group(1))


def letters(text):
    return re.sub(r"\s", "", unicodedata.normalize("NFC", text))


def main():
    for lang, text in TEXTS.items():
        done = run(f"{HEAD}lang {lang}\ntitle\n>{text}\nparagraph\n>{text}\nrow\n>{text}\n={text}\n")
        wrong = [] if done.returncode == 0 else [done.stderr.decode()]
        if not wrong and letters(words_of(done.stdout)).count(letters(text)) < 2:
            wrong = ["expected " + text, "got " + words_of(done.stdout)]
        if done.stderr:
            wrong.append(done.stderr.decode())
        point(f"text in {lang.split()[0]} can be selected and searched, and no letter is missing", wrong)

    mixed = run(HEAD + "lang ar rtl\nparagraph\n>أول https://example.org/abc آخر\n").stdout
    boxes = poppler("pdftotext", mixed, "-bbox")
    places = {word: float(x) for x, word in re.findall(r'<word xMin="([\d.]+)"[^>]*>([^<]*)</word>', boxes)}
    before, link, after = (next((x for w, x in places.items() if part in w), 0) for part in ("أ", "example.org", "ر"))
    point("Arabic runs from right to left, an address in it from left to right",
          [] if 300 < after < link < before else [boxes])

    plain = HEAD + "lang en ltr\ntitle\n>A title\nparagraph\n>Some text.\n"
    point("equal descriptions give equal bytes", [] if run(plain).stdout == run(plain).stdout else ["they differ"])
    info = poppler("pdfinfo", run(plain).stdout) + poppler("pdfinfo", run(plain).stdout, "-struct-text")
    point("title, time, size, and a tree of headings and paragraphs are in the file",
          [info] if any(want not in info for want in ("A title", "Nov 24 10:20:30 2026", "(A4)", "H1 (block)",
                                                       "P (block)")) else [])

    long = HEAD + "lang en ltr\n" + "".join(
        f"heading\n>Part {i}\nparagraph\n>{'Words and more words. ' * 30}\nrow\n>Key {i}\n=Value {i}\n"
        for i in range(60))
    pdf = run(long).stdout
    n = pages_of(pdf)
    text = words_of(pdf, "-layout")
    point("each page says its number, how many there are, and whose they are",
          [f"{n} pages"] if n < 5 or any(f"{i} / {n}" not in text for i in range(1, n + 1))
          or text.count("Likeness · 7d1f0c2a") != n else [])
    point("nothing is lost between pages",
          [f"{i}" for i in range(60) if f"Part {i}\n" not in text or f"Value {i}\n" not in text])
    lonely = [page for page in text.split("\f") if re.search(r"Part \d+\s*$", page)]
    point("no heading stands alone at the end of a page", lonely)
    point("page begins a page, and not a second one",
          [] if pages_of(run(plain + "page\npage\nparagraph\n>x\n").stdout) == 2 else ["another number of pages"])

    unknown = run(HEAD + "lang en ltr\nparagraph\n>before \u0378 after \U0010fffd\n")
    point("a letter without a font is shown as its number, and said",
          [] if "before [U+378] after [U+10fffd]" in words_of(unknown.stdout)
          and b"letters without a font: 2" in unknown.stderr else [words_of(unknown.stdout), unknown.stderr.decode()])

    hostile = {
        "nothing": b"",
        "another format": b"%PDF-1.7\n",
        "a control character": HEAD.encode() + b"lang en ltr\nparagraph\n>a\x1bb\n",
        "bytes that are no UTF-8": HEAD.encode() + b"lang en ltr\nparagraph\n>\xff\xfe\n",
        "text of no block": HEAD.encode() + b"lang en ltr\n>x\n",
        "a block before a language": HEAD.encode() + b"title\n>x\n",
        "an unknown block": HEAD.encode() + b"lang en ltr\nimage\n",
    }
    for what, description in hostile.items():
        done = run(description)
        point(f"{what} is refused", [] if done.returncode == 3 and not done.stdout and done.stderr
              else [str(done.returncode)])
    done = run(b"likeness-paper 1\n" + b"lang en ltr\n" * 500000)
    point("a description over the limit is refused", [] if done.returncode == 4 else [str(done.returncode)])
    done = run(HEAD + "lang en ltr\n" + "page\nparagraph\n>x\n" * 9000)
    point("more pages than allowed are refused", [] if done.returncode == 4 else [str(done.returncode)])

    done = run(HEAD + "lang en ltr\nparagraph\n>" + "a" * 1000000 + "\nparagraph\n>" + "word " * 100000 + "\n")
    point("a paragraph of a megabyte is set, broken where it must be",
          [] if done.returncode == 0 and words_of(done.stdout).count("word") == 100000
          and letters(words_of(done.stdout)).count("a") >= 1000000 else [str(done.returncode)])
    done = run(HEAD + "lang en auto\ncode-row\n>" + "k" * 30000 + "\n=" + "v" * 30000 + "\nparagraph\n>" +
               "e\u0301\u0302\u0303" * 3000 + "\n>" + "\u05d0\u0061" * 5000 + "\n")
    point("keys over pages, piles of accents and mixed directions are set", [] if done.returncode == 0
          else [str(done.returncode), done.stderr.decode()])

    said = subprocess.run([PROBE], capture_output=True, text=True, check=False).stdout
    wants = ["fonts allowed", "socket forbidden", "exec forbidden", "kill forbidden"]
    if "files refused" in said:  # where the kernel has Landlock
        wants.append("write refused")
    point("in the jail there is no network, no program, no other process, no file but fonts",
          [want for want in wants if want not in said] and [said])
    finish()


main()
