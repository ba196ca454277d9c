"""Running a script: its lines one after the other, until one does not hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from zhiyin.domain.flow_scripts.caller import HoursTold, RunsWild, Trace, VirtualCaller, World
from zhiyin.domain.flow_scripts.scene import NO_MOMENT, Scene
from zhiyin.domain.flow_scripts.script import Line, Script, minute_of
from zhiyin.domain.flows.requests import LATE

_QUEUES = frozenset({"queue", "voicemail", "callback", "booking"})


@dataclass(frozen=True, slots=True)
class Outcome:
    """``failed_at``: the line that did not hold, and ``why``; ``instead``: what happened since the act before it."""

    failed_at: Line | None = None
    why: str = ""
    traces: tuple[Trace, ...] = ()
    instead: tuple[Trace, ...] = ()
    lasted_s: float = 0.0

    @property
    def is_passed(self) -> bool:
        return self.failed_at is None


class Fails(Exception):
    """A line does not hold, or cannot be done; ``why`` is a code."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def run_script(script: Script, scene: Scene) -> Outcome:
    """Return what came of it. Never raises for any script that can be read."""
    return Run(scene).play(script)


class Run:
    """One caller in one world: lines are done one by one. The call comes in with the first that is no given one."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._world = World(NO_MOMENT)
        self._caller: VirtualCaller | None = None
        self._since = 0  # the first trace after the last act

    def play(self, script: Script) -> Outcome:
        for line in script.lines:
            try:
                self.do(line)
            except Fails as fails:
                return self._outcome(line, fails.why)
            except RunsWild:
                return self._outcome(line, "runs_wild")
        return self._outcome(None, "")

    def _outcome(self, line: Line | None, why: str) -> Outcome:
        caller = self._caller
        if caller is None:
            return Outcome(line, why)
        lasted_s = (caller.now - self._world.began_at).total_seconds()
        instead = tuple(caller.traces[self._since :]) if line is not None else ()
        return Outcome(line, why, tuple(caller.traces), instead, round(lasted_s, 1))

    def do(self, line: Line) -> None:
        """Raises ``Fails`` and ``RunsWild``."""
        match line.command, line.arguments:
            case "expect", _:
                self._expect(line)
            case "never", _:
                self._never(line)
            case "press", (keys,):
                self._act().press(keys)
            case "say", words:
                if not self._act().say(" ".join(words)):
                    raise Fails("nobody_listens")
            case "wait", ():
                self._act().wait_out()
            case "wait", (seconds,):
                self._act().pass_s(float(seconds))
            case "hangup", _:
                self._act().hang_up()
            case "answer", _:
                if not self._act().answer():
                    raise Fails("nobody_waits")
            case _:
                self._give(line)

    def _give(self, line: Line) -> None:
        world = self._world
        match line.command, line.arguments:
            case "at", (day, minute):
                local = datetime.strptime(f"{day} {minute}", "%Y-%m-%d %H:%M")  # noqa: DTZ007 - its zone follows
                world.began_at, world.are_hours_told = self._scene.moment(local), True
            case "closed" | "open", (*named,):
                world.hours.append(self._hours_told(named, is_open=line.command == "open"))
            case "caller", (number,):
                world.number = number
            case "vip", _:
                world.is_vip = True
            case "class", (name,):
                world.customer_classes.add(self._customer_class(name))
            case "unstaffed" | "full" | "booked" as how, (name,):
                {"unstaffed": world.unstaffed, "full": world.full, "booked": world.booked}[how].add(self._queue(name))
            case "value", (name, text):
                world.values[name] = text
            case "share", (node, number):
                world.shares[node] = float(number)
            case "lookup", (node, outcome, *values):
                self._answer(node, outcome, values)

    def _answer(self, node: str, outcome: str, values: Sequence[str]) -> None:
        """Let a step be told so when it asks; said again, the next time it asks."""
        if node not in self._scene.flow.nodes:
            raise Fails("unknown_node")
        if outcome not in (LATE, *self._scene.flow.nodes[node].exits):
            raise Fails("unknown_outcome")
        told = dict(one.split("=", 1) for one in values)
        self._world.answers.setdefault(node, []).append((outcome, told))

    def _customer_class(self, name: str) -> int:
        if name not in self._scene.customer_classes:
            raise Fails("unknown_customer_class")
        return self._scene.customer_classes[name]

    def _queue(self, name: str) -> int:
        if name not in self._scene.queue_names:
            raise Fails("unknown_queue")
        return self._scene.queue_names[name]

    def _hours_told(self, named: Sequence[str], *, is_open: bool) -> HoursTold:
        if not named:
            return HoursTold(is_open)
        name, *span = named
        hours = self._hours(name)
        return HoursTold(is_open, hours, *map(minute_of, span)) if span else HoursTold(is_open, hours)

    def _hours(self, name: str) -> int:
        if name not in self._scene.hours_names:
            raise Fails("unknown_hours")
        return self._scene.hours_names[name]

    def _act(self) -> VirtualCaller:
        """Return the caller, who is about to do something: what follows is expected of that."""
        caller = self.calling()
        self._since = len(caller.traces)
        return caller

    def calling(self) -> VirtualCaller:
        """Return the caller; who has not called yet calls now."""
        if self._caller is None:
            self._caller = VirtualCaller(self._scene, self._world)
            self._caller.ring()
        return self._caller

    def _expect(self, line: Line) -> None:
        caller = self.calling()
        self._check_names(line)
        if not self._holds(line, caller):
            caller.listen()
        if not self._holds(line, caller):
            raise Fails("not_so")

    def _never(self, line: Line) -> None:
        caller = self.calling()
        self._check_names(line)
        caller.listen()
        if self._holds(line, caller):
            raise Fails("so_it_was")

    def _check_names(self, line: Line) -> None:
        """An expectation of what there is not is a slip, also where it is not to come about."""
        scene, name = self._scene, line.arguments[0] if line.arguments else ""
        if line.aspect in _QUEUES:
            self._queue(name)
        elif line.aspect == "node" and name not in scene.flow.nodes:
            raise Fails("unknown_node")
        elif line.aspect == "any" and not (
            name in scene.queue_names or name in scene.flow.nodes or self._is_said(name)
        ):
            raise Fails("unknown_name")

    def _is_said(self, prompt: str) -> bool:
        """Return whether there is such a prompt."""
        return prompt in self._scene.prompts or any(prompt in node.prompts for node in self._scene.flow.nodes.values())

    def _holds(self, line: Line, caller: VirtualCaller) -> bool:
        if line.aspect == "value":
            return caller.values.get(line.arguments[0]) == line.arguments[1]
        wanted = line.arguments[0] if line.arguments else None
        queue = str(self._scene.queue_names.get(wanted or "", ""))
        for trace in caller.traces[self._since :]:
            name = queue if trace.what in _QUEUES else wanted
            is_of_it = line.aspect in ("any", trace.what)
            if is_of_it and (wanted is None or trace.name == name):
                return True
        return False
