"""Text with places for values, ``{{name}}``, made into an address, a header, or a JSON body, each with its own escapes:
what a caller typed can be a value there and nothing else. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

_PLACE = re.compile(r"\{\{\s*([^{}|]{1,40}?)\s*(\|\s*number\s*)?\}\}")
_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,15})(\.[0-9]{1,6})?")
#: How a value may be called: letters (Chinese ones too), digits, underscores; no digit first.
VALUE_NAME = re.compile(r"[^\W\d]\w{0,39}")
#: As long as a kept value may be (``contracts/attached_data.py``).
LONGEST_VALUE = 200
#: so deep may a body be that is sent or read
MAX_DEPTH = 30

Values = Mapping[str, str]


class CannotFill(ValueError):
    """With these values no request can be made; ``code``: bad_path bad_header bad_number bad_body."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def names_in(text: str) -> frozenset[str]:
    """Return the names of the values that ``text`` has places for."""
    return frozenset(match.group(1) for match in _PLACE.finditer(text))


def fill(text: str, values: Values, *, escape: Callable[[str], str] = str) -> str:
    """Return ``text`` with values in their places; a value that is not known is empty."""
    return _PLACE.sub(lambda match: escape(values.get(match.group(1), "")), text)


def is_well_formed(text: str) -> bool:
    """Return whether all double braces in ``text`` are places for values."""
    rest = _PLACE.sub("", text)
    return "{{" not in rest and "}}" not in rest


def fill_path(path: str, values: Values) -> str:
    """Return a path, with its query, below a service's address. Raises ``CannotFill`` where it would lead elsewhere."""
    filled = fill(path, values, escape=lambda value: quote(value, safe=""))
    steps = filled.partition("?")[0].split("/")
    if not filled.startswith("/") or filled.startswith("//") or {".", ".."} & set(steps) or "\\" in filled:
        raise CannotFill("bad_path")
    if "#" in filled or not filled.isascii() or any(ord(sign) <= 32 or ord(sign) == 127 for sign in filled):
        raise CannotFill("bad_path")
    return filled


def fill_header(text: str, values: Values) -> str:
    """Raises ``CannotFill`` for what no header can hold: a line break, or signs that are not ASCII."""
    filled = fill(text, values).strip()
    if not filled.isascii() or not (filled.isprintable() or not filled):
        raise CannotFill("bad_header")
    return filled


def read_body(text: str) -> Any:
    """Return a body's template as JSON: its places stand inside of strings. Raises ``CannotFill``."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise CannotFill("bad_body") from error
    if is_too_deep(document):
        raise CannotFill("bad_body")
    return document


def fill_body(document: Any, values: Values) -> Any:
    """Return the body with values in its strings. A string that is ``{{name|number}}`` alone becomes that number.

    Raises ``CannotFill`` where the value is none.
    """
    if isinstance(document, dict):
        return {key: fill_body(value, values) for key, value in document.items()}
    if isinstance(document, list):
        return [fill_body(value, values) for value in document]
    if not isinstance(document, str):
        return document
    alone = _PLACE.fullmatch(document)
    if alone is None or alone.group(2) is None:
        return fill(document, values)
    value = values.get(alone.group(1), "")
    if not _NUMBER.fullmatch(value):
        raise CannotFill("bad_number")
    return float(value) if "." in value else int(value)


def is_too_deep(document: object, *, most: int = MAX_DEPTH) -> bool:
    """Whether lists and objects stand in one another deeper than ``most``."""
    level = [document]
    for _ in range(most):
        level = [
            inner
            for outer in level
            if isinstance(outer, dict | list)
            for inner in (outer.values() if isinstance(outer, dict) else outer)
        ]
        if not level:
            return False
    return True
