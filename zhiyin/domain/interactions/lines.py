"""How a contact's state follows its stay in a queue's line, and the offers to agents."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from zhiyin.domain.interactions.events import Offered, OfferEnd, OfferEnded, Phase, QueueEnd, QueueEntered, QueueLeft
from zhiyin.domain.interactions.parties import OpenOffer
from zhiyin.domain.interactions.waiting import OverflowTaken, WaitEstimated
from zhiyin.domain.replacing import replace

if TYPE_CHECKING:
    from zhiyin.domain.interactions.state import Interaction

LineEvent = QueueEntered | WaitEstimated | OverflowTaken | Offered | OfferEnded | QueueLeft


def lined_up(state: Interaction, event: LineEvent, at: datetime) -> Interaction:
    match event:
        case QueueEntered():
            return _entered(state, event, at)
        case WaitEstimated() | OverflowTaken():
            return replace(state, stay=state.stay.after(event, at))
        case Offered():
            offer = OpenOffer(event.offer, event.agent, event.leg, at, event.expires_at)
            phase = Phase.OFFERED if state.consult is None else state.phase
            return replace(state, phase=phase, offers=(*state.offers, offer), legs=state.legs + 1)
        case OfferEnded():
            refused = state.refused_by
            if event.outcome in (OfferEnd.NO_ANSWER, OfferEnd.REJECTED, OfferEnd.FAILED):
                refused = refused | {event.agent}
            offers = tuple(offer for offer in state.offers if offer.offer != event.offer)
            phase = Phase.WAITING if state.consult is None and not offers else state.phase
            return replace(state, phase=phase, offers=offers, refused_by=refused)
        case QueueLeft():
            queue = state.queue if event.outcome is QueueEnd.ANSWERED else None
            return replace(state, queue=queue, queued_at=None)


def _entered(state: Interaction, event: QueueEntered, at: datetime) -> Interaction:
    return replace(
        state,
        phase=Phase.WAITING,
        queue=event.queue,
        last_queue=event.queue,
        queued_at=at,
        medium=event.medium,
        priority=event.priority,
        skills=event.skills,
        class_code=event.class_code,
        preferred=event.preferred,
        preferred_for_s=event.preferred_for_s,
        waits_for_away=event.waits_for_away,
        trial=event.trial,
        arm=event.arm,
        stay=state.stay.entered(event.since or at),
        refused_by=frozenset(),
        transfer=None,
    )
