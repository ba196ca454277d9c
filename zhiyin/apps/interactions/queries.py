"""Finding contacts, and what belongs to each: names, numbers, recordings, wrap-ups."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, Max, OuterRef, Q, QuerySet

from zhiyin.apps.customers import queries as customers
from zhiyin.apps.interactions.belongings import customers_of as customers_of  # noqa: PLC0414 - for other apps
from zhiyin.apps.interactions.log import read_events
from zhiyin.apps.interactions.models import (
    AgentStateSpan,
    CustomerLink,
    Interaction,
    MissedHandling,
    Recording,
    Segment,
    WrapUp,
)
from zhiyin.apps.interactions.said import speakers
from zhiyin.apps.queues import queries as queues
from zhiyin.apps.refusals import NotFound
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.apps.tenancy.finding import among
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.apps.tenancy.visibility import are_in_reach, users_in_reach
from zhiyin.contracts.numbers import BadNumber, normalise_number
from zhiyin.domain.interactions import InteractionStarted, Offered, SegmentStarted
from zhiyin.domain.permissions import Scope

#: how far the projection may be behind the log before a contact just begun is "not found"
PROJECTED_WITHIN_S = 1.0
#: no call between colleagues is looked for that began longer before
LONGEST_CONTACT = timedelta(days=1)
#: the right whose scope says whose contacts are seen
READ = "interactions.read"
MISSED = (Interaction.Outcome.ABANDONED.value, Interaction.Outcome.OVERFLOWED.value)


@dataclass(frozen=True, slots=True)
class ContactFilter:
    """What a list of contacts is narrowed to; ``None`` and "" narrow nothing."""

    search: str = ""
    agent: int | None = None
    queue: int | None = None
    direction: str = ""
    outcome: str = ""
    since: datetime | None = None
    until: datetime | None = None
    customer: int | None = None
    #: what an agent said came of it (``WrapUp.Result``)
    result: str = ""
    missed: bool = False
    handled: bool | None = None
    #: by which it came to its flow
    entry_rule: int | None = None
    #: any part of what the caller said to its flow
    said: str = ""


_FEWEST_DIGITS = 3
_BY_NUMBER = "SELECT substr(subject, 3) FROM event_personal WHERE tenant_id = %s AND kind = 'number' AND value = %s"


def list_contacts(*, actor: Actor, wanted: ContactFilter, right: str = READ) -> QuerySet[Interaction]:
    """Return the contacts within the scope of ``right``: those of the users in reach, those that nobody took in a queue
    that one of them serves (an agent sees them with ``missed`` alone), and all of a named customer who is seen.
    """
    rows: QuerySet[Interaction] = Interaction.objects.of(actor.tenant)
    if wanted.customer is None or right != READ:
        rows = rows.filter(_within_reach(actor, right, is_missed=wanted.missed))
    if wanted.missed:
        rows = rows.filter(direction="inbound", outcome__in=MISSED)
    if wanted.handled is not None:
        done = Exists(MissedHandling.objects.of(actor.tenant).filter(interaction_id=OuterRef("pk")))
        rows = rows.filter(done if wanted.handled else ~done)
    if wanted.agent is not None:
        rows = rows.filter(_had_agent(actor.tenant, [wanted.agent]))
    if wanted.customer is not None:
        rows = rows.filter(Exists(_links_seen(actor).filter(customer_id=wanted.customer)))
    plain = {
        "queue_id": wanted.queue,
        "direction": wanted.direction,
        "outcome": wanted.outcome,
        "entry_rule_id": wanted.entry_rule,
    }
    rows = rows.filter(**{name: value for name, value in plain.items() if value})
    if wanted.result:
        written = WrapUp.objects.of(actor.tenant).filter(interaction_id=OuterRef("pk"), result=wanted.result)
        rows = rows.filter(Exists(written))
    if said := wanted.said.strip():
        rows = rows.filter(pk__in=speakers(actor=actor, part=said))
    if wanted.since:
        rows = rows.filter(started_at__gte=wanted.since)
    if wanted.until:
        rows = rows.filter(started_at__lt=wanted.until)
    return rows.filter(found_by(actor, wanted.search)) if wanted.search else rows


def get_visible(*, actor: Actor, interaction_id: str) -> Interaction:
    """Return a contact that the actor may see: own, a customer's, missed in an own queue. Raises ``NotFound``.

    A desk asks for its contact in the moment it begins: what the log has already is waited for, up to a second.
    """
    rows = Interaction.objects.of(actor.tenant).filter(pk=interaction_id)
    if actor.scope_of(READ) is not Scope.ALL:
        linked = Exists(_links_seen(actor))
        rows = rows.filter(Q(linked) | _within_reach(actor, READ, is_missed=True, is_one=True))
    row = rows.first()
    if row is None and _is_within_reach_by_log(actor, interaction_id):
        deadline = time.monotonic() + PROJECTED_WITHIN_S
        while row is None and time.monotonic() < deadline:
            time.sleep(PROJECTED_WITHIN_S / 30)
            row = rows.first()
    if row is None:
        raise NotFound
    return row


def _links_seen(actor: Actor) -> QuerySet[CustomerLink]:
    """Return the links of the outer query's contact to customers whom the actor may see."""
    links: QuerySet[CustomerLink] = CustomerLink.objects.of(actor.tenant).filter(interaction_id=OuterRef("pk"))
    if customers.sees_all(actor):
        return links
    return links.filter(customer_id__in=customers.visible_customers(actor).values("pk"))


