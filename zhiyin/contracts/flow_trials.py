"""A trial call of a flow in virtual time, in a company as its settings say; and the test that it can be kept as."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from zhiyin.contracts.flow_scenes import scene_of
from zhiyin.contracts.script_runs import named
from zhiyin.contracts.snapshots import TenantSettings
from zhiyin.domain.flow_scripts.recording import record
from zhiyin.domain.flow_scripts.script import Script
from zhiyin.domain.flow_scripts.trial import Trial, play_trial, to_script
from zhiyin.domain.flows.graph import read_flow
from zhiyin.domain.interactions import InteractionEvent


@dataclass(frozen=True, slots=True)
class Told:
    """A trial with queues by their names, and ``script``, the test that would keep it ("": it came to nothing)."""

    trial: Trial
    script: str


def try_flow(
    settings: TenantSettings,
    graph: Mapping[str, Any],
    acts: Script,
    *,
    seconds: Mapping[str, float] | None = None,
    language: str = "zh",
    customer_classes: Mapping[str, int] | None = None,
) -> Told:
    """Play the acts on a graph. ``language`` is that of the script, "zh" or "en"; ``customer_classes``: their ids by
    name. Raises ``BadFlow``."""
    scene = scene_of(settings, read_flow(graph), seconds=seconds, customer_classes=customer_classes)
    trial = play_trial(acts, scene)
    script = to_script(acts, trial, scene, language=language) if trial.turns else ""
    queues = {str(queue): name for name, queue in scene.queue_names.items()}
    turns = tuple(replace(turn, traces=named(turn.traces, queues)) for turn in trial.turns)
    return Told(replace(trial, turns=turns), script)


def script_of_contact(
    settings: TenantSettings,
    graph: Mapping[str, Any],
    events: Sequence[tuple[datetime, InteractionEvent]],
    *,
    seconds: Mapping[str, float] | None = None,
    language: str = "zh",
) -> tuple[str, bool]:
    """Return the test that goes a contact's way through the graph it met, and whether it goes all of it.

    ``events`` are the contact's, the first first. Raises ``BadFlow`` where the graph cannot be read any more.
    """
    scene = scene_of(settings, read_flow(graph), seconds=seconds)
    found = record(events, scene)
    return to_script(found.acts, play_trial(found.acts, scene), scene, language=language), found.is_whole
