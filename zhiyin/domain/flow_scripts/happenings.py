"""What of a call's events a trial or a test tells: one reading for calls in virtual time and for real ones. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from zhiyin.domain.calls import booking_turns
from zhiyin.domain.interactions import (
    CallbackAgreed,
    DataAttached,
    InteractionEnded,
    InteractionEvent,
    LanguageSet,
    MessageInvited,
    MessageOrdered,
    NodeEntered,
    QueueEntered,
    SegmentStarted,
    TransferStarted,
)

#: An aspect of script.py (or "transfer" and "message", which no script expects), a name, and the exit by which a node
#: was come to.
Happening = tuple[str, str, str]


def happenings_of(event: InteractionEvent, kept: Callable[[str], Mapping[str, str]]) -> Iterator[Happening]:
    """Yield what is told of an event. ``kept`` gives the values that stand behind a reference."""
    match event:
        case NodeEntered(node=node, through=through):
            yield "node", node, through
        case QueueEntered(queue=queue):
            yield "queue", str(queue), ""
        case MessageInvited(queue=queue):
            yield "voicemail", str(queue), ""
        case CallbackAgreed(queue=queue, asked_by=booking_turns.ASKED_BY):
            yield "booking", str(queue), ""
        case CallbackAgreed(queue=queue):
            yield "callback", str(queue), ""
        case TransferStarted():
            yield "transfer", "", ""
        case SegmentStarted():
            yield "talking", "", ""
        case DataAttached(data_ref=ref):
            yield from (("value", name, "") for name in kept(ref))
        case MessageOrdered(node=node):
            yield "message", node, ""
        case LanguageSet(language=language):
            yield "language", language, ""
        case InteractionEnded(reason=reason):
            yield "end", reason, ""
