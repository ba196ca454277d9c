"""What the engine asks of the outside, and what the outside tells it. Adapters implement these protocols.

``Telephony`` speaks of legs (one party's connection), bridges and playbacks; Asterisk's words end in its adapter.
Every create carries an id of ours, derived from the event that caused it, so that a repeat is harmless.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from zhiyin.engine.telephony_facts import (
    AccessRefused,
    BridgeId,
    CallArrived,
    Fact,
    KeyPressed,
    LegAnswered,
    LegGoneFact,
    LegHeld,
    LegId,
    LegRinging,
    LegsUnseen,
    MediaStopped,
    PlaybackEnded,
    PlaybackId,
    SpeechHeard,
    TelephoneRegistered,
    TelephonyDown,
    TelephonyUp,
    TransferRequested,
)

__all__ = [
    "DATA_HEADER",
    "AccessControl",
    "AccessRefused",
    "BridgeId",
    "CallArrived",
    "Denial",
    "Fact",
    "Inventory",
    "KeyPressed",
    "Lateness",
    "LegAnswered",
    "LegGone",
    "LegGoneFact",
    "LegHeld",
    "LegId",
    "LegRinging",
    "LegSeen",
    "LegsUnseen",
    "MediaStopped",
    "NodeState",
    "Nodes",
    "PlaybackEnded",
    "PlaybackId",
    "Refused",
    "SipIdentity",
    "SpeechHeard",
    "TelephoneRegistered",
    "Telephony",
    "TelephonyAway",
    "TelephonyDown",
    "TelephonyError",
    "TelephonyUp",
    "TransferOutcome",
    "TransferRequested",
    "Trunk",
    "TrunkState",
]

#: How the SIP headers begin by which a carrier gives data along with a call.
DATA_HEADER = "X-Zhiyin-Data-"


# --- errors ---------------------------------------------------------------------------------------------------


class TelephonyError(Exception):
    """A telephony request failed."""


class LegGone(TelephonyError):
    """The leg no longer exists or is no longer ours."""


class TelephonyAway(TelephonyError):
    """Asterisk cannot be reached, or did not answer in time."""


class Refused(TelephonyError):
    """The request was understood and refused; the text says why."""


@dataclass(frozen=True, slots=True)
class LegSeen:
    """One leg as the inventory shows it. ``is_up``: answered."""

    leg: LegId
    is_up: bool
    endpoint: str
    bridge: BridgeId | None
    dialled: str = ""
    caller: str = ""
    has_data: bool = False


@dataclass(frozen=True, slots=True)
class Lateness:
    """Something happened ``ago_s`` seconds ago, give or take ``within_s``."""

    ago_s: float
    within_s: float


@dataclass(frozen=True, slots=True)
class Inventory:
    """All that Asterisk has of ours now, as far as it can be seen."""

    legs: Mapping[LegId, LegSeen]
    bridges: Mapping[BridgeId, frozenset[LegId]]
    playbacks: frozenset[PlaybackId] = frozenset()
    #: those of several Asterisks that are out of sight: what lives there is not known
    unseen: frozenset[str] = frozenset()
    #: the legs that were there last
    hidden: frozenset[LegId] = frozenset()
    #: one of them was never in sight of this engine: it may have legs of which nothing is known here
    hides_others: bool = False

    def may_hide(self, leg: LegId) -> bool:
        """Whether a leg that is not here may live all the same, where it cannot be seen.

        Those that came in are named after their Asterisk; of those that we rang the name does not say where.
        """
        if leg in self.legs or not self.unseen:
            return False
        return leg in self.hidden or leg.partition("-")[0] in self.unseen


class TransferOutcome(StrEnum):
    """What a telephone is told of the transfer it asked for."""

    ACCEPTED = "accepted"  # the telephone may hang up
    UNAVAILABLE = "unavailable"
    REFUSED = "refused"


# --- what is asked ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SipIdentity:
    """A telephone's SIP identity. ``kind``: "browser" (WebRTC), "sip" (registering telephone), "guest" (one call)."""

    account: str
    secret: str = field(repr=False)
    kind: str
    display_name: str = ""
    max_contacts: int = 1


@dataclass(frozen=True, slots=True)
class Trunk:
    id: int
    host: str
    port: int
    transport: str  # "udp" | "tcp" | "tls"
    username: str = ""
    secret: str = field(default="", repr=False)
    does_register: bool = False
    #: voices by SRTP; only over TLS, which keeps their keys
    is_encrypted: bool = False


@dataclass(frozen=True, slots=True)
class Denial:
    """Requests from ``address`` are refused, those as ``account`` or all. ``note`` is kept with it, as it is."""

    address: str
    account: str | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class NodeState:
    """One Asterisk of several. ``legs``: how many live there, or may, while it is out of sight.

    ``unseen_for_s``: for how long it has been out of sight; ``lost_in_s``: after how long its calls count as lost.
    """

    is_up: bool
    is_draining: bool
    legs: int
    unseen_for_s: float | None = None
    lost_in_s: float | None = None


@dataclass(frozen=True, slots=True)
class TrunkState:
    """``state``: "ok", "unreachable", "refused", "unknown"; ``detail`` names the facts (status line, registration)."""

    state: str
    detail: str = ""
    rtt_ms: float | None = None


