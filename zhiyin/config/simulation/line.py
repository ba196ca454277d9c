"""What can go wrong between one engine and the telephone side: requests that fail, hang or lose their answer, facts
that are lost, late, doubled or told in another order."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any, cast

from zhiyin.config.simulation.dice import dice_of
from zhiyin.config.simulation.processes import outside
from zhiyin.engine.adapters.simulator.telephony import SimulatedTelephony
from zhiyin.engine.leader import Leadership
from zhiyin.engine.lease import Gate
from zhiyin.engine.ports import Fact, Refused, Telephony, TelephonyAway, TelephonyDown, TelephonyUp
from zhiyin.engine.stocktaking import EVERY_S

#: How long the adapter of Asterisk waits for an answer.
REQUEST_TIMEOUT_S = 5.0
REQUEST_FAULTS = ("fails", "hangs", "answer_lost", "slow", "refused")
FACT_FAULTS = ("lost", "late", "doubled", "reordered")
#: How long the engine may take to make good a request that failed, and to notice a fact that never came.
_MENDED_S, _NOTICED_S = 25.0, 2 * EVERY_S + 6


@dataclass(slots=True)
class Window:
    """Until ``until_s`` this share of requests or facts meets the fault."""

    fault: str
    until_s: float
    share: float
    dice: Random


@dataclass(slots=True)
class Weather:
    """The faults in force. ``note`` is told what met one."""

    requests: list[Window] = field(default_factory=list)
    facts: list[Window] = field(default_factory=list)
    latency_s: float = 0.0
    seed: int = 0
    #: when the last of all faults is over and made good
    bad_until_s: float = 0.0

    def begin(self, *, of_requests: bool, fault: str, for_s: float, share: float, dice: Random) -> None:
        until_s = asyncio.get_running_loop().time() + for_s
        self.be_bad(for_s, mended_s=_MENDED_S if of_requests else _NOTICED_S)
        (self.requests if of_requests else self.facts).append(Window(fault, until_s, share, dice))

    def be_bad(self, for_s: float, *, mended_s: float = _MENDED_S) -> None:
        """Something is broken for this long; the engine may take ``mended_s`` to make it good."""
        self.bad_until_s = max(self.bad_until_s, asyncio.get_running_loop().time() + for_s + mended_s)

    def clear(self) -> None:
        self.requests.clear()
        self.facts.clear()

    @property
    def is_bad(self) -> bool:
        return asyncio.get_running_loop().time() < self.bad_until_s

    def fault_of(self, windows: list[Window]) -> str:
        if not windows:
            return ""
        now_s = asyncio.get_running_loop().time()
        windows[:] = [window for window in windows if window.until_s > now_s]
        return next((w.fault for w in windows if w.dice.random() < w.share), "")


class Line:
    """One engine's connection to the telephone side. Passes every request on, also those that are added later."""

    def __init__(
        self,
        telephony: SimulatedTelephony,
        weather: Weather,
        *,
        on_fact: Callable[[Fact], None],
        on_request: Callable[[str, tuple[Any, ...], str], None],
        gate: Gate | None = None,
        term: Leadership | None = None,
    ) -> None:
        """``gate``: what is asked waits there; past it, it arrives. ``term``: whose requests these are."""
        self._telephony = telephony
        self._weather = weather
        self._on_fact = on_fact
        self._on_request = on_request
        self._held_back: list[Fact] = []
        self._asked = 0
        self._gate, self._term = gate, term
        #: told of each request as it arrives: its term and its verb
        self.on_arrived: Callable[[int, str], None] = lambda _term, _verb: None
        self.is_cut = False

    @property
    def port(self) -> Telephony:
        return cast(Telephony, self)

    def cut(self) -> None:
        """The engine is dead: nothing of it reaches the telephone side any more, nothing is told to it."""
        self.is_cut = True

    def __getattr__(self, verb: str) -> Any:
        request = getattr(self._telephony, verb)
        if not inspect.iscoroutinefunction(request):
            raise AttributeError(verb)

        async def ask(*given: Any, **named: Any) -> Any:
            if self._gate is None:
                return await send(*given, **named)
            await self._gate.passed()
            return await outside(lambda: send(*given, **named))

        async def send(*given: Any, **named: Any) -> Any:
            fault = await self._meet(verb, given)
            if self.is_cut:
                raise asyncio.CancelledError
            if self._term is not None and not fault:  # one that hung on its way is made harmless by its ids
                self.on_arrived(self._term.epoch, verb)
            answer = await request(*given, **named)
            if fault == "answer_lost":
                await asyncio.sleep(REQUEST_TIMEOUT_S)
                raise TelephonyAway("the answer was lost")
            return answer

        setattr(self, verb, ask)
        return ask

    async def _meet(self, verb: str, given: tuple[Any, ...]) -> str:
        """Take the request's time, meet its fault; raises where it does not come through."""
        if self.is_cut:
            raise asyncio.CancelledError
        weather = self._weather
        fault = weather.fault_of(weather.requests)
        self._on_request(verb, given, fault)
        self._asked += 1
        if weather.latency_s and verb != "set_globals":
            await asyncio.sleep(weather.latency_s * dice_of(weather.seed, verb, self._asked).random())
        match fault:
            case "fails":
                raise TelephonyAway("the connection broke")
            case "refused":
                raise Refused("internal error")
            case "hangs":
                await asyncio.sleep(REQUEST_TIMEOUT_S)
                raise TelephonyAway("no answer in time")
            case "slow":
                await asyncio.sleep(REQUEST_TIMEOUT_S * 0.6)
            case _:
                pass
        return fault

    def tell(self, fact: Fact) -> None:
        """Tell the engine a fact, as the weather lets it through."""
        if self.is_cut:
            return
        is_call = not isinstance(fact, TelephonyUp | TelephonyDown)
        fault = self._weather.fault_of(self._weather.facts) if is_call else ""
        loop = asyncio.get_running_loop()
        match fault:
            case "lost":
                return
            case "late":
                loop.call_later(3.0, self._pass_on, fact)
                return
            case "reordered":
                loop.call_later(0.15, self._pass_on, fact)
                return
            case "doubled":
                loop.call_later(0.5, self._pass_on, fact)
            case _:
                pass
        self._pass_on(fact)

    def _pass_on(self, fact: Fact) -> None:
        if not self.is_cut:
            self._on_fact(fact)
