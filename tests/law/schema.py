"""The part of JSON Schema (2020-12) that data/law/schema.json uses.

A validator that passes over keywords it does not know says "valid" of everything that they forbid. So
Schema() reads the whole schema first and refuses it when it holds anything that is not implemented
here, in a branch that no value reaches too.
"""
import re

NAMES = {
    "array": lambda v: isinstance(v, list),
    "boolean": lambda v: isinstance(v, bool),
    "integer": lambda v: is_number(v) and v == int(v),
    "null": lambda v: v is None,
    "number": lambda v: is_number(v),
    "object": lambda v: isinstance(v, dict),
    "string": lambda v: isinstance(v, str),
}
SAYS_NOTHING = {"$schema", "$id", "title", "description", "$defs"}


class SchemaError(Exception):
    """The schema itself is one that this validator cannot judge by."""


def is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def same(a, b):
    """Equality as JSON has it: true is not 1, but 1 is 1.0."""
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(same(a[k], b[k]) for k in a)
    return isinstance(a, bool) == isinstance(b, bool) and a == b


def pattern_of(text):
    """Schemas write patterns as JavaScript has them, whose $ does not match before a last newline."""
    return re.compile(re.sub(r"(?<!\\)\$", r"\\Z", text), re.ASCII)


class Schema:
    def __init__(self, root):
        self.root = root
        self.read(root, "#")

    def resolve(self, ref):
        node = self.root
        for part in ref.removeprefix("#/").split("/"):
            node = node.get(part) if isinstance(node, dict) else None
        if not ref.startswith("#/") or node is None:
            raise SchemaError(f"$ref {ref!r} leads nowhere")
        return node

    def read(self, node, place):
        if isinstance(node, bool):
            return
        if not isinstance(node, dict):
            raise SchemaError(f"{place}: {node!r} is no schema")
        for word, argument in node.items():
            here = f"{place}/{word}"
            if word not in RULES and word not in SAYS_NOTHING and word not in ("then", "else"):
                raise SchemaError(f"{here}: this keyword is not implemented")
            if word in ("properties", "$defs"):
                for name, inner in argument.items():
                    self.read(inner, f"{here}/{name}")
            elif word in ("items", "additionalProperties", "if", "then", "else"):
                self.read(argument, here)
            elif word == "allOf":
                for i, inner in enumerate(argument):
                    self.read(inner, f"{here}/{i}")
            elif word == "$ref":
                self.resolve(argument)
            elif word == "pattern":
                pattern_of(argument)
            elif word == "type":
                for name in argument if isinstance(argument, list) else [argument]:
                    if name not in NAMES:
                        raise SchemaError(f"{here}: there is no type {name!r}")

    def faults(self, value, node=None, place="$"):
        """-> what is wrong with a value, one line a fault; [] means valid."""
        node = self.root if node is None else node
        if node is True:
            return []
        if node is False:
            return [f"{place}: nothing may stand here"]
        found = []
        for word, argument in node.items():
            if word in RULES:
                found += RULES[word](self, value, argument, node, place)
        return found


def rule_ref(schema, value, argument, _, place):
    return schema.faults(value, schema.resolve(argument), place)


def rule_type(_, value, argument, __, place):
    names = argument if isinstance(argument, list) else [argument]
    good = any(NAMES[name](value) for name in names)
    return [] if good else [f"{place}: {value!r} is no {' or '.join(names)}"]


def rule_const(_, value, argument, __, place):
    return [] if same(value, argument) else [f"{place}: {value!r} is not {argument!r}"]


def rule_enum(_, value, argument, __, place):
    good = any(same(value, known) for known in argument)
    return [] if good else [f"{place}: {value!r} is not in the list"]


def rule_pattern(_, value, argument, __, place):
    good = not isinstance(value, str) or pattern_of(argument).search(value)
    return [] if good else [f"{place}: {value!r} does not fit {argument}"]


def rule_min_length(_, value, argument, __, place):
    good = not isinstance(value, str) or len(value) >= argument
    return [] if good else [f"{place}: shorter than {argument}"]


def rule_minimum(_, value, argument, __, place):
    good = not is_number(value) or value >= argument
    return [] if good else [f"{place}: {value} is under {argument}"]


def rule_maximum(_, value, argument, __, place):
    good = not is_number(value) or value <= argument
    return [] if good else [f"{place}: {value} is over {argument}"]


def rule_min_items(_, value, argument, __, place):
    good = not isinstance(value, list) or len(value) >= argument
    return [] if good else [f"{place}: fewer than {argument}"]


def rule_unique_items(_, value, argument, __, place):
    if not argument or not isinstance(value, list):
        return []
    twice = [v for i, v in enumerate(value) if any(same(v, w) for w in value[:i])]
    return [f"{place}: {v!r} stands there twice" for v in twice]


def rule_items(schema, value, argument, _, place):
    found = []
    for i, item in enumerate(value if isinstance(value, list) else []):
        found += schema.faults(item, argument, f"{place}[{i}]")
    return found


def rule_required(_, value, argument, __, place):
    members = value if isinstance(value, dict) else argument
    return [f"{place}: {name} is missing" for name in argument if name not in members]


def rule_properties(schema, value, argument, _, place):
    found = []
    for name, inner in argument.items():
        if isinstance(value, dict) and name in value:
            found += schema.faults(value[name], inner, f"{place}.{name}")
    return found


def rule_additional(schema, value, argument, node, place):
    found = []
    for name in value if isinstance(value, dict) else []:
        if name not in node.get("properties", {}):
            found += schema.faults(value[name], argument, f"{place}.{name}")
    return found


def rule_all_of(schema, value, argument, _, place):
    found = []
    for inner in argument:
        found += schema.faults(value, inner, place)
    return found


def rule_if(schema, value, argument, node, place):
    branch = "else" if schema.faults(value, argument, place) else "then"
    return schema.faults(value, node.get(branch, True), place)


RULES = {
    "$ref": rule_ref,
    "type": rule_type,
    "const": rule_const,
    "enum": rule_enum,
    "pattern": rule_pattern,
    "minLength": rule_min_length,
    "minimum": rule_minimum,
    "maximum": rule_maximum,
    "minItems": rule_min_items,
    "uniqueItems": rule_unique_items,
    "items": rule_items,
    "required": rule_required,
    "properties": rule_properties,
    "additionalProperties": rule_additional,
    "allOf": rule_all_of,
    "if": rule_if,
}
