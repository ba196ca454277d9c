"""小休 of one company: asking, deciding, the waiting list, and the end as planned. Belongs to the routing desk.

Synchronous. What becomes of each rest stands in the agent's own events, so that a start knows all of it again.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from zhiyin.contracts.snapshots import ReasonSetting, RestRow
from zhiyin.domain import agents, rests
from zhiyin.domain.agents import Agent, AgentState
from zhiyin.domain.replacing import replace
from zhiyin.domain.rests import NoRest, Rest, RestRefusal, RestStage
from zhiyin.engine.refusals import DeskRefused
from zhiyin.engine.rest_outlooks import RestOutlooks

if TYPE_CHECKING:
    from zhiyin.engine.routing_desk import RoutingDesk


class Rests:
    def __init__(self, desk: RoutingDesk) -> None:
        self._desk = desk
        self._is_touched = False
        self.outlooks = RestOutlooks(desk)

    # --- wishes -----------------------------------------------------------------------------------------------------

    def ask(self, agent: int, reason: ReasonSetting, *, actor: int | None, now: datetime, at_once: bool) -> None:
        """小休. ``at_once``: nothing is in the way, it begins as it is granted. Raises ``DeskRefused``."""
        current = self._desk.agent(agent).rest
        if current is not None and current.stage is RestStage.TAKEN:
            raise DeskRefused("already_resting")
        rest = Rest(reason.code, RestStage.ASKED, now, planned_s=reason.planned_min * 60)
        if current is not None and current.is_open:
            rest = replace(rest, asked_at=current.asked_at)  # another reason, the same place
        company = self._desk.company
        try:
            stage = rests.ask(
                company.rest_rule,
                agent,
                rest,
                used_s=self.outlooks.used_s(agent, now),
                local=now.astimezone(company.zone),
                rests=self._all(but=agent),
                signed_in=self._signed_in(),
            )
        except NoRest as refused:
            raise DeskRefused(refused.code, **refused.facts) from refused
        self._decide(agent, replace(rest, stage=stage), actor=actor, now=now, at_once=at_once)

    def withdraw(self, agent: int, *, actor: int | None, now: datetime) -> None:
        """撤回: no rest after all; one that was refused is read. Repeatable."""
        rest = self._desk.agent(agent).rest
        if rest is None:
            return
        if rest.stage is RestStage.TAKEN:
            raise DeskRefused("already_resting")
        self._keep(agent, None, actor=actor, now=now)

    def answer(self, agent: int, *, refusal: RestRefusal | None, actor: int, now: datetime) -> None:
        """批准, or 不批准 with its reason. Raises ``DeskRefused`` where nothing is asked any more."""
        rest = self._desk.agent(agent).rest
        if rest is None or not rest.is_open:
            raise DeskRefused("rest_not_asked")
        rest = replace(rest, decided_by=actor)
        if refusal is not None:
            refused = replace(rest, stage=RestStage.REFUSED, refusal=refusal)
            self._keep(agent, refused, actor=actor, now=now, is_answer=True)
        elif rest.stage is RestStage.ASKED:
            waiting = replace(rest, stage=RestStage.WAITING)
            self._keep(agent, waiting, actor=actor, now=now, is_answer=True)
        self.settle(now)

    def _decide(self, agent: int, rest: Rest, *, actor: int | None, now: datetime, at_once: bool) -> None:
        if rest.stage is RestStage.GRANTED and at_once:
            self.begin(agent, rest, actor=actor, now=now)
        else:
            self._keep(agent, rest, actor=actor, now=now)

    def begin(self, agent: int, rest: Rest, *, actor: int | None, now: datetime) -> None:
        until = now + timedelta(seconds=rest.planned_s) if rest.planned_s else None
        taken = replace(rest, stage=RestStage.TAKEN, until=until)
        self._take(agent, taken, actor=actor, now=now)
        if until is not None:
            self._desk.outbox.timers.append(("rest", agent, float(rest.planned_s)))

    def _take(self, agent: int, rest: Rest, *, actor: int | None, now: datetime) -> None:
        """The agent rests from now on."""
        self._desk.chosen[agent] = (AgentState.REST, rest.reason)
        self._desk.become(agent, AgentState.REST, now, reason=rest.reason, until=rest.until, actor=actor, rest=rest)

    def _keep(
        self, agent: int, rest: Rest | None, *, actor: int | None, now: datetime, is_answer: bool = False
    ) -> None:
        """Record how the agent's rest stands; its state goes on. One that is granted follows the contact."""
        before = self._desk.agent(agent)
        next_state, next_reason = before.next_state, before.next_reason
        if rest is not None and rest.stage is RestStage.GRANTED:
            next_state, next_reason = AgentState.REST, rest.reason
        elif next_state is AgentState.REST:
            next_state, next_reason = None, None
        event = replace(agents.kept(before, actor), rest=rest, is_rest_answer=is_answer)
        self._desk.note(before, replace(event, next_state=next_state, next_reason=next_reason), now)
        self.touch()

    # --- time -------------------------------------------------------------------------------------------------------

    def touch(self) -> None:
        """Somebody signed in or out, rests or does not any more, or the rules changed."""
        self._is_touched = True

    def settle(self, now: datetime) -> None:
        """Give places to those who wait and may have one now; called after each step that may have freed one."""
        self._is_touched = True
        while self._is_touched:
            self._is_touched = False
            rule, everybody = self._desk.company.rest_rule, self._all()
            if not rests.waiting_list(everybody):
                break
            local = now.astimezone(self._desk.company.zone)
            blocked_until = rule.blocked_until(local)
            if blocked_until is not None:
                self._desk.outbox.timers.append(("rests", 0, _seconds_until(blocked_until, local)))
                break
            absent = {agent for agent in everybody if self._desk.agent(agent).state is AgentState.LOST}
            for agent in rests.choose_granted(rule.quotas, everybody, signed_in=self._signed_in(), absent=absent):
                rest = replace(everybody[agent], stage=RestStage.GRANTED)
                self._decide(agent, rest, actor=None, now=now, at_once=not self._desk.is_occupied(agent))
        self.outlooks.look(self._all(), self._signed_in(), now)

    def settle_if_touched(self, now: datetime) -> None:
        if self._is_touched:
            self.settle(now)

    def time_is_over(self, agent: int, now: datetime) -> None:
        """超时: the rest goes on, and is longer than planned from now on."""
        rest = self._desk.agent(agent).rest
        if rest is None or rest.stage is not RestStage.TAKEN or rest.until is None or rest.is_overrun:
            return
        left_s = (rest.until - now).total_seconds()
        if left_s > 0:
            self._desk.outbox.timers.append(("rest", agent, left_s))
            return
        self._keep(agent, replace(rest, is_overrun=True), actor=None, now=now)

    def restore(self, now: datetime) -> None:
        """After a take-over: the ends of the rests that go on."""
        for agent, rest in self._all().items():
            if rest.until is not None and not rest.is_overrun:
                self._desk.outbox.timers.append(("rest", agent, max(0.0, (rest.until - now).total_seconds())))
        self.settle(now)

    # --- reading ----------------------------------------------------------------------------------------------------

    def row(self, agent: int) -> RestRow | None:
        rest = self._desk.agent(agent).rest
        if rest is None:
            return None
        return RestRow(
            reason=rest.reason,
            stage=rest.stage,
            asked_at=rest.asked_at,
            planned_s=rest.planned_s,
            until=rest.until,
            is_overrun=rest.is_overrun,
            decided_by=rest.decided_by,
            refusal=rest.refusal,
            place=self.outlooks.of(agent).place,
        )

    def _all(self, *, but: int | None = None) -> dict[int, Rest]:
        return {one.id: one.rest for one in self._people() if one.rest is not None and one.id != but}

    def _signed_in(self) -> frozenset[int]:
        return frozenset(one.id for one in self._people() if one.is_signed_in)

    def _people(self) -> Iterator[Agent]:
        return iter(self._desk.agents.values())


def _seconds_until(clock: str, local: datetime) -> float:
    """Return the seconds until this time of day ("24:00" is midnight's end), at least one."""
    hour, minute = (int(part) for part in clock.split(":"))
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    return max(1.0, (midnight + timedelta(hours=hour, minutes=minute) - local).total_seconds())
