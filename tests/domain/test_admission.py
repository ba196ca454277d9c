"""Admission under a simple load: a server that deals with so many calls a second, and callers who come faster."""

from __future__ import annotations

from dataclasses import dataclass, field

from hypothesis import given, settings
from hypothesis import strategies as st

from zhiyin.domain.admission import LATE_S, LEAST_RATE, LIMITED_CALM_S, LIMITED_LATE_S, Admission, Load, look

LOOK_EVERY_S = 0.25


@dataclass
class Server:
    """First come, first served, ``capacity`` calls a second; looks at its delay as the engine does. A call lasts 1 s.

    ``waiting_costs``: by how many calls a second fewer are done for each that waits (it is played to).
    """

    capacity: float
    admission: Admission = field(default_factory=Admission)
    backlog: float = 0.0
    now_s: float = 0.0
    served: list[float] = field(default_factory=list)
    delays: list[float] = field(default_factory=list)
    rates: list[float | None] = field(default_factory=list)
    refused: float = 0.0
    left_over: float = 0.0
    waiting_costs: float = 0.0

    @property
    def going_on(self) -> int:
        return int(self.backlog + sum(self.served[-4:]))

    def run(self, demand: float, for_s: float) -> None:
        for _ in range(round(for_s / LOOK_EVERY_S)):
            came = demand * LOOK_EVERY_S
            share = self.admission.tokens(LOOK_EVERY_S, going_on=self.going_on, left_over=self.left_over)
            tokens = None if share is None else int(share)
            self.left_over = 0.0 if share is None else share - int(share)
            entered = came if tokens is None else min(came, tokens)
            self.refused += came - entered
            self.backlog += entered
            capacity = max(0.05 * self.capacity, self.capacity - self.waiting_costs * self.backlog)
            done = min(self.backlog, capacity * LOOK_EVERY_S)
            self.backlog -= done
            self.now_s += LOOK_EVERY_S
            self.served.append(done)
            self.delays.append(self.backlog / capacity)
            lately = max(done, sum(self.served[-4:]) / 4, sum(self.served[-12:]) / 12) / LOOK_EVERY_S
            is_used_up = tokens is not None and came >= tokens
            self.admission = look(self.admission, Load(self.now_s, self.delays[-1], lately, self.going_on, is_used_up))
            self.rates.append(self.admission.rate)

    def hold_up(self, demand: float, for_s: float) -> None:
        """Nothing is done for so long, and nobody looks; the door is as it was told before."""
        assert self.admission.is_open
        self.backlog += demand * for_s
        self.now_s += for_s
        self.served.append(0.0)
        delay_s = max(for_s, self.backlog / self.capacity)
        self.admission = look(self.admission, Load(self.now_s, delay_s, 0.0, self.going_on, is_used_up=False))


CAPACITIES = st.floats(min_value=8, max_value=400)


@given(CAPACITIES, st.floats(min_value=0.05, max_value=0.95))
def test_below_the_limit_nobody_is_refused(capacity: float, share: float) -> None:
    server = Server(capacity)
    server.run(share * capacity, 30)
    assert server.refused == 0
    assert server.admission.is_open


@given(CAPACITIES, st.floats(min_value=0.05, max_value=0.8), st.lists(st.floats(0.05, 0.39), min_size=1, max_size=4))
def test_a_moment_in_which_nothing_moves_refuses_nobody(capacity: float, share: float, hold_ups: list[float]) -> None:
    """On a machine with other work one look of 0.3 s too late had a fifth of the callers refused for half a minute."""
    server = Server(capacity)
    for for_s in hold_ups:
        server.run(share * capacity, 6)
        server.hold_up(share * capacity, for_s)
    server.run(share * capacity, 6)
    assert server.refused == 0
    assert server.admission.is_open


@given(CAPACITIES, st.floats(min_value=1.1, max_value=10))
def test_a_flood_from_idle_is_met_before_anybody_waits_long(capacity: float, times: float) -> None:
    server = Server(capacity)
    server.run(times * capacity, 15)
    assert not server.admission.is_open
    first = next(number for number, rate in enumerate(server.rates) if rate is not None)
    # What comes between two looks more than can be done is late by as much.
    assert server.delays[first] <= LATE_S + (times - 1) * LOOK_EVERY_S + 1e-9


@settings(max_examples=60)
@given(CAPACITIES, st.floats(min_value=1.5, max_value=6))
def test_over_the_limit_nearly_as_much_is_done_as_at_it(capacity: float, times: float) -> None:
    server = Server(capacity)
    server.run(times * capacity, 60)
    assert sum(server.served) >= 0.9 * capacity * 60
    settled = server.delays[40:]
    assert max(settled) < 1.0, "those who are let in do not wait long"


@settings(max_examples=60)
@given(CAPACITIES, st.floats(min_value=1.5, max_value=6), st.floats(min_value=0, max_value=0.3))
def test_those_who_wait_do_not_take_the_processors_of_those_who_are_served(
    capacity: float, times: float, waiting_costs: float
) -> None:
    """At 446 calls a second 700 waited, all played to: a third of the best goodput was left for half a minute."""
    server = Server(capacity, waiting_costs=waiting_costs)
    server.run(times * capacity, 60)
    assert sum(server.served) >= 0.8 * capacity * 60
    assert not any(rate is None for rate in server.rates[60:]), "the door stays limited as long as too many come"


@settings(max_examples=60)
@given(CAPACITIES, st.floats(min_value=0.05, max_value=0.7))
def test_two_seconds_after_the_flood_all_is_as_before(capacity: float, share: float) -> None:
    server = Server(capacity)
    server.run(3 * capacity, 30)
    refused = server.refused
    server.run(share * capacity, 2)
    assert server.delays[-1] < LATE_S
    assert server.refused - refused <= 0.1 * capacity * 2
    server.run(share * capacity, 3)
    assert server.admission.is_open


@given(st.lists(st.tuples(st.floats(0, 30), st.floats(0, 1000), st.integers(0, 3000), st.booleans()), max_size=60))
def test_whatever_is_measured_somebody_is_let_in(measured: list[tuple[float, float, int, bool]]) -> None:
    """A door that shuts for good would need somebody to open it."""
    admission = Admission()
    for number, (delay_s, served, going_on, is_used_up) in enumerate(measured):
        admission = look(admission, Load(number * LOOK_EVERY_S, delay_s, served, going_on, is_used_up))
        assert admission.rate is None or admission.rate >= LEAST_RATE
        assert admission.tokens(LOOK_EVERY_S, going_on=going_on) != 0.0


def test_between_late_and_calm_the_rate_stays() -> None:
    limited = Admission(rate=50.0, looked_at_s=10.0, used_up_at_s=10.0)
    seen = look(limited, Load(10.25, (LIMITED_LATE_S + LIMITED_CALM_S) / 2, 50.0, 60, is_used_up=True))
    assert seen.rate == 50.0


def test_a_pause_without_any_work_refuses_nobody() -> None:
    """The machine stood still for a second while nobody called: the next caller was refused."""
    assert look(Admission(), Load(now_s=10.0, delay_s=0.9, served=0.0, going_on=3, is_used_up=False)).is_open
