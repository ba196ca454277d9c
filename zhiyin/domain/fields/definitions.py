"""What a custom field is: its kind, its rules and its options. Pure data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property


class Kind(StrEnum):
    """What a field holds. A field never changes its kind: the values it has would lose their meaning."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    NUMBER = "number"
    MONEY = "money"
    DATE = "date"
    DATE_TIME = "date_time"
    YES_NO = "yes_no"
    CHOICE = "choice"
    CHOICES = "choices"
    USER = "user"
    TELEPHONE = "telephone"
    EMAIL = "email"
    LINK = "link"


#: kinds that hold one of, or some of, a list of options
CHOOSING = frozenset({Kind.CHOICE, Kind.CHOICES})
#: kinds whose values have an order: filtered by from and to
ORDERED = frozenset({Kind.NUMBER, Kind.MONEY, Kind.DATE, Kind.DATE_TIME})
#: kinds whose values are written by hand as one line
WRITTEN = frozenset({Kind.TEXT, Kind.TELEPHONE, Kind.EMAIL, Kind.LINK})
#: kinds that can identify a record, so that no two may hold the same
UNIQUE = frozenset({Kind.TEXT, Kind.NUMBER, Kind.TELEPHONE, Kind.EMAIL, Kind.LINK})
#: long texts are read, not looked for
SEARCHABLE = frozenset(Kind) - {Kind.LONG_TEXT}

MAX_FIELDS = 100
MAX_OPTIONS = 200
MAX_TEXT = 500
MAX_LONG_TEXT = 5_000
MAX_DECIMALS = 6
#: what a double holds exactly, in JSON as in a browser
MAX_DIGITS = 15


@dataclass(frozen=True, slots=True)
class Option:
    """One of a field's choices. ``is_retired``: values keep it, nobody chooses it any more."""

    code: str
    name: str
    name_en: str = ""
    is_retired: bool = False


@dataclass(frozen=True, slots=True)
class Rules:
    """What a value must be beside its kind; each rule counts for the kinds that it fits.

    ``pattern`` is a template, see ``domain.fields.patterns``.
    """

    decimals: int = 0
    minimum: float | None = None
    maximum: float | None = None
    max_length: int | None = None
    pattern: str = ""
    pattern_words: str = ""
    pattern_words_en: str = ""
    currency: str = "CNY"


@dataclass(frozen=True)
class Definition:
    """One custom field. ``default`` is a clean value or None."""

    code: str
    kind: Kind
    name: str
    name_en: str = ""
    is_required: bool = False
    is_unique: bool = False
    is_searchable: bool = False
    is_in_list: bool = False
    default: object = None
    options: tuple[Option, ...] = ()
    rules: Rules = field(default_factory=Rules)
    id: int = 0

    @property
    def is_indexed(self) -> bool:
        return self.is_searchable or self.is_unique

    @cached_property
    def by_code(self) -> Mapping[str, Option]:
        return {option.code: option for option in self.options}

    def title(self, language: str) -> str:
        return self.name if language.startswith("zh") else self.name_en or self.name
