"""C string literals for the generators in this directory."""


def literal(text, indent="     "):
    """UTF-8 text as adjacent C string literals, one a line of the text, non-ASCII in octal."""
    lines = text.splitlines(keepends=True) or [""]
    return ("\n" + indent).join(f'"{escape(line)}"' for line in lines)


def escape(text):
    out = []
    for byte in text.encode("utf-8"):
        char = chr(byte)
        if char in '"\\':
            out.append("\\" + char)
        elif char == "\n":
            out.append("\\n")
        elif 32 <= byte < 127 and char != "?":  # no trigraphs
            out.append(char)
        else:
            out.append(f"\\{byte:03o}")
    return "".join(out)
