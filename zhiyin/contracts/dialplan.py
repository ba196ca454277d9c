"""What the engine and the few dialplan lines before it have agreed on: names of Asterisk's globals."""

from __future__ import annotations

#: when the engine lived last, in seconds since 1970; renewed every second
BEAT = "ZHIYIN_BEAT"
#: how many callers the dialplan let in since Asterisk started; two in the same instant may count as one
LET_IN = "ZHIYIN_LET_IN"
#: older than this, an engine's connection is certainly gone
UNHEARD_AFTER_S = 2
#: Where a caller's end that no engine hears is kept: "<leg> <seconds since 1970>". A name has only the leg's last
#: signs, so that there are a thousand at most, whatever happens; a later end takes the place of an earlier one.
ENDED = "ZHIYIN_ENDED_"
ENDED_SIGNS = 3
#: The edge's header on a call that may go on to another node.
ELSEWHERE = "X-Zhiyin-Elsewhere"


def ended_name(leg: str) -> str:
    """Return the global in which this leg's end is kept."""
    return f"{ENDED}{leg[-ENDED_SIGNS:]}"
