"""Running the scripts that stand beside a flow, and telling what came of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from xml.etree import ElementTree as ET

from zhiyin.contracts.flow_scenes import scene_of
from zhiyin.contracts.snapshots import TenantSettings
from zhiyin.domain.flow_scripts.caller import Trace
from zhiyin.domain.flow_scripts.run import run_script
from zhiyin.domain.flow_scripts.script import BadScript, read_script
from zhiyin.domain.flows.graph import BadFlow, read_flow


@dataclass(frozen=True, slots=True)
class ScriptRun:
    """What came of one script: ``line`` and ``why`` of what did not hold (0: the flow itself cannot be read)."""

    name: str
    is_passed: bool
    line: int | None = None
    text: str = ""
    why: str = ""
    instead: tuple[Trace, ...] = ()
    traces: tuple[Trace, ...] = ()
    lasted_s: float = 0.0


def run_scripts(
    settings: TenantSettings,
    graph: Mapping[str, Any],
    tests: Sequence[tuple[str, str]],
    *,
    seconds: Mapping[str, float] | None = None,
    customer_classes: Mapping[str, int] | None = None,
) -> list[ScriptRun]:
    """Run (name, script) against a graph, in the company as it stands; ``customer_classes``: their ids by name."""
    try:
        flow = read_flow(graph)
    except BadFlow:
        return [ScriptRun(name, is_passed=False, line=0, why="unreadable_flow") for name, _ in tests]
    scene = scene_of(settings, flow, seconds=seconds, customer_classes=customer_classes)
    queues = {str(queue): name for name, queue in scene.queue_names.items()}
    runs = []
    for name, text in tests:
        try:
            script = read_script(text)
        except BadScript as bad:
            slip = bad.slips[0]
            runs.append(ScriptRun(name, is_passed=False, line=slip.number, text=slip.text, why=slip.code))
            continue
        outcome = run_script(script, scene)
        failed = outcome.failed_at
        runs.append(
            ScriptRun(
                name,
                is_passed=outcome.is_passed,
                line=failed.number if failed else None,
                text=failed.text if failed else "",
                why=outcome.why,
                instead=named(outcome.instead, queues),
                traces=named(outcome.traces, queues),
                lasted_s=outcome.lasted_s,
            )
        )
    return runs


def named(traces: Sequence[Trace], queues: Mapping[str, str]) -> tuple[Trace, ...]:
    """Return the traces with queues by their names."""
    return tuple(
        replace(one, name=queues.get(one.name, one.name)) if one.what in ("queue", "voicemail", "callback") else one
        for one in traces
    )


def told(trace: Trace) -> str:
    """Return what happened on one line."""
    return f"{trace.at_s:g} s {trace.what} {trace.name}".rstrip()


def to_junit(suites: Mapping[str, Sequence[ScriptRun]]) -> str:
    """Return the report that build servers read: a suite a flow, a case a script."""
    root = ET.Element("testsuites")
    for name, runs in suites.items():
        failed = sum(not run.is_passed for run in runs)
        suite = ET.SubElement(root, "testsuite", name=name, tests=str(len(runs)), failures=str(failed))
        for run in runs:
            case = ET.SubElement(suite, "testcase", name=run.name, classname=name, time=f"{run.lasted_s:g}")
            if not run.is_passed:
                failure = ET.SubElement(case, "failure", message=f"{run.line}: {run.text} ({run.why})", type=run.why)
                failure.text = "\n".join(told(trace) for trace in run.instead)
    ET.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"
