"""``zhiyin flows test``: a file's flow is proven and its scripts are run, for people and for build servers."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from zhiyin.config.supervisor.words import in_words
from zhiyin.contracts.flow_files import BadFile, read_file, settings_of
from zhiyin.contracts.script_runs import ScriptRun, run_scripts, to_junit, told
from zhiyin.contracts.snapshots import TenantSettings
from zhiyin.domain.flows.check import find_problems
from zhiyin.domain.flows.graph import BadFlow, FlowProblem, read_flow
from zhiyin.domain.flows.nodes.panel import FieldKind

#: The case that stands for the proof among a flow's tests.
PROOF = "proof"


def check_files(files: Sequence[Path], *, junit: Path | None) -> int:
    """Test every file; print what does not hold. Return 0 when all hold, 1 when something does not, 2 for what is no
    flow's file."""
    suites: dict[str, list[ScriptRun]] = {}
    is_unreadable = False
    for file in files:
        try:
            document = read_file(json.loads(file.read_text("utf-8")))
            settings, graph, classes = settings_of(document)
        except (BadFile, OSError, ValueError, TypeError, KeyError, AttributeError) as error:
            print(in_words(f"{file}: not a flow's file ({error})", f"{file}：不是流程文件（{error}）"))
            is_unreadable = True
            continue
        tests = [(str(one["name"]), "\n".join(map(str, one["script"]))) for one in document["tests"]]
        suites[str(file)] = [_proof(graph, settings), *run_scripts(settings, graph, tests, customer_classes=classes)]
    failed = tell(suites, junit=junit)
    return 2 if is_unreadable else failed


def tell(suites: Mapping[str, Sequence[ScriptRun]], *, junit: Path | None) -> int:
    """Print what does not hold, by file or flow, and write the report. Return 0 when all hold, else 1."""
    for name, runs in suites.items():
        _print(name, runs)
    if junit is not None:
        junit.write_text(to_junit(suites), "utf-8")
    failed = sum(not run.is_passed for runs in suites.values() for run in runs)
    total = sum(map(len, suites.values()))
    print(in_words(f"{total} checks, {failed} failed", f"{total} 项检查，{failed} 项未通过"))
    return int(failed > 0)


def _proof(graph: Mapping[str, Any], settings: TenantSettings) -> ScriptRun:
    known = {
        FieldKind.QUEUE: {one.id for one in settings.queues},
        FieldKind.HOURS: {one.id for one in settings.hours},
    }
    try:
        flow = read_flow(graph)
        spoken = {key for node in flow.nodes.values() for key in node.prompts}  # whether they are there, no file knows
        problems = find_problems(flow, prompts=spoken, known=known)
    except BadFlow as bad:
        problems = bad.problems
    return proof_of(problems)


def proof_of(problems: Sequence[FlowProblem]) -> ScriptRun:
    """Return the proof as a case among the tests: nothing may stand against publishing."""
    if not problems:
        return ScriptRun(PROOF, is_passed=True)
    return ScriptRun(PROOF, is_passed=False, line=0, text="; ".join(map(_in_words, problems)), why=problems[0].code)


def _in_words(problem: FlowProblem) -> str:
    way = " > ".join(f"{node}:{exit_}" for node, exit_ in problem.path)
    return f"{problem.code} {problem.node or ''} {problem.field or ''}".rstrip() + (f" ({way})" if way else "")


def _print(file: str, runs: Sequence[ScriptRun]) -> None:
    for run in runs:
        if run.is_passed:
            continue
        print(in_words(f"{file}: {run.name}: line {run.line}", f"{file}：{run.name}：第 {run.line} 行"))
        print(f"    {run.text} ({run.why})")
        for trace in run.instead:
            print(f"    {told(trace)}")
