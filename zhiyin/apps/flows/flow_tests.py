"""The tests that stand beside a flow: callers' scripts, run against its draft in the company as it stands."""

from __future__ import annotations

from django.db import transaction
from django.db.models import QuerySet

from zhiyin.apps.audit import settings_changes
from zhiyin.apps.flows import customer_classes, prompt_library, sub_flows
from zhiyin.apps.flows.errors import BadScriptText, TooManyTests
from zhiyin.apps.flows.models import Flow, FlowTest
from zhiyin.apps.refusals import NotFound
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.apps.tenancy.publication import build_settings, postponed_publication
from zhiyin.contracts.script_runs import ScriptRun, run_scripts
from zhiyin.domain.flow_scripts.script import BadScript, read_script

MOST_TESTS = 200


def tests_of(flow: Flow) -> QuerySet[FlowTest]:
    return FlowTest.objects.of(flow.tenant).filter(flow=flow).order_by("name", "pk")


def run_all(flow: Flow) -> list[tuple[FlowTest, ScriptRun]]:
    """Run every test of a flow against its draft."""
    tests = list(tests_of(flow))
    runs = run(flow, [(test.name, test.script) for test in tests])
    return list(zip(tests, runs, strict=True))


def run(flow: Flow, scripts: list[tuple[str, str]]) -> list[ScriptRun]:
    """Run (name, script) against a flow's draft."""
    if not scripts:
        return []
    tenant = flow.tenant
    graph = sub_flows.inline_draft(tenant=tenant, flow_id=flow.pk, graph=flow.draft).graph
    seconds = prompt_library.seconds_of(tenant=tenant)
    return run_scripts(
        build_settings(tenant=tenant),
        graph,
        scripts,
        seconds=seconds,
        customer_classes=customer_classes.ids_by_name(tenant),
    )


def failing(flow: Flow) -> list[str]:
    """Return the names of the tests that do not hold."""
    return [test.name for test, outcome in run_all(flow) if not outcome.is_passed]


@transaction.atomic
def create_test(*, actor: Actor, flow: Flow, name: str, script: str) -> FlowTest:
    """Raises ``BadScriptText`` and ``TooManyTests``."""
    check_script(script)
    if tests_of(flow).count() >= MOST_TESTS:
        raise TooManyTests
    row = FlowTest(tenant=actor.tenant, flow=flow, name=name, script=script)
    with postponed_publication():  # calls do not ask for tests
        return settings_changes.create(actor=actor, row=row)


@transaction.atomic
def update_test(*, actor: Actor, flow: Flow, test_id: int, name: str, script: str) -> FlowTest:
    """Raises ``NotFound`` and ``BadScriptText``."""
    check_script(script)
    row = get_test(tenant=actor.tenant, flow=flow, test_id=test_id)
    with postponed_publication():
        return settings_changes.update(actor=actor, row=row, fields={"name": name, "script": script})


def remove_test(*, actor: Actor, flow: Flow, test_id: int) -> None:
    """Raises ``NotFound``."""
    row = get_test(tenant=actor.tenant, flow=flow, test_id=test_id)
    with postponed_publication():
        settings_changes.remove(actor=actor, row=row)


def get_test(*, tenant: Tenant, flow: Flow, test_id: int) -> FlowTest:
    row = FlowTest.objects.of(tenant).filter(flow=flow, pk=test_id).first()
    if row is None:
        raise NotFound
    return row


def check_script(script: str) -> None:
    try:
        read_script(script)
    except BadScript as bad:
        raise BadScriptText(bad.slips) from bad
