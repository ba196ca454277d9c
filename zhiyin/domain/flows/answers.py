"""What an answer from outside comes to: short texts by name, or that it is no such answer. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

from zhiyin.domain.flows.requests import PAID, REFUSED
from zhiyin.domain.json_pointers import MISSING as NOWHERE
from zhiyin.domain.json_pointers import resolve

#: So long may a value be (``contracts/attached_data.py``).
MOST_CHARACTERS = 200
_NOT_DIGITS = re.compile(r"[^0-9]")


class WrongAnswer(ValueError):
    """It is not what was asked for; ``code``: wrong_type too_long unknown_status."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def to_text(value: object) -> str:
    """Return a single value as it is kept. Raises ``WrongAnswer`` for lists, objects and what is too long."""
    if value is None or value is NOWHERE:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str | int | float):
        raise WrongAnswer("wrong_type")
    text = str(value).strip() if not isinstance(value, float) or not value.is_integer() else str(int(value))
    if len(text) > MOST_CHARACTERS:
        raise WrongAnswer("too_long")
    return "".join(sign for sign in text if sign.isprintable())


def values_at(document: object, places: Mapping[str, str]) -> dict[str, str]:
    """Return the texts at these places (JSON Pointers) of a document; where nothing stands, "".

    Raises ``WrongAnswer``, also where nothing stands at any of them: then it is another document.
    """
    found = {name: resolve(document, pointer) for name, pointer in places.items()}
    if found and all(value is NOWHERE for value in found.values()):
        raise WrongAnswer("wrong_type")
    return {name: to_text(value) for name, value in found.items()}


def values_of_row(row: Mapping[str, Any], columns: Mapping[str, str]) -> dict[str, str]:
    """Return the texts in these columns of a row. Raises ``WrongAnswer`` where the row has no such column."""
    if not set(columns.values()) <= row.keys():
        raise WrongAnswer("wrong_type")
    return {name: to_text(row[column]) for name, column in columns.items()}


def judge_payment(
    document: object,
    *,
    status_pointer: str,
    paid: Collection[str],
    refused: Collection[str],
    reference_pointer: str,
    secrets: Collection[str],
) -> tuple[str, str]:
    """Return what came of a payment, and by what number its provider finds it again.

    A reference in which one of the ``secrets`` stands is none. Raises ``WrongAnswer`` where it says neither yes nor no.
    """
    status = to_text(resolve(document, status_pointer))
    if status in paid:
        outcome = PAID
    elif status in refused:
        outcome = REFUSED
    else:
        raise WrongAnswer("unknown_status")
    reference = to_text(resolve(document, reference_pointer)) if reference_pointer else ""
    digits = _NOT_DIGITS.sub("", reference)
    return outcome, "" if any(secret and secret in digits for secret in secrets) else reference
