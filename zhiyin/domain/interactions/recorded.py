"""How a contact's state follows its recording."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from zhiyin.domain.interactions.events import (
    Phase,
    RecordingDelayed,
    RecordingEnded,
    RecordingFailed,
    RecordingStarted,
)
from zhiyin.domain.replacing import replace

if TYPE_CHECKING:
    from zhiyin.domain.interactions.state import Interaction

RecordingEvent = RecordingStarted | RecordingDelayed | RecordingEnded | RecordingFailed


def recorded(state: Interaction, event: RecordingEvent, at: datetime) -> Interaction:
    """Return the contact after ``event``; of a message that is being left it also says when its tone was heard."""
    message = state.message if state.phase is Phase.MESSAGE else None
    match event:
        case RecordingStarted(recording=recording):
            if message is not None:
                state = replace(state, message=replace(message, recording=recording, began_at=at))
            return replace(state, recording=recording, paused_recording=None)
        case RecordingDelayed():
            return state if message is None else replace(state, message=replace(message, began_at=at))
        case RecordingEnded():
            return replace(state, recording=None, paused_recording=event.recording if event.pauses else None)
        case RecordingFailed():
            return replace(state, recording=None, paused_recording=None)
