"""What breaks, by the step's name: the engine, the log, the disk, the line to Asterisk, Asterisk itself, settings."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from random import Random

from zhiyin.config.simulation.dice import dice_of
from zhiyin.config.simulation.history import Step
from zhiyin.config.simulation.leaders import PairedStage
from zhiyin.config.simulation.line import FACT_FAULTS, REQUEST_FAULTS
from zhiyin.config.simulation.stage import FAR, Stage
from zhiyin.domain.leadership import ANNOUNCED_FOR_S, LEASE_S

_SPANS_S = (0.5, 3.0, 8.0)
#: shorter and longer than a lease
_FROZEN_S = (0.3, 1.5, 2.5, 6.0, 15.0)
#: how long one of several Asterisks is out of sight, and after how long its calls count as lost
_UNSEEN_S = (5.0, 40.0, 90.0, 300.0, 900.0)
_LOST_AFTER_S = (30.0, 600.0)
#: what the machine's clock is set by, forward or back
_JUMPS_S = (-3600.0, -30.0, -2.0, 2.0, 30.0, 3600.0)


class Faults:
    """Begins each fault and lets it end. One of a kind at a time: the newer ends the older."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._ends: dict[str, asyncio.TimerHandle] = {}
        self._kills = 0
        self._steps: Mapping[str, Callable[[Random], None]] = {
            "kill": self._kill,
            "pause_log": self._pause_log,
            "slow_log": self._slow_log,
            "hang_log": self._hang_log,
            "full_disk": self._full_disk,
            "break_line": lambda dice: self._break_line(dice.choice(_SPANS_S), is_restarted=False),
            "restart_asterisk": lambda dice: self._break_line(dice.choice(_SPANS_S), is_restarted=True),
            "unseen": self._unseen,
            "requests": lambda dice: self._weather(dice, of_requests=True),
            "facts": lambda dice: self._weather(dice, of_requests=False),
            "freeze": self._freeze,
            "jump": lambda dice: self._stage.jump(dice.choice(_JUMPS_S)),
            "settings": lambda dice: self._stage.change_settings(dice.getrandbits(16)),
        }

    def play(self, step: Step) -> None:
        self._stage.note("fault", step.do)
        self._steps[step.do](dice_of(self._stage.seed, step.do, step.dice))

    def heal(self) -> None:
        """End every fault now."""
        for handle in list(self._ends.values()):
            handle.cancel()
        self._ends.clear()
        self._log_well()
        self._stage.disk.is_full = False
        self._stage.weather.clear()
        self._stage.telephony.connection.come_back()
        self._stage.telephony.sight.find(FAR)
        if isinstance(self._stage, PairedStage):
            self._stage.heal()

    @property
    def is_any(self) -> bool:
        """Whether anything is broken now."""
        return bool(self._ends) or self._stage.weather.is_bad or not self._stage.is_serving

    def _for(self, name: str, for_s: float, end: Callable[[], None]) -> None:
        self._stage.weather.be_bad(for_s)
        if name in self._ends:
            self._ends.pop(name).cancel()

        def over() -> None:
            self._ends.pop(name, None)
            end()

        self._ends[name] = self._stage.loop.call_later(for_s, over)

    def _kill(self, dice: Random) -> None:
        self._stage.run(self._kill_and_start(dice.choice((0.0, 0.5, 4.0))))

    async def _kill_and_start(self, gap_s: float) -> None:
        self._kills += 1
        mine = self._kills
        await self._stage.kill()
        await asyncio.sleep(gap_s)
        if mine == self._kills:  # else a newer death begins the next engine
            self._stage.start()

    def _freeze(self, dice: Random) -> None:
        for_s = dice.choice(_FROZEN_S)
        self._for("freeze", for_s + LEASE_S + ANNOUNCED_FOR_S, lambda: None)
        if isinstance(self._stage, PairedStage):
            self._stage.freeze(for_s)

    def _pause_log(self, dice: Random) -> None:
        self._stage.log.is_away = True
        self._for("log", dice.choice(_SPANS_S), self._log_well)

    def _slow_log(self, dice: Random) -> None:
        self._stage.log.write_s = dice.choice((0.1, 0.5, 2.0))
        self._for("log", dice.choice(_SPANS_S), self._log_well)

    def _hang_log(self, dice: Random) -> None:
        self._stage.log.hangs = "before" if dice.random() < 0.5 else "after"
        self._for("log", dice.choice(_SPANS_S), self._log_well)

    def _log_well(self) -> None:
        log = self._stage.log
        log.is_away, log.hangs, log.write_s = False, "", 0.002

    def _full_disk(self, dice: Random) -> None:
        """The disk is full just when the log is away: then nothing can be made durable."""
        self._stage.disk.is_full = True
        self._stage.log.is_away = True
        self._for("disk", dice.choice(_SPANS_S), lambda: setattr(self._stage.disk, "is_full", False))
        self._for("log", dice.choice(_SPANS_S), self._log_well)

    def _break_line(self, for_s: float, *, is_restarted: bool) -> None:
        telephony = self._stage.telephony
        telephony.connection.go_away()
        self._for("line", for_s, lambda: telephony.connection.come_back(is_restarted=is_restarted))

    def _unseen(self, dice: Random) -> None:
        """One of two Asterisks is out of sight; it may be found before, or after its calls were given up."""
        sight = self._stage.telephony.sight
        sight.lost_after_s = dice.choice(_LOST_AFTER_S)
        is_restarted = dice.random() < 0.3
        sight.lose(FAR)
        self._for("unseen", dice.choice(_UNSEEN_S), lambda: sight.find(FAR, is_restarted=is_restarted))

    def _weather(self, dice: Random, *, of_requests: bool) -> None:
        self._stage.weather.begin(
            of_requests=of_requests,
            fault=dice.choice(REQUEST_FAULTS if of_requests else FACT_FAULTS),
            for_s=dice.choice(_SPANS_S),
            share=dice.choice((0.2, 0.6, 1.0)),
            dice=dice,
        )
