"""The plain beginnings: straight into a queue, a menu of queues, a question after the service, a goodbye. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from zhiyin.apps.flows.templates.drawing import Drawing, Graph, prompt


def _begin(drawing: Drawing, hours: int | None, first: str) -> None:
    drawing.node("start", "start", column=0)
    if hours is None:
        drawing.edge("start", "next", first)
        return
    drawing.node("hours", "hours", column=1, hours=hours)
    drawing.node("closed", "hang_up", column=2, row=2, prompt=prompt("closed"), reason="closed")
    drawing.edge("start", "next", "hours")
    drawing.edge("hours", "open", first)
    drawing.edge("hours", "closed", "closed")


def _leave_word(drawing: Drawing, column: int) -> None:
    drawing.node("sorry", "hang_up", column=column, row=2, prompt=prompt("all_busy"), reason="no_agents")


def queue_flow(*, queue: int, hours: int | None = None) -> Graph:
    """Greeting, then straight into one queue; outside the hours the closed message."""
    drawing = Drawing()
    _begin(drawing, hours, "welcome")
    drawing.node("welcome", "play", column=2, prompt=prompt("welcome"))
    drawing.node("queue", "queue", column=3, queue=queue, priority=0)
    _leave_word(drawing, 4)
    drawing.edge("welcome", "next", "queue")
    drawing.edge("queue", "closed", "sorry")
    drawing.edge("queue", "overflow", "sorry")
    return drawing.graph()


def menu_flow(*, queues: Mapping[str, tuple[int, str]], menu: str, hours: int | None = None) -> Graph:
    """Greeting and a menu: each key of ``queues`` leads to (queue, label); 0 says the menu again."""
    drawing = Drawing()
    _begin(drawing, hours, "welcome")
    drawing.node("welcome", "play", column=2, prompt=prompt("welcome"))
    labels = {key: label for key, (_, label) in queues.items()} | {"0": "重听"}
    drawing.node("menu", "menu", column=3, prompt=prompt(menu), keys=labels, timeout_s=6, tries=3)
    drawing.edge("welcome", "next", "menu")
    drawing.edge("menu", "0", "menu")
    _leave_word(drawing, 5)
    for row, (key, (queue, _)) in enumerate(queues.items()):
        name = drawing.node(f"queue_{key}", "queue", column=4, row=row, queue=queue, priority=0)
        drawing.edge("menu", key, name)
        drawing.edge(name, "closed", "sorry")
        drawing.edge(name, "overflow", "sorry")
    first = f"queue_{next(iter(queues))}"
    drawing.node("goodbye", "hang_up", column=4, row=len(queues), prompt=prompt("goodbye"), reason="wrong_key")
    drawing.edge("menu", "no_key", first)  # a caller with an old telephone has no keys that sound
    drawing.edge("menu", "wrong_key", "goodbye")
    return drawing.graph()


def survey_flow() -> Graph:
    """满意度邀评: one question from 5 (the best) to 1, thanks, goodbye."""
    drawing = Drawing()
    drawing.node("start", "start", column=0)
    scores = {str(score): score for score in range(1, 6)}
    drawing.node("rate", "rate", column=1, question="服务满意度", prompt=prompt("survey_service"), scores=scores)
    drawing.node("thanks", "hang_up", column=2, prompt=prompt("survey_thanks"))
    drawing.node("goodbye", "hang_up", column=2, row=1, prompt=prompt("goodbye"))
    drawing.edge("start", "next", "rate")
    drawing.edge("rate", "rated", "thanks")
    drawing.edge("rate", "low", "thanks")
    drawing.edge("rate", "none", "goodbye")
    return drawing.graph()


def empty_flow() -> Graph:
    """A start that says goodbye: the least that can be published."""
    drawing = Drawing()
    drawing.node("start", "start", column=0)
    drawing.node("goodbye", "hang_up", column=1, prompt=prompt("goodbye"))
    drawing.edge("start", "next", "goodbye")
    return drawing.graph()
