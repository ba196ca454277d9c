"""Shapes of rules on trial."""

from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import Field, StringConstraints

from zhiyin.apps.queues.schemas import Memberships, QueueAgentChoice, QueuePreference, Rings, Weight
from zhiyin.apps.rest.schemas import Page
from zhiyin.apps.routing.schemas import ClassCode, ContactChoice

TrialName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
SharePct = Annotated[int, Field(ge=1, le=99)]
DropPct = Annotated[int, Field(ge=1, le=100)]
TrialState = Literal["draft", "shadow", "canary", "adopted", "dropped", "returned"]


class QueueDraft(Schema):
    """What is to be different in one queue; what is left out stays."""

    id: int
    agent_choice: QueueAgentChoice | None = None
    rings: Rings | None = None
    weight: Weight | None = None
    preference: QueuePreference | None = None
    memberships: Memberships | None = None


class ContactClassDraft(Schema):
    """What is to be different of one class; what is left out stays."""

    code: ClassCode
    points: Annotated[int, Field(ge=-1000, le=1000)] | None = None
    per_minute: Annotated[float, Field(ge=0, le=1000, allow_inf_nan=False)] | None = None
    at_most: Annotated[int, Field(ge=0, le=10_000)] | None = None


class RuleChanges(Schema):
    queues: Annotated[list[QueueDraft], Field(max_length=200)] = []
    classes: Annotated[list[ContactClassDraft], Field(max_length=30)] = []
    contact_choice: ContactChoice | None = None


class TrialBreach(Schema):
    """The bound that was broken: "service_level" and "score" in points below, "wait_p90" in seconds.

    ``contacts`` that had gone by the draft; of "score": those whose customers gave one.
    """

    reason: str
    value: float
    bound: float
    contacts: int


class RuleTrialOut(Schema):
    id: int
    name: str
    owner_id: int | None
    owner_name: str
    state: TrialState
    changes: RuleChanges
    share_pct: int
    least_contacts: int
    drop_pct: int | None
    wait_p90_s: int | None
    score_drop_pct: int | None
    shadow_began_at: datetime | None
    canary_began_at: datetime | None
    ended_at: datetime | None
    breach: TrialBreach | None


class RuleTrialPage(Page[RuleTrialOut]):
    pass


class RuleTrialIn(Schema):
    """``drop_pct``: taken back where the service level is so many points lower; ``wait_p90_s``: where nine of ten waits
    are longer; ``score_drop_pct``: where the whole interval of 95 % of the difference in mean score lies more points
    below; null: not watched. All from ``least_contacts`` on, and scores once each arm has ``least_scores``.
    """

    name: TrialName
    changes: RuleChanges = RuleChanges()
    share_pct: SharePct = 10
    least_contacts: Annotated[int, Field(ge=10, le=100_000)] = 50
    drop_pct: DropPct | None = 10
    wait_p90_s: Annotated[int, Field(ge=1, le=86_400)] | None = None
    score_drop_pct: DropPct | None = 10


class RuleTrialPatch(Schema):
    """What is left out stays; ``drop_pct``, ``wait_p90_s`` and ``score_drop_pct`` null are not watched any more."""

    name: TrialName | None = None
    changes: RuleChanges | None = None
    share_pct: SharePct | None = None
    least_contacts: Annotated[int, Field(ge=10, le=100_000)] | None = None
    drop_pct: DropPct | None = None
    wait_p90_s: Annotated[int, Field(ge=1, le=86_400)] | None = None
    score_drop_pct: DropPct | None = None


class CanaryIn(Schema):
    share_pct: SharePct


class Change95(Schema):
    """Draft less present, and the interval that holds the difference with 95 %."""

    value: float
    low: float
    high: float


class ShadowAgent(Schema):
    """How many contacts more, and fewer, the agent would have been given."""

    agent: int
    agent_name: str
    gained: int
    lost: int


class ShadowGroup(Schema):
    """Decisions of a queue, or of a class ("" without one), and how many the draft would have made otherwise."""

    key: str
    name: str
    decisions: int
    different: int


class ShadowExample(Schema):
    contact: str
    at: datetime
    agent_name: str
    draft_agent_name: str
    draft_contact: str | None
    sooner_s: float
    later_s: float | None


class ShadowReport(Schema):
    """``decisions`` put to the draft; what it would have done otherwise. One may differ in more than one way."""

    since: datetime
    decisions: int
    different: int
    other_agent: int
    other_contact: int
    sooner: int
    later: int
    mean_sooner_s: float | None
    agents: list[ShadowAgent]
    queues: list[ShadowGroup]
    classes: list[ShadowGroup]
    examples: list[ShadowExample]


class ArmOut(Schema):
    """``responded``: contacts whose customer answered the survey; ``score_pct``: their mean score, the best being 100.

    A contact with several answers counts once, by their mean.
    """

    contacts: int
    service_level_pct: float | None
    asa_s: float | None
    wait_p90_s: float | None
    abandoned_pct: float | None
    transferred_pct: float | None
    responded: int
    score_pct: float | None


class CanaryReport(Schema):
    """Both arms beside each other: how each fared, and the differences with their intervals of 95 %.

    ``score`` is null where fewer than ``least_scores`` customers answered in an arm.
    """

    since: datetime
    share_pct: int
    draft: ArmOut
    present: ArmOut
    service_level: Change95 | None
    asa: Change95 | None
    abandoned: Change95 | None
    transferred: Change95 | None
    score: Change95 | None
    least_scores: int


class RuleTrialReport(Schema):
    shadow: ShadowReport | None
    canary: CanaryReport | None


class ReplayGroup(Schema):
    """Waits of a queue's, or of a class's, contacts in both plays; "" is everybody, or no class."""

    key: str
    name: str
    contacts: int
    present_mean_s: float
    draft_mean_s: float
    present_p90_s: float
    draft_p90_s: float


class ReplayReport(Schema):
    """The last hours played twice. ``contacts`` that came; ``left_out``: those of whom no handling is known."""

    since: datetime
    until: datetime
    contacts: int
    left_out: int
    everybody: ReplayGroup | None
    queues: list[ReplayGroup]
    classes: list[ReplayGroup]


def plain_changes(changes: RuleChanges) -> dict[str, Any]:
    """Return the changes as they are kept: what is not said is left out."""
    return changes.model_dump(exclude_none=True)
