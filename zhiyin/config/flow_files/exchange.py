"""``zhiyin flows export`` and ``import``: by the product's own API, so from any machine that may speak to it."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import httpx

from zhiyin.config.supervisor.words import CannotStart, in_words

_WITHIN_S = 30.0
_PAGE = 100


def export_flows(*, url: str, key_file: Path | None, folder: Path) -> int:
    """Write every flow of the company into ``folder``, a file each; what was there under the name is replaced."""
    with _client(url, key_file) as client:
        page = 1
        while True:
            listed = _ask(client, "GET", f"/api/flows?page={page}&page_size={_PAGE}").json()
            for flow in listed["items"]:
                answer = _ask(client, "GET", f"/api/flows/{flow['id']}/file")
                file = folder / f"{_file_name(flow['name'])}.flow.json"
                file.write_text(answer.text, "utf-8")
                print(file)
            if page * _PAGE >= listed["total"]:
                return 0
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
        raise CannotStart(f"{path}: {error} {detail}", f"{path}：{error} {detail}", exit_code=1) from error
    return answer


def _file_name(name: str) -> str:
    return re.sub(r'[\\/:*?"<>|\s]+', "-", name).strip("-.") or "flow"
