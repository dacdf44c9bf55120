#!/usr/bin/env python3
"""Makes a catalogue in a language that nobody speaks: every text in brackets, a third longer, from right to
left. Whatever a page shows outside brackets did not come from a catalogue.

usage: pseudo.py OUT.po CATALOGUE.po
"""
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tools"))
from po import read_po  # noqa: E402


def main():
    out, source = map(Path, sys.argv[1:])
    _, entries = read_po(source)
    # the code of a real language, for browsers and checkers; none that pages are in
    header = "Language: he\nX-Language-Name: Pseudo\nX-Direction: rtl\nX-Reviewed: yes\n"
    blocks = [f'msgid ""\nmsgstr {json.dumps(header)}\n']
    for text in entries:
        longer = f"⟦{text}{'·' * (len(text) // 3)}⟧"
        blocks.append(f"msgid {quoted(text)}\nmsgstr {quoted(longer)}\n")
    out.write_text("\n".join(blocks), encoding="utf-8")


def quoted(text):
    return json.dumps(text, ensure_ascii=False)


main()
