"""A contact whose Asterisk, one of several, is out of sight: whether its parties talk on, nobody knows (decision 72).

Who talks is left alone. Who waits, or is served by a flow, is left to what was heard last: nothing new could be heard,
so the flow would only rush on, and no agent can be rung there. ``Resumed`` takes it up where it stood.
"""

from __future__ import annotations

from zhiyin.domain.calls import queue_turns
from zhiyin.domain.calls.effects import FreeAgent, LeaveLine
from zhiyin.domain.calls.inputs import (
    AgentsFound,
    CallerHeard,
    CallerSpeaks,
    CallLaterAsked,
    CompleteAsked,
    ConferenceAsked,
    ConsultAsked,
    DigitsAsked,
    HoldAsked,
    Input,
    Intervention,
    LegsUnseen,
    LineClosed,
    MessageAsked,
    MonitorAsked,
    OutsideTold,
    ParkAsked,
    PlaybackEnded,
    ResumeAsked,
    SurveyAsked,
    SwapAsked,
    TakeOverAsked,
    TimerFired,
    TransferAsked,
    UnparkAsked,
)
from zhiyin.domain.calls.turn import STOP_ALL_TIMERS, Turn
from zhiyin.domain.interactions import Interaction, OfferEnd, Phase, SightLost, SightRegained
from zhiyin.domain.replacing import replace

#: Where the contact stands still meanwhile.
_STANDS_STILL = frozenset({Phase.FLOW, Phase.WAITING, Phase.OFFERED, Phase.MESSAGE, Phase.PARKED})
#: What only Asterisk can do.
_NEEDS_SIGHT = (
    HoldAsked
    | ResumeAsked
    | DigitsAsked
    | TransferAsked
    | ConsultAsked
    | CompleteAsked
    | ConferenceAsked
    | SwapAsked
    | ParkAsked
    | UnparkAsked
    | MonitorAsked
    | TakeOverAsked
    | CallLaterAsked
    | MessageAsked
    | SurveyAsked
    | Intervention
)
_COMES_BY_ITSELF = TimerFired | PlaybackEnded | OutsideTold | CallerSpeaks | CallerHeard | AgentsFound | LineClosed


def lose_sight(turn: Turn, event: LegsUnseen) -> None:
    """Know no more what becomes of the contact's legs; whoever was being rung for it is free."""
    live = turn.live
    if turn.call.unseen_since is None:
        turn.record(SightLost())
    since = live.unseen_since or turn.now
    turn.live = replace(live, legs=live.legs | event.legs, music=frozenset(), unseen_since=since)
    if not _stands_still(turn.call):
        return
    turn.stop_listening()
    turn.forget_playback()
    offers = turn.call.offers
    for offer in offers:
        turn.end_offer(offer, OfferEnd.WITHDRAWN, "out_of_sight")
    turn.do(LeaveLine(), *(FreeAgent(offer.agent, 0) for offer in offers), *STOP_ALL_TIMERS)


def regain_sight(turn: Turn) -> None:
    """Tell that its parties are seen again, unless it is over."""
    if turn.call.unseen_since is not None and turn.call.phase is not Phase.ENDED:
        turn.record(SightRegained())


def is_held_back(turn: Turn, event: Input) -> bool:
    """Whether the contact stands still, and takes no notice of this."""
    is_still = turn.live.unseen_since is not None and _stands_still(turn.call)
    return is_still and isinstance(event, _COMES_BY_ITSELF)


def hold_back(turn: Turn, event: Input) -> None:
    """Agents who were found cannot be rung, and none is to be sought: the place in line is kept in the log."""
    if isinstance(event, AgentsFound):
        queue_turns.give_back(turn, event)
        turn.do(LeaveLine())


def must_wait(turn: Turn, event: Input) -> bool:
    """Whether a wish can be met only where the parties are in sight. To hang up, to let go and to note always can."""
    return turn.live.unseen_since is not None and isinstance(event, _NEEDS_SIGHT)


def _stands_still(call: Interaction) -> bool:
    """Whether it can wait: not where another party is being rung, who must be let go in time."""
    is_rung_for_another = call.transfer is not None or call.consult is not None or call.rings_colleague
    return call.phase in _STANDS_STILL and call.dialling is None and not is_rung_for_another
