"""A conversation's recording that begins late, fails, ends or pauses while its contact goes on."""

from __future__ import annotations

from zhiyin.domain.calls.effects import StartRecording, StopRecording
from zhiyin.domain.calls.inputs import RecordingBegunLate, RecordingRefused
from zhiyin.domain.calls.turn import Turn
from zhiyin.domain.interactions import RecordingDelayed, RecordingEnded, RecordingFailed, RecordingStarted

#: Stands between a recording's id and the number of its part.
_PART = "-p"


def end(turn: Turn, *, pauses: bool = False) -> None:
    """Stop recording, if anything is recorded; what ``pauses`` goes on by ``go_on``."""
    if turn.call.recording is not None:
        turn.do(StopRecording(turn.call.customer_leg))
        turn.record(RecordingEnded(turn.call.recording, pauses=pauses))


def told(turn: Turn, event: RecordingBegunLate | RecordingRefused) -> None:
    """What was ordered did not come about as the log says."""
    if isinstance(event, RecordingRefused):
        turn.record(RecordingFailed(event.recording, event.cause))
    else:
        turn.record(RecordingDelayed(event.recording, event.within_s))


def go_on(turn: Turn) -> None:
    """Go on with what had paused, as a recording of its own: a file that is finished is not written to again."""
    paused = turn.call.paused_recording
    if paused is None or not turn.is_recorded():
        return
    first, _, part = paused.partition(_PART)
    recording = f"{first}{_PART}{int(part or 1) + 1}"
    turn.record(RecordingStarted(recording, turn.call.customer_leg))
    turn.do(StartRecording(recording, turn.call.customer_leg))
