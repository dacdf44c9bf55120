#!/usr/bin/env python3
"""Every text that pages show is in every catalogue, with the same places for values. Speaks TAP.

usage: catalogues.py [--list]      --list prints the texts instead, for whoever translates
"""
import ast
import json
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))
sys.path.insert(0, str(ROOT / "tests"))
from po import read_po  # noqa: E402
from tap import finish, point  # noqa: E402

TAG = re.compile(r"\{\{([#^/>=_]?)\s*(.*?)\}\}", re.S)
MARKED = re.compile(r'\bN_\(((?:\s*"(?:[^"\\]|\\.)*")+)\s*\)')
PLACES = re.compile(r"%[a-z_0-9]+%|\{[a-z]+\}|[#@]")


# Words that rooms below the pages give to the desk.
DECISIONS = ["law/letter.c", "cases/ladder.c", "cases/desk_act.c"]


def single_spaced(text):
    return " ".join(text.split())


def texts():
    found = {}
    for path in sorted((ROOT / "web/templates").glob("*.html")):
        for kind, text in TAG.findall(path.read_text(encoding="utf-8")):
            if kind == "_":
                found.setdefault(single_spaced(text), path.name)
    for path in sorted((ROOT / "src/service").rglob("*.c")):
        for literals in MARKED.findall(path.read_text(encoding="utf-8")):
            parts = re.findall(r'"(?:[^"\\]|\\.)*"', literals)
            found.setdefault("".join(map(ast.literal_eval, parts)), path.name)
    elements = (ROOT / "src/law/facts_read.c").read_text(encoding="utf-8")
    for _, label in re.findall(r'\{"([a-z_]+)", "([^"]+)"\},', elements):
        found.setdefault(label, "facts_read.c")
    for name in DECISIONS:
        source = (ROOT / "src" / name).read_text(encoding="utf-8")
        table = re.search(r"/\* in the catalogues \*/(.*?)\n}", source, re.S)[1]
        for parts in re.findall(r'((?:"(?:[^"\\]|\\.)+"\s*)+)', table):
            found.setdefault("".join(map(ast.literal_eval, re.findall(r'"(?:[^"\\]|\\.)*"', parts))), name)
    for path in sorted((ROOT / "data/law").glob("??.json")) + [ROOT / "data/law/intl.json"]:
        law = json.loads(path.read_text(encoding="utf-8"))
        if law["jurisdiction"]["code"].lower() != "eu" and path.stem != "intl":
            found.setdefault(law["jurisdiction"]["name"], path.name)
        for regime in law["regimes"]:
            found.setdefault(regime["title"], path.name)
        for entry in law["support"]:
            found.setdefault(entry["what"], path.name)
            found.setdefault(entry["who_for"], path.name)
    return found


def set_names():
    """Names that the pages' C files give values to."""
    names = set()
    for path in (ROOT / "src/service/pages").rglob("*.c"):
        source = path.read_text(encoding="utf-8")
        names |= set(re.findall(r'(?:view_(?:text|markup|u64|flag|list|add)|ADD)\(\s*[^;]*?"([a-z_0-9]+)"', source))
    return names


MAX_SENTENCE_WORDS = 25
MAX_STORED_WORDS = 60
STORED = "The fingerprints and what you choose to type"  # how the box on the first page begins


def long_sentences(texts):
    for text in texts:
        for sentence in re.split(r"(?<=[.?!:;।؟])\s", text):
            if len(sentence.split()) > MAX_SENTENCE_WORDS:
                yield f"{len(sentence.split())} words: {sentence}"


def main():
    found = texts()
    if "--list" in sys.argv:
        print("\n".join(found))
        return
    ours = [text for text, where in found.items() if not where.endswith((".json", "facts_read.c"))]
    point("no sentence in English is long", list(long_sentences(ours)))
    stored = [text for text in ours if text.startswith(STORED)]
    for path in sorted((ROOT / "web/locale").glob("*.po")):
        _, catalogue = read_po(path)
        point(
            f"{path.name} translates every text",
            [f"{where}: {text}" for text, where in found.items() if text not in catalogue],
        )
        point(
            f"{path.name} holds nothing that no page shows",
            [text for text in catalogue if text not in found],
        )
        point(
            f"{path.name} keeps the places for values",
            [
                f"{text} -> {translation}"
                for text, translation in catalogue.items()
                if sorted(PLACES.findall(text)) != sorted(PLACES.findall(translation))
            ],
        )
        point(
            f"no sentence in {path.name} is long",
            list(long_sentences(catalogue.get(text, "") for text in ours)),
        )
        stored += [catalogue[text] for text in stored if text in catalogue]
    point(
        f"what we store is said in at most {MAX_STORED_WORDS} words",
        [f"{len(text.split())}: {text}" for text in stored if len(text.split()) > MAX_STORED_WORDS]
        or ([] if stored else ["the box is gone"]),
    )
    used = {}
    for path in sorted((ROOT / "web/templates").glob("*.html")):
        for kind, text in TAG.findall(path.read_text(encoding="utf-8")):
            for name in re.findall(r"%([a-z_0-9]+)%", text) if kind == "_" else [text]:
                if kind not in "/>" or kind == "":
                    used.setdefault(name, path.name)
    names = set_names()
    point(
        "every name in a template is set by a page",
        [f"{where}: {name}" for name, where in used.items() if name not in names],
    )
    point(
        "every link and form of a page carries the language on",
        [
            f"{path.name}: {link}"
            for path in sorted((ROOT / "web/templates").glob("*.html"))
            if not path.name.startswith(("desk_", "inbox"))  # staff: the browser's language
            for link in re.findall(
                r'(?:href|action)="(/[^"]*|\{\{path\}\}[^"]*)"', path.read_text(encoding="utf-8")
            )
            if not link.endswith("{{q}}") and "?lang=" not in link and link != "/leave"
        ],
    )
    finish()


main()
