#!/usr/bin/env python3
"""Puts the files of data/law, without white space, into a C table.

usage: law_data.py OUT.c FILE.json...
"""
import json
import sys
from pathlib import Path

from c_text import literal


def main():
    rows = []
    for path in map(Path, sys.argv[2:]):
        data = json.loads(path.read_text(encoding="utf-8"))
        place = data.get("jurisdiction", {"name": path.stem})
        parent = f'"{place["parent"]}"' if place.get("parent") else "NULL"
        number = data.get("emergency_number")
        emergency = literal(number) if number else "NULL"
        is_country = "true" if len(path.stem) == 2 and path.stem != "eu" else "false"
        text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
        size = len(text.encode())
        rows.append(
            (
                place["name"],
                f'    {{"{path.stem}", {literal(place["name"])}, {parent}, {emergency}, {is_country},\n'
                f"     {pieces(text)},\n     {size}}},\n",
            )
        )
    rows.sort()
    Path(sys.argv[1]).write_text(
        "/* Made by tools/law_data.py from data/law. */\n"
        '#include "law/law_data.h"\n\n'
        f"const struct law_file law_files[] = {{\n{''.join(row for _, row in rows)}}};\n"
        "const size_t n_law_files = sizeof law_files / sizeof law_files[0];\n",
        encoding="utf-8",
    )


def pieces(text, size=2000):
    return "\n     ".join(literal(text[i : i + size]) for i in range(0, len(text), size))


main()
