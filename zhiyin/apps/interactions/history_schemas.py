"""What the API tells of a contact's history: its events, and of every offer why it was made."""

from datetime import datetime

from ninja import Schema
from pydantic import Field


class NextInLineOut(Schema):
    agent: int
    agent_name: str
    idle_s: float


class OtherRuleOut(Schema):
    """Whom another rule between agents would have asked at that moment."""

    rule: str
    agent: int
    agent_name: str


class PassedContactOut(Schema):
    """A contact that waited on when this one was taken. ``points``: its claim then, by the rule between contacts."""

    contact: str
    points: float
    waited_s: float


class OtherContactRuleOut(Schema):
    """Which contact the agent would have been given by another rule between contacts."""

    rule: str
    contact: str


class ShadowAnswerOut(Schema):
    """What a draft of the rules would have done. ``agent``, ``contact`` null: nobody yet; ``later_s`` null: never."""

    trial: int
    agent: int | None
    agent_name: str
    contact: str | None
    sooner_s: float
    later_s: float | None


class OfferReasonOut(Schema):
    """The decision record: by which rule an agent was chosen, from how many, and who would have been next."""

    rule: str
    version: int
    waited_s: float
    idle_s: float
    able: int
    unskilled: int
    refused: int
    next: list[NextInLineOut]
    #: by what the contact came first, where that is more than its arrival: its class, the rule, and its points then
    class_name: str = ""
    contact_rule: str = ""
    points: float | None = None
    #: for whom it was kept at first, and why it was not that agent: "waited" or "not_there"
    preferred_names: list[str] = Field(default_factory=list)
    preferred_end: str = ""
    #: whose agent it is, where another queue's agents were asked too
    queue_name: str = ""
    what_if: list[OtherRuleOut] = Field(default_factory=list)
    #: where the agent might have taken others: how many, the next of them, and what other rules would have done
    passed: int = 0
    passed_next: list[PassedContactOut] = Field(default_factory=list)
    what_if_contacts: list[OtherContactRuleOut] = Field(default_factory=list)
    #: in a canary: by which rules it went, "draft" or "present"
    rules: str = ""
    #: what a draft in shadow would have done
    shadow: ShadowAnswerOut | None = None
    #: where the queue rings all: how many were rung with this one, at most, and whether others rang before
    rung: int = 0
    at_most: int = 0
    joins: bool = False


class HistoryEntryOut(Schema):
    """One event. Only what its type has is set; ``type`` is the event's name in the log."""

    at: datetime
    type: str
    agent: int | None = None
    agent_name: str = ""
    queue: int | None = None
    queue_name: str = ""
    #: of a node of the flow: "menu", "queue", ...
    node_kind: str = ""
    exit: str = ""
    key: str = ""
    #: what the key means, as the flow names it
    key_label: str = ""
    #: "agent", "customer", "outside" or "consulted" of a dialled party; "agent", "queue" or "number" of a transfer or
    #: a consulting
    party: str = ""
    target_name: str = ""
    answered: bool | None = None
    outcome: str = ""
    #: what the flow had asked outside: a kind of request, and the external service where it was one
    request: str
    service_name: str = ""
    cause: str = ""
    by: str = ""
    #: of supervision: who, and in which mode
    supervisor_name: str = ""
    mode: str = ""
    #: the number on which it was parked
    slot: int | None = None
    #: what was written for the next agent
    note: str = ""
    #: what was attached by this event
    data: dict[str, str] = Field(default_factory=dict)
    #: of a promised wait: seconds, and how many were ahead
    p50_s: float | None = None
    p90_s: float | None = None
    before: int | None = None
    #: of a step of overflow: what held (with what it counted), and what was done
    condition: str = ""
    threshold: int | None = None
    action: str = ""
    #: of an intervention: from which queue, whether the wait so far counts, priorities, the class, and until when
    from_queue_name: str = ""
    keeps_wait: bool | None = None
    priority: int | None = None
    priority_before: int | None = None
    class_name: str = ""
    until: datetime | None = None
    #: what the customer answered: a score of 1 to ``most``
    question: str = ""
    score: int | None = None
    most: int | None = None
    #: what the contact hears from here on: "zh" or "en"
    language: str = ""
    #: of the end, where nobody saw the contact then: by how much its time may be off
    within_s: float | None = None
    #: of the beginning: the entry rule that chose the flow, or whose share the contact fell outside of
    entry_rule_name: str = ""
    entry_trial_name: str = ""
    why: OfferReasonOut | None = None


class HistoryOut(Schema):
    items: list[HistoryEntryOut]
