"""Asterisk's words -> the engine's. Pure: no connection, no state, no clock."""

from __future__ import annotations

from dataclasses import dataclass

from zhiyin.engine.adapters.asterisk.messages import Channel
from zhiyin.engine.ports import CallArrived, TransferOutcome

#: First application argument of a leg that we rang ourselves.
RUNG = "rung"
#: And of a snoop channel, which is nobody's leg.
TAP = "tap"
#: What the dialplan adds to the context of a call that brings data in headers.
WITH_DATA = "+data"
#: Contexts whose calls the dialplan hands to us.
CONTEXTS = frozenset({"inbound", "telephone", "direct"})

#: Q.850 numbers in use below.
NORMAL_CLEARING = 16

#: How a leg is ended on our wish: the cause that makes Asterisk send the fitting SIP answer.
CAUSE_BY_WORD = {
    "hangup": 16,
    "busy": 17,
    "no_answer": 19,
    "unreachable": 20,
    "refused": 21,
    "cancelled": 26,  # a ringing telephone then shows no missed call
    "congestion": 42,
    "unknown_number": 1,
}

#: How a telephone's own transfer is answered: Asterisk's word for what its NOTIFY then says.
TRANSFER_STATES = {
    TransferOutcome.ACCEPTED: "channel_answered",  # 200
    TransferOutcome.UNAVAILABLE: "channel_unavailable",  # 503
    TransferOutcome.REFUSED: "channel_declined",  # 603
}

#: A SIP status says more than the cause that Asterisk makes of it.
_WORD_BY_SIP = {
    **dict.fromkeys((486, 600), "busy"),
    **dict.fromkeys((401, 402, 403, 405, 407, 415, 433, 488, 493, 603, 606, 607, 608), "refused"),
    **dict.fromkeys((404, 410, 414, 416, 484, 485, 604), "unknown_number"),
    **dict.fromkeys((500, 501, 502, 503, 504, 513, 580), "congestion"),
    **dict.fromkeys((408, 430), "unreachable"),
    **dict.fromkeys((480,), "no_answer"),
    **dict.fromkeys((487,), "cancelled"),
}
_WORD_BY_CAUSE = {
    **dict.fromkeys((1, 22, 28), "unknown_number"),
    **dict.fromkeys((2, 3, 20, 25, 27, 38, 102), "unreachable"),
    **dict.fromkeys((17,), "busy"),
    **dict.fromkeys((18, 19), "no_answer"),
    **dict.fromkeys((21, 29, 50, 55, 57, 58, 65, 69, 79, 88), "refused"),
    **dict.fromkeys((26,), "cancelled"),
    **dict.fromkeys((34, 41, 42, 43, 44, 47, 54, 63), "congestion"),
}


def to_word(*, cause: int, sip_status: int | None, was_answered: bool, was_rung: bool, has_rung: bool) -> str:
    """Return the plain meaning of a leg's end.

    ``was_rung``: we called it; ``has_rung``: its telephone said that it rings. A caller who leaves before the
    answer has "cancelled"; a telephone that never even rang is "unreachable".
    """
    if was_answered:
        return "hangup"
    if not was_rung:
        return "cancelled"
    word = _WORD_BY_SIP.get(sip_status or 0) or _WORD_BY_CAUSE.get(cause)
    if word is None:
        return "cancelled" if cause in (0, NORMAL_CLEARING) else "unreachable"
    return "unreachable" if word == "no_answer" and not has_rung else word


@dataclass(frozen=True, slots=True)
class Entry:
    """How a channel came into our application, from its arguments."""

    is_rung: bool
    context: str = ""
    endpoint: str = ""
    codec: str = ""
    dialled: str = ""
    source: str = ""
    has_data: bool = False


def to_entry(arguments: tuple[str, ...]) -> Entry | None:
    """Return how a channel came to us; None for arguments that are not ours."""
    if arguments[:1] == (RUNG,):
        return Entry(is_rung=True)
    kind, has_data, _ = arguments[0].partition(WITH_DATA) if arguments else ("", "", "")
    # "h" is the dialplan's extension of a call that is already over.
    before_number = 4 if kind == "direct" else 3
    if len(arguments) <= before_number or kind not in CONTEXTS or arguments[before_number:] == ("h",):
        return None
    endpoint, codec, *source = arguments[1:before_number]
    return Entry(
        is_rung=False,
        context="inbound" if kind == "direct" else kind,
        endpoint=endpoint,
        codec=to_codec(codec),
        dialled=",".join(arguments[before_number:]),  # whoever dials a comma must not be left hanging
        source=to_address(source[0]) if source else "",
        has_data=bool(has_data),
    )


def to_address(peer: str) -> str:
    """Return the address without its port: "192.0.2.7:5060" -> "192.0.2.7", "[2001:db8::1]:5060" -> "2001:db8::1"."""
    return peer.rpartition(":")[0].strip("[]")


def to_entry_of_channel(channel: Channel, *, application: str) -> Entry | None:
    """Return the entry of a channel found in the inventory; None when it is not in our application."""
    if channel.dialplan.app_name != "Stasis":
        return None
    name, *arguments = channel.dialplan.app_data.split(",")
    return to_entry(tuple(arguments)) if name == application else None


def to_codec(formats: str) -> str:
    """Return the first of Asterisk's list of formats: "(alaw|ulaw)" -> "alaw"."""
    return formats.strip("()").split("|")[0]


def to_endpoint(channel_name: str) -> str:
    """Return the SIP identity in a channel's name: "PJSIP/z1001-0000001f" -> "z1001"."""
    return channel_name.partition("/")[2].rpartition("-")[0]


def to_arrival(channel: Channel, entry: Entry) -> CallArrived:
    return CallArrived(
        leg=channel.id,
        context=entry.context,
        endpoint=entry.endpoint,
        codec=entry.codec,
        dialled=entry.dialled,
        caller=channel.caller.number,
        caller_name=channel.caller.name,
        source=entry.source,
        has_data=entry.has_data,
    )
