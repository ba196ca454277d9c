"""Reading the log itself: what a contact is by now, however far the projections are behind, and personal values."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any, cast, get_args

import msgspec

from zhiyin.apps.tenancy.asking import Question, answer
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.apps.tenancy.rows_as_json import json_pairs
from zhiyin.contracts.events import UnknownEvent, decode_body, interaction_stream
from zhiyin.domain.interactions import Interaction, InteractionEvent, apply

_INTERACTION_EVENTS: tuple[type[Any], ...] = get_args(InteractionEvent)
Events = list[tuple[datetime, InteractionEvent]]
_LOGGED: msgspec.json.Decoder[list[tuple[datetime, str, int, msgspec.Raw]]]
_LOGGED = msgspec.json.Decoder(list[tuple[datetime, str, int, msgspec.Raw]])
_LOGGED_OF_MANY: msgspec.json.Decoder[list[tuple[str, datetime, str, int, msgspec.Raw]]]
_LOGGED_OF_MANY = msgspec.json.Decoder(list[tuple[str, datetime, str, int, msgspec.Raw]])
_EVENTS = """
SELECT json_agg(json_build_array(at, type, version, body) ORDER BY epoch, seq) FROM event_log
WHERE tenant_id = $1 AND stream = $2
"""
# Few contacts have a note at all: only their events are read.
_OF_THE_NOTED = """
SELECT json_agg(json_build_array(stream, at, type, version, body) ORDER BY stream, epoch, seq) FROM event_log
WHERE tenant_id = $1 AND stream IN
    (SELECT subject FROM event_personal WHERE tenant_id = $1 AND subject = ANY($2) AND kind = 'text')
"""
_OF_STREAM = "SELECT json_agg(json_build_array(ref, value)) FROM event_personal WHERE tenant_id = $1 AND subject = $2"
_BEHIND = "SELECT json_agg(json_build_array(ref, value)) FROM event_personal WHERE tenant_id = $1 AND ref = ANY($2)"


def events_asked(*, tenant: Tenant, interaction_id: str) -> Question[Events]:
    """Ask for a contact's events in their order, each with its instant; none where there is no such contact.

    An event that a newer program wrote is left out: what it means is not known here.
    """
    return Question(_EVENTS, (tenant.pk, interaction_stream(interaction_id)), _read_events)


def read_events(*, tenant: Tenant, interaction_id: str) -> Events:
    return answer(events_asked(tenant=tenant, interaction_id=interaction_id))


def _read_events(text: str | None) -> Events:
    return _decoded(_LOGGED.decode(text) if text else ())


def _decoded(logged: Iterable[tuple[datetime, str, int, msgspec.Raw]]) -> Events:
    events: Events = []
    for at, name, version, body in logged:
        try:
            event = decode_body(name, version, body)
        except UnknownEvent:
            continue
        if isinstance(event, _INTERACTION_EVENTS):
            events.append((at, cast(InteractionEvent, event)))
    return events


def read_contact(*, tenant: Tenant, interaction_id: str) -> tuple[Interaction, frozenset[int]] | None:
    """Return a contact as its events so far have made it, and the agents who had to do with it. None: no such."""
    events = read_events(tenant=tenant, interaction_id=interaction_id)
    if not events:
        return None
    agents = {agent for _, event in events if (agent := getattr(event, "agent", None)) is not None}
    return fold_contact(interaction_id, events), frozenset(agents)


def fold_contact(interaction_id: str, events: Iterable[tuple[datetime, InteractionEvent]]) -> Interaction:
    """Return a contact as these events have made it."""
    state = Interaction(interaction_id)
    for at, event in events:
        state = apply(state, event, at)
    return state


@dataclass(frozen=True, slots=True)
class Note:
    """转接备注: a reference to what was written for whoever works the contact next, and who wrote it."""

    ref: str
    by_agent: int | None


def notes_at_hand(*, tenant: Tenant, interaction_ids: Iterable[str]) -> dict[str, Note]:
    """Return the note that goes with each contact, as its desk shows it; without one, or erased, it is missing.

    One statement, whatever their number.
    """
    streams = {interaction_stream(one): one for one in interaction_ids}
    events = answer(Question(_OF_THE_NOTED, (tenant.pk, tuple(sorted(streams))), _read_events_of_many))
    states = (fold_contact(streams[stream], facts) for stream, facts in events.items())
    return {state.id: Note(state.note_ref, state.handed_by) for state in states if state.note_ref}


def _read_events_of_many(text: str | None) -> dict[str, Events]:
    rows = _LOGGED_OF_MANY.decode(text) if text else ()
    return {stream: _decoded(row[1:] for row in of_one) for stream, of_one in groupby(rows, itemgetter(0))}


def values_asked(*, tenant: Tenant, interaction_id: str) -> Question[dict[str, str]]:
    """Ask for all personal values of a contact, by their references; an erased one is missing."""
    return Question(_OF_STREAM, (tenant.pk, interaction_stream(interaction_id)), _read_values)


def personal_values_asked(*, tenant: Tenant, refs: Iterable[str | None]) -> Question[dict[str, str]]:
    """Ask for the values behind references; an erased one is missing."""
    return Question(_BEHIND, (tenant.pk, tuple(sorted({ref for ref in refs if ref}))), _read_values)


def personal_values(*, tenant: Tenant, refs: Iterable[str | None]) -> dict[str, str]:
    """Return the values behind references; without a statement where there are none."""
    question = personal_values_asked(tenant=tenant, refs=refs)
    return answer(question) if question.given[1] else {}


def _read_values(text: str | None) -> dict[str, str]:
    return dict(json_pairs(text))
