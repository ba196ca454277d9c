"""Shapes of tags, products, relations and consents at HTTP."""

from datetime import date, datetime
from typing import Annotated, Literal

from ninja import Schema
from pydantic import Field, StringConstraints

from zhiyin.apps.customers.schemas import Line, TagColour
from zhiyin.apps.rest.schemas import Instant, ListIn, Page

RelationKind = Literal["works_for", "subsidiary_of", "family", "referred_by", "other"]
Channel = Literal["call", "sms", "email", "message", "recording"]
Purpose = Literal["service", "marketing", "survey", "profiling"]
TagName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]
Code = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]
ProductName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Months = Annotated[int, Field(ge=0, le=600)]


class TagOut(Schema):
    """``customers``: how many have it."""

    id: int
    name: str
    colour: TagColour
    customers: int = 0


class TagPage(Page[TagOut]):
    pass


class TagIn(Schema):
    name: TagName
    colour: TagColour = "grey"


class TagPatchIn(Schema):
    name: TagName | None = None
    colour: TagColour | None = None


class TagMergeIn(Schema):
    """The tag that stays."""

    into_id: int


class ProductOut(Schema):
    id: int
    code: str
    name: str
    warranty_months: int
    is_active: bool


class ProductPage(Page[ProductOut]):
    pass


class ProductListIn(ListIn):
    state: Literal["active", "retired", ""] = ""


class ProductIn(Schema):
    code: Code
    name: ProductName
    warranty_months: Months = 0
    is_active: bool = True


class ProductPatchIn(Schema):
    code: Code | None = None
    name: ProductName | None = None
    warranty_months: Months | None = None
    is_active: bool | None = None


class OwnedOut(Schema):
    id: int
    product_id: int | None
    name: str
    serial: str
    purchased_on: date | None
    warranty_until: date | None
    note: str


class OwnedIn(Schema):
    """Of the catalogue by ``product_id``, or named. The warranty's end follows from the catalogue unless given."""

    product_id: int | None = None
    name: Line = ""
    serial: Annotated[str, StringConstraints(strip_whitespace=True, max_length=80)] = ""
    purchased_on: date | None = None
    warranty_until: date | None = None
    note: Annotated[str, StringConstraints(strip_whitespace=True, max_length=1000)] = ""


class RelationOut(Schema):
    """``is_from``: the customer asked about stands on the first side ("works for"), else on the second."""

    id: int
    kind: RelationKind
    is_from: bool
    other_id: int
    other_name: str
    other_kind: Literal["person", "company"]
    role: str
    note: str


class RelationIn(Schema):
    kind: RelationKind
    other_id: int
    role: Annotated[str, StringConstraints(strip_whitespace=True, max_length=60)] = ""
    note: Annotated[str, StringConstraints(strip_whitespace=True, max_length=300)] = ""


class ConsentOut(Schema):
    """``is_last``: the word that counts for its channel and purpose; ``by`` who wrote it down."""

    id: int
    channel: Channel
    purpose: Purpose
    is_given: bool
    is_last: bool
    at: datetime
    valid_until: datetime | None
    how: str
    by: str


class ConsentIn(Schema):
    channel: Channel
    purpose: Purpose
    is_given: bool
    valid_until: Instant | None = None
    how: Line = ""


class OwnedItems(Schema):
    items: list[OwnedOut]


class RelationItems(Schema):
    items: list[RelationOut]


class ConsentItems(Schema):
    items: list[ConsentOut]
