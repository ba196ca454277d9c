"""``zhiyin flows export``, ``import``, and ``test`` of what stands in a company: by the product's own API, so from any
machine that may speak to it."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import httpx

from zhiyin.config.flow_files.testing import proof_of, tell
from zhiyin.config.supervisor.words import CannotStart, in_words
from zhiyin.contracts.script_runs import ScriptRun
from zhiyin.domain.flow_scripts.caller import Trace
from zhiyin.domain.flows.graph import FlowProblem

_WITHIN_S = 30.0
_PAGE = 100


def export_flows(*, url: str, key_file: Path | None, folder: Path) -> int:
    """Write every flow of the company into ``folder``, a file each; what was there under the name is replaced."""
    with _client(url, key_file) as client:
        folder.mkdir(parents=True, exist_ok=True)
        for flow in _flows(client):
            answer = _ask(client, "GET", f"/api/flows/{flow['id']}/file")
            file = folder / f"{_file_name(flow['name'])}.flow.json"
            file.write_text(answer.text, "utf-8")
            print(file)
    return 0


def prove_flows(*, url: str, key_file: Path | None, junit: Path | None) -> int:
    """Prove every flow's draft as it stands in the company, and run the tests beside it; print what does not hold.
    Return 0 when all hold, 1 when something does not."""
    suites: dict[str, list[ScriptRun]] = {}
    with _client(url, key_file) as client:
        for flow in _flows(client):
            found = _ask(client, "GET", f"/api/flows/{flow['id']}").json()["problems"]
            runs = _ask(client, "GET", f"/api/flows/{flow['id']}/tests").json()
            suites[flow["name"]] = [proof_of([_problem(one) for one in found]), *map(_run, runs)]
    return tell(suites, junit=junit)


def _flows(client: httpx.Client) -> Iterator[dict[str, Any]]:
    page = 1
    while True:
        listed = _ask(client, "GET", f"/api/flows?page={page}&page_size={_PAGE}").json()
        yield from listed["items"]
        if page * _PAGE >= listed["total"]:
            return
        page += 1


def import_flows(*, url: str, key_file: Path | None, files: Sequence[Path]) -> int:
    """Bring each file as a draft: into the flow of its name, or a new one. Return 1 where what it names is missing."""
    is_lacking = False
    with _client(url, key_file) as client:
        for file in files:
            answer = _ask(client, "POST", "/api/flows/import", {"file": json.loads(file.read_text("utf-8"))}).json()
            print(f"{file}: {answer['flow']['name']}")
            for one in answer["missing"]:
                is_lacking = True
                print(in_words(f"    missing: {one['what']} {one['name']}", f"    缺少：{one['what']} {one['name']}"))
    return int(is_lacking)


def _problem(told: dict[str, Any]) -> FlowProblem:
    way = tuple((one["node"], one["exit"]) for one in told["path"])
    return FlowProblem(told["code"], told["node"], told["field"], path=way)


def _run(told: dict[str, Any]) -> ScriptRun:
    run = told["run"]
    instead = tuple(Trace(one["at_s"], one["what"], one["name"]) for one in run["instead"])
    kept = {name: run[name] for name in ("is_passed", "line", "text", "why", "lasted_s")}
    return ScriptRun(told["name"], instead=instead, **kept)


def _client(url: str, key_file: Path | None) -> httpx.Client:
    key = key_file.read_text("utf-8").split("\n", 1)[0].strip() if key_file else os.environ.get("ZHIYIN_API_KEY", "")
    if not key:
        raise CannotStart(
            "Give an API key: --key-file or ZHIYIN_API_KEY.", "请提供 API 密钥：--key-file 或 ZHIYIN_API_KEY。"
        )
    return httpx.Client(base_url=url, headers={"Authorization": f"Bearer {key}"}, timeout=_WITHIN_S, trust_env=False)


def _ask(client: httpx.Client, method: str, path: str, body: Any = None) -> httpx.Response:
    try:
        answer = client.request(method, path, json=body)
        answer.raise_for_status()
    except httpx.HTTPError as error:
        detail = error.response.text if isinstance(error, httpx.HTTPStatusError) else ""
        raise CannotStart(f"{path}: {error} {detail}", f"{path}：{error} {detail}") from error
    return answer


def _file_name(name: str) -> str:
    return re.sub(r'[\\/:*?"<>|\s]+', "-", name).strip("-.") or "flow"
