"""Flows that a company starts with, as graphs ready to publish. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Graph = dict[str, Any]


class _Drawing:
    """Collects nodes and edges, laying the nodes out on a grid (pixels)."""

    def __init__(self) -> None:
        self.nodes: list[dict[str, Any]] = []
        self.edges: list[dict[str, str]] = []

    def node(self, name: str, kind: str, *, column: int, row: int = 0, **config: Any) -> str:
        position = {"x": 80 + 340 * column, "y": 80 + 180 * row}
        self.nodes.append({"id": name, "kind": kind, "config": config, "position": position})
        return name

    def edge(self, source: str, exit_: str, target: str) -> None:
        self.edges.append({"from": source, "exit": exit_, "to": target})

    def graph(self) -> Graph:
        return {"format": 1, "start": "start", "nodes": self.nodes, "edges": self.edges}


def _prompt(key: str) -> dict[str, str]:
    return {"key": key}


def _begin(drawing: _Drawing, hours: int | None, first: str) -> None:
    drawing.node("start", "start", column=0)
    if hours is None:
        drawing.edge("start", "next", first)
        return
    drawing.node("hours", "hours", column=1, hours=hours)
    drawing.node("closed", "hang_up", column=2, row=2, prompt=_prompt("closed"), reason="closed")
    drawing.edge("start", "next", "hours")
    drawing.edge("hours", "open", first)
    drawing.edge("hours", "closed", "closed")


def _leave_word(drawing: _Drawing, column: int) -> None:
    drawing.node("sorry", "hang_up", column=column, row=2, prompt=_prompt("all_busy"), reason="no_agents")


def queue_flow(*, queue: int, hours: int | None = None) -> Graph:
    """Greeting, then straight into one queue; outside the hours the closed message."""
    drawing = _Drawing()
    _begin(drawing, hours, "welcome")
    drawing.node("welcome", "play", column=2, prompt=_prompt("welcome"))
    drawing.node("queue", "queue", column=3, queue=queue, priority=0)
    _leave_word(drawing, 4)
    drawing.edge("welcome", "next", "queue")
    drawing.edge("queue", "closed", "sorry")
    drawing.edge("queue", "overflow", "sorry")
    return drawing.graph()


def menu_flow(*, queues: Mapping[str, tuple[int, str]], prompt: str, hours: int | None = None) -> Graph:
    """Greeting and a menu: each key of ``queues`` leads to (queue, label); 0 says the menu again."""
    drawing = _Drawing()
    _begin(drawing, hours, "welcome")
    drawing.node("welcome", "play", column=2, prompt=_prompt("welcome"))
    labels = {key: label for key, (_, label) in queues.items()} | {"0": "重听"}
    drawing.node("menu", "menu", column=3, prompt=_prompt(prompt), keys=labels, timeout_s=6, tries=3)
    drawing.edge("welcome", "next", "menu")
    drawing.edge("menu", "0", "menu")
    _leave_word(drawing, 5)
    for row, (key, (queue, _)) in enumerate(queues.items()):
        name = drawing.node(f"queue_{key}", "queue", column=4, row=row, queue=queue, priority=0)
        drawing.edge("menu", key, name)
        drawing.edge(name, "closed", "sorry")
        drawing.edge(name, "overflow", "sorry")
    first = f"queue_{next(iter(queues))}"
    drawing.node("goodbye", "hang_up", column=4, row=len(queues), prompt=_prompt("goodbye"), reason="wrong_key")
    drawing.edge("menu", "no_key", first)  # a caller with an old telephone has no keys that sound
    drawing.edge("menu", "wrong_key", "goodbye")
    return drawing.graph()


def survey_flow() -> Graph:
    """满意度邀评: one question from 5 (the best) to 1, thanks, goodbye."""
    drawing = _Drawing()
    drawing.node("start", "start", column=0)
    scores = {str(score): score for score in range(1, 6)}
    drawing.node("rate", "rate", column=1, question="服务满意度", prompt=_prompt("survey_service"), scores=scores)
    drawing.node("thanks", "hang_up", column=2, prompt=_prompt("survey_thanks"))
    drawing.node("goodbye", "hang_up", column=2, row=1, prompt=_prompt("goodbye"))
    drawing.edge("start", "next", "rate")
    drawing.edge("rate", "rated", "thanks")
    drawing.edge("rate", "low", "thanks")
    drawing.edge("rate", "none", "goodbye")
    return drawing.graph()


def empty_flow() -> Graph:
    """A start that says goodbye: the least that can be published."""
    drawing = _Drawing()
    drawing.node("start", "start", column=0)
    drawing.node("goodbye", "hang_up", column=1, prompt=_prompt("goodbye"))
    drawing.edge("start", "next", "goodbye")
    return drawing.graph()
