#!/usr/bin/env python3
"""Compiles web/templates/*.html into a C table (struct template_set).

usage: templates.py OUT.c TEMPLATE.html...
"""
import sys
from pathlib import Path

from c_text import literal


def main():
    out, files = sys.argv[1], sorted(map(Path, sys.argv[2:]), key=lambda path: path.stem)
    rows = []
    for path in files:
        text = path.read_text(encoding="utf-8")
        rows.append(f'    {{"{path.stem}",\n     {literal(text)},\n     {len(text.encode())}}},\n')
    Path(out).write_text(
        "/* Made by tools/templates.py from web/templates. */\n"
        '#include "service/template.h"\n\n'
        f"static const struct template_text texts[] = {{\n{''.join(rows)}}};\n\n"
        "static const struct template_set set = {texts, sizeof texts / sizeof texts[0]};\n\n"
        "const struct template_set *template_builtin(void)\n{\n    return &set;\n}\n",
        encoding="utf-8",
    )


main()
