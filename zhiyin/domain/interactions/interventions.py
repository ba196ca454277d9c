"""What an intervention makes of a contact that waits, rebuilt from its event. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zhiyin.domain.interactions.intervention_events import Assigned, InterventionEvent, PriorityChanged
from zhiyin.domain.replacing import replace

if TYPE_CHECKING:
    from zhiyin.domain.interactions.state import Interaction


def intervene(state: Interaction, event: InterventionEvent) -> Interaction:
    """Return the contact after ``event``; what an event does not change itself, the events after it say."""
    match event:
        case PriorityChanged(priority=priority, class_code=class_code):
            return replace(
                state,
                priority=priority,
                class_code=class_code,
                callback=replace(state.callback, priority=priority) if state.callback else None,
                message=replace(state.message, priority=priority) if state.message else None,
            )
        case Assigned(agent=agent, until=until) if state.stay.since is not None:
            return replace(
                state,
                preferred=(agent,),
                preferred_for_s=(until - state.stay.since).total_seconds(),
                refused_by=state.refused_by - {agent},
                stay=replace(state.stay, assigned=event),
                callback=replace(state.callback, agent=None) if state.callback else None,
                message=replace(state.message, agent=None) if state.message else None,
            )
        case _:
            return state