class Telephony(Protocol):
    """Any call raises ``TelephonyAway`` when Asterisk cannot be reached; those on a leg raise ``LegGone``."""

    async def answer(self, leg: LegId) -> None: ...

    async def ring(
        self,
        leg: LegId,
        *,
        to: str,
        caller_number: str,
        caller_name: str,
        codec: str,
        timeout_s: int,
        headers: Mapping[str, str],
        beside: LegId | None = None,
    ) -> None:
        """Ring ``to`` as a new leg with this id. ``to``: "account:<sip account>" or "trunk:<id>:<number>".

        ``beside`` names a leg with which it will be joined: where there are several Asterisks, both must be on one.

        Repeating with the same id while the leg lives changes nothing. Raises ``Refused`` when it cannot be
        reached at all (no contact registered: text "unreachable").
        """
        ...

    async def hang_up(self, leg: LegId, *, word: str = "hangup") -> None:
        """End the leg; a leg already gone is no error. ``word`` as in ``LegGoneFact``."""
        ...

    async def play(self, leg: LegId, sounds: Sequence[str], *, playback: PlaybackId) -> None:
        """Start playing the sound files one after the other; ``PlaybackEnded`` tells the end of all."""
        ...

    async def stop_playback(self, playback: PlaybackId) -> None:
        """Stop; an ended playback is no error."""
        ...

    async def start_music(self, leg: LegId) -> None: ...

    async def stop_music(self, leg: LegId) -> None: ...

    async def start_ringback(self, leg: LegId) -> None:
        """Let the party hear ringing tone."""
        ...

    async def stop_ringback(self, leg: LegId) -> None: ...

    async def bridge(self, bridge: BridgeId, legs: Sequence[LegId]) -> None:
        """Join the legs (moving them out of other bridges), making the bridge if needed; repeatable."""
        ...

    async def unbridge(self, bridge: BridgeId, leg: LegId) -> None: ...

    async def remove_bridge(self, bridge: BridgeId) -> None: ...

    async def send_digits(self, leg: LegId, digits: str) -> None: ...

    async def tap(self, leg: LegId, *, of: LegId, is_heard: bool) -> None:
        """Let ``leg`` hear all that ``of`` says and hears. ``is_heard``: ``of`` alone hears it, else nobody does.

        Leaves ``of`` where it is and disturbs it in nothing; takes ``leg`` out of its bridge. Repeatable, also with
        another ``is_heard`` or ``of``. The tap ends with ``of``; ``leg`` then hears silence.
        """
        ...

    async def remove_tap(self, leg: LegId) -> None:
        """``leg`` hears by a tap no more and is no longer muted; no tap, or no such leg, is no error."""
        ...

    async def report_transfer(self, leg: LegId, outcome: TransferOutcome) -> None:
        """Answer the leg's ``TransferRequested``. Raises ``Refused`` where none is open."""
        ...

    async def read_headers(self, leg: LegId, *, prefix: str, at_most: int) -> Mapping[str, str]:
        """Return those headers of the INVITE by which the leg came whose names begin so, without that beginning."""
        ...

    async def start_recording(self, leg: LegId, *, recording: str, path: str) -> None:
        """Record into ``path``: raw signed linear, 8 kHz, stereo; left what the leg says, right what it hears."""
        ...

    async def stop_recording(self, leg: LegId) -> None: ...

    async def watch_speech(self, leg: LegId) -> None:
        """Tell by ``SpeechHeard`` when the leg's party speaks, as long as the leg lives. Repeatable."""
        ...

    async def hear(self, leg: LegId, *, ear: str, on_sound: Callable[[bytes], None]) -> None:
        """Give all that the leg's party says to ``on_sound`` as it comes: 16 bits, 8000 samples a second.

        Runs until it is cancelled or no more sound comes. ``ear`` names it; ``on_sound`` returns at once.
        """
        ...

    async def inventory(self) -> Inventory: ...

    async def look(self, legs: Iterable[LegId]) -> Mapping[LegId, bool]:
        """Return those of the legs that live, and whether each is answered."""
        ...

    async def ended_ago(self, legs: Iterable[LegId]) -> Mapping[LegId, Lateness]:
        """Return how long ago these legs ended, as far as that is known. They came in (were not rung) and are gone."""
        ...

    async def put_identity(self, identity: SipIdentity) -> None: ...

    async def remove_identity(self, account: str) -> None: ...

    async def put_trunk(self, trunk: Trunk) -> None: ...

    async def remove_trunk(self, trunk: int) -> None: ...

    async def test_trunk(self, trunk: int) -> TrunkState: ...

    async def set_globals(self, values: Mapping[str, str], *, at: str = "") -> None:
        """Set globals of the dialplan, on every Asterisk or on the node ``at`` alone."""
        ...

    async def let_in(self) -> Mapping[str, int]:
        """Return how many callers the dialplan of each Asterisk let in since that started, also who was not told of."""
        ...


class AccessControl(Protocol):
    """Whose requests are refused. Any call raises ``TelephonyAway`` when Asterisk cannot be reached."""

    async def denials(self) -> Sequence[Denial]:
        """Return who is refused now; nobody after a restart of Asterisk."""
        ...

    async def put_denials(self, denials: Sequence[Denial]) -> None:
        """Refuse these and nobody else; calls that stand go on. Repeatable."""
        ...

    async def telephone_addresses(self) -> Mapping[str, frozenset[str]]:
        """Return the addresses at which telephones are registered now, with their accounts."""
        ...


class Nodes(Protocol):
    """The several Asterisks behind one telephony, as their operator sees them."""

    def node_states(self) -> Mapping[str, NodeState]: ...

    def may_hide(self, leg: LegId) -> Collection[str]:
        """Return the nodes out of sight where the leg may live."""
        ...

    def doors(self) -> Mapping[str, bool]:
        """Return the nodes that can be told something now, and whether callers may enter by each."""
        ...

    def node_of(self, leg: LegId) -> str:
        """Return on which node the leg is; empty where that is not known."""
        ...

    async def drain_node(self, name: str, *, is_draining: bool) -> None:
        """Let the node take no new calls, or take them again; those it has go on. Raises ``Refused``."""
        ...
