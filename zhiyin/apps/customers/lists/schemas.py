"""Shapes of list entries at HTTP, numbers masked for whoever may not see them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal, cast

from ninja import Schema
from pydantic import Field, StringConstraints, model_validator

from zhiyin.apps.accounts import queries as accounts
from zhiyin.apps.customers import queries as customers
from zhiyin.apps.customers.lists.codes import ListCode
from zhiyin.apps.customers.models import ListEntry
from zhiyin.apps.rest.schemas import Instant, ListIn, Page
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.contracts.numbers import mask_number

State = Literal["active", "expired", "ended"]
PastedNumber = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]
PastedNumbers = Annotated[list[PastedNumber], Field(min_length=1, max_length=1000)]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]


class ListEntryOut(Schema):
    """``number`` is null for a customer's entry, and for whoever lacks the right ``numbers.clear``."""

    id: int
    list: ListCode
    state: State
    number: str | None
    masked: str
    customer_id: int | None
    customer: str
    reason: str
    author: str
    created_at: datetime
    expires_at: datetime | None
    ended_at: datetime | None
    ended_by: str
    ended_reason: str


class ListEntryPage(Page[ListEntryOut]):
    pass


class ListEntriesIn(ListIn):
    list: ListCode | Literal[""] = ""
    state: State | Literal[""] = ""
    customer: int | None = None


class ListEntryIn(Schema):
    """What is put on the list: exactly one of ``number``, ``customer_id`` and ``customer_number_id``."""

    list: ListCode
    number: Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=32)] | None = None
    customer_id: int | None = None
    customer_number_id: int | None = None
    reason: Reason
    expires_at: Instant | None = None

    @model_validator(mode="after")
    def _is_of_one(self) -> "ListEntryIn":
        given = [self.number, self.customer_id, self.customer_number_id]
        if sum(value is not None for value in given) != 1:
            raise ValueError("exactly one of number, customer_id and customer_number_id")
        return self


class ListNumbersIn(Schema):
    """Many numbers as they were pasted, for one reason."""

    list: ListCode
    numbers: PastedNumbers
    reason: Reason
    expires_at: Instant | None = None


class ListNumbersOut(Schema):
    """``already`` and ``wrong``: as they were pasted."""

    added: int
    already: tuple[str, ...]
    wrong: tuple[str, ...]


class ListEntryEndIn(Schema):
    reason: Reason


def shape_entries(actor: Actor, rows: Sequence[ListEntry], *, now: datetime) -> list[ListEntryOut]:
    """Return the entries as the actor may see them; names are read in one statement each."""
    names = accounts.names_of(
        tenant=actor.tenant, user_ids=[i for row in rows for i in (row.author_id, row.ended_by_id)]
    )
    of = customers.customer_names(
        tenant=actor.tenant, customer_ids=[row.customer_id for row in rows if row.customer_id is not None]
    )
    return [
        ListEntryOut(
            id=row.pk,
            list=cast("ListCode", row.list),
            state=_state(row, now),
            number=(row.number or None) if actor.sees_numbers else None,
            masked=mask_number(row.number) if row.number else "",
            customer_id=row.customer_id,
            customer=of.get(row.customer_id or 0, ""),
            reason=row.reason,
            author=names.get(row.author_id or 0, ""),
            created_at=row.created_at,
            expires_at=row.expires_at,
            ended_at=row.ended_at,
            ended_by=names.get(row.ended_by_id or 0, ""),
            ended_reason=row.ended_reason,
        )
        for row in rows
    ]


def _state(row: ListEntry, now: datetime) -> State:
    if row.ended_at is not None:
        return "ended"
    return "expired" if row.expires_at is not None and row.expires_at <= now else "active"
