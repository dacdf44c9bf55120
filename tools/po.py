#!/usr/bin/env python3
"""Gettext catalogues (.po) -> C tables for src/service/locale.c.

usage: po.py OUT.c CATALOGUE.po...

A catalogue's header entry (msgid "") carries Language, X-Language-Name, X-Direction and X-Reviewed
(yes once a native speaker has read it whole; else pages carry a mark). An entry
without translation, or marked fuzzy, is left out: the page then shows the English.
"""
import ast
import re
import sys
from pathlib import Path

from c_text import literal


def read_po(path):
    """-> (header fields, {msgid: msgstr}). Raises ValueError with the line that is wrong."""
    entries, fields, key, fuzzy = {}, {}, None, False

    def finish():
        nonlocal fields, fuzzy
        if "msgid" in fields:
            if fields["msgid"] in entries:
                raise ValueError(f"{path}: twice: {fields['msgid']!r}")
            if not fuzzy:
                entries[fields["msgid"]] = fields.get("msgstr", "")
            fuzzy = False
        fields = {}

    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        line = line.strip()
        if line.startswith("#,") and "fuzzy" in line:
            finish()
            fuzzy = True
        elif line and not line.startswith("#"):
            found = re.fullmatch(r'(?:(msgid|msgstr)\s+)?(".*")', line)
            if not found:
                raise ValueError(f"{path}:{number}: not a catalogue line: {line}")
            if found[1] == "msgid":
                finish()
            key = found[1] or key
            fields[key] = fields.get(key, "") + ast.literal_eval(found[2])
    finish()
    header = dict(
        line.split(": ", 1) for line in entries.pop("", "").splitlines() if ": " in line
    )
    return header, {k: v for k, v in entries.items() if v}


def main():
    tables = []
    locales = ['    {"en", "English", "ltr", true, NULL, 0},\n']
    for path in sorted(map(Path, sys.argv[2:])):
        header, entries = read_po(path)
        code = header["Language"]
        rows = "".join(
            f"    {{{literal(key)},\n     {literal(entries[key])}}},\n"
            for key in sorted(entries, key=lambda k: k.encode("utf-8"))
        )
        tables.append(f"static const struct message messages_{code}[] = {{\n{rows}}};\n\n")
        locales.append(
            f'    {{"{code}", {literal(header["X-Language-Name"])}, "{header["X-Direction"]}",'
            f' {"true" if header["X-Reviewed"] == "yes" else "false"}, messages_{code},\n'
            f"     {len(entries)}}},\n"
        )
    Path(sys.argv[1]).write_text(
        "/* Made by tools/po.py from web/locale. */\n"
        '#include "service/catalogues.h"\n\n'
        + "".join(tables)
        + f"const struct locale catalogues[] = {{\n{''.join(locales)}}};\n"
        + "const size_t n_catalogues = sizeof catalogues / sizeof catalogues[0];\n",
        encoding="utf-8",
    )


if __name__ == "__main__":
    main()
