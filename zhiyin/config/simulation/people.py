"""The people of a history: callers who press a key, wait as long as they are patient and talk; agents who answer or let
it ring, hang up when they have talked, and complete their wrap-up. Plus the steps by name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random

from zhiyin.config.simulation.company import HOTLINE, is_sip
from zhiyin.config.simulation.dice import dice_of
from zhiyin.config.simulation.history import Step
from zhiyin.config.simulation.stage import Stage
from zhiyin.config.simulation.wishes import Moment, make_wish
from zhiyin.contracts import commands as c
from zhiyin.contracts.events import Envelope
from zhiyin.domain.agents import AgentState, AgentStateChanged
from zhiyin.domain.interactions import Phase, SegmentStarted
from zhiyin.engine.adapters.simulator.legs import Behaviour

_CALLERS = ("13800138000", "02162000000", "anonymous", "13911112222")


class People:
    """Plays steps and lives on by itself."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._is_natural = stage.history.is_natural
        stage.telephony.choose_behaviour = self._behaviour
        stage.on_event = self._react
        self._steps: Mapping[str, Callable[[int, Random], None]] = {
            "call": self._call,
            "press": self._press,
            "leave": self._leave,
            "mute": self._mute,
            "desk": self._desk,
            "rest": self._rest,
            "close_desk": self._close_desk,
            "flap": self._flap,
            "wish": self._wish,
        }

    def play(self, step: Step) -> bool:
        """Do the step, if it is one of people; return whether it was."""
        do = self._steps.get(step.do)
        if do is not None:
            do(step.dice, dice_of(self._stage.seed, step.do, step.dice))
        return do is not None

    # --- callers ----------------------------------------------------------------------------------------------------

    def _call(self, roll: int, dice: Random) -> None:
        stage = self._stage
        endpoint = "trunk-1" if dice.random() < 0.95 else "trunk-9"
        sip = [account for account in sorted(stage.telephony.registered) if account.startswith("desk")]
        if sip and roll % 20 == 0:
            leg = stage.telephony.call(dice.choice((HOTLINE, "13700137000")), endpoint=dice.choice(sip))
        else:
            leg = stage.telephony.call(HOTLINE, caller=dice.choice(_CALLERS), endpoint=endpoint)
        stage.note("caller", f"{leg} calls")
        stage.later(dice.uniform(2, 6), lambda: stage.telephony.press(leg, dice.choice("1112229")))
        stage.later(dice.expovariate(1 / 90) + 5, lambda: self._lose_patience(leg))
        if dice.random() < 0.4:
            self._choose_not_to_wait(leg, dice)

    def _choose_not_to_wait(self, leg: str, dice: Random) -> None:
        """In line, ask to be called back, at this number or another, or leave a message."""
        stage, keys = self._stage, dice.choice(("11", "11", "2", "2#", "1213700137000#1"))
        at_s = dice.uniform(10, 20)
        for key in keys:
            stage.later(at_s, lambda key=key: stage.telephony.press(leg, key))  # type: ignore[misc]
            at_s += dice.uniform(4, 7) if key in "12" and len(keys) < 4 else dice.uniform(0.3, 2)
            stage.later(at_s - 0.2, lambda: stage.telephony.speak(leg))

    def _lose_patience(self, leg: str) -> None:
        known = self._stage.telephony.legs.get(leg)
        if known is not None and not (known.bridge and self._stage.telephony.hears(leg)):
            self._stage.note("caller", f"{leg} has waited long enough")
            self._stage.telephony.end(leg)

    def _callers(self) -> list[str]:
        return [leg.id for leg in self._stage.telephony.legs.values() if leg.dialled]

    def _press(self, _roll: int, dice: Random) -> None:
        if callers := self._callers():
            caller = dice.choice(callers)
            self._stage.telephony.press(caller, dice.choice("11220*789#"))
            self._stage.later(dice.uniform(0, 8), lambda: self._stage.telephony.speak(caller))

    def _leave(self, _roll: int, dice: Random) -> None:
        """Anybody hangs up: a caller, an agent's telephone, a party outside."""
        if legs := list(self._stage.telephony.legs):
            leg = dice.choice(legs)
            self._stage.note("caller", f"{leg} hangs up")
            self._stage.telephony.end(leg)

    def _mute(self, _roll: int, dice: Random) -> None:
        """A leg's voice stops: its page or its network is gone."""
        if legs := [leg for leg in self._stage.telephony.legs if self._stage.telephony.legs[leg].is_up]:
            self._stage.telephony.lose_media(dice.choice(legs))

    # --- agents -----------------------------------------------------------------------------------------------------

    def _desk(self, roll: int, _dice: Random) -> None:
        """An agent logs in, or opens the desk anew; an odd roll is another tab."""
        self._stage.open_desk(1 + roll // 2 % self._stage.history.agents, tab=roll % 2)

    def _rest(self, roll: int, _dice: Random) -> None:
        self._stage.ask(c.SetNotReady(1 + roll % self._stage.history.agents, "rest"))

    def _close_desk(self, roll: int, _dice: Random) -> None:
        """The agent's browser is closed: the desk, and with it the telephone."""
        agent = 1 + roll % self._stage.history.agents
        self._stage.desks.discard(agent)
        self._stage.ask(c.DeskConnected(agent, is_connected=False))
        for account in self._accounts(agent):
            self._stage.telephony.unregister(account)
        for leg in self._legs_of(agent):
            self._stage.later(10.0, lambda leg=leg: self._stage.telephony.lose_media(leg))  # type: ignore[misc]

    def _flap(self, roll: int, dice: Random) -> None:
        """The agent's telephone loses its registration and comes back."""
        for account in self._accounts(1 + roll % self._stage.history.agents):
            self._stage.telephony.unregister(account)
            self._stage.later(dice.choice((0.05, 2.0, 30.0)), lambda account=account: self._return(account))  # type: ignore[misc]

    def _return(self, account: str) -> None:
        if account in self._stage.telephony.identities:
            self._stage.telephony.register(account)

    def _accounts(self, agent: int) -> list[str]:
        if is_sip(agent):
            return [a for a in sorted(self._stage.telephony.registered) if a == f"desk{agent}"]
        return [a for a in sorted(self._stage.telephony.registered) if a.startswith(f"b1-{agent}-")]

    def _legs_of(self, agent: int) -> list[str]:
        accounts = (f"desk{agent}", f"b1-{agent}-")
        return [leg.id for leg in self._stage.telephony.legs.values() if leg.endpoint.startswith(accounts)]

    def _wish(self, roll: int, dice: Random) -> None:
        stage, tenant = self._stage, self._stage.tenant
        if stage.engine is None or tenant is None:
            return
        agent = 1 + roll % stage.history.agents
        sessions = stage.engine.board.sessions
        moment = Moment(
            agent=agent,
            agents=stage.history.agents,
            own=tenant.desk.agent(agent).interaction,
            live=tuple(sessions),
            offers=tuple(offer.offer for s in sessions.values() for offer in s.call.offers),
        )
        stage.ask(make_wish(moment, dice))

    # --- what they do by themselves ---------------------------------------------------------------------------------

    def _behaviour(self, leg: str, to: str) -> Behaviour:
        dice = dice_of(self._stage.seed, "rung", leg)
        fate = dice.random()
        if fate < 0.86 or (self._is_natural and fate < 0.97):
            return Behaviour(answer_s=0.4 if to.startswith("account:b") else dice.uniform(0.5, 6))
        if fate < 0.93:
            return Behaviour(answer_s=None)
        return Behaviour(refuse_s=dice.uniform(0.1, 4), word=dice.choice(("busy", "refused", "congestion")))

    def _react(self, envelope: Envelope) -> None:
        if envelope.type == "SegmentStarted":
            event = envelope.event()
            assert isinstance(event, SegmentStarted)
            self._talk(envelope.stream.removeprefix("i:"), event)
        elif envelope.type == "AgentStateChanged" and self._is_natural:
            changed = envelope.event()
            assert isinstance(changed, AgentStateChanged)
            if changed.state is AgentState.WRAP_UP:
                dice = dice_of(self._stage.seed, "wrap-up", envelope.stream, changed.interaction)
                self._stage.later(dice.expovariate(1 / 12), lambda: self._complete(changed))
            elif changed.state is AgentState.NOT_READY and changed.reason != "signed_in":
                self._stage.later(60, lambda: self._stage.ask(c.SetReady(changed.agent)))

    def _talk(self, interaction: str, event: SegmentStarted) -> None:
        """The two talk; then one of them hangs up."""
        dice = dice_of(self._stage.seed, "talk", interaction, event.segment)
        mean_s = 120 if self._is_natural else 15
        is_agent = dice.random() < 0.5
        self._stage.later(3 + dice.expovariate(1 / mean_s), lambda: self._end_talk(interaction, event, is_agent))

    def _end_talk(self, interaction: str, event: SegmentStarted, is_agent: bool) -> None:  # noqa: FBT001 - of the dice
        stage = self._stage
        session = stage.engine.board.sessions.get(interaction) if stage.engine and stage.is_serving else None
        if session is None or session.call.segment is None or session.call.segment.segment != event.segment:
            return
        if session.call.phase is Phase.ENDED:
            return
        if is_agent:
            stage.ask(c.HangUp(event.agent, interaction))
        else:
            stage.telephony.end(session.call.customer_leg)

    def _complete(self, changed: AgentStateChanged) -> None:
        self._stage.ask(c.CompleteWrapUp(changed.agent, changed.interaction or ""))
