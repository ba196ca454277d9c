"""Plays a history from its first step until all is quiet, and says what was wrong."""

from __future__ import annotations

import asyncio
import gc
import hashlib
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from zhiyin.config.simulation.books import Books
from zhiyin.config.simulation.faults import Faults
from zhiyin.config.simulation.history import History
from zhiyin.config.simulation.leaders import PairedStage
from zhiyin.config.simulation.people import People
from zhiyin.config.simulation.processes import ProcessLoop
from zhiyin.config.simulation.scene import Silence, check_instants, check_now, check_quiet, check_rebuilt
from zhiyin.config.simulation.stage import Stage
from zhiyin.contracts import commands as c
from zhiyin.engine.adapters.simulator.virtual_time import VirtualLoop, run_virtually

#: When the steps are over: first everything heals, then every customer leaves, then the last timers run out.
HEAL_S, LEAVE_S, SETTLE_S = 10.0, 150.0, 1200.0
#: What waits without its caller is cancelled so often: an agent may be working on it.
CANCELLED_TIMES = 3
#: Every so often it is looked whether anybody hears nothing.
LISTEN_EVERY_S = 1.0


@dataclass(slots=True)
class Outcome:
    """What came of a history. ``wrong`` is empty when all held; ``trace`` is kept where it was asked for."""

    wrong: list[str] = field(default_factory=list)
    trace: list[tuple[float, str, object]] = field(default_factory=list)
    calls: int = 0
    answered: int = 0
    events: int = 0
    virtual_s: float = 0.0
    real_s: float = 0.0
    replies: dict[str, int] = field(default_factory=dict)
    #: when the first thing was found wrong
    failed_s: float = 0.0
    #: the same for the same history, whatever the process
    digest: str = ""


def play(history: History, *, is_traced: bool = False) -> Outcome:
    """Play in virtual time. A history has one outcome."""
    outcome = Outcome()
    begun_s = time.perf_counter()
    gc.disable()  # all that a history makes lives until its end anyway
    try:
        loop = ProcessLoop if history.has_standby else VirtualLoop
        run_virtually(_play(history, outcome, is_traced=is_traced), loop=loop)
    finally:
        gc.enable()
    outcome.real_s = time.perf_counter() - begun_s
    gc.collect()
    return outcome


async def _play(history: History, outcome: Outcome, *, is_traced: bool) -> None:
    loop = asyncio.get_running_loop()

    def note(kind: str, what: object) -> None:
        outcome.trace.append((loop.time(), kind, what))

    stage = (PairedStage if history.has_standby else Stage)(history, note=note if is_traced else None)
    people, faults, silence = People(stage), Faults(stage), Silence(stage)

    def found(wrong: Iterable[str]) -> bool:
        for one in wrong:
            outcome.failed_s = outcome.failed_s or loop.time()
            outcome.wrong.append(f"{loop.time():.3f} {one}")
            stage.note("WRONG", one)
        return bool(outcome.wrong)

    listening = asyncio.create_task(_listen(faults, silence, found)) if not history.is_natural else None
    stage.start()
    await asyncio.sleep(0.1)
    for number, step in enumerate(history.steps):
        if outcome.wrong:
            break
        if (left_s := step.at_s - loop.time()) > 0:
            await asyncio.sleep(left_s)
        if not people.play(step):
            faults.play(step)
        if (not history.is_natural or number % 200 == 0) and found([*check_now(stage), *check_rebuilt(stage)]):
            break
    else:
        await _settle(stage, faults)
        found(check_instants(stage))
        found(stage.wrong)
        found(check_quiet(stage))
        found(Books().read(stage.log.envelopes, until=stage.clock.now()))
    if listening is not None:
        listening.cancel()
    await stage.close()
    _count(stage, outcome)


async def _listen(faults: Faults, silence: Silence, found: Callable[[Iterable[str]], bool]) -> None:
    while True:
        await asyncio.sleep(LISTEN_EVERY_S)
        found(silence.check(is_broken=faults.is_any))


async def _settle(stage: Stage, faults: Faults) -> None:
    """Heal, let every customer go, and wait until the last timer has run out."""
    faults.heal()
    await asyncio.sleep(HEAL_S)
    for leg in [leg for leg in stage.telephony.legs if stage.telephony.legs[leg].dialled]:
        stage.telephony.end(leg)
    await asyncio.sleep(LEAVE_S)
    for _ in range(CANCELLED_TIMES):
        if stage.engine is not None and stage.is_serving:
            for session in list(stage.engine.board.sessions.values()):
                for leg in sorted(session.live.legs) if session.call.lacks_customer else (session.call.customer_leg,):
                    stage.telephony.end(leg)
                stage.ask(c.CancelCallback(session.id))
        await asyncio.sleep(LEAVE_S)
    await asyncio.sleep(SETTLE_S)


def _count(stage: Stage, outcome: Outcome) -> None:
    digest = hashlib.sha256()
    for envelope in stage.log.envelopes:
        outcome.calls += envelope.type == "InteractionStarted"
        outcome.answered += envelope.type == "SegmentStarted"
        digest.update(f"{envelope.stream} {envelope.seq} {envelope.at} {envelope.type}".encode())
        digest.update(envelope.body)
    outcome.events = len(stage.log.envelopes)
    outcome.virtual_s = stage.loop.time()
    outcome.replies = stage.replies
    outcome.digest = digest.hexdigest()[:16]
