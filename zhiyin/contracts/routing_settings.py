"""What the engine needs to know of a company's routing: its classes, channels, overflow and rules on trial."""

from __future__ import annotations

from datetime import datetime

import msgspec


class RingSetting(msgspec.Struct, frozen=True):
    """What a queue gives up for a contact that has waited ``after_s``: ``domain.routing.policy.Ring``."""

    after_s: int
    lower_by: int = 0
    drop: tuple[str, ...] = ()
    add_queues: tuple[int, ...] = ()


class MemberSetting(msgspec.Struct, frozen=True):
    """How an agent serves a queue, where it is not the plain way: ``domain.routing.policy.Membership``."""

    agent: int
    order: int = 1
    delay_s: int = 0
    tier: int = 1
    share: int = 1


class PreferenceSetting(msgspec.Struct, frozen=True):
    """For whom a queue keeps a contact at first: ``domain.routing.classes.Preference``."""

    who: str = "nobody"
    wait_s: int = 30
    within_days: int = 30
    waits_for_away: bool = False


class ContactClassSetting(msgspec.Struct, frozen=True):
    """A class of contacts and whom it is for: ``domain.routing.policy.ContactClass``, ``classes.ClassRule``.

    ``entries`` are numbers as in ``NumberSetting.number``.
    """

    code: str
    points: float = 0.0
    per_minute: float = 0.0
    at_most: float = 1_000.0
    target_s: int | None = None
    is_hard: bool = False
    is_for_vips: bool = False
    customer_classes: tuple[int, ...] = ()
    entries: tuple[str, ...] = ()
    target_pct: int = 0


class ChannelSetting(msgspec.Struct, frozen=True):
    """How much of an agent a contact of the channel takes: ``domain.routing.policy.ChannelRule``."""

    channel: str
    limit: int
    effort: int
    interrupts: tuple[str, ...] = ()


class RoutingSetting(msgspec.Struct, frozen=True):
    """The company's own rules of the router: ``domain.routing.policy.Policy``; classes in the order of trying."""

    contact_choice: str = "priority"
    classes: tuple[ContactClassSetting, ...] = ()
    talk_weight: float = 0.4
    count_weight: float = 0.6
    hard_per_shift: int = 0
    hard_gap_s: int = 0
    hard_waits_s: int = 60
    is_inbound_only: bool = False  # 纯呼入: nobody calls out, emergency numbers apart
    channels: tuple[ChannelSetting, ...] = ()  # of those that are not named the plain rules hold


class OverflowSetting(msgspec.Struct, frozen=True):
    """A step of a queue's overflow chain: ``domain.routing.overflow``."""

    condition: str
    action: str
    threshold: int = 0
    queue: int | None = None
    prompt: str = ""


class DraftQueueSetting(msgspec.Struct, frozen=True):
    """What a draft of the rules changes of a queue, as in ``QueueSetting``; None: it stays."""

    id: int
    agent_choice: str | None = None
    rings: tuple[RingSetting, ...] | None = None
    weight: float | None = None
    preference: PreferenceSetting | None = None
    memberships: tuple[MemberSetting, ...] | None = None


class DraftClassSetting(msgspec.Struct, frozen=True):
    """What a draft of the rules changes of a class of contacts, as in ``ContactClassSetting``; None: it stays."""

    code: str
    points: float | None = None
    per_minute: float | None = None
    at_most: float | None = None


class TrialSetting(msgspec.Struct, frozen=True):
    """A draft of the router's rules on trial: ``domain.routing.trials``. ``queues``: in whose lines."""

    id: int
    stage: str
    began_at: datetime
    queues: tuple[int, ...]
    draft_queues: tuple[DraftQueueSetting, ...] = ()
    draft_classes: tuple[DraftClassSetting, ...] = ()
    contact_choice: str | None = None
    share_pct: int = 0
    least_contacts: int = 50
    drop_pct: float | None = None
    wait_p90_s: float | None = None
    score_drop_pct: float | None = None
