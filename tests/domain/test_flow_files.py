"""``zhiyin flows test``: files of flows proven and their tests run, without any company."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from zhiyin.config.cli import main
from zhiyin.contracts.flow_files import read_file, to_file

FILES = Path(__file__).parent / "flow_files"
FORMAT_1 = FILES / "format-1.flow.json"


def test_a_file_of_format_1_is_read_and_its_tests_hold(tmp_path: Path) -> None:
    """The file stays as it is for ever: what any version saved must still run."""
    report = tmp_path / "junit.xml"
    with pytest.raises(SystemExit) as left:
        main(["flows", "test", str(FORMAT_1), "--junit", str(report)])
    assert left.value.code == 0
    (suite,) = ET.fromstring(report.read_text("utf-8"))
    assert (suite.get("tests"), suite.get("failures")) == ("5", "0")


def test_what_is_read_is_written_as_it_was() -> None:
    text = FORMAT_1.read_text("utf-8")
    assert to_file(read_file(json.loads(text))) == text


def test_a_test_that_fails_is_told_with_its_line_and_a_hole_with_its_way(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document = json.loads(FORMAT_1.read_text("utf-8"))
    document["tests"] = [{"name": "wrong", "script": ["# a word for people", "press 1", "expect queue 销售"]}]
    document["graph"]["edges"] = [edge for edge in document["graph"]["edges"] if edge["exit"] != "2"]
    file = tmp_path / "x.flow.json"
    file.write_text(json.dumps(document), "utf-8")
    with pytest.raises(SystemExit) as left:
        main(["flows", "test", str(file)])
    said = capsys.readouterr().out
    assert left.value.code == 1
    assert "expect queue 销售 (not_so)" in said
    assert "exit_open menu 2 (start:next > hours:open > welcome:next > menu:2)" in said


def test_what_is_no_file_of_a_flow_is_another_exit_code(tmp_path: Path) -> None:
    file = tmp_path / "x.flow.json"
    file.write_text("{}", "utf-8")
    with pytest.raises(SystemExit) as left:
        main(["flows", "test", str(file), str(FORMAT_1)])
    assert left.value.code == 2
