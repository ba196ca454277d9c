"""Shapes of queues, and of the words that their lists share."""

from itertools import pairwise
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import AfterValidator, Field, StringConstraints

from zhiyin.apps.rest.schemas import Page

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
OptionalName = Annotated[str, StringConstraints(strip_whitespace=True, max_length=60)]
Skills = dict[Annotated[str, StringConstraints(min_length=1, max_length=40)], Annotated[int, Field(ge=1, le=10)]]
OfferTimeout = Annotated[int, Field(ge=5, le=120)]
WrapUp = Annotated[int, Field(ge=0, le=3600)]
WrapUpModeName = Literal["none", "optional", "timed", "extendable", "mandatory"]
WrapUpExtensions = Annotated[int, Field(ge=1, le=20)]
WrapUpExtension = Annotated[int, Field(ge=10, le=600)]
MissedLimit = Annotated[int, Field(ge=0, le=20)]
MissedPause = Annotated[int, Field(ge=0, le=600)]
MissedBackAfter = Annotated[int, Field(ge=0, le=7200)]
ServiceLevel = Annotated[int, Field(ge=5, le=600)]
#: the share to be answered within it; 0: none is aimed at
ServiceLevelShare = Annotated[int, Field(ge=0, le=100)]
AnnounceEvery = Annotated[int, Field(ge=10, le=600)]
MaxWait = Annotated[int, Field(ge=10, le=86_400)]
Extension = Annotated[str, StringConstraints(pattern=r"^([0-9]{2,6})?$")]
ReasonCode = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]


SkillCode = Annotated[str, StringConstraints(min_length=1, max_length=40)]


class QueueRing(Schema):
    """What is given up once a contact has waited ``after_s``, on top of the rings before."""

    after_s: Annotated[int, Field(ge=1, le=86_400)]
    lower_by: Annotated[int, Field(ge=0, le=9)] = 0
    drop: Annotated[list[SkillCode], Field(max_length=20)] = []
    add_queues: Annotated[list[int], Field(max_length=10)] = []


def _in_order(rings: list[QueueRing]) -> list[QueueRing]:
    if any(later.after_s <= earlier.after_s for earlier, later in pairwise(rings)):
        raise ValueError("Each ring must begin later than the one before it.")
    return rings


Rings = Annotated[list[QueueRing], Field(max_length=6), AfterValidator(_in_order)]
QueueAgentChoice = Literal[
    "longest_idle",
    "longest_since_inbound",
    "least_occupied",
    "fewest_contacts",
    "most_skilled",
    "least_skilled",
    "weighted",
    "round_robin",
    "percentage",
    "random",
    "ring_all",
]
#: so many telephones ring at once where a queue rings all
RingAtMost = Annotated[int, Field(ge=2, le=50)]


class QueueMembership(Schema):
    """How an agent serves the queue: the agent's own order of its queues (1 first), only contacts that have waited so
    long, the tier in which it is asked (1 first), and its share where contacts are shared out."""

    agent: int
    order: Annotated[int, Field(ge=1, le=99)] = 1
    delay_s: Annotated[int, Field(ge=0, le=86_400)] = 0
    tier: Annotated[int, Field(ge=1, le=99)] = 1
    share: Annotated[int, Field(ge=0, le=1000)] = 1


class QueuePreference(Schema):
    """For whom a contact is kept at first, how long while that agent is busy, and how old a last talk may be.

    ``waits_for_away``: also while that agent is signed in and not ready.
    """

    who: Literal["nobody", "last_agent", "owner", "owner_then_last"] = "nobody"
    wait_s: Annotated[int, Field(ge=0, le=3600)] = 30
    within_days: Annotated[int, Field(ge=1, le=3650)] = 30
    waits_for_away: bool = False


Weight = Annotated[int, Field(ge=0, le=1000)]
Memberships = Annotated[list[QueueMembership], Field(max_length=10_000)]


OverflowCondition = Literal[
    "waited_over",
    "line_reached",
    "expected_over",
    "nobody_signed_in",
    "nobody_at_work",
    "nobody_ready",
    "closed",
]


class QueueOverflowStep(Schema):
    """A step of the chain: taken once where the condition holds, at arrival or later.

    ``threshold``: seconds waited, callers before it, or the P90 of the expected wait in seconds. ``queue`` for
    ``add_queue`` and ``move``, ``prompt`` for ``play`` and ``end``.
    """

    condition: OverflowCondition
    threshold: Annotated[int, Field(ge=0, le=86_400)] = 0
    action: Literal["add_queue", "move", "play", "end", "leave", "message", "callback"]
    queue: int | None = None
    prompt: Annotated[str, StringConstraints(max_length=40)] = ""


Overflow = Annotated[list[QueueOverflowStep], Field(max_length=8)]


class QueueVoicemail(Schema):
    """留言: at most ``limit`` messages wait, behind callers by ``priority``; ``is_offered`` to who waits in line."""

    is_offered: bool = True
    max_s: Annotated[int, Field(ge=10, le=600)] = 120
    silence_s: Annotated[int, Field(ge=2, le=60)] = 8
    limit: Annotated[int, Field(ge=1, le=1000)] = 100
    priority: Annotated[int, Field(ge=-100, le=100)] = -10


ReminderText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)]
ReminderSubject = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]


class QueueReminder(Schema):
    """预约提醒: so many hours before a booked callback its customer is written to by an external service.

    Texts may name {{day}}, {{time}}, {{company}}, {{queue}} and {{link}}, where the customer changes or cancels;
    ``page``: the address under which customers reach this installation.
    """

    service: int
    hours_before: Annotated[int, Field(ge=1, le=72)] = 2
    text_zh: ReminderText
    text_en: ReminderText
    subject_zh: ReminderSubject = ""
    subject_en: ReminderSubject = ""
    page: Annotated[str, StringConstraints(max_length=200, pattern=r"^(https?://[^\s/?#]+/?)?$")] = ""


