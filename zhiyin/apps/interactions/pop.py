"""The screen pop: who is calling, from the log itself, so that it is there before any projection is.

One call answers all that a desk shows before hello. Its statements do not grow with matches, contacts or matters.
"""

from collections.abc import Mapping, Sequence, Set
from dataclasses import asdict
from typing import Any

from zhiyin.apps.customers import queries as customers
from zhiyin.apps.customers.known import Known, read_known
from zhiyin.apps.customers.places import place_of
from zhiyin.apps.customers.queries import Customer
from zhiyin.apps.customers.schemas import CardQuestions, shape_customers
from zhiyin.apps.interactions.belongings import counts_asked, last_contacts_asked, links_asked
from zhiyin.apps.interactions.customers_at_hand import show_customers
from zhiyin.apps.interactions.history import pressed_keys
from zhiyin.apps.interactions.log import Events, events_asked, fold_contact, values_asked
from zhiyin.apps.interactions.matters import wrap_ups_looked_at
from zhiyin.apps.interactions.models import Interaction
from zhiyin.apps.interactions.queries import READ
from zhiyin.apps.interactions.said import SaidOut, build_said, data_for
from zhiyin.apps.interactions.schemas import (
    BadgeOut,
    CallerDetailsOut,
    InteractionOut,
    MatterOut,
    MoodOut,
    PathStepOut,
    PopMatchOut,
    PopOut,
)
from zhiyin.apps.interactions.shaping import shape_interactions
from zhiyin.apps.queues import queries as queues
from zhiyin.apps.refusals import NotFound
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.apps.tenancy.asking import Question, answer, ask
from zhiyin.apps.tenancy.visibility import are_in_reach
from zhiyin.contracts.numbers import mask_number
from zhiyin.domain.caller_details import read_details
from zhiyin.domain.permissions import Scope

MAX_MATCHES = 5
LAST_CONTACTS = 3
#: of each: more stand on the customer's own page
MAX_MATTERS = 5
#: among a customer's newest contacts are those that still live: the present one, a consultation
_LIVE_ONES = 3


class _ContactQuestions:
    """What is asked of the contact itself."""

    def __init__(self, actor: Actor, interaction_id: str) -> None:
        self.events = events_asked(tenant=actor.tenant, interaction_id=interaction_id)
        self.values = values_asked(tenant=actor.tenant, interaction_id=interaction_id)
        self.links = links_asked(tenant=actor.tenant, interaction_ids=[interaction_id])
        self.queues = queues.queue_names_asked(tenant=actor.tenant)

    def all(self) -> list[Question[Any]]:
        return list(vars(self).values())


class _MatchQuestions:
    """What is asked of those who may be calling, with all that their cards and what is known of them will ask."""

    def __init__(self, actor: Actor, found: Sequence[Customer]) -> None:
        customer_ids = [customer.pk for customer in found]
        of: dict[str, Any] = {"tenant": actor.tenant, "customer_ids": customer_ids}
        self.counts = counts_asked(**of)
        self.last = last_contacts_asked(**of, limit=LAST_CONTACTS + _LIVE_ONES)
        self.ahead = [
            *CardQuestions(actor, found).all(),
            wrap_ups_looked_at(actor, customer_ids),
            queues.disposition_paths_asked(tenant=actor.tenant),
        ]


def build_pop(*, actor: Actor, interaction_id: str) -> PopOut:
    """Return who is calling and what is known of them. Raises ``NotFound``."""
    asked = _ContactQuestions(actor, interaction_id)
    told = ask(*asked.all())
    events, values = told[asked.events], told[asked.values]
    if not events:
        raise NotFound
    contact = fold_contact(interaction_id, events)
    agents = {agent for _, event in events if (agent := getattr(event, "agent", None)) is not None}
    number = values.get(contact.customer_ref or "")
    linked = told[asked.links].get(interaction_id)
    data = data_for(actor, contact.data_refs, values)
    return PopOut(
        number=number if actor.sees_numbers else None,
        masked=mask_number(number) if number else "",
        place=place_of(number).named(actor.language) if number else "",
        matches=_matches(actor, number, linked, is_theirs=actor.user_id in agents),
        customer_id=linked,
        entry=contact.entry,
        queue=_queue_name(actor, contact.queue or contact.last_queue),
        path=[
            PathStepOut(key=key, label=label)
            for key, label in pressed_keys(tenant=actor.tenant, events=[event for _, event in events])
        ],
        said=_said(actor, events, values, agents),
        data=data,
        details=CallerDetailsOut(**asdict(read_details(data))),
    )


