"""Real calls of drafts: they go the draft's way, reach nobody, leave no trace, and can be kept as tests."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from tests.engine.test_flow_service import company_with, digits, drawn, press
from tests.engine.test_outside_requests import SERVICES
from tests.engine.world import AFTER_SALES, FLOW, HOTLINE, World, company, in_world
from zhiyin.contracts import commands as c
from zhiyin.contracts.flow_trials import try_flow
from zhiyin.contracts.snapshots import TenantSettings
from zhiyin.domain.agents import AgentState
from zhiyin.domain.flow_scripts.call_story import MASK
from zhiyin.domain.flow_scripts.script import read_acts, to_line
from zhiyin.engine import companies
from zhiyin.engine.outside_port import HttpAnswer, HttpCall
from zhiyin.engine.telephones import GUEST_LIFE_S, MAX_TRIALS
from zhiyin.engine.trial_calls import DIALLED, LASTS_S, TOLD_FOR_S

DRAFT = drawn(
    (
        "ask",
        "menu",
        {"prompt": {"key": "menu"}, "keys": {"1": "a", "2": "b", "3": "c"}},
        {"1": "q", "2": "say", "3": "m"},
    ),
    ("q", "queue", {"queue": AFTER_SALES}, {"closed": "busy", "overflow": "busy"}),
    ("say", "play", {"prompt": {"key": "closed"}}, {"next": "ask"}),
    ("m", "voicemail", {"queue": AFTER_SALES}, {"full": "busy"}),
    ("busy", "hang_up", {"prompt": {"key": "all_busy"}, "reason": "nobody"}, {}),
)
CALLER = "13800138000"


async def opened(world: World, graph: dict[str, Any] = DRAFT, user: int = 9, **more: Any) -> tuple[str, str]:
    """Return a new trial and the account of its telephone."""
    command = c.OpenTrialCall(user=user, flow=1, graph=msgspec.Raw(msgspec.json.encode(graph)), **more)
    told = await world.wish(command)
    assert told["identity"]["call"] == DIALLED
    return told["trial"], told["identity"]["username"]


async def called(world: World, graph: dict[str, Any] = DRAFT, **more: Any) -> tuple[str, str]:
    """Return a new trial and the leg that calls it."""
    trial, account = await opened(world, graph, **more)
    leg = world.telephony.call(DIALLED, endpoint=account)
    await world.until(lambda: world.board.trial_calls.sessions)
    return trial, leg


async def told(world: World, trial: str, user: int = 9) -> dict[str, Any]:
    found: dict[str, Any] = await world.wish(c.TellTrialCall(user, trial))
    return found


def nodes(story: dict[str, Any]) -> list[str]:
    return [trace["name"] for turn in story["turns"] for trace in turn["traces"] if trace["what"] == "node"]


def whats(story: dict[str, Any]) -> list[tuple[str, str]]:
    return [(trace["what"], trace["name"]) for turn in story["turns"] for trace in turn["traces"]]


def kept_as_test(story: dict[str, Any], settings: TenantSettings, graph: dict[str, Any]) -> Any:
    """Play what the trial would be kept as, in virtual time."""
    acts = [turn["act"] for turn in story["turns"] if turn["act"]]
    lines = "\n".join(to_line(command, *rest) for command, *rest in (*story["given"], *acts))
    return try_flow(settings, graph, read_acts(lines)).trial


def test_a_draft_is_called_step_by_step_and_nothing_of_it_stands_anywhere() -> None:
    async def story(world: World) -> None:
        await world.ready(1)
        before, boards = len(world.log.envelopes), world.tenant.board.board()
        nudged: list[Any] = []
        world.board.trial_calls.on_nudge = nudged.append
        trial, leg = await called(world)
        await world.until(lambda: "/zh/menu" in world.telephony.legs[leg].heard)
        world.telephony.press(leg, "2")
        await world.until(lambda: world.telephony.legs[leg].heard.count("/zh/menu") == 2)
        live = await told(world, trial)
        assert (live["state"], live["rest"], live["node"]) == ("live", "flow", "ask")
        assert nodes(live) == ["start", "ask", "say", "ask"]
        assert [turn["act"] for turn in live["turns"]] == [None, ["press", "2"]]
        assert world.board.live_calls == 0
        world.telephony.press(leg, "1")
        await world.until(lambda: leg in world.telephony.ended)
        over = await told(world, trial)
        assert (over["state"], over["rest"]) == ("over", "line")
        assert whats(over)[-4:] == [("node", "q"), ("queue", "售后"), ("end", "out_of_flow"), ("say", "trial_over")]
        assert world.telephony.ended[leg].heard[-1] == "/zh/trial_over"
        assert {(one.tenant, one.users, one.topic) for one in nudged} == {(1, (9,), "trial_call")}
        assert world.state(1) is AgentState.READY
        assert [e.type for e in world.log.envelopes[before:]] == []
        now = world.tenant.board.board()
        assert (now.queues, now.interactions) == (boards.queues, boards.interactions)
        assert not list((world.folder / "trial-calls").glob("*"))
        assert kept_as_test(over, world.settings, DRAFT).rest.value == "line"

    in_world(story)


def test_who_would_leave_a_message_is_told_so_and_no_recording_begins() -> None:
    async def story(world: World) -> None:
        trial, leg = await called(world)
        await world.until(lambda: world.telephony.legs[leg].playback)
        world.telephony.press(leg, "3")
        await world.until(lambda: leg in world.telephony.ended)
        over = await told(world, trial)
        assert over["rest"] == "message"
        assert ("voicemail", "售后") in whats(over)
        assert world.telephony.ended[leg].recording is None

    in_world(story)


def test_a_closed_line_gives_the_caller_back_as_it_would_a_real_one_and_so_does_the_test() -> None:
    async def story(world: World) -> None:  # nobody is signed in
        trial, leg = await called(world)
        await world.until(lambda: world.telephony.legs[leg].playback)
        world.telephony.press(leg, "1")
        await world.until(lambda: leg in world.telephony.ended)
        over = await told(world, trial)
        assert nodes(over)[-2:] == ["q", "busy"]
        assert over["rest"] == "over"
        assert ["unstaffed", "售后"] in over["given"]
        again = kept_as_test(over, world.settings, DRAFT)
        assert [t.name for turn in again.turns for t in turn.traces if t.what == "node"] == nodes(over)

    in_world(story)


def test_a_trial_goes_on_where_it_stood_when_its_engine_is_killed() -> None:
    async def story(world: World) -> None:
        trial, leg = await called(world, number=CALLER)
        await world.until(lambda: world.telephony.legs[leg].playback)
        world.telephony.press(leg, "2")
        await world.until(lambda: world.telephony.legs[leg].heard.count("/zh/menu") == 2)
        before = await told(world, trial)
        await world.kill()
        await world.start()
        assert leg in world.telephony.legs, "the new engine hung the caller up"
        await world.until(lambda: world.telephony.legs[leg].heard.count("/zh/menu") == 3)
        after = await told(world, trial)
        assert after["turns"][0] == before["turns"][0]
        assert ["caller", CALLER] in after["given"]
        assert after["node"] == "ask"
        world.telephony.press(leg, "1")
        await world.until(lambda: leg in world.telephony.ended)
        assert (await told(world, trial))["state"] == "over"
        await world.until(lambda: not any(account.startswith("t") for account in world.telephony.identities))
        await world.kill()
        await world.start()
        assert await world.refused(c.TellTrialCall(9, trial)) == "unknown_trial_call"

    in_world(story)


def test_digits_that_nobody_may_keep_are_not_on_the_shelf() -> None:
    graph = drawn(
        ("pin", "collect", digits("pin", "pin", is_masked=True), {"collected": "bye", "wrong": "bye", "none": "bye"}),
        ("bye", "hang_up", {"prompt": {"key": "goodbye"}}, {}),
    )

    async def story(world: World) -> None:
        trial, leg = await called(world, graph)
        await world.until(lambda: world.telephony.legs[leg].playback)
        await press(world, leg, "97")
        (file,) = (world.folder / "trial-calls").glob("*.jsonl")
        text = file.read_text()
        assert MASK in text
        assert '"9"' not in text
        live = await told(world, trial)
        assert [turn["act"] for turn in live["turns"]][1:] == [["press", "9"], ["press", "7"]]
        await press(world, leg, "#")
        await world.until(lambda: leg in world.telephony.ended)
        assert "97" not in str((await told(world, trial))["values"])

    in_world(story, company_with(graph))


@pytest.mark.parametrize(
    ("method", "may_change", "is_made"),
    [("GET", False, True), ("POST", False, False), ("POST", True, True)],
)
def test_what_is_looked_up_is_asked_and_what_changes_something_only_when_it_may(
    method: str, *, may_change: bool, is_made: bool
) -> None:
    request = {
        "service": 3,
        "method": method,
        "path": "/orders/{{caller}}",
        "values": [{"value": "状态", "place": "/status"}],
        "timeout_s": 5,
    }
    graph = drawn(
        ("ask", "http", request, {"found": "good", "missing": "bad", "failed": "bad"}),
        *((name, "hang_up", {"prompt": {"key": "goodbye"}, "reason": name}, {}) for name in ("good", "bad")),
    )
    calls: list[HttpCall] = []

    async def story(world: World) -> None:
        def answer(call: HttpCall) -> HttpAnswer:
            calls.append(call)
            return HttpAnswer(200, "application/json", b'{"status": "sent"}')

        world.outside.answer = answer
        trial, leg = await called(world, graph, number=CALLER, may_change=may_change)
        await world.until(lambda: leg in world.telephony.ended)
        over = await told(world, trial)
        assert len(calls) == is_made
        assert nodes(over)[-1] == ("good" if is_made else "bad")
        assert (("kept_back", "http") in whats(over)) == (not is_made)
        if is_made:
            assert over["values"] == {"状态": "sent"}
            assert ["lookup", "ask", "found", "状态=sent"] in over["given"]
        again = kept_as_test(over, world.settings, graph)
        assert [t.name for turn in again.turns for t in turn.traces if t.what == "node"] == nodes(over)

    in_world(story, company(external=SERVICES))


def test_a_telephone_makes_one_call_within_its_time_and_its_owner_alone_is_told() -> None:
    async def story(world: World) -> None:
        trial, account = await opened(world)
        assert (await told(world, trial))["state"] == "open"
        assert await world.refused(c.TellTrialCall(8, trial)) == "unknown_trial_call"
        leg = world.telephony.call(HOTLINE, endpoint=account)  # whatever it dials
        await world.until(lambda: world.board.trial_calls.sessions)
        again = world.telephony.call(DIALLED, endpoint=account)
        await world.until(lambda: again in world.telephony.ended)
        world.telephony.end(leg)
        await world.until(lambda: account not in world.telephony.identities)
        assert whats(await told(world, trial))[-1] == ("end", "hangup")
        await world.pass_s(TOLD_FOR_S + 1)
        assert await world.refused(c.TellTrialCall(9, trial)) == "unknown_trial_call"
        unused, idle = await opened(world)
        await world.pass_s(GUEST_LIFE_S + 1)
        assert idle not in world.telephony.identities
        assert await world.refused(c.TellTrialCall(9, unused)) == "unknown_trial_call"

    in_world(story)


def test_trials_are_few_one_for_each_person_and_end_by_themselves() -> None:
    async def story(world: World) -> None:
        _, first = await opened(world, user=1)
        _, second = await opened(world, user=1)
        await world.until(lambda: first not in world.telephony.identities)
        assert second in world.telephony.identities
        for user in range(2, MAX_TRIALS + 1):
            await opened(world, user=user)
        graph = msgspec.Raw(msgspec.json.encode(DRAFT))
        assert await world.refused(c.OpenTrialCall(user=99, flow=1, graph=graph)) == "too_many_calls"
        assert await world.refused(c.OpenTrialCall(user=1, flow=1, graph=msgspec.Raw(b"[]"))) == "unreadable_flow"
        leg = world.telephony.call(DIALLED, endpoint=second)
        await world.until(lambda: world.board.trial_calls.sessions)
        rounds = 0
        while leg in world.telephony.legs:
            world.telephony.press(leg, "2")  # round and round
            await world.pass_s(10)
            rounds += 1
        assert LASTS_S / 10 - 1 <= rounds <= LASTS_S / 10 + 1

    in_world(story)


def test_the_flow_in_force_is_not_what_is_tried() -> None:
    async def story(world: World) -> None:
        changed = {**FLOW, "nodes": [{"id": "start", "kind": "start"}, {"id": "bye", "kind": "hang_up", "config": {}}]}
        changed["edges"] = [{"from": "start", "exit": "next", "to": "bye"}]
        trial, leg = await called(world, changed)
        await world.until(lambda: leg in world.telephony.ended)
        assert nodes(await told(world, trial)) == ["start", "bye"]
        real = world.telephony.call(HOTLINE)
        await world.until(lambda: world.telephony.legs[real].playback)
        assert world.call_of(real).node == "menu"

    in_world(story)


def test_a_removed_company_has_no_trial_calls_left() -> None:
    async def story(world: World) -> None:
        trial, leg = await called(world)
        await world.until(lambda: world.telephony.legs[leg].playback)
        companies.remove(world.board, world.settings.tenant)
        await world.until(lambda: leg in world.telephony.ended)
        assert not world.board.trial_calls.sessions
        assert await world.refused(c.TellTrialCall(9, trial)) == "unknown_company"

    in_world(story)
