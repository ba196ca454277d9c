"""Fields that are lists of rows: what a row is, and how it is read from a configuration.

Rows with ``exit`` are exits of their node, in their order; ``name`` is what a person calls it. Each reader raises
``ValueError`` with the field's name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from zhiyin.domain.flows.comparisons import ALONE, OPERATORS
from zhiyin.domain.flows.filling import VALUE_NAME, is_well_formed
from zhiyin.domain.flows.nodes.values import prompt_key
from zhiyin.domain.speech.phrases import phrases_of
from zhiyin.domain.spoken_values import WAYS

MOST_ROWS = 20
MOST_CONDITIONS = 10
LONGEST_TEXT = 200
LONGEST_EXPRESSION = 500
ALL_PCT = 100
#: A part that is a prompt as it stands.
PROMPT_WAY = "prompt"
_EXIT = re.compile(r"[a-z][a-z0-9_]{0,19}")
_LARGEST_ID = 2**53
ARITHMETIC = frozenset({"add", "subtract", "multiply", "divide"})
#: How a value may be set, by code.
WAYS_TO_SET = ("text", "part", "last", "digits", *sorted(ARITHMETIC), "today", "time")


@dataclass(frozen=True, slots=True)
class Condition:
    """``value`` compared with ``constant``, a text with placeholders."""

    value: str
    operator: str
    constant: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """Holds where all, or any, of its conditions do; or where its expression does."""

    exit: str
    name: str
    conditions: tuple[Condition, ...] = ()
    needs_all: bool = True
    expression: str = ""


@dataclass(frozen=True, slots=True)
class Share:
    exit: str
    name: str
    share_pct: int


@dataclass(frozen=True, slots=True)
class CallerGroup:
    """Callers who are VIPs, or customers of one of these classes."""

    exit: str
    name: str
    customer_classes: frozenset[int] = frozenset()
    is_for_vips: bool = False


@dataclass(frozen=True, slots=True)
class SpokenChoice:
    """Said by one of its phrases, or pressed by its key ("": none)."""

    exit: str
    name: str
    phrases: tuple[str, ...]
    key: str = ""


@dataclass(frozen=True, slots=True)
class Assignment:
    """``value`` becomes what ``how`` makes of ``text`` and ``other``; ``first`` and ``length`` of a part."""

    value: str
    how: str = "text"
    text: str = ""
    other: str = ""
    first: int = 1
    length: int = LONGEST_TEXT


@dataclass(frozen=True, slots=True)
class Part:
    """What is heard: a prompt, or a text with placeholders said as a number, money, ..."""

    prompt: str = ""
    way: str = ""
    text: str = ""


def read_rows(
    field: str, config: Mapping[str, Any], read: Callable[[Mapping[str, Any]], Any], *, least: int
) -> tuple[Any, ...]:
    """Return the rows of a list. Raises ``ValueError(field)``."""
    rows = config.get(field) or []
    if not isinstance(rows, list) or not least <= len(rows) <= MOST_ROWS:
        raise ValueError(field)
    try:
        found = tuple(read(row) for row in rows)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise ValueError(field) from error
    exits = [row.exit for row in found if hasattr(row, "exit")]
    if len(set(exits)) < len(exits):
        raise ValueError(field)
    return found


def read_case(row: Mapping[str, Any]) -> Case:
    exit_, name = _exit_of(row)
    match = _one_of(row, "match", ("all", "any", "expression"), "all")
    if match == "expression":
        expression = row["expression"]
        if not isinstance(expression, str) or not expression.strip() or len(expression) > LONGEST_EXPRESSION:
            raise ValueError("expression")
        return Case(exit_, name, expression=expression.strip())
    conditions = tuple(_condition(each) for each in row["conditions"])
    if not 1 <= len(conditions) <= MOST_CONDITIONS:
        raise ValueError("conditions")
    return Case(exit_, name, conditions, needs_all=match == "all")


def _condition(row: Mapping[str, Any]) -> Condition:
    operator = _one_of(row, "operator", tuple(OPERATORS), "is")
    constant = "" if operator in ALONE else _text(row, "constant")
    if not constant and operator not in ALONE and operator not in ("is", "is_not"):
        raise ValueError("constant")
    return Condition(read_value_name(row, "value"), operator, constant)


def read_share(row: Mapping[str, Any]) -> Share:
    return Share(*_exit_of(row), _number(row, "share_pct", most=ALL_PCT))


def read_caller_group(row: Mapping[str, Any]) -> CallerGroup:
    classes = row.get("customer_classes") or []
    if not isinstance(classes, list) or not all(type(one) is int and 0 < one < _LARGEST_ID for one in classes):
        raise ValueError("customer_classes")
    is_for_vips = row.get("is_for_vips", False)
    if not isinstance(is_for_vips, bool) or not (is_for_vips or classes):
        raise ValueError("is_for_vips")
    return CallerGroup(*_exit_of(row), frozenset(classes), is_for_vips)


def read_spoken_choice(row: Mapping[str, Any]) -> SpokenChoice:
    phrases, key = phrases_of(_text(row, "phrases")), row.get("key") or ""
    if not phrases:
        raise ValueError("phrases")
    if key not in ("", *"0123456789*#"):
        raise ValueError("key")
    return SpokenChoice(*_exit_of(row), phrases, key)


def read_shortcut(row: Mapping[str, Any]) -> SpokenChoice:
    """Return a choice by phrases, by a key, or by both."""
    phrases, key = phrases_of(_text(row, "phrases")), row.get("key") or ""
    if not phrases and not key:
        raise ValueError("phrases")
    if key not in ("", *"0123456789*#"):
        raise ValueError("key")
    return SpokenChoice(*_exit_of(row), phrases, key)


def read_assignment(row: Mapping[str, Any]) -> Assignment:
    how = _one_of(row, "how", WAYS_TO_SET, "text")
    text = _text(row, "text") if how not in ("today", "time") else ""
    other = _text(row, "other") if how in ARITHMETIC else ""
    if how in ARITHMETIC and not (text and other):
        raise ValueError("other")
    first = _number(row, "first", least=1, most=LONGEST_TEXT, default=1)
    length = _number(row, "length", least=1, most=LONGEST_TEXT, default=LONGEST_TEXT)
    return Assignment(read_value_name(row, "value"), how, text, other, first, length)


def read_part(row: Mapping[str, Any]) -> Part:
    way = _one_of(row, "way", (PROMPT_WAY, *WAYS), PROMPT_WAY)
    if way == PROMPT_WAY:
        return Part(prompt=prompt_key(row))
    text = _text(row, "text")
    if not text:
        raise ValueError("text")
    return Part(way=way, text=text)


def read_pair(
    name: str, text: str, *, most: int = LONGEST_TEXT, is_value: bool = True
) -> Callable[[Mapping[str, Any]], tuple[str, str]]:
    """Return how a row of a name (of a value, or any) and a text is read."""

    def read(row: Mapping[str, Any]) -> tuple[str, str]:
        named = read_value_name(row, name) if is_value else _text(row, name, most=40)
        said = _text(row, text, most=most)
        if not named or not said:
            raise ValueError(text)
        return named, said

    return read


def read_value_name(config: Mapping[str, Any], field: str) -> str:
    """Return how a value is called. Raises ``KeyError`` or ``ValueError`` with the field's name."""
    name = config[field]
    if not isinstance(name, str) or not VALUE_NAME.fullmatch(name.strip()):
        raise ValueError(field)
    return name.strip()


def _exit_of(row: Mapping[str, Any]) -> tuple[str, str]:
    exit_, name = row["exit"], _text(row, "name", most=40)
    if not isinstance(exit_, str) or not _EXIT.fullmatch(exit_) or not name:
        raise ValueError("exit")
    return exit_, name


def _text(row: Mapping[str, Any], field: str, *, most: int = LONGEST_TEXT) -> str:
    text = row.get(field) or ""
    if not isinstance(text, str) or len(text) > most or not is_well_formed(text):
        raise ValueError(field)
    return text.strip()


def _one_of(row: Mapping[str, Any], field: str, choices: tuple[str, ...], default: str | None = None) -> str:
    choice = row.get(field, default)
    if choice not in choices:
        raise ValueError(field)
    return str(choice)


def _number(row: Mapping[str, Any], field: str, *, least: int = 0, most: int, default: int | None = None) -> int:
    number = row.get(field)
    number = default if number is None else number
    if type(number) is not int or not least <= number <= most:
        raise ValueError(field)
    return number
