"""A real call of a flow's draft (试拨电话): decided like any call, and over where it would leave its flow.

Nothing of it may reach whom it is not made for: no agent, no line, no telephone outside, no recording. What the flow
asks outside is looked up for real, for that is what one wants to try; what would change something elsewhere is kept
back, and no payment is ever made.
"""

from __future__ import annotations

from datetime import datetime

from zhiyin.domain.calls.decide import decide
from zhiyin.domain.calls.effects import (
    Answer,
    AskOutside,
    Effect,
    HangUp,
    Listen,
    Say,
    StartTimer,
    StopListening,
    StopSaying,
    StopTimer,
)
from zhiyin.domain.calls.inputs import Input
from zhiyin.domain.calls.live import Live
from zhiyin.domain.calls.rules import Rules
from zhiyin.domain.calls.turn import Decision, Turn
from zhiyin.domain.flows.requests import HttpRequest, PaymentRequest, Request
from zhiyin.domain.interactions import EndedBy, Interaction, Phase
from zhiyin.domain.replacing import replace

#: What a caller of a draft hears where a real one would go on outside of the flow.
TRIAL_OVER_PROMPT = "trial_over"
#: Why a trial call ended that had come out of its flow.
OUT_OF_FLOW = "out_of_flow"
#: Why a request failed that was not made, because this is a trial.
KEPT_BACK = "kept_back"
#: Requests that change nothing where they go (RFC 9110, section 9.2.1).
_SAFE_METHODS = frozenset({"GET", "HEAD"})
#: What is carried out of a trial's decisions: what concerns the caller's own line, and what is asked.
_CARRIED_OUT = (Answer, Say, StopSaying, HangUp, Listen, StopListening, AskOutside, StartTimer, StopTimer)
_WITHIN = (Phase.FLOW, Phase.ENDED)


def decide_trial(call: Interaction, live: Live, event: Input, rules: Rules, now: datetime) -> Decision:
    """Return what happened and what must be done. Where the caller would wait, leave a message, be called back or be
    put through, the call is told so and ends: by its events one sees what it came to."""
    decision = decide(call, live, event, rules, now)
    if decision.call.phase in _WITHIN:
        return replace(decision, effects=_own(decision.effects))
    leg = decision.call.customer_leg or call.customer_leg  # who is to be called back has left the contact already
    alone = replace(decision.live, legs=decision.live.legs & {leg}, music=frozenset())
    turn = Turn(decision.call, alone, rules, now)
    if alone.last_words_to is None:
        turn.say_last_words(leg, TRIAL_OVER_PROMPT)
    turn.end(EndedBy.SYSTEM, OUT_OF_FLOW)
    ended = turn.decision()
    return Decision(
        ended.call,
        ended.live,
        (*decision.events, *ended.events),
        _own((*decision.effects, *ended.effects)),
        decision.problem,
    )


def is_kept_back(request: Request, *, may_change: bool) -> bool:
    """Return whether a trial does not make this request. ``may_change``: its caller lets it change things elsewhere."""
    if isinstance(request, PaymentRequest):
        return True
    return isinstance(request, HttpRequest) and request.method not in _SAFE_METHODS and not may_change


def _own(effects: tuple[Effect, ...]) -> tuple[Effect, ...]:
    return tuple(effect for effect in effects if isinstance(effect, _CARRIED_OUT))
