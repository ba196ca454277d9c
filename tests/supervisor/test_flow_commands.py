"""``zhiyin flows`` against a running product: flows leave as files, are tested, and come back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.harness.api import Api
from tests.harness.product import Product
from tests.supervisor.test_command_line import zhiyin
from zhiyin.apps.flows.templates import menu_flow


@pytest.fixture(scope="module")
def key_file(administrator: Api, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    made = administrator.ask("POST", "/keys", {"name": "flows in git", "rights": ["admin"]})
    file = tmp_path_factory.mktemp("keys") / "key"
    file.write_text(f"{made['key']}\n")
    yield file
    administrator.ask("POST", f"/keys/{made['id']}/revoke")


@pytest.fixture
def flow(administrator: Api) -> Iterator[dict[str, Any]]:
    """A flow with a test that holds."""
    queues = {queue["name"]: queue["id"] for queue in administrator.items("/queues")}
    graph = menu_flow(queues={"1": (queues["售后"], "售后"), "2": (queues["销售"], "销售")}, menu="menu")
    made = administrator.ask("POST", "/flows", {"name": "放进 git/的流程", "graph": graph})
    administrator.ask("POST", f"/flows/{made['id']}/tests", {"name": "售后", "script": "按 1\n应 排队 售后"})
    yield made
    administrator.ask("DELETE", f"/flows/{made['id']}")


def test_flows_are_fetched_tested_and_brought_back(
    product: Product, administrator: Api, key_file: Path, flow: dict[str, Any], tmp_path: Path
) -> None:
    there = ("--url", product.url, "--key-file", str(key_file))
    folder = tmp_path / "flows"
    fetched = zhiyin("flows", "export", "--to", str(folder), *there)
    assert fetched.returncode == 0, fetched.stderr
    file = folder / "放进-git-的流程.flow.json"
    assert {str(one) for one in folder.iterdir()} == set(fetched.stdout.splitlines())
    alone = zhiyin("flows", "test", *map(str, folder.iterdir()))
    assert alone.returncode == 0, alone.stdout

    changed = json.loads(file.read_text("utf-8"))
    changed["tests"].append({"name": "批发", "script": ["press 2", "expect queue 售后"]})
    file.write_text(json.dumps(changed), "utf-8")
    brought = zhiyin("flows", "import", str(file), *there)
    assert (brought.returncode, brought.stdout) == (0, f"{file}: {flow['name']}\n"), brought.stderr
    assert [one["name"] for one in administrator.read(f"/flows/{flow['id']}/tests")] == ["售后", "批发"]

    report = tmp_path / "report.xml"
    tested = zhiyin("flows", "test", "--junit", str(report), *there)
    assert tested.returncode == 1, tested.stderr
    assert f"{flow['name']}: 批发: line 2\n    expect queue 售后 (not_so)\n" in tested.stdout
    assert "queue 销售" in tested.stdout, "what happened instead"
    assert 'name="批发"' in report.read_text("utf-8")

    file.write_text(json.dumps(changed).replace(json.dumps("销售"), '"nobody"'), "utf-8")
    lacking = zhiyin("flows", "import", str(file), *there)
    assert (lacking.returncode, "missing: queues nobody" in lacking.stdout) == (1, True), lacking.stderr
    proven = zhiyin("flows", "test", *there)
    assert proven.returncode == 1
    assert f"{flow['name']}: proof: line 0\n    unknown_queue queue_2 queue (" in proven.stdout


def test_what_cannot_be_asked_is_explained(product: Product, tmp_path: Path) -> None:
    for arguments, says in (
        (("test",), "Give flows' files, or --url"),
        (("test", "a.flow.json", "--url", product.url), "Give flows' files, or --url"),
        (("test", "--url", product.url), "--key-file or ZHIYIN_API_KEY"),
        (("export", "--url", "http://127.0.0.1:9", "--to", str(tmp_path)), "/api/flows"),
    ):
        key = {"ZHIYIN_API_KEY": "x"} if "export" in arguments else {}
        done = zhiyin("flows", *arguments, **key)
        assert (done.returncode, says in done.stderr) == (2, True), done
        assert "Traceback" not in done.stderr
