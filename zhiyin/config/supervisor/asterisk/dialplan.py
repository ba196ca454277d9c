"""The few dialplan lines before the engine: is it alive, does it admit, then ``Stasis``. No logic more than that.

A caller who finds no live engine is held: it rings for ten seconds, then music plays, and every two seconds it is
asked again whether the engine is back, for a call answered late is better than one lost. After half an hour the caller
is let go. Only so many are held at once: an engine that is merely late would never come to itself again beside
a thousand callers who are all played to (decision 0076), so whoever comes then is refused at once. Where the edge says
that it may try another node, the caller is sent on to it instead: only the link from here to the engine may be down.
"""

from __future__ import annotations

from zhiyin.contracts.dialplan import BEAT, ELSEWHERE, ENDED, ENDED_SIGNS, LET_IN, UNHEARD_AFTER_S

STALE_AFTER_S = 3
RETRY_EVERY_S = 2
HELD_AT_MOST = 30 * 60 // RETRY_EVERY_S
#: so often it rings, which costs nothing, before the call is answered and music plays
RINGS_FIRST = 5
#: six seconds of an engine that is away, at 50 calls a second
HELD_AT_ONCE = 300
#: Q.850 "switching equipment congestion": SIP 503, so that a carrier tries its next route
REFUSED_CAUSE = 42
#: Q.850 "interworking, unspecified": SIP 500, so that the edge tries the next node
ELSEWHERE_CAUSE = 127

# What may be dialled: digits with + * #, or a name of two letters and more ("h", "i", "t" are Asterisk's own).
_PATTERNS = ("_[+*#0-9]!", "_[A-Za-z][A-Za-z0-9]!")
_CONTEXTS = ("inbound", "telephone", "direct")
#: A telephone's REFER is the engine's: Asterisk tells it and does nothing of its own.
_TELEPHONE = "Set(PJSIP_TRANSFER_HANDLING()=ari-only)"
#: Everybody else is counted: under a flood the engine hears seconds later who was let in.
_COUNTED = f"Set(GLOBAL({LET_IN})=$[0${{{LET_IN}}} + 1])"
_HAS_DATA = '${IF($["${PJSIP_HEADERS(X-Zhiyin-Data-)}" != ""]?+data)}'
#: The global that says how many may still enter by this call's way in: its trunk's, or where it has none the others'.
_WAY = "ZHIYIN_WAY_${CHANNEL(endpoint)}"
_WAY = f'${{IF($["${{{_WAY}}}" = ""]?ZHIYIN_WAY_others:{_WAY})}}'
#: By what door a call enters, as the engine fills it up; what two calls take in the same instant may count as one. At
#: the limit each way in has its own share, and VIP entry numbers (known by their last eight digits) a reserve besides.
_ADMISSION = (
    ("0${ZHIYIN_LEFT} > 0", "take"),
    ('"${ZHIYIN_LEFT}" = ""', "enter"),
    ('0${ZHIYIN_RESERVE} > 0 & "${ZHIYIN_VIP_${FILTER(0-9,${EXTEN}):-8}}" = "1"', "reserve"),
    (f"0${{{_WAY}}} > 0", "share"),
    ("0${ZHIYIN_HELD} > 0", "held"),
)
_DOORS = f"""\
 same = n(reserve),Set(GLOBAL(ZHIYIN_RESERVE)=$[${{ZHIYIN_RESERVE}} - 1])
 same = n,Goto(enter)
 same = n(share),Set(GLOBAL({_WAY})=$[${{{_WAY}}} - 1])
 same = n,Goto(enter)
 same = n(take),Set(GLOBAL(ZHIYIN_LEFT)=$[${{ZHIYIN_LEFT}} - 1])
"""


def _first(*choices: tuple[str, str], otherwise: str) -> str:
    """Return what is substituted by the label beside the first condition that holds.

    One step decides all: each step tells everybody who listens of the channel anew, and under a flood there are many
    who are only refused.
    """
    label = otherwise
    for condition, choice in reversed(choices):
        label = f"${{IF($[{condition}]?{choice}:{label})}}"
    return label


