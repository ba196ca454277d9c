"""Shapes of the router's rules."""

from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import AfterValidator, Field, StringConstraints

from zhiyin.apps.rest.schemas import Page

ContactChoice = Literal["priority", "service_objective", "longest_waiting"]
ClassCode = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
ClassName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]
SkillCode = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]
Level = Annotated[int, Field(ge=1, le=10)]
Seconds = Annotated[int, Field(ge=0, le=86_400)]
Percent = Annotated[int, Field(ge=0, le=1000)]
#: the share of contacts to be answered within a target; 0: none is aimed at
TargetShare = Annotated[int, Field(ge=0, le=100)]
Channel = Literal["voice", "chat", "mail"]


class ChannelCapacity(Schema):
    """How many contacts of the channel an agent has at once, how much of an agent (of 100) each takes, and which
    channels' contacts do not keep it away. There is one call at most."""

    channel: Channel
    limit: Annotated[int, Field(ge=0, le=20)]
    effort: Annotated[int, Field(ge=0, le=100)]
    interrupts: Annotated[list[Channel], Field(max_length=2)] = []


def _checked_channels(channels: list[ChannelCapacity]) -> list[ChannelCapacity]:
    names = [one.channel for one in channels]
    if len(set(names)) != len(names):
        raise ValueError("A channel is named twice.")
    for one in channels:
        if one.channel in one.interrupts:
            raise ValueError("A channel cannot interrupt itself.")
        if one.channel == "voice" and one.limit > 1:
            raise ValueError("An agent has one call at most.")
    return channels


ChannelCapacities = Annotated[list[ChannelCapacity], Field(max_length=3), AfterValidator(_checked_channels)]


def _checked_limits(limits: dict[Channel, int | None]) -> dict[Channel, int | None]:
    if (limits.get("voice") or 0) > 1:
        raise ValueError("An agent has one call at most.")
    return limits


ChannelLimits = Annotated[dict[Channel, Annotated[int, Field(ge=0, le=20)] | None], AfterValidator(_checked_limits)]


class ContactClassBody(Schema):
    """Whoever is on the VIP list, of one of these customer classes, or called one of these numbers; with none of the
    three: everybody. ``target_s`` null: the queue's own."""

    code: ClassCode
    name: ClassName
    name_en: Annotated[str, StringConstraints(strip_whitespace=True, max_length=40)] = ""
    points: Annotated[int, Field(ge=-1000, le=1000)] = 0
    per_minute: Annotated[float, Field(ge=0, le=1000, allow_inf_nan=False)] = 1.0
    at_most: Annotated[int, Field(ge=0, le=10_000)] = 1000
    target_s: Annotated[int, Field(ge=1, le=86_400)] | None = None
    target_pct: TargetShare = 80
    is_hard: bool = False
    is_for_vips: bool = False
    customer_classes: Annotated[list[int], Field(max_length=30)] = []
    entries: Annotated[list[Annotated[str, StringConstraints(min_length=1, max_length=32)]], Field(max_length=50)] = []


class ContactClassName(Schema):
    code: str
    name: str
    name_en: str


class ContactClassNames(Schema):
    items: list[ContactClassName]


class ContactClassesBody(Schema):
    """All classes, in the order in which they are tried; the first that fits is the contact's."""

    classes: Annotated[list[ContactClassBody], Field(max_length=30)]


class RoutingPolicyBody(Schema):
    contact_choice: ContactChoice
    talk_weight_pct: Percent
    count_weight_pct: Percent
    hard_per_shift: Annotated[int, Field(ge=0, le=1000)]
    hard_gap_s: Seconds
    hard_waits_s: Seconds
    is_inbound_only: bool
    channels: ChannelCapacities


class RoutingPolicyPatch(Schema):
    contact_choice: ContactChoice | None = None
    talk_weight_pct: Percent | None = None
    count_weight_pct: Percent | None = None
    hard_per_shift: Annotated[int, Field(ge=0, le=1000)] | None = None
    hard_gap_s: Seconds | None = None
    hard_waits_s: Seconds | None = None
    is_inbound_only: bool | None = None
    channels: ChannelCapacities | None = None


class MatrixMembership(Schema):
    order: Annotated[int, Field(ge=1, le=99)] = 1
    delay_s: Seconds = 0
    tier: Annotated[int, Field(ge=1, le=99)] = 1
    share: Annotated[int, Field(ge=0, le=1000)] = 1


class MatrixRow(Schema):
    """``queues``: by the queue's id."""

    id: int
    name: str
    username: str
    team: int | None
    skills: dict[str, int]
    #: contacts at once, by channel, where they are not the company's
    limits: dict[str, int]
    queues: dict[int, MatrixMembership]


class MatrixPage(Page[MatrixRow]):
    pass


class MatrixSkills(Schema):
    items: list[str]


class MatrixRowChange(Schema):
    """Null takes a skill or a queue away, or lets the company's limit hold; what is not named stays."""

    user: int
    skills: Annotated[dict[SkillCode, Level | None], Field(max_length=100)] = {}
    queues: Annotated[dict[int, MatrixMembership | None], Field(max_length=200)] = {}
    limits: ChannelLimits = {}


class MatrixChanges(Schema):
    changes: Annotated[list[MatrixRowChange], Field(min_length=1, max_length=500)]


class MatrixChanged(Schema):
    """How many users differ now."""

    changed: int


class RoutingChange(Schema):
    """One change: of each field, in the matrix of each user, what it was and what it became."""

    id: int
    at: datetime
    user_name: str
    name: str
    before: dict[str, Any]
    after: dict[str, Any]


class RoutingChanges(Schema):
    items: list[RoutingChange]
