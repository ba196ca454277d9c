"""Seeded histories of people and faults, on the engine in virtual time: whatever happens, the promises hold."""

from __future__ import annotations

import msgspec
import pytest

from tests.harness.seeds import fresh_seed
from zhiyin.config.simulation.dice import dice_of
from zhiyin.config.simulation.history import History, Step, day, hostile
from zhiyin.config.simulation.run import Outcome, play
from zhiyin.config.simulation.shrink import shrink
from zhiyin.config.simulation.trace import history_lines, trace_lines
from zhiyin.config.simulation.wishes import TRIED, Moment, fill
from zhiyin.domain.calls import queue_turns
from zhiyin.domain.calls.turn import Turn
from zhiyin.domain.interactions import OfferEnd
from zhiyin.engine import recovery
from zhiyin.engine.clock import SystemClock
from zhiyin.engine.lease import LeaseGate
from zhiyin.engine.log_port import DayCheckpoint
from zhiyin.engine.routing_desk import RoutingDesk

#: New in every run; printed with a failure.
FRESH = fresh_seed(10**9)


def explain(history: History, outcome: Outcome) -> str:
    """Return what a developer needs to see it again."""
    again = f"zhiyin simulate {'--standby ' if history.has_standby else ''}--replay {history.seed}"
    return "\n".join((*outcome.wrong, again, *history_lines(history)))


@pytest.mark.parametrize(
    "seed", [*range(3), *(pytest.param(seed, marks=pytest.mark.extended) for seed in (*range(3, 10), FRESH))]
)
def test_a_hostile_history_breaks_no_promise(seed: int) -> None:
    history = hostile(seed)
    outcome = play(history)
    assert not outcome.wrong, explain(history, outcome)
    assert outcome.calls > 3


def test_a_clock_set_back_while_events_wait_in_the_spool_tells_no_time_twice() -> None:
    history = hostile(6038)
    outcome = play(history)
    assert not outcome.wrong, explain(history, outcome)


#: An agent is taken out of the company during after-call work and is in it again when the next engine takes over.
AWAY_IN_WRAP_UP = History(
    seed=65784581,
    agents=4,
    has_standby=True,
    steps=tuple(
        Step(at_s, do, dice)
        for at_s, do, dice in (
            (41.53, "desk", 3930068832),
            (58.87, "call", 2524511748),
            (58.87, "wish", 4034021118),
            (84.47, "settings", 2869369337),
            (84.78, "kill", 2741688394),
            (175.23, "settings", 885699747),
            (188.56, "freeze", 3191356283),
            (194.89, "jump", 1409916198),
        )
    ),
)


#: The same; the next engine takes over while the agent is out of the company, and knew nothing of the after-call work.
AWAY_AT_TAKE_OVER = History(
    seed=639034442,
    agents=4,
    has_standby=True,
    steps=tuple(
        Step(at_s, do, dice)
        for at_s, do, dice in (
            (0.0, "desk", 0),
            (0.0, "desk", 2),
            (0.0, "desk", 4),
            (0.0, "desk", 6),
            (3.11, "desk", 1750659062),
            (3.41, "desk", 3719206066),
            (5.91, "wish", 1337329122),
            (12.92, "call", 701779401),
            (28.34, "wish", 409555999),
            (34.37, "desk", 3842702885),
            (36.37, "call", 3394825927),
            (65.38, "settings", 3192720559),
            (70.39, "kill", 971829364),
            (140.37, "settings", 1013739445),
            (146.39, "desk", 2431558963),
        )
    ),
)


@pytest.mark.parametrize("history", [AWAY_IN_WRAP_UP, AWAY_AT_TAKE_OVER], ids=lambda history: str(history.seed))
def test_after_call_work_is_counted_of_an_agent_who_was_out_of_the_company_meanwhile(history: History) -> None:
    outcome = play(history)
    assert not outcome.wrong, explain(history, outcome)


@pytest.mark.parametrize("seed", [1, 2, pytest.param(FRESH, marks=pytest.mark.extended)])
def test_a_leader_that_is_stopped_and_woken_breaks_no_promise(seed: int) -> None:
    """A second engine leads meanwhile, or does not need to; the first finds out before it does anything."""
    history = hostile(seed, steps=80, has_standby=True)
    outcome = play(history)
    assert not outcome.wrong, explain(history, outcome)
    assert outcome.calls > 3


#: Histories of two engines with two Asterisks, one of which is out of sight several times.
OUT_OF_SIGHT = (51, *(pytest.param(seed, marks=pytest.mark.extended) for seed in (18, 22, 30, 35)))


@pytest.mark.parametrize("seed", OUT_OF_SIGHT)
def test_a_node_out_of_sight_under_two_engines_breaks_no_promise(seed: int) -> None:
    """Whoever leads next has not seen that node, and ends no conversation there all the same."""
    history = hostile(seed, steps=80, has_standby=True)
    assert sum(step.do == "unseen" for step in history.steps) > 1
    outcome = play(history)
    assert not outcome.wrong, explain(history, outcome)


