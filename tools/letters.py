#!/usr/bin/env python3
"""Puts the letters of data/letters into a C table, sorted by language and key.

usage: letters.py OUT.c LANGUAGE.txt...
"""
import re
import sys
from pathlib import Path

from c_text import literal


def read(path):
    """{key: text}; blank lines at either end of a text do not count."""
    texts, key = {}, None
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        heading = re.fullmatch(r"\[([a-z0-9._-]+)\]", line)
        if heading:
            key = heading[1]
            if key in texts:
                sys.exit(f"{path}:{number}: [{key}] stands twice")
            texts[key] = []
        elif key is not None:
            texts[key].append(line)
        elif line and not line.startswith("#"):
            sys.exit(f"{path}:{number}: text before the first [key]")
    return {key: "\n".join(lines).strip() for key, lines in texts.items()}


def main():
    rows = []
    for path in map(Path, sys.argv[2:]):
        for key, text in read(path).items():
            rows.append((path.stem, key, text))
    rows.sort()
    body = "".join(f'    {{"{lang}", "{key}",\n     {literal(text)}}},\n' for lang, key, text in rows)
    Path(sys.argv[1]).write_text(
        "/* Made by tools/letters.py from data/letters. */\n"
        '#include "law/letter_texts.h"\n\n'
        f"const struct letter_text letter_texts[] = {{\n{body}}};\n"
        "const size_t n_letter_texts = sizeof letter_texts / sizeof letter_texts[0];\n",
        encoding="utf-8",
    )


if __name__ == "__main__":
    main()
