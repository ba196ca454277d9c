"""What a kind of thing must know to be importable. One module per kind; ``kinds/__init__.py`` lists them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from zhiyin.apps.tenancy.actors import Actor

#: several values in one cell: a line break or any of these divides them
LIST_SEPARATORS = ";；,，、|\n"


@dataclass(frozen=True, slots=True)
class ImportField:
    """One field that a column can be assigned to. ``also``: other titles by which such a column is known."""

    code: str
    zh: str
    en: str
    is_required: bool = False
    also: tuple[str, ...] = ()
    #: for the template, in Chinese and English
    example: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True)
class ParsedRow:
    """A row's cells as values. ``problems`` (field -> code): where they cannot be; ``keys``: what it is known by."""

    values: dict[str, Any]
    keys: tuple[str, ...] = ()
    problems: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Effect:
    """What one row did. ``before`` and ``after`` hold only what it changed; ``secret``: a first password."""

    outcome: str
    subject_id: int | None = None
    subject_name: str = ""
    before: dict[str, Any] | None = None
    after: dict[str, Any] | None = None
    secret: str = ""


class Differs(Exception):
    """Somebody changed or used since what the import made: ``fields`` name it, and nothing was undone."""

    def __init__(self, fields: Sequence[str]) -> None:
        super().__init__(", ".join(fields))
        self.fields = tuple(fields)


class Loader(Protocol):
    """Does the rows of one batch; what they share (users by name, ...) is read once."""

    def parse(self, given: Mapping[str, str]) -> ParsedRow:
        """Read one row's cells by field. Never raises: what is wrong stands in ``problems``."""
        ...

    def perform(self, row: ParsedRow) -> Effect:
        """Make or change what the row says, by the app's own services. Raises their refusals."""
        ...

    def undo(self, effect: Effect) -> None:
        """Take back what ``perform`` did. Raises ``Differs``."""
        ...

    def close(self) -> None:
        """End a batch that counts: tell the engine, where it must know."""
        ...


class Kind(Protocol):
    """``right``: who may import it. ``batch``: how many rows share a transaction."""

    code: str
    zh: str
    en: str
    right: str
    batch: int
    has_secrets: bool

    def fields(self, actor: Actor) -> Sequence[ImportField]: ...

    def begin(self, actor: Actor, *, on_match: str, is_trial: bool) -> Loader:
        """Return who does a batch. In a trial, all is rolled back afterwards."""
        ...


def parts_of(cell: str) -> list[str]:
    """Return the several values of one cell, each once."""
    for separator in LIST_SEPARATORS[1:]:
        cell = cell.replace(separator, LIST_SEPARATORS[0])
    return list(dict.fromkeys(part.strip() for part in cell.split(LIST_SEPARATORS[0]) if part.strip()))


def choice_of(cell: str, words: Mapping[str, Sequence[str]]) -> str | None:
    """Return the choice whose code or word (Chinese or English) the cell is."""
    text = cell.strip().casefold()
    for code, known in words.items():
        if text == code.casefold() or text in {word.casefold() for word in known}:
            return code
    return None


def differing(now: Mapping[str, Any], then: Mapping[str, Any]) -> list[str]:
    """Return the fields of ``then`` that are something else now."""
    return [name for name, value in then.items() if now.get(name) != value]


YES_NO: dict[str, tuple[str, ...]] = {
    "yes": ("是", "yes", "y", "true", "1", "启用", "active"),
    "no": ("否", "no", "n", "false", "0", "停用", "inactive"),
}
