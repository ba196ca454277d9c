"""Programs that can be stopped and woken, as SIGSTOP and SIGCONT do, on a loop whose time goes on meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextvars import Context, ContextVar, copy_context
from typing import Any, TypeVarTuple, Unpack, cast

from zhiyin.engine.adapters.simulator.virtual_time import VirtualLoop

_PROCESS: ContextVar[Process | None] = ContextVar("process", default=None)

Ts = TypeVarTuple("Ts")

_Call = Callable[..., object]


class Process:
    """One program: all that runs in its ``context``. Stopped, its callbacks wait in their order."""

    def __init__(self) -> None:
        self.is_stopped = False
        self._held: list[tuple[list[asyncio.Handle], _Call, tuple[Any, ...]]] = []
        self.context = copy_context()
        self.context.run(_PROCESS.set, self)

    def enter(self, call: _Call, *args: object) -> None:
        """Let something from outside reach the program: a fact, a wish. Stopped, it finds it when it wakes."""
        asyncio.get_running_loop().call_soon(call, *args, context=self.context)

    def stop(self) -> None:
        self.is_stopped = True

    def wake(self) -> None:
        """Go on where it was stopped; what it had cancelled by then is not done."""
        self.is_stopped = False
        held, self._held = self._held, []
        loop = asyncio.get_running_loop()
        for handle, call, args in held:
            loop.call_soon(self.run, handle, call, args, context=handle[0]._context)  # type: ignore[attr-defined]

    def run(self, handle: list[asyncio.Handle], call: _Call, args: tuple[Any, ...]) -> None:
        if self.is_stopped:
            self._held.append((handle, call, args))
        elif not handle[0].cancelled():
            call(*args)


class ProcessLoop(VirtualLoop):
    """A virtual loop that asks whose a callback is before it runs it."""

    def call_soon(
        self, callback: Callable[[Unpack[Ts]], object], *args: *Ts, context: Context | None = None
    ) -> asyncio.Handle:
        context = context or copy_context()
        process, called = context.get(_PROCESS), cast("object", callback)
        if process is None or called == process.run:
            return super().call_soon(callback, *args, context=context)
        handle: list[asyncio.Handle] = []
        handle.append(super().call_soon(process.run, handle, callback, args, context=context))
        return handle[0]

    def call_at(
        self, when: float, callback: Callable[[Unpack[Ts]], object], *args: *Ts, context: Context | None = None
    ) -> asyncio.TimerHandle:
        context = context or copy_context()
        process = context.get(_PROCESS)
        if process is None:
            return super().call_at(when, callback, *args, context=context)
        handle: list[asyncio.Handle] = []
        timer = super().call_at(when, process.run, handle, callback, args, context=context)
        handle.append(timer)
        return timer


async def outside(work: Callable[[], Any]) -> Any:
    """Carry something out that a stopped program cannot hold back any more: it is on its way already."""
    context = copy_context()
    context.run(_PROCESS.set, None)
    task = asyncio.get_running_loop().create_task(work(), context=context)
    task.add_done_callback(lambda done: done.cancelled() or done.exception())  # nobody may be there to hear of it
    return await asyncio.shield(task)
