"""What a caller said to its flow and what was kept with the contact, for whoever may read it: what was erased is not
told, and who sees numbers masked sees them so in both, and finds nothing by what is hidden."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models.expressions import RawSQL

from zhiyin.apps.flows import prompt_library
from zhiyin.apps.flows import queries as flows
from zhiyin.apps.interactions.log import Events
from zhiyin.apps.rest.schemas import Shape
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.contracts.attached_data import attached_data, masked_data
from zhiyin.contracts.numbers import mask_numbers_in
from zhiyin.domain.flows.nodes import KINDS
from zhiyin.domain.flows.shortcuts import BY_SHORTCUT
from zhiyin.domain.interactions import InteractionEvent, InteractionStarted, NodeEntered, UtteranceHeard

_LANGUAGES = ("zh", "en")


class SaidOut(Shape):
    """One utterance. ``step``: what the step that listened is called; ``asked``: the text of its prompt, "" where
    nobody wrote it down; ``choice``: as what it was understood, "" where it meant no choice."""

    at: datetime
    words: str
    step: str
    asked: str
    choice: str


def build_said(*, actor: Actor, events: Events, values: Mapping[str, str]) -> list[SaidOut]:
    """Return what the caller said, in order; telephone numbers in it as far as the reader may see them.

    Without a statement where nothing was said. ``values``: the contact's personal values, by their references.
    """
    plain = [event for _, event in events]
    heard = [
        (place, at, event)
        for place, (at, event) in enumerate(events)
        if isinstance(event, UtteranceHeard) and event.words_ref in values
    ]
    if not heard:
        return []
    language = 0 if actor.language.startswith("zh") else 1
    nodes = _nodes(actor.tenant, plain)
    asked = _asked(actor.tenant, (nodes.get(event.node, {}) for _, _, event in heard), _LANGUAGES[language])
    kinds = {event.node: event.kind for event in plain if isinstance(event, NodeEntered)}
    return [
        SaidOut(
            at=at,
            words=words if actor.sees_numbers else mask_numbers_in(words),
            step=_step(kinds.get(event.node, ""), language),
            asked=asked.get(_prompt_of(nodes.get(event.node, {})), ""),
            choice=_choice(nodes, event.node, plain[place + 1 :]),
        )
        for place, at, event in heard
        for words in [values[event.words_ref]]
    ]


def data_for(actor: Actor, refs: Iterable[str], values: Mapping[str, str]) -> dict[str, str]:
    """Return the data attached to a contact (随路数据); telephone numbers in it as far as the reader may see them."""
    data = attached_data(refs, values)
    return data if actor.sees_numbers else masked_data(data)


def speakers(*, actor: Actor, part: str) -> Any:
    """Return the ids of the contacts whose caller said ``part``: for who sees numbers masked, in the words as masked.

    Without digits in ``part`` nothing that is hidden can be found by it, and the database alone looks.
    """
    if actor.sees_numbers or not any(sign.isdigit() for sign in part):
        return RawSQL("SELECT find_speakers(%s)", (part,))
    with connection.cursor() as cursor:
        cursor.execute(_WORDS_OF_SPEAKERS, (actor.tenant.pk, part))
        heard = cursor.fetchall()
    return {contact for contact, words in heard if part.lower() in mask_numbers_in(words).lower()}


_WORDS_OF_SPEAKERS = """
    SELECT substr(subject, 3), value FROM event_personal
    WHERE tenant_id = %s AND kind = 'words' AND subject IN (SELECT 'i:' || find_speakers(%s))
"""


def _nodes(tenant: Tenant, events: Iterable[InteractionEvent]) -> dict[str, Mapping[str, Any]]:
    """Return the configurations of the nodes that ran, those of sub-flows too: node -> what its panel holds."""
    started = next((event for event in events if isinstance(event, InteractionStarted)), None)
    if started is None or started.flow is None or started.flow_version is None:
        return {}
    graph = flows.running_graph_of(tenant=tenant, flow_id=started.flow, version=started.flow_version) or {}
    return {str(node["id"]): node.get("config") or {} for node in graph.get("nodes", ())}


def _asked(tenant: Tenant, configs: Iterable[Mapping[str, Any]], language: str) -> dict[str, str]:
    keys = {_prompt_of(config) for config in configs} - {""}
    return prompt_library.texts_of(tenant=tenant, keys=keys, language=language) if keys else {}


def _prompt_of(config: Mapping[str, Any]) -> str:
    return str((config.get("prompt") or {}).get("key") or "")


def _step(kind: str, language: int) -> str:
    known = KINDS.get(kind)
    return known.words[language] if known is not None else kind


def _choice(nodes: Mapping[str, Mapping[str, Any]], node: str, later: Sequence[InteractionEvent]) -> str:
    """Return the name of the choice, of the node or of the flow's shortcut, to which an utterance led; "" for none:
    it was said again, a key was pressed, or nothing followed."""
    for event in later:
        match event:
            case NodeEntered(node=shortcut, through=exit_) if exit_ == BY_SHORTCUT:
                node = shortcut
            case NodeEntered(through=exit_):
                rows = nodes.get(node, {}).get("choices") or ()
                return next((str(row.get("name") or "") for row in rows if row.get("exit") == exit_), "")
            case UtteranceHeard():
                return ""
            case _ if getattr(event, "key", None):
                return ""
    return ""