def _said(actor: Actor, events: Events, values: Mapping[str, str], agents: Set[int]) -> list[SaidOut]:
    """What the caller said is told to those who were asked to take the contact, and to whoever reads its history."""
    said = build_said(actor=actor, events=events, values=values)
    if not said or actor.user_id in agents or actor.scope_of(READ) is Scope.ALL:
        return said
    return said if are_in_reach(actor, READ, agents) else []


def _queue_name(actor: Actor, queue_id: int | None) -> str | None:
    names = queues.queue_names(tenant=actor.tenant).get(queue_id or 0)
    return names[0 if actor.language.startswith("zh") else 1] if names else None


def _matches(actor: Actor, number: str | None, linked: int | None, *, is_theirs: bool) -> list[PopMatchOut]:
    found = _found(actor, number, linked)
    if not customers.sees_all(actor):
        found = _at_hand(actor, found, is_theirs=is_theirs)
    if not found:
        return []
    ids = [customer.pk for customer in found]
    asked = _MatchQuestions(actor, found)
    told = ask(asked.counts, asked.last, *asked.ahead)
    counts, last = told[asked.counts], _last_contacts(actor, told[asked.last])
    known = read_known(actor=actor, customer_ids=ids)
    return [
        PopMatchOut(
            customer=shaped,
            times_called=counts.get(shaped.id, 0),
            last=last.get(shaped.id, []),
            **_shape_known(known[shaped.id]),
        )
        for shaped in shape_customers(actor, found)
    ]


def _found(actor: Actor, number: str | None, linked: int | None) -> list[Customer]:
    """Return who has the number, before them who is linked."""
    if number is None and linked is None:
        return []
    return answer(customers.callers_asked(tenant=actor.tenant, number=number or "", linked=linked, limit=MAX_MATCHES))


def _at_hand(actor: Actor, found: Sequence[Customer], *, is_theirs: bool) -> list[Customer]:
    """Whoever has the contact sees whose it is and may work with them; others see whom they see anyway."""
    seen = customers.seen_customers(actor, [customer.pk for customer in found])
    if not is_theirs:
        return [customer for customer in found if customer.pk in seen]
    if found:
        show_customers(actor=actor, customer_ids=[customer.pk for customer in found])
    return list(found)


def _shape_known(known: Known) -> dict[str, Any]:
    matters = [MatterOut(**asdict(matter)) for matter in known.matters]
    return {
        "badges": [BadgeOut(**asdict(badge)) for badge in known.badges],
        "products": list(known.products),
        "open": [matter for matter in matters if matter.is_open][:MAX_MATTERS],
        "solved": [matter for matter in matters if not matter.is_open][:MAX_MATTERS],
        "mood": MoodOut(**asdict(known.mood)) if known.mood else None,
    }


def _last_contacts(actor: Actor, latest: Mapping[int, Sequence[Interaction]]) -> dict[int, list[InteractionOut]]:
    chosen = {
        customer: [row for row in rows if row.ended_at is not None][:LAST_CONTACTS] for customer, rows in latest.items()
    }
    shaped = shape_interactions(actor, list({row.pk: row for rows in chosen.values() for row in rows}.values()))
    by_id = {item.id: item for item in shaped}
    return {customer: [by_id[row.pk] for row in rows] for customer, rows in chosen.items()}
