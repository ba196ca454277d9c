"""Shapes of care rules at HTTP."""

from collections.abc import Sequence
from datetime import date, time
from typing import Annotated, Literal, cast

from ninja import Schema
from pydantic import Field, StringConstraints

from zhiyin.apps.followups.care_queries import Figures, figures_of
from zhiyin.apps.followups.models import CareRule
from zhiyin.apps.followups.schemas import How, PersonOut, Subject
from zhiyin.apps.rest.schemas import ListIn, LocalTime, Page
from zhiyin.apps.tenancy.actors import Actor

OccasionName = Literal[
    "birthday", "anniversary", "before_date", "after_date", "after_contact", "no_contact", "after_follow_up"
]
AssignmentName = Literal["owner", "turns", "pool"]
Purpose = Literal["service", "marketing", "survey"]
#: of contacts, and of follow-ups
CareOutcome = Literal["answered", "abandoned", "overflowed", "self_service", "reached", "not_reached", "refused"]
RuleName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
Script = Annotated[str, StringConstraints(strip_whitespace=True, max_length=5_000)]
Ids = Annotated[list[int], Field(max_length=100)]


class CareWho(Schema):
    """Which customers; of each list that is not empty one must fit, and all that is named."""

    kind: Literal["", "person", "company"] = ""
    levels: list[Literal["ordinary", "important", "vip"]] = []
    classes: Ids = []
    tags: Ids = []
    owners: Ids = []
    teams: Ids = []
    list: Literal["", "vip"] = ""
    is_key_account: bool | None = None


class CareRuleIn(Schema):
    """``days`` before a yearly day or a ``before_date``, else after; ``date_field`` is one of the options' dates."""

    name: RuleName
    is_active: bool = False
    occasion: OccasionName
    date_field: str = Field(default="", max_length=60)
    days: int = Field(default=0, ge=0, le=730)
    queues: Ids = []
    outcomes: list[CareOutcome] = Field(default=[], max_length=8)
    dispositions: Ids = []
    who: CareWho = CareWho()
    purpose: Purpose = "service"
    needs_consent: bool = False
    subject: Subject
    how: How = "call"
    script: Script = ""
    from_time: LocalTime = time(9, 0)
    until_time: LocalTime = time(18, 0)
    assignment: AssignmentName = "owner"
    team_id: int | None = None
    daily_limit: int = Field(default=200, ge=1, le=10_000)
    max_attempts: int = Field(default=3, ge=1, le=20)
    begins_on: date | None = None


class CareRulePatchIn(Schema):
    """Only what is named changes; ``team_id`` and ``begins_on`` may be set to null."""

    name: RuleName | None = None
    is_active: bool | None = None
    occasion: OccasionName | None = None
    date_field: str | None = Field(default=None, max_length=60)
    days: int | None = Field(default=None, ge=0, le=730)
    queues: Ids | None = None
    outcomes: list[CareOutcome] | None = Field(default=None, max_length=8)
    dispositions: Ids | None = None
    who: CareWho | None = None
    purpose: Purpose | None = None
    needs_consent: bool | None = None
    subject: Subject | None = None
    how: How | None = None
    script: Script | None = None
    from_time: LocalTime | None = None
    until_time: LocalTime | None = None
    assignment: AssignmentName | None = None
    team_id: int | None = None
    daily_limit: int | None = Field(default=None, ge=1, le=10_000)
    max_attempts: int | None = Field(default=None, ge=1, le=20)
    begins_on: date | None = None


class CareFigures(Schema):
    """Of all tasks that a rule made; ``open`` are planned, ``skipped`` were given up for a reason."""

    made: int
    open: int
    done: int
    reached: int
    not_reached: int
    refused: int
    skipped: int


class CareRuleOut(CareRuleIn):
    id: int
    ran_on: date | None
    figures: CareFigures


class CareRulePage(Page[CareRuleOut]):
    pass


class CareRuleListIn(ListIn):
    is_active: bool | None = Field(default=None, alias="active")


class CareDateOut(Schema):
    """A date that rules can go by."""

    code: str
    name: str
    name_en: str


class CareChoiceOut(Schema):
    id: int
    name: str
    name_en: str


class CareOptionsOut(Schema):
    """What rules are made of, for whoever may make them."""

    dates: list[CareDateOut]
    teams: list[CareChoiceOut]
    classes: list[CareChoiceOut]
    tags: list[CareChoiceOut]
    queues: list[CareChoiceOut]
    dispositions: list[CareChoiceOut]


class CareDayOut(Schema):
    day: date
    count: int


class CareSampleOut(Schema):
    customer: PersonOut
    anchor_on: date
    due_on: date


class CarePreviewOut(Schema):
    """From tomorrow on, thirty days. ``listed`` and ``without_consent`` are left out of all other counts."""

    tomorrow: int
    total: int
    by_day: list[CareDayOut]
    listed: int
    without_consent: int
    sample: list[CareSampleOut]


def shape_rules(actor: Actor, rows: Sequence[CareRule]) -> list[CareRuleOut]:
    """The figures of all are read in one statement."""
    figures = figures_of(tenant=actor.tenant, rule_ids=[row.pk for row in rows])
    return [
        CareRuleOut(
            id=row.pk,
            name=row.name,
            is_active=row.is_active,
            occasion=cast(OccasionName, row.occasion),
            date_field=row.date_field,
            days=row.days,
            queues=row.queues,
            outcomes=cast(list[CareOutcome], row.outcomes),
            dispositions=row.dispositions,
            who=CareWho(**row.who),
            purpose=cast(Purpose, row.purpose),
            needs_consent=row.needs_consent,
            subject=row.subject,
            how=cast(How, row.how),
            script=row.script,
            from_time=row.from_time,
            until_time=row.until_time,
            assignment=cast(AssignmentName, row.assignment),
            team_id=row.team_id,
            daily_limit=row.daily_limit,
            max_attempts=row.max_attempts,
            begins_on=row.begins_on,
            ran_on=row.ran_on,
            figures=CareFigures.from_orm(figures.get(row.pk, Figures())),
        )
        for row in rows
    ]