class QueueCallback(Schema):
    """回呼: offered to who has waited ``after_s``; made while the queue's calendar is open, so often at most."""

    is_offered: bool = True
    after_s: Annotated[int, Field(ge=0, le=3600)] = 60
    attempts: Annotated[int, Field(ge=1, le=10)] = 3
    retry_after_s: Annotated[int, Field(ge=30, le=86_400)] = 600
    expires_after_s: Annotated[int, Field(ge=300, le=604_800)] = 28_800
    is_customer_first: bool = False
    may_change_number: bool = True
    bookings_per_hour: Annotated[int, Field(ge=0, le=1000)] = 20
    #: anybody books on the public page
    is_public: bool = False
    #: of what is booked; null: nobody is reminded
    reminder: QueueReminder | None = None


class QueueSurvey(Schema):
    """满意度邀评: when the agent hangs up first, the customer is asked by this flow; ``share_pct`` of the contacts."""

    flow: int
    share_pct: Annotated[int, Field(ge=0, le=100)] = 100
    #: an agent may have a customer asked by a button, whatever share is drawn
    agents_invite: bool = False
    #: who was asked within so many days is not asked again; 0: always
    spare_days: Annotated[int, Field(ge=0, le=365)] = 0


#: what stands in rows of its own
OF_MEMBERS = {"members", "memberships"}


class QueueOut(Schema):
    id: int
    name: str
    name_en: str
    members: list[int]
    skills: dict[str, int]
    offer_timeout_s: int
    wrap_up_s: int
    service_level_s: int
    service_level_pct: int
    announce_every_s: int
    max_wait_s: int
    is_recorded: bool
    extension: str
    agent_choice: QueueAgentChoice
    ring_at_most: int
    rings: list[QueueRing]
    #: of those who do not serve it the plain way
    memberships: list[QueueMembership]
    weight: int
    preference: QueuePreference
    announces_place: bool
    announces_wait: bool
    hours_id: int | None
    overflow: list[QueueOverflowStep]
    voicemail: QueueVoicemail | None
    callback: QueueCallback | None
    survey: QueueSurvey | None
    wrap_up_mode: WrapUpModeName
    wrap_up_extensions: int
    wrap_up_extension_s: int
    missed_limit: int
    missed_pause_s: int
    missed_back_after_s: int


class QueuePage(Page[QueueOut]):
    pass


class QueueIn(Schema):
    name: Name
    name_en: OptionalName = ""
    members: list[int] = []
    skills: Skills = {}
    offer_timeout_s: OfferTimeout = 20
    wrap_up_s: WrapUp = 60
    service_level_s: ServiceLevel = 20
    service_level_pct: ServiceLevelShare = 80
    announce_every_s: AnnounceEvery = 30
    max_wait_s: MaxWait = 1800
    is_recorded: bool = True
    extension: Extension = ""
    agent_choice: QueueAgentChoice = "longest_idle"
    ring_at_most: RingAtMost = 10
    rings: Rings = []
    memberships: Memberships = []
    weight: Weight = 0
    preference: QueuePreference = QueuePreference()
    announces_place: bool = True
    announces_wait: bool = True
    hours_id: int | None = None
    overflow: Overflow = []
    voicemail: QueueVoicemail | None = None
    callback: QueueCallback | None = None
    survey: QueueSurvey | None = None
    wrap_up_mode: WrapUpModeName = "extendable"
    wrap_up_extensions: WrapUpExtensions = 3
    wrap_up_extension_s: WrapUpExtension = 60
    missed_limit: MissedLimit = 1
    missed_pause_s: MissedPause = 0
    missed_back_after_s: MissedBackAfter = 0


class QueuePatchIn(Schema):
    """``hours_id``, ``voicemail``, ``callback`` and ``survey``: null takes them away; left out, they stay."""

    name: Name | None = None
    name_en: OptionalName | None = None
    members: list[int] | None = None
    skills: Skills | None = None
    offer_timeout_s: OfferTimeout | None = None
    wrap_up_s: WrapUp | None = None
    service_level_s: ServiceLevel | None = None
    service_level_pct: ServiceLevelShare | None = None
    announce_every_s: AnnounceEvery | None = None
    max_wait_s: MaxWait | None = None
    is_recorded: bool | None = None
    extension: Extension | None = None
    agent_choice: QueueAgentChoice | None = None
    ring_at_most: RingAtMost | None = None
    rings: Rings | None = None
    memberships: Memberships | None = None
    weight: Weight | None = None
    preference: QueuePreference | None = None
    announces_place: bool | None = None
    announces_wait: bool | None = None
    hours_id: int | None = None
    overflow: Overflow | None = None
    voicemail: QueueVoicemail | None = None
    callback: QueueCallback | None = None
    survey: QueueSurvey | None = None
    wrap_up_mode: WrapUpModeName | None = None
    wrap_up_extensions: WrapUpExtensions | None = None
    wrap_up_extension_s: WrapUpExtension | None = None
    missed_limit: MissedLimit | None = None
    missed_pause_s: MissedPause | None = None
    missed_back_after_s: MissedBackAfter | None = None

    def named(self) -> dict[str, Any]:
        """Return the queue's own fields that are to change; who serves it how is not among them."""
        emptied = self.model_fields_set & {"hours_id", "voicemail", "callback", "survey"}
        return {
            name: value for name, value in self.dict(exclude=OF_MEMBERS).items() if value is not None or name in emptied
        }
