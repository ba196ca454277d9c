"""Trial calls of drafts in virtual time: nothing of them is kept, and nobody's telephone rings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from zhiyin.apps.flows import customer_classes, prompt_library, sub_flows
from zhiyin.apps.flows.errors import BadScriptText, FlowCannotBeTried
from zhiyin.apps.flows.models import Flow
from zhiyin.apps.tenancy.publication import build_settings
from zhiyin.contracts.flow_trials import Told, try_flow
from zhiyin.domain.flow_scripts.script import BadScript, read_acts
from zhiyin.domain.flows.graph import BadFlow


def play(*, flow: Flow, graph: Mapping[str, Any] | None, acts: Sequence[str], language: str) -> Told:
    """Play acts on a graph that nobody has saved yet (None: on the flow's draft), in the company as it stands.

    Raises ``FlowCannotBeTried`` for a graph with steps that cannot be read, and ``BadScriptText``.
    """
    tenant = flow.tenant
    try:
        script = read_acts("\n".join(act.replace("\n", " ") for act in acts))
    except BadScript as bad:
        raise BadScriptText(bad.slips) from bad
    inlined = sub_flows.inline_draft(tenant=tenant, flow_id=flow.pk, graph=graph or flow.draft)
    if inlined.problems:
        raise FlowCannotBeTried(inlined.problems)
    try:
        return try_flow(
            build_settings(tenant=tenant),
            inlined.graph,
            script,
            seconds=prompt_library.seconds_of(tenant=tenant),
            language=language,
            customer_classes=customer_classes.ids_by_name(tenant),
        )
    except BadFlow as bad:
        raise FlowCannotBeTried(bad.problems) from bad