def _is_within_reach_by_log(actor: Actor, interaction_id: str) -> bool:
    """Whether the projection will show the contact to the actor once it has caught up with the log."""
    events = read_events(tenant=actor.tenant, interaction_id=interaction_id)
    if not events or actor.scope_of(READ) is Scope.ALL:
        return bool(events)
    began = [event.agent for _, event in events if isinstance(event, InteractionStarted | SegmentStarted)]
    agents = {agent for agent in began if agent is not None}
    return are_in_reach(actor, READ, agents) or (not agents and actor.scope_of(READ) not in (None, Scope.OWN))


def _within_reach(actor: Actor, right: str, *, is_missed: bool, is_one: bool = False) -> Q:
    """``is_one``: one contact is asked for, perhaps again and again until it is there, and no list is made."""
    users = users_in_reach(actor, right)
    if users is None:
        return Q()
    theirs = _was_of(actor.tenant, users) if is_one else _had_agent(actor.tenant, users)
    is_own = actor.scope_of(right) is Scope.OWN
    if is_own and not is_missed:
        return theirs
    in_their_queues = Q(queue_id__in=queues.queues_served_by(tenant=actor.tenant, user_ids=users))
    if is_own:
        return theirs | in_their_queues
    # who gave up before any queue is everybody's concern who looks after more than oneself
    is_nobodys = Q(agent_id__isnull=True, caller_agent_id__isnull=True)
    return theirs | (is_nobodys & (in_their_queues | Q(queue_id__isnull=True)))


def _was_of(tenant: Tenant, agents: Iterable[int] | QuerySet[Any]) -> Q:
    talked = Segment.objects.of(tenant).filter(interaction_id=OuterRef("pk"), agent_id__in=agents, kind="talk")
    return Q(Exists(talked)) | Q(agent_id__in=agents) | Q(caller_agent_id__in=agents)


def _had_agent(tenant: Tenant, agents: Iterable[int] | QuerySet[Any]) -> Q:
    """Whoever talked in it, has it now, or dialled it. One list of ids, each part by an index of its own."""
    rows = Interaction.objects.of(tenant)
    talked = Segment.objects.of(tenant).filter(agent_id__in=agents, kind="talk")
    return among(
        talked.values("interaction_id"),
        rows.filter(agent_id__in=agents).values("pk"),
        rows.filter(caller_agent_id__in=agents).values("pk"),
        many=_was_of(tenant, agents),
    )


def found_by(actor: Actor, search: str) -> Q:
    """By its id, by the customer (as customers are found), or by any part of a number that it had to do with.

    Numbers stand in the log's side table; whoever sees them masked finds one only by all of it. One list of ids: joined
    by OR, the database would look at every contact.
    """
    text, tenant = search.strip(), actor.tenant
    customers_found = customers.search_customers(actor=actor, search=text).values("pk")
    linked = CustomerLink.objects.of(tenant).filter(customer_id__in=customers_found).values("interaction_id")
    digits = "".join(sign for sign in text if sign.isdigit())
    if len(digits) >= _FEWEST_DIGITS and actor.sees_numbers:
        return among(("SELECT %s", (text,)), linked, ("SELECT find_callers(%s)", (digits,)))
    return among(("SELECT %s", (text,)), linked, (_BY_NUMBER, (tenant.pk, _exactly(text, tenant))))


def _exactly(text: str, tenant: Tenant) -> str:
    try:
        return normalise_number(text, tenant.region)
    except BadNumber:
        return text


def list_segments(*, tenant: Tenant, interaction_id: str) -> list[Segment]:
    return list(Segment.objects.of(tenant).filter(interaction_id=interaction_id).order_by("started_at", "pk"))


def last_contacts_of(*, tenant: Tenant, customer_ids: Iterable[int]) -> dict[int, datetime]:
    """Return when each customer was in contact last; who never was is missing."""
    links = CustomerLink.objects.of(tenant).filter(customer_id__in=list(customer_ids))
    return dict(links.values_list("customer_id").annotate(last_at=Max("at")).order_by())


def list_recordings(*, tenant: Tenant) -> QuerySet[Recording]:
    return Recording.objects.of(tenant)


def is_conversation_in_reach(*, actor: Actor, interaction_id: str, right: str) -> bool:
    """Return whether somebody within the scope of ``right`` was connected in a contact.

    A desk plays a message in the moment its agent takes it, and hears of that a little before the log has it: while one
    of them is being offered the contact, or talks and the lists do not know yet, it is waited for.
    """
    users = users_in_reach(actor, right)
    if users is None:
        return True
    talks = Segment.objects.of(actor.tenant).filter(interaction_id=interaction_id, kind="talk", agent_id__in=users)
    deadline = time.monotonic() + PROJECTED_WITHIN_S
    while not talks.exists():
        events = [event for _, event in read_events(tenant=actor.tenant, interaction_id=interaction_id)]
        has_talked = are_in_reach(actor, right, [one.agent for one in events if isinstance(one, SegmentStarted)])
        is_asked = are_in_reach(actor, right, [one.agent for one in events if isinstance(one, Offered)])
        if time.monotonic() > deadline or not (has_talked or is_asked):
            return has_talked
        time.sleep(PROJECTED_WITHIN_S / 30)
    return True


