"""Shapes of custom fields at HTTP."""

from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import Field, StringConstraints

from zhiyin.apps.fields.models import FieldDefinition
from zhiyin.apps.rest.schemas import ListIn, Page
from zhiyin.domain.fields.definitions import MAX_DECIMALS, MAX_LONG_TEXT, MAX_OPTIONS
from zhiyin.domain.fields.patterns import MAX_PATTERN

Kind = Literal[
    "text",
    "long_text",
    "number",
    "money",
    "date",
    "date_time",
    "yes_no",
    "choice",
    "choices",
    "user",
    "telephone",
    "email",
    "link",
]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
OptionalName = Annotated[str, StringConstraints(strip_whitespace=True, max_length=60)]
Help = Annotated[str, StringConstraints(strip_whitespace=True, max_length=300)]
Limit = Annotated[float, Field(ge=-1e15, le=1e15, allow_inf_nan=False)]
#: any JSON: the field's kind says what it may be
Value = Any


class OptionOut(Schema):
    code: str
    name: str
    name_en: str
    is_retired: bool


class OptionIn(Schema):
    """A stored option by its ``code``; a new one without, whose code is made from its name."""

    code: str = Field(default="", max_length=60)
    name: Name
    name_en: OptionalName = ""
    is_retired: bool = False


class RulesOut(Schema):
    decimals: int
    minimum: float | None
    maximum: float | None
    max_length: int | None
    pattern: str
    pattern_words: str
    pattern_words_en: str
    currency: str


class RulesIn(Schema):
    """``pattern``: ``9`` a digit, ``A`` a letter, ``*`` either, ``|`` between several, all else itself."""

    decimals: int = Field(default=0, ge=0, le=MAX_DECIMALS)
    minimum: Limit | None = None
    maximum: Limit | None = None
    max_length: int | None = Field(default=None, ge=1, le=MAX_LONG_TEXT)
    pattern: str = Field(default="", max_length=MAX_PATTERN)
    pattern_words: OptionalName = ""
    pattern_words_en: OptionalName = ""
    currency: str = Field(default="CNY", pattern=r"^[A-Z]{3}$")


class FieldOut(Schema):
    """``is_ready``: whether every record is found by it already."""

    id: int
    subject: str
    code: str
    kind: Kind
    name: str
    name_en: str
    help: str
    help_en: str
    is_required: bool
    is_unique: bool
    is_searchable: bool
    is_in_list: bool
    is_active: bool
    is_ready: bool
    default: Value
    options: list[OptionOut]
    rules: RulesOut
    position: int


class FieldPage(Page[FieldOut]):
    pass


class FieldListIn(ListIn):
    subject: str = Field(default="", max_length=40)
    state: Literal["active", "retired", ""] = ""


class FieldIn(Schema):
    subject: str = Field(max_length=40)
    kind: Kind
    name: Name
    name_en: OptionalName = ""
    help: Help = ""
    help_en: Help = ""
    is_required: bool = False
    is_unique: bool = False
    is_searchable: bool = False
    is_in_list: bool = False
    default: Value = None
    options: list[OptionIn] = Field(default=[], max_length=MAX_OPTIONS)
    rules: RulesIn = RulesIn()


class FieldPatchIn(Schema):
    """Only what is named changes; ``default`` may be set to null."""

    name: Name | None = None
    name_en: OptionalName | None = None
    help: Help | None = None
    help_en: Help | None = None
    is_required: bool | None = None
    is_unique: bool | None = None
    is_searchable: bool | None = None
    is_in_list: bool | None = None
    is_active: bool | None = None
    default: Value = None
    options: list[OptionIn] | None = Field(default=None, max_length=MAX_OPTIONS)
    rules: RulesIn | None = None


class FieldOrderIn(Schema):
    subject: str = Field(max_length=40)
    ids: list[int] = Field(max_length=1000)


def shape_field(row: FieldDefinition) -> FieldOut:
    definition = row.to_definition()
    plain = [name for name in FieldOut.model_fields if name not in ("is_ready", "options", "rules")]
    return FieldOut(
        **{name: getattr(row, name) for name in plain},
        is_ready=row.indexed_at is not None,
        options=[OptionOut.from_orm(option) for option in definition.options],
        rules=RulesOut.from_orm(definition.rules),
    )
