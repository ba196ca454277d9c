"""What a script is run against: a flow, and the company around it as its settings say."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from zhiyin.domain.flows.graph import Flow
from zhiyin.domain.flows.steps import unjudged
from zhiyin.domain.routing.classes import ClassRule
from zhiyin.domain.routing.queues import QueueRule

#: When a script begins that says no moment: a Wednesday morning. All hours are open then.
NO_MOMENT = datetime(2026, 1, 7, 2, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Scene:
    """``queue_names``, ``hours_names`` and ``customer_classes`` map what people call them to ids.

    ``is_open(hours, at)`` raises ``KeyError`` for unknown hours; ``moment`` makes an instant of the company's wall
    clock, ``local`` that of an instant; ``seconds_of`` is how long a prompt is; ``language`` the one in which the
    company speaks first.
    """

    flow: Flow
    queues: Mapping[int, QueueRule]
    queue_names: Mapping[str, int]
    hours_names: Mapping[str, int]
    is_open: Callable[[int, datetime], bool]
    moment: Callable[[datetime], datetime]
    local: Callable[[datetime], datetime]
    classes: tuple[ClassRule, ...] = ()
    judge: Callable[[str, Mapping[str, str]], bool] = unjudged
    seconds_of: Callable[[str], float] = lambda _prompt: 2.0
    flow_id: int = 0
    version: int = 0
    prompts: Mapping[str, object] = field(default_factory=dict)
    customer_classes: Mapping[str, int] = field(default_factory=dict)
    language: str = "zh"
