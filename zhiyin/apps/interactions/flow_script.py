"""A contact as a test of the flow it went through: its way is found again in virtual time."""

from __future__ import annotations

from ninja import Schema

from zhiyin.apps.flows import prompt_library
from zhiyin.apps.flows import queries as flows
from zhiyin.apps.interactions.errors import NotInAFlow
from zhiyin.apps.interactions.log import read_events
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.apps.tenancy.publication import build_settings
from zhiyin.contracts.flow_trials import script_of_contact
from zhiyin.domain.flows.graph import BadFlow
from zhiyin.domain.interactions import InteractionStarted


class ContactScriptOut(Schema):
    """``script``: a test of the flow. ``is_whole``: it goes the contact's whole way; digits that were typed are never
    the contact's own, since no log holds them."""

    flow_id: int
    script: str
    is_whole: bool


def build_script(*, tenant: Tenant, interaction_id: str, language: str) -> ContactScriptOut:
    """Raises ``NotInAFlow``."""
    events = read_events(tenant=tenant, interaction_id=interaction_id)
    started = events[0][1] if events else None
    if not isinstance(started, InteractionStarted) or started.flow is None or started.flow_version is None:
        raise NotInAFlow
    graph = flows.running_graph_of(tenant=tenant, flow_id=started.flow, version=started.flow_version)
    if graph is None:
        raise NotInAFlow
    settings, seconds = build_settings(tenant=tenant), prompt_library.seconds_of(tenant=tenant)
    try:
        script, is_whole = script_of_contact(settings, graph, events, seconds=seconds, language=language)
    except BadFlow as bad:
        raise NotInAFlow from bad
    return ContactScriptOut(flow_id=started.flow, script=script, is_whole=is_whole)