#: A caller whom an engine had (who was not held) hangs up while none hears of it: when, is kept. Always one step, and
#: no more while an engine lives; a priority that is missing ends it.
_ENDED = f"""
exten = h,1,GotoIf($[${{EPOCH}} - 0${{{BEAT}}} > {UNHEARD_AFTER_S} & "${{ZHIYIN_HELD}}" = ""]?unheard)
exten = h,3(unheard),Set(GLOBAL({ENDED}${{UNIQUEID:-{ENDED_SIGNS}}})=${{UNIQUEID}} ${{STRFTIME(,UTC,%s.%3q)}})
"""


def extensions_conf() -> str:
    """Return extensions.conf: a context for each kind of caller, and ``echo`` for the test call."""
    parts = ["[general]\nstatic = yes\nwriteprotect = yes\nclearglobalvars = no\n[globals]\n"]
    for context in _CONTEXTS:
        parts.append(f"[{context}]\n")
        parts += [_entry(context, pattern) for pattern in _PATTERNS]
        parts.append(_ENDED)
    parts.append("[echo]\nexten = s,1,Answer()\n same = n,Echo()\n same = n,Hangup()\n")
    return "\n".join(parts)


def _entry(context: str, pattern: str) -> str:
    # Nobody vouches for who comes without an identity: the engine is told from where. Asking costs a little.
    source = ",${CHANNEL(pjsip,remote_addr)}" if context == "direct" else ""
    # The number last: whatever signs it has, the words before it stay what they are.
    # What a carrier gives along is read by the engine, which need not ask for what no header holds.
    data = _HAS_DATA if context == "inbound" else ""
    call = f"zhiyin,{context}{data},${{CHANNEL(endpoint)}},${{CHANNEL(audionativeformat)}}{source},${{EXTEN}}"
    first = _TELEPHONE if context == "telephone" else _COUNTED
    # An agent who calls out is always let in: it may be an emergency, and it is work already being done.
    admission, otherwise, doors = (_ADMISSION, "refused", _DOORS) if context != "telephone" else ((), "enter", "")
    stale = f"${{EPOCH}} - 0${{{BEAT}}} > {STALE_AFTER_S}"
    door = _first((stale, "held"), ('"${ZHIYIN_ADMIT}" = "0"', "refused"), *admission, otherwise=otherwise)
    return f"""
exten = {pattern},1,Goto({door})
{doors} same = n(enter),{first}
 same = n,Stasis({call})
 same = n,GotoIf($["${{STASISSTATUS}}" = "FAILED"]?held)
 same = n,Hangup()
 same = n(held),GotoIf($["${{GROUP()}}" = "held"]?again)
 same = n,GotoIf($["${{ZHIYIN_HELD}}" = "" & "${{PJSIP_HEADERS({ELSEWHERE})}}" != ""]?elsewhere)
 same = n,GotoIf($[${{GROUP_COUNT(held)}} >= {HELD_AT_ONCE}]?refused)
 same = n,Set(GROUP()=held)
 same = n(again),Set(ZHIYIN_HELD=$[0${{ZHIYIN_HELD}} + 1])
 same = n,GotoIf($[${{ZHIYIN_HELD}} > {HELD_AT_MOST}]?refused)
 same = n,GotoIf($[${{ZHIYIN_HELD}} > {RINGS_FIRST}]?music)
 same = n,Ringing()
 same = n,Wait({RETRY_EVERY_S})
 same = n,Goto(look)
 same = n(music),Answer()
 same = n,MusicOnHold(default,{RETRY_EVERY_S})
 same = n(look),GotoIf($[{stale}]?again)
 same = n,Set(GROUP()=)
 same = n,Goto(1)
 same = n(refused),Hangup({REFUSED_CAUSE})
 same = n(elsewhere),Hangup({ELSEWHERE_CAUSE})
"""
