"""A flow with its tests as a file, and a file as a flow's draft: ids become names, and names ids."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from zhiyin.apps.flows import customer_classes, flow_tests, prompt_library, services
from zhiyin.apps.flows.errors import BadFlowFile
from zhiyin.apps.flows.models import Flow, FlowTest, Hours
from zhiyin.apps.queues import queries as queues
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.apps.tenancy.publication import published_rows
from zhiyin.contracts.flow_files import BadFile, prompts_named, read_file, renamed, to_file
from zhiyin.domain.flow_scripts.script import read_script

#: No company's id: what a file names and the company does not have.
_NOTHING = 2**53 - 1


@dataclass(frozen=True, slots=True)
class Missing:
    """The company has nothing of this name; ``what``: "queues", "hours", "flows", "customer_classes", "services",
    "prompts"."""

    what: str
    name: str


def export_flow(flow: Flow) -> str:
    """Return a flow's draft and its tests as a file."""
    tenant = flow.tenant
    names = {what: {row_id: name for name, row_id in ids.items()} for what, ids in _ids(tenant).items()}
    used: dict[str, set[str]] = {}

    def name(what: str, row_id: Any) -> Any:
        named = names.get(what, {}).get(row_id)
        if named is not None:
            used.setdefault(what, set()).add(named)
        return row_id if named is None else named

    graph = renamed(flow.draft, name)
    texts = {entry.key: dict(entry.texts) for entry in prompt_library.list_entries(tenant=tenant)}
    tests = [{"name": test.name, "script": test.script.splitlines()} for test in flow_tests.tests_of(flow)]
    hours = {
        row.name: {"weekly": row.weekly, "dates": row.dates, "time_zone": row.time_zone}
        for row in Hours.objects.of(tenant).order_by("name")
        if row.name in used.get("hours", ())
    }
    told = {
        line.arguments[0]
        for test in tests
        for line in read_script("\n".join(test["script"])).lines
        if line.command == "class"
    }
    company = {
        "time_zone": tenant.time_zone,
        "customer_classes": sorted(told | used.get("customer_classes", set())),
        "queues": sorted(used.get("queues", ())),
        "hours": hours,
        "prompts": {key: texts.get(key, {}) for key in sorted(set(prompts_named(graph)))},
    }
    return to_file({"name": flow.name, "graph": graph, "tests": tests, "company": company})


@transaction.atomic
def import_flow(*, actor: Actor, document: Any) -> tuple[Flow, list[Missing]]:
    """Make a file the draft of the flow of its name, or of a new one, its tests with it; what is in force stays.

    Return the flow and what the company lacks of what it names. Raises ``BadFlowFile`` and ``BadScriptText``.
    """
    try:
        read = read_file(document)
    except BadFile as bad:
        raise BadFlowFile from bad
    tenant, ids = actor.tenant, _ids(actor.tenant)
    missing: dict[Missing, None] = {}

    def identify(what: str, name: Any) -> Any:
        if isinstance(name, int):
            return name
        if name not in ids.get(what, {}):
            missing[Missing(what, str(name))] = None
        return ids.get(what, {}).get(name, _NOTHING)

    graph = renamed(read["graph"], identify)
    voices = prompt_library.voices(tenant=tenant)
    for key in prompts_named(graph):
        if key not in voices:
            missing[Missing("prompts", key)] = None
    flow = Flow.objects.of(tenant).select_for_update().filter(name__iexact=read["name"][:60]).first()
    if flow is None:
        flow = services.create_flow(actor=actor, name=read["name"][:60] or "flow", graph=graph)
    else:
        flow = services.save_draft(
            actor=actor,
            flow_id=flow.pk,
            name=None,
            graph=graph,
            draft_version=flow.draft_version,
            now=timezone.now(),
        )
    _take_tests(actor, flow, read["tests"])
    return flow, list(missing)


def _take_tests(actor: Actor, flow: Flow, tests: list[Mapping[str, Any]]) -> None:
    """Let the flow have the file's tests, and no others."""
    present = {test.name.lower(): test for test in flow_tests.tests_of(flow)}
    for one in tests:
        name, script = str(one["name"])[:60], "\n".join(map(str, one["script"]))
        standing: FlowTest | None = present.pop(name.lower(), None)
        if standing is None:
            flow_tests.create_test(actor=actor, flow=flow, name=name, script=script)
        elif (standing.name, standing.script) != (name, script):
            flow_tests.update_test(actor=actor, flow=flow, test_id=standing.pk, name=name, script=script)
    for left in present.values():
        flow_tests.remove_test(actor=actor, flow=flow, test_id=left.pk)


def _ids(tenant: Tenant) -> dict[str, dict[str, Any]]:
    """Return name -> id of all that a flow may name; where two are called alike, the older one."""
    services_there = [
        row
        for section in ("external/http", "external/payments", "external/messages")
        for row in published_rows(tenant=tenant, section=section)
    ]
    return {
        "queues": dict(queues.list_queues(tenant=tenant).order_by("-pk").values_list("name", "pk")),
        "hours": dict(Hours.objects.of(tenant).order_by("-pk").values_list("name", "pk")),
        "flows": dict(Flow.objects.of(tenant).values_list("name", "pk")),
        "customer_classes": customer_classes.ids_by_name(tenant),
        "services": {str(row["name"]): row["id"] for row in reversed(services_there)},
    }
