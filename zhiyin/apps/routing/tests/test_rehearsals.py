"""Trying a queue on a made-up caller: what is asked of the engine, and that nothing is saved by asking."""

from __future__ import annotations

from django.utils import timezone

from zhiyin.apps.audit.models import Entry
from zhiyin.apps.conftest import Company
from zhiyin.apps.queues.tests.test_queues import JSON, make
from zhiyin.apps.testing.engine_double import engine_that
from zhiyin.contracts.commands import Command, TryRouting
from zhiyin.contracts.rehearsals import Rehearsal, RehearsalAgent, RehearsalOutcome


def outcome(queue: int, agent: int) -> RehearsalOutcome:
    return RehearsalOutcome(
        queue=queue,
        class_code="",
        priority=0,
        is_open=True,
        opens_at=None,
        offered_to=(agent,),
        rule="longest_idle",
        contact_rule="priority",
        points=0.0,
        what_if={"fewest_contacts": agent},
        preferred=(),
        preferred_for_s=0.0,
        before=0,
        p50_s=None,
        p90_s=None,
        max_wait_s=1800,
        agents=(RehearsalAgent(agent, "chosen", 0.0),),
    )


def test_a_rehearsal_carries_the_unsaved_settings_and_saves_none(company: Company) -> None:
    client, agent = company.browser("administrator"), company.users["agent"].pk
    queue = make(client, "queues", name="售后", skills={"english": 5}, members=[agent], wrap_up_s=30)
    entries = Entry.objects.of(company.tenant).count()

    def answer(command: Command) -> Rehearsal:
        assert isinstance(command, TryRouting)
        told = outcome(command.queue, agent)
        return Rehearsal(at=timezone.now(), is_vip=False, is_blocked=False, is_known=False, present=told, changed=told)

    changes = {"skills": {"english": 8}, "agent_choice": "fewest_contacts", "hours_id": None}
    with engine_that(answer) as heard:
        reply = client.post(
            f"/api/queues/{queue}/try", {"number": "13800138000", "changes": changes}, content_type=JSON
        )
    assert reply.status_code == 200, reply.content
    asked = heard[0].command
    assert isinstance(asked, TryRouting)
    assert asked.changed is not None
    assert (asked.changed.skills, asked.changed.agent_choice) == ({"english": 8}, "fewest_contacts")
    assert (asked.changed.members, asked.changed.wrap_up_s) == ((agent,), 30), "what was not named is as it was"
    told = reply.json()
    assert told["names"] == {str(agent): company.users["agent"].name}
    assert told["changed"]["agents"][0]["name"] == company.users["agent"].name
    assert client.get(f"/api/queues/{queue}").json()["skills"] == {"english": 5}
    assert Entry.objects.of(company.tenant).count() == entries


def test_changes_that_could_not_be_saved_are_refused_before_the_engine_is_asked(company: Company) -> None:
    client = company.browser("administrator")
    queue = make(client, "queues", name="售后")
    for changes, field in (
        ({"members": [10**6]}, "members"),
        ({"rings": [{"after_s": 30, "add_queues": [queue]}]}, "rings"),
    ):
        with engine_that(lambda _command: None) as heard:
            reply = client.post(f"/api/queues/{queue}/try", {"changes": changes}, content_type=JSON)
        assert (reply.status_code, reply.json()["fields"]) == (400, {field: "unknown_reference"})
        assert heard == []