def test_a_customer_out_of_sight_is_not_gone_because_the_agents_second_line_is_on_another_node() -> None:
    """The next engine saw the line by which the agent consulted, so it told that the customer had hung up."""
    history = hostile(20050, has_standby=True)
    outcome = play(history)
    assert not outcome.wrong, explain(history, outcome)


def test_an_engine_whose_database_hangs_as_its_term_begins_asks_again() -> None:
    """The simulated log broke the engine with an error that no log raises; nobody served to the history's end."""
    history = hostile(20371, has_standby=True)
    outcome = play(history)
    assert not outcome.wrong, explain(history, outcome)


def test_a_next_leader_that_takes_who_is_out_of_sight_for_gone_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recovery, "_hidden_legs", lambda _call, _inventory: frozenset())
    outcome = play(hostile(51, steps=80, has_standby=True))
    assert any("is told as left by the customer" in wrong for wrong in outcome.wrong)


def test_a_deposed_leader_that_acts_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    async def passed(_gate: LeaseGate) -> None:
        return

    monkeypatch.setattr(LeaseGate, "passed", passed)
    found = next((wrong for seed in range(20) for wrong in play(hostile(seed, has_standby=True)).wrong), "")
    assert "arrives after one of term" in found


def test_a_working_day_with_faults_breaks_no_promise() -> None:
    history = day(7, agents=12, calls_per_hour=240, hours=1, faults_per_hour=10)
    outcome = play(history)
    assert not outcome.wrong, explain(history, outcome)
    assert outcome.answered > 0.5 * outcome.calls


def test_a_history_has_one_outcome_and_can_be_written_down() -> None:
    """Else a failing seed could not be played again."""
    history = hostile(3, steps=60)
    again = msgspec.json.decode(msgspec.json.encode(history), type=History)
    first, second = play(history), play(again, is_traced=True)
    assert (first.digest, first.events, first.replies) == (second.digest, second.events, second.replies)
    assert any("== event" in line for line in trace_lines(second))


def test_a_failing_history_is_cut_to_the_steps_that_matter() -> None:
    history = hostile(1, steps=200)
    kill = next(step for step in history.steps if step.do == "kill")
    change = next(step for step in history.steps if step.do == "settings")
    small = shrink(history, fails=lambda smaller: {kill, change} <= set(smaller.steps), tries=400)
    assert set(small.steps) == {kill, change}
    assert small.latency_s == 0


@pytest.mark.parametrize("kind", TRIED, ids=lambda kind: kind.__name__)
def test_every_wish_of_the_contract_can_be_tried(kind: type) -> None:
    """A command with a field that the simulation does not know is named here."""
    moment = Moment(agent=1, agents=4, own="c1", live=("c1",), offers=("c1-1-o",))
    assert isinstance(fill(kind, moment, dice_of(1)), kind)


def _matches_whoever_is_reachable(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(RoutingDesk, "is_ready", lambda desk, agent: desk.presences.is_reachable(agent))


def _plays_no_music(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(queue_turns, "wait_on", lambda turn: None)


def _forgets_who_refused(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(
        queue_turns, "_wait_again", lambda turn, offer, then, outcome, cause: turn.end_offer(offer, outcome, cause)
    )


def _lets_the_others_ring_on(patch: pytest.MonkeyPatch) -> None:
    def take(turn: Turn, leg: str) -> int:
        taken = turn.call.offer_on(leg)
        turn.end_offer(taken, OfferEnd.ANSWERED)
        return taken.agent

    patch.setattr(Turn, "take_offer", take)


def _forgets_what_a_checkpoint_held(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(DayCheckpoint, "holds", lambda checkpoint, envelope: envelope.epoch <= checkpoint.epoch)


def _counts_what_a_checkpoint_held_again(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(DayCheckpoint, "holds", lambda checkpoint, envelope: False)


def _believes_the_machines_clock(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(SystemClock, "now", lambda clock: clock._wall())


@pytest.mark.parametrize(
    ("plant", "said"),
    [
        (_believes_the_machines_clock, "goes back"),
        (_forgets_what_a_checkpoint_held, "the log says"),
        (_counts_what_a_checkpoint_held_again, "the log says"),
        (_matches_whoever_is_reachable, "agent"),
        (_plays_no_music, "hears nothing"),
        (_forgets_who_refused, "agent"),
        (_lets_the_others_ring_on, "agent"),
    ],
)
def test_a_planted_defect_is_found(plant, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever checks must be seen to fail: each defect is found within a few histories."""
    plant(monkeypatch)
    found = next((wrong for seed in range(20) for wrong in play(hostile(seed)).wrong), "")
    assert said in found
