"""Shapes of entry rules at HTTP."""

from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import Field, StringConstraints

from zhiyin.apps.entries.models import EntryRule
from zhiyin.apps.rest.schemas import Instant, Page

RuleName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
RuleNote = Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)]
CalledNumber = Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=32)]
CalledNumbers = Annotated[list[CalledNumber], Field(max_length=100)]
ClassIds = Annotated[list[int], Field(max_length=100)]
EntryShare = Annotated[int, Field(ge=1, le=100)]
Points = Annotated[int, Field(ge=1, le=100)]
Least = Annotated[int, Field(ge=1, le=100_000)]


class EntryBreach(Schema):
    """The bound that was broken: ``value`` and ``other`` are per cent within and outside of the share."""

    reason: Literal["gave_up", "faults"]
    value: float
    other: float
    bound: float
    contacts: int
    at: datetime


class EntryRuleOut(Schema):
    id: int
    name: str
    note: str
    #: the order of trying, the least first
    position: int
    is_enabled: bool
    flow_id: int
    flow_name: str
    #: one that is not published fits nobody
    is_flow_published: bool
    numbers: list[str]
    customer_classes: list[int]
    is_vip_only: bool
    hours_id: int | None
    is_open_wanted: bool
    share_pct: int
    least_contacts: int
    gave_up_points: int | None
    fault_points: int | None
    counted_since: datetime
    breach: EntryBreach | None


class EntryRulePage(Page[EntryRuleOut]):
    pass


class EntryRuleIn(Schema):
    """A condition that is empty is none; all others must fit."""

    name: RuleName
    note: RuleNote = ""
    is_enabled: bool = True
    flow_id: int
    numbers: CalledNumbers = []
    customer_classes: ClassIds = []
    is_vip_only: bool = False
    hours_id: int | None = None
    is_open_wanted: bool = True
    share_pct: EntryShare = 100
    least_contacts: Least = 50
    gave_up_points: Points | None = 10
    fault_points: Points | None = 5


class EntryRulePatch(Schema):
    """What is left out stays; ``hours_id``, ``gave_up_points`` and ``fault_points`` null are none."""

    name: RuleName | None = None
    note: RuleNote | None = None
    is_enabled: bool | None = None
    flow_id: int | None = None
    numbers: CalledNumbers | None = None
    customer_classes: ClassIds | None = None
    is_vip_only: bool | None = None
    hours_id: int | None = None
    is_open_wanted: bool | None = None
    share_pct: EntryShare | None = None
    least_contacts: Least | None = None
    gave_up_points: Points | None = None
    fault_points: Points | None = None

    def fields_given(self) -> dict[str, Any]:
        emptied = self.model_fields_set & {"hours_id", "gave_up_points", "fault_points"}
        return {name: value for name, value in self.dict().items() if value is not None or name in emptied}


class EntryOrderIn(Schema):
    rule_ids: Annotated[list[int], Field(max_length=1000)]


class EntryArmOut(Schema):
    """Shares in per cent of the contacts that are over; null without contacts."""

    contacts: int
    gave_up_pct: float | None
    reached_pct: float | None
    fault_pct: float | None
    failed_requests: int
    flow_s: float | None
    score_pct: float | None


class EntryResultsOut(Schema):
    since: datetime
    share_pct: int
    share: EntryArmOut
    rest: EntryArmOut


class EntryTryIn(Schema):
    #: one of the company's
    number: CalledNumber
    customer_class_id: int | None = None
    is_vip: bool = False
    #: left out: now
    at: Instant | None = None


class EntryTriedOut(Schema):
    rule_id: int
    rule_name: str
    flow_id: int
    flow_name: str
    share_pct: float
    #: "takes", "shares", or why it takes none
    outcome: Literal["takes", "shares", "off", "unpublished", "number", "vip", "customer_class", "hours"]


class EntryTryOut(Schema):
    """``rule_id`` null: the number's own flow."""

    rule_id: int | None
    rule_name: str
    flow_id: int
    flow_name: str
    tried: list[EntryTriedOut]


_OF_ROW = [name for name in EntryRuleOut.model_fields if name not in ("flow_name", "is_flow_published")]


def shape_rule(row: EntryRule) -> EntryRuleOut:
    """``row`` with its flow."""
    fields = {name: getattr(row, name) for name in _OF_ROW}
    return EntryRuleOut(flow_name=row.flow.name, is_flow_published=row.flow.version > 0, **fields)
