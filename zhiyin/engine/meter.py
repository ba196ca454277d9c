"""Counts the minutes that each company's calls to numbers outside are connected, whoever made them and how.

Every way out is a leg rung on a trunk: an agent's call, a transfer, a consultation. What a leg took is an event, so
that the next engine goes on counting; a leg that lives through a take-over counts from its answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from zhiyin.contracts.events import OutsideLegEnded
from zhiyin.domain.dialing.spending import Destination
from zhiyin.domain.interactions import Direction
from zhiyin.engine import outbound

if TYPE_CHECKING:
    from zhiyin.engine.interaction_session import InteractionSession
    from zhiyin.engine.switchboard import Switchboard
    from zhiyin.engine.tenant import Tenant

log = structlog.get_logger(__name__)

STREAM = "s:outside"


class Meter:
    def __init__(self, board: Switchboard) -> None:
        self._board = board
        self._legs: dict[str, tuple[Tenant, Destination]] = {}

    def rings(self, leg: str, tenant: Tenant, number: str) -> None:
        """A number outside is rung by this leg."""
        self._legs[leg] = (tenant, outbound.destination(number, tenant))

    def answered(self, leg: str) -> None:
        if (found := self._legs.get(leg)) is not None:
            tenant, destination = found
            tenant.spending.begin(leg, destination, at=self._board.clock.now())

    def ended(self, leg: str) -> None:
        """The leg is gone; what it took is written down."""
        found = self._legs.pop(leg, None)
        if found is None:
            return
        tenant, _ = found
        now = self._board.clock.now()
        charged = tenant.spending.end(leg, at=now)
        if charged is None:
            return
        destination, seconds = charged
        tenant.spending.add(destination, seconds, day=tenant.company.day_began_at(now).date())
        event = OutsideLegEnded(leg, destination, round(seconds, 3))
        envelope = self._board.journal.envelope(
            tenant=tenant.id, stream=STREAM, began=f"{now:%Y-%m}-01", at=now, event=event
        )
        self._board.journal.append((envelope,))

    def all_ended(self) -> None:
        """Asterisk is a new process: no leg lives."""
        for leg in list(self._legs):
            self.ended(leg)

    def resume(self, session: InteractionSession) -> None:
        """Go on counting the legs outside of a call that was taken over."""
        call = session.call
        numbers: dict[str | None, str | None] = {call.outside_leg: None}
        if call.direction is Direction.OUTBOUND:
            numbers[call.customer_leg] = call.customer_ref
        if call.is_deferred and call.customer_leg:
            numbers[call.customer_leg] = call.callback.number_ref if call.callback else call.customer_ref
        if call.consult is not None and call.consult.kind == "number":
            numbers[call.consult.leg] = call.consult.number_ref
        for leg, number_ref in numbers.items():
            if leg is None or self._board.session_of(leg) is not session:
                continue
            # A transfer's number is known to its own dialling only: taken for one at home.
            number = session.personal.get(number_ref or "", "")
            self._legs[leg] = (session.tenant, outbound.destination(number, session.tenant))
            if call.answered_at is not None:
                session.tenant.spending.begin(leg, self._legs[leg][1], at=call.answered_at)
