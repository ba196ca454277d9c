"""Shapes of notes and follow-ups at HTTP."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Literal, cast

from ninja import Schema
from pydantic import Field, StringConstraints

from zhiyin.apps.accounts import queries as accounts
from zhiyin.apps.customers import queries as customers
from zhiyin.apps.customers.schemas import CustomerNumberOut, shape_number
from zhiyin.apps.followups import queries
from zhiyin.apps.followups.models import FollowUp, Note
from zhiyin.apps.rest.schemas import Instant, ListIn, Page
from zhiyin.apps.tenancy.actors import Actor

How = Literal["call", "visit", "mail", "wechat", "sms", "other"]
State = Literal["planned", "done", "cancelled"]
Outcome = Literal["", "reached", "not_reached", "refused"]
Subject = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
NoteText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=5_000)]
ResultText = Annotated[str, StringConstraints(strip_whitespace=True, max_length=5_000)]


class PersonOut(Schema):
    id: int
    name: str


class NoteOut(Schema):
    """``mentions`` are named in ``text`` as "@name"; ``edited_at`` is set once the text was changed."""

    id: int
    customer: int | None
    interaction: str | None
    author: PersonOut | None
    text: str
    mentions: list[PersonOut]
    is_pinned: bool
    created_at: datetime
    edited_at: datetime | None


class NotesOut(Schema):
    items: list[NoteOut]


class NoteIn(Schema):
    """On a customer, or on a contact (then on its customer too)."""

    customer_id: int | None = None
    interaction_id: str | None = Field(default=None, max_length=64)
    text: NoteText
    mentions: list[int] = Field(default=[], max_length=20)


class NotePatchIn(Schema):
    text: NoteText | None = None
    mentions: list[int] | None = Field(default=None, max_length=20)
    is_pinned: bool | None = None


class RevisionOut(Schema):
    text: str
    written_at: datetime


class RevisionsOut(Schema):
    items: list[RevisionOut]


class FollowUpOut(Schema):
    """``rule`` is set for a care task; ``interaction`` is the contact that was dialled for it last."""

    id: int
    customer: PersonOut
    numbers: list[CustomerNumberOut]
    owner: PersonOut | None
    subject: str
    how: How
    state: State
    due_at: datetime
    remind_at: datetime | None
    outcome: Outcome
    result: str
    closed_at: datetime | None
    closed_by: PersonOut | None
    interaction: str | None
    rule: int | None
    rule_name: str
    #: of a care task: what to say, until when on its day, and how often somebody tries
    script: str
    until_at: datetime | None
    max_attempts: int | None
    #: how often the customer was not reached
    attempts: int
    #: who may claim it while nobody owns it; null: everybody
    team: PersonOut | None
    anchor_on: date | None
    created_by: PersonOut | None
    created_at: datetime


class FollowUpPage(Page[FollowUpOut]):
    pass


class FollowUpListIn(ListIn):
    when: Literal["", "overdue", "today", "coming", "planned", "closed"] = ""
    owner: int | None = None
    customer: int | None = None
    how: How | Literal[""] = ""
    rule: int | None = None
    is_care: bool | None = Field(default=None, alias="care")
    is_claimable: bool = Field(default=False, alias="claimable")
    since: Instant | None = Field(default=None, alias="from")
    until: Instant | None = Field(default=None, alias="to")


class FollowUpCountsOut(Schema):
    overdue: int
    today: int
    coming: int


class FollowingIn(Schema):
    """The next one of the same customer."""

    subject: Subject
    how: How = "call"
    due_at: Instant
    remind_at: Instant | None = None
    owner_id: int | None = None


class FollowUpIn(FollowingIn):
    customer_id: int


class FollowUpPatchIn(Schema):
    """Only what is named changes; ``remind_at`` and ``owner_id`` may be set to null."""

    subject: Subject | None = None
    how: How | None = None
    due_at: Instant | None = None
    remind_at: Instant | None = None
    owner_id: int | None = None


class CloseIn(Schema):
    outcome: Outcome = ""
    result: ResultText = ""
    following: FollowingIn | None = None


class CompleteIn(CloseIn):
    """``do_not_call``: the customer refused and wants no more calls; put on the do-not-call list with the result."""

    do_not_call: bool = False


class AttemptIn(Schema):
    """The customer was not reached; ``again_at`` is when somebody tries again."""

    again_at: Instant
    result: ResultText = ""


class DialFollowUpIn(Schema):
    customer_number_id: int | None = None


class DialFollowUpOut(Schema):
    interaction: str


class ColleaguesOut(Schema):
    items: list[PersonOut]


def shape_notes(actor: Actor, rows: Sequence[Note]) -> list[NoteOut]:
    people = accounts.names_of(
        tenant=actor.tenant, user_ids=[*(row.author_id for row in rows), *(one for row in rows for one in row.mentions)]
    )
    return [
        NoteOut(
            id=row.pk,
            customer=row.customer_id,
            interaction=row.interaction_id,
            author=_person(people, row.author_id),
            text=row.text,
            mentions=[PersonOut(id=one, name=people[one]) for one in row.mentions if one in people],
            is_pinned=row.is_pinned,
            created_at=row.created_at,
            edited_at=row.edited_at,
        )
        for row in rows
    ]


def shape_follow_ups(actor: Actor, rows: Sequence[FollowUp]) -> list[FollowUpOut]:
    """Customers, numbers and people are read in one statement each."""
    ids = [row.customer_id for row in rows]
    names = customers.customer_names(tenant=actor.tenant, customer_ids=ids)
    numbers = customers.numbers_of(tenant=actor.tenant, customer_ids=ids)
    people = accounts.names_of(
        tenant=actor.tenant,
        user_ids=[one for row in rows for one in (row.owner_id, row.closed_by_id, row.created_by_id)],
    )
    rules = queries.rules_by_id(tenant=actor.tenant, rule_ids=[row.rule_id for row in rows])
    teams = accounts.team_names(tenant=actor.tenant, team_ids=[row.team_id for row in rows])
    return [
        FollowUpOut(
            id=row.pk,
            customer=PersonOut(id=row.customer_id, name=names.get(row.customer_id, "")),
            numbers=[shape_number(actor, number) for number in numbers.get(row.customer_id, [])],
            owner=_person(people, row.owner_id),
            subject=row.subject,
            how=cast(How, row.how),
            state=cast(State, row.state),
            due_at=row.due_at,
            remind_at=row.remind_at,
            outcome=cast(Outcome, row.outcome),
            result=row.result,
            closed_at=row.closed_at,
            closed_by=_person(people, row.closed_by_id),
            interaction=row.interaction_id,
            rule=row.rule_id,
            rule_name=rules[row.rule_id].name if row.rule_id in rules else "",
            script=rules[row.rule_id].script if row.rule_id in rules else "",
            until_at=row.until_at,
            max_attempts=rules[row.rule_id].max_attempts if row.rule_id in rules else None,
            attempts=row.attempts,
            team=_person(teams, row.team_id),
            anchor_on=row.anchor_on,
            created_by=_person(people, row.created_by_id),
            created_at=row.created_at,
        )
        for row in rows
    ]


def _person(people: dict[int, str], user_id: int | None) -> PersonOut | None:
    return PersonOut(id=user_id, name=people[user_id]) if user_id in people and user_id is not None else None
