"""Shapes of the desk's help at HTTP."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Literal

from ninja import Schema
from pydantic import Field, StringConstraints

from zhiyin.apps.assistance import queries
from zhiyin.apps.assistance.models import Checklist, QuickReply, Recommendation
from zhiyin.apps.queues import queries as queues
from zhiyin.apps.rest.schemas import ListIn, Page
from zhiyin.apps.tenancy.actors import Actor

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
Words = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)]
Key = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]{1,16}$")]
Position = Annotated[int, Field(ge=0, le=1000)]


class StepIn(Schema):
    """One step. ``key`` names it for ever: ticks refer to it. ``is_required``: must be done, else should."""

    key: Key
    title: Title
    words: Words = ""
    is_required: bool = False


Steps = Annotated[list[StepIn], Field(min_length=1, max_length=30)]


class ChecklistOut(Schema):
    id: int
    name: str
    #: null: of every queue
    queue_id: int | None
    queue_name: str
    steps: list[StepIn]
    step_count: int
    is_active: bool
    position: int


class ChecklistPage(Page[ChecklistOut]):
    pass


class ChecklistListIn(ListIn):
    queue: int | None = None


class ChecklistIn(Schema):
    name: Name
    queue_id: int | None = None
    steps: Steps
    is_active: bool = True
    position: Position = 0


class ChecklistPatchIn(Schema):
    """Only what is named changes; ``queue_id`` may be set to null."""

    name: Name | None = None
    queue_id: int | None = None
    steps: Steps | None = None
    is_active: bool | None = None
    position: Position | None = None


class ContactStepOut(StepIn):
    ticked_by: str
    ticked_at: datetime | None


class ContactChecklistOut(Schema):
    checklist: int
    name: str
    steps: list[ContactStepOut]


class ContactChecklistsOut(Schema):
    items: list[ContactChecklistOut]


class TickIn(Schema):
    is_ticked: bool


FactField = Literal[
    "level", "kind", "gender", "type", "service", "company", "monthly_value", "arrears", "tag", "product"
]


class ConditionIn(Schema):
    """One of ``values`` must fit (``is_not``: none may)."""

    field: FactField
    operator: Literal["is", "is_not", "contains", "at_least", "at_most"]
    values: Annotated[list[Name], Field(min_length=1, max_length=20)]


Conditions = Annotated[list[ConditionIn], Field(max_length=10)]


class RecommendationOut(Schema):
    id: int
    name: str
    words: str
    conditions: list[ConditionIn]
    starts_on: date | None
    ends_on: date | None
    is_active: bool
    position: int
    shown: int
    accepted: int
    declined: int


class RecommendationPage(Page[RecommendationOut]):
    pass


class RecommendationIn(Schema):
    name: Name
    words: Words = ""
    conditions: Conditions = []
    starts_on: date | None = None
    ends_on: date | None = None
    is_active: bool = True
    position: Position = 0


class RecommendationPatchIn(Schema):
    """Only what is named changes; the days may be set to null."""

    name: Name | None = None
    words: Words | None = None
    conditions: Conditions | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    is_active: bool | None = None
    position: Position | None = None


class OfferedOut(Schema):
    """``outcome`` is "" until it was shown in this contact."""

    id: int
    name: str
    words: str
    ends_on: date | None
    outcome: Literal["", "shown", "accepted", "declined"]
    reason: str


class OfferedListOut(Schema):
    items: list[OfferedOut]


class AnswerIn(Schema):
    outcome: Literal["shown", "accepted", "declined"]
    reason: Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)] = ""


class QuickReplyOut(Schema):
    """``pinyin`` holds the title's initials and whole pinyin, for "/" to match without asking."""

    id: int
    is_shared: bool
    group: str
    title: str
    text: str
    pinyin: str
    position: int


class QuickReplyPage(Page[QuickReplyOut]):
    pass


class QuickReplyListIn(ListIn):
    scope: Literal["", "own", "shared"] = ""


Group = Annotated[str, StringConstraints(strip_whitespace=True, max_length=40)]
ReplyText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]


class QuickReplyIn(Schema):
    is_shared: bool = False
    group: Group = ""
    title: Name
    text: ReplyText
    position: Position = 0


class QuickReplyPatchIn(Schema):
    group: Group | None = None
    title: Name | None = None
    text: ReplyText | None = None
    position: Position | None = None


Chord = Annotated[str, StringConstraints(pattern=r"^((Alt|Ctrl)\+)?[A-Za-z0-9]{1,20}$")]
Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.-]{1,40}$")]


class SoundIn(Schema):
    """How a queue's calls ring."""

    tune: Literal["classic", "soft", "bright"] = "classic"
    is_muted: bool = False


class PanelsIn(Schema):
    shown: Code = "customer"
    width_px: Annotated[int, Field(ge=240, le=720)] = 320


class DeskPreferencesIO(Schema):
    """How one user's desk is set up. ``shortcuts``: action -> keys, of those that were changed ("" : none)."""

    are_shortcuts_on: bool = True
    shortcuts: Annotated[dict[Code, Chord | Literal[""]], Field(max_length=60)] = {}
    #: by the queue's id; what is not named rings as everything did
    sounds: Annotated[dict[Code, SoundIn], Field(max_length=500)] = {}
    panels: PanelsIn = PanelsIn()


def shape_checklists(actor: Actor, rows: Sequence[Checklist]) -> list[ChecklistOut]:
    names = queues.queue_names(tenant=actor.tenant)
    language = 0 if actor.language.startswith("zh") else 1
    return [
        ChecklistOut(
            id=row.pk,
            name=row.name,
            queue_id=row.queue_id,
            queue_name=names[row.queue_id][language] if row.queue_id in names else "",
            steps=row.steps,
            step_count=len(row.steps),
            is_active=row.is_active,
            position=row.position,
        )
        for row in rows
    ]


def shape_recommendations(actor: Actor, rows: Sequence[Recommendation]) -> list[RecommendationOut]:
    counts = queries.count_answers(tenant=actor.tenant, recommendation_ids=[row.pk for row in rows])
    plain = [name for name in RecommendationOut.model_fields if name not in ("shown", "accepted", "declined")]
    return [
        RecommendationOut(
            **{name: getattr(row, name) for name in plain},
            shown=counts[row.pk]["shown"],
            accepted=counts[row.pk]["accepted"],
            declined=counts[row.pk]["declined"],
        )
        for row in rows
    ]


def shape_replies(rows: Sequence[QuickReply]) -> list[QuickReplyOut]:
    plain = [name for name in QuickReplyOut.model_fields if name != "is_shared"]
    return [
        QuickReplyOut(is_shared=row.owner_id is None, **{name: getattr(row, name) for name in plain}) for row in rows
    ]
