"""What the telephone side tells the engine, and the ids by which both speak. Its door is ``engine.ports``."""

from __future__ import annotations

from dataclasses import dataclass

from zhiyin.domain.security.bans import Offence

LegId = str
BridgeId = str
PlaybackId = str


@dataclass(frozen=True, slots=True)
class CallArrived:
    """A new call waits unanswered. ``context``: "inbound" or "telephone"; ``endpoint``: the SIP identity it came by."""

    leg: LegId
    context: str
    endpoint: str
    codec: str
    dialled: str
    caller: str
    caller_name: str = ""
    #: the address it came from, where no identity vouches for the caller
    source: str = ""
    #: its INVITE has headers of ``DATA_HEADER``
    has_data: bool = False


@dataclass(frozen=True, slots=True)
class LegRinging:
    leg: LegId


@dataclass(frozen=True, slots=True)
class LegAnswered:
    """A leg that we rang was answered and is ours."""

    leg: LegId


@dataclass(frozen=True, slots=True)
class LegGoneFact:
    """A leg ended. ``cause`` is the Q.850 number, ``word`` its plain meaning: "hangup", "busy", "no_answer",
    "refused", "congestion", "unreachable", "cancelled", "unknown_number"."""

    leg: LegId
    cause: int
    word: str
    #: so long ago, where it is heard of late, give or take so much
    ago_s: float = 0.0
    within_s: float = 0.0


@dataclass(frozen=True, slots=True)
class KeyPressed:
    leg: LegId
    key: str


@dataclass(frozen=True, slots=True)
class PlaybackEnded:
    """``failed`` when the file could not be played."""

    playback: PlaybackId
    leg: LegId
    failed: bool = False


@dataclass(frozen=True, slots=True)
class SpeechHeard:
    """The party of a leg that is watched (``watch_speech``) began to speak, or has ceased for a moment."""

    leg: LegId
    is_speaking: bool


@dataclass(frozen=True, slots=True)
class LegHeld:
    """The party's own telephone pressed hold (re-INVITE)."""

    leg: LegId
    is_held: bool


@dataclass(frozen=True, slots=True)
class TransferRequested:
    """The party's own telephone asks for a transfer (REFER); the answer is ``Telephony.report_transfer``.

    ``other_leg``: its other call, whose far party is meant (REFER with Replaces); ``dialled``: whom else.
    """

    leg: LegId
    dialled: str
    other_leg: LegId | None = None


@dataclass(frozen=True, slots=True)
class MediaStopped:
    """No RTP from this leg for ``for_s`` seconds."""

    leg: LegId
    for_s: float


@dataclass(frozen=True, slots=True)
class LegsUnseen:
    """The Asterisk of these legs, one of several, is out of sight: whether they live is not known.

    What became of them is told as it is back, and then ``TelephonyUp``.
    """

    legs: frozenset[LegId]


@dataclass(frozen=True, slots=True)
class TelephoneRegistered:
    """A SIP identity's telephone came or went. ``is_reachable`` False: no contact left."""

    account: str
    is_reachable: bool


@dataclass(frozen=True, slots=True)
class AccessRefused:
    """Somebody at ``address`` tried to be whom it is not. ``account`` exists where the password was wrong."""

    address: str
    offence: Offence
    account: str | None = None


@dataclass(frozen=True, slots=True)
class TelephonyUp:
    """Asterisk is connected, now or again. ``is_restarted``: it is a new process, all its calls are lost.

    ``began_ago_s``: how long that process has run.
    """

    is_restarted: bool
    began_ago_s: float = 0.0


@dataclass(frozen=True, slots=True)
class TelephonyDown:
    pass


Fact = (
    CallArrived
    | LegRinging
    | LegAnswered
    | LegGoneFact
    | KeyPressed
    | PlaybackEnded
    | SpeechHeard
    | LegHeld
    | TransferRequested
    | MediaStopped
    | LegsUnseen
    | TelephoneRegistered
    | AccessRefused
    | TelephonyUp
    | TelephonyDown
)
