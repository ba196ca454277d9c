"""Shapes of customers at HTTP, numbers masked for whoever may not see them."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Literal

from ninja import Schema
from pydantic import Field, StringConstraints

from zhiyin.apps.accounts import queries as accounts
from zhiyin.apps.customers import queries
from zhiyin.apps.customers.models import Customer, CustomerNumber
from zhiyin.apps.customers.places import place_of
from zhiyin.apps.rest.schemas import ListIn, Page
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.contracts.numbers import mask_number

Gender = Literal["unknown", "female", "male"]
Level = Literal["ordinary", "important", "vip"]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]
LongLine = Annotated[str, StringConstraints(strip_whitespace=True, max_length=300)]
Note = Annotated[str, StringConstraints(max_length=10_000)]


class CustomerNumberOut(Schema):
    """``number`` is null for whoever lacks the right ``numbers.clear``; dial it by ``id`` then."""

    id: int
    number: str | None
    masked: str
    place: str
    kind: Literal["mobile", "landline", "service", "emergency", "foreign", "other"]


class OwnerOut(Schema):
    id: int
    name: str


class CustomerOut(Schema):
    id: int
    name: str
    company: str
    gender: Gender
    level: Level
    address: str
    hobbies: str
    product: str
    purchased_on: date | None
    note: str
    numbers: list[CustomerNumberOut]
    owner: OwnerOut | None
    created_at: datetime
    changed_at: datetime


class CustomerPage(Page[CustomerOut]):
    pass


class CustomerListIn(ListIn):
    level: Level | Literal[""] = ""
    owner: int | None = None


class CustomerNumberIn(Schema):
    """A stored number by ``id``, a new one by ``number``, a corrected one by both."""

    id: int | None = None
    number: Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=32)] | None = None


class CustomerIn(Schema):
    name: Name
    company: Line = ""
    gender: Gender = "unknown"
    level: Level = "ordinary"
    address: LongLine = ""
    hobbies: LongLine = ""
    product: Line = ""
    purchased_on: date | None = None
    note: Note = ""
    numbers: list[CustomerNumberIn] = Field(default=[], max_length=20)
    owner_id: int | None = None


class CustomerPatchIn(Schema):
    """Only what is named changes; ``purchased_on`` and ``owner_id`` may be set to null."""

    name: Name | None = None
    company: Line | None = None
    gender: Gender | None = None
    level: Level | None = None
    address: LongLine | None = None
    hobbies: LongLine | None = None
    product: Line | None = None
    purchased_on: date | None = None
    note: Note | None = None
    numbers: list[CustomerNumberIn] | None = Field(default=None, max_length=20)
    owner_id: int | None = None


def shape_customers(actor: Actor, rows: Sequence[Customer]) -> list[CustomerOut]:
    """Return the customers as the actor may see them; numbers and owners are read in one statement each."""
    numbers = queries.numbers_of(tenant=actor.tenant, customer_ids=[row.pk for row in rows])
    owners = accounts.names_of(tenant=actor.tenant, user_ids=[row.owner_id for row in rows])
    plain = [name for name in CustomerOut.model_fields if name not in ("numbers", "owner")]
    return [
        CustomerOut(
            **{name: getattr(row, name) for name in plain},
            numbers=[shape_number(actor, number) for number in numbers.get(row.pk, [])],
            owner=OwnerOut(id=row.owner_id, name=owners[row.owner_id]) if row.owner_id in owners else None,
        )
        for row in rows
    ]


def shape_number(actor: Actor, row: CustomerNumber) -> CustomerNumberOut:
    place = place_of(row.number)
    return CustomerNumberOut(
        id=row.pk,
        number=row.number if actor.sees_numbers else None,
        masked=mask_number(row.number),
        place=place.named(actor.language),
        kind=place.kind,
    )