def conversations_in_reach(*, actor: Actor, interaction_ids: Iterable[str], right: str) -> set[str]:
    """Return those contacts in which somebody within the scope of ``right`` was connected."""
    wanted, users = set(interaction_ids), users_in_reach(actor, right)
    if users is None or not wanted:
        return wanted
    talks = Segment.objects.of(actor.tenant).filter(interaction_id__in=wanted, kind="talk", agent_id__in=users)
    return set(talks.values_list("interaction_id", flat=True))


def segments_since(*, tenant: Tenant, since: datetime, until: datetime) -> list[Segment]:
    """Return the parts of customers' contacts; calls between colleagues are none."""
    rows = Segment.objects.of(tenant).filter(started_at__gte=since, started_at__lt=until)
    return list(rows.exclude(interaction_id__in=_internal(tenant, since)))


def internal_contacts(*, tenant: Tenant, since: datetime) -> set[str]:
    """Return the calls between colleagues that may touch what is after ``since``."""
    return set(_internal(tenant, since))


def _internal(tenant: Tenant, since: datetime) -> QuerySet[Interaction, str]:
    rows = Interaction.objects.of(tenant).filter(direction="internal", started_at__gte=since - LONGEST_CONTACT)
    return rows.values_list("pk", flat=True)


def state_spans_within(*, tenant: Tenant, since: datetime, until: datetime) -> list[AgentStateSpan]:
    """Return the stays that touch the interval, the present ones too."""
    rows = AgentStateSpan.objects.of(tenant).filter(started_at__lt=until)
    return list(rows.filter(Q(ended_at__gt=since) | Q(ended_at__isnull=True)))


def rests_begun(
    *, tenant: Tenant, since: datetime, until: datetime, agents: QuerySet[Any] | None = None
) -> list[AgentStateSpan]:
    """Return the stays at rest that began from ``since`` to ``until``; ``agents``: of these ids alone."""
    rows = AgentStateSpan.objects.of(tenant).filter(state="rest", started_at__gte=since, started_at__lt=until)
    return list(rows if agents is None else rows.filter(agent_id__in=agents))


def queue_of_contacts(*, tenant: Tenant, interaction_ids: Iterable[str]) -> dict[str, int]:
    """Return the last queue of each customer's contact that was in one."""
    rows = Interaction.objects.of(tenant).filter(pk__in=list(interaction_ids), queue_id__isnull=False)
    rows = rows.exclude(direction="internal")
    return {pk: queue_id for pk, queue_id in rows.values_list("pk", "queue_id") if queue_id is not None}


def has_contact(*, tenant: Tenant) -> bool:
    return Interaction.objects.of(tenant).exists()


#: recordings, for other apps to narrow further
RecordingRows = QuerySet[Recording]


def recordings_in(*, tenant: Tenant, contacts: QuerySet[Interaction]) -> RecordingRows:
    """Return the recordings of the contacts."""
    return Recording.objects.of(tenant).filter(interaction_id__in=contacts.order_by().values("pk"))


def contacts_by_id(*, tenant: Tenant, interaction_ids: Iterable[str]) -> list[Interaction]:
    return list(Interaction.objects.of(tenant).filter(pk__in=list(interaction_ids)))


def unfinished_recordings(*, tenant: Tenant, ended_before: datetime) -> list[Recording]:
    """Return recordings without a file whose contact ended before an instant."""
    open_states = (Recording.State.RECORDING.value, Recording.State.PROCESSING.value)
    ended = Interaction.objects.of(tenant).filter(pk=OuterRef("interaction_id"), ended_at__lt=ended_before)
    return list(Recording.objects.of(tenant).filter(Exists(ended), state__in=open_states)[:500])


def finished_recordings(*, tenant: Tenant, started_before: datetime) -> RecordingRows:
    """Return the recordings begun before an instant that were made, or could not be: their sound may be deleted."""
    states = (Recording.State.READY.value, Recording.State.FAILED.value, Recording.State.EMPTY.value)
    return Recording.objects.of(tenant).filter(state__in=states, started_at__lt=started_before)


def is_recording_deleted(*, tenant: Tenant, recording_id: str) -> bool:
    return Recording.objects.of(tenant).filter(pk=recording_id, state=Recording.State.DELETED.value).exists()


def links_of(*, tenant: Tenant, customer_id: int) -> QuerySet[CustomerLink]:
    """Return which contacts are a customer's, for other apps to narrow by."""
    rows: QuerySet[CustomerLink] = CustomerLink.objects.of(tenant).filter(customer_id=customer_id)
    return rows
