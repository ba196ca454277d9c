"""JSON Pointer (RFC 6901): naming one value inside a JSON document."""

from __future__ import annotations

import re

MISSING = object()
_FORM = re.compile(r"(?:/(?:[^~/]|~[01])*)*")
_INDEX = re.compile(r"0|[1-9][0-9]{0,6}")


def is_pointer(text: str) -> bool:
    return _FORM.fullmatch(text) is not None


def resolve(document: object, pointer: str) -> object:
    """Return the value at ``pointer``, or ``MISSING``. Raises ``ValueError`` for what is no pointer."""
    if not is_pointer(pointer):
        raise ValueError(f"no JSON pointer: {pointer!r}")
    value = document
    for part in pointer.split("/")[1:]:
        name = part.replace("~1", "/").replace("~0", "~")
        if isinstance(value, dict) and name in value:
            value = value[name]
        elif isinstance(value, list) and _INDEX.fullmatch(name) and int(name) < len(value):
            value = value[int(name)]
        else:
            return MISSING
    return value
