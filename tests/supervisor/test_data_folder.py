"""The data folder is opened only when it is ours, whole, free and has room."""

from __future__ import annotations

import os
import shutil
import stat
from pathlib import Path

import pytest

from zhiyin.config.supervisor.folders import FORMAT, find_owner_pid, open_data_folder, run_folder_of
from zhiyin.config.supervisor.words import CannotStart


def test_a_new_folder_is_made_private_and_can_be_opened_again(tmp_path: Path) -> None:
    first = open_data_folder(tmp_path / "deep" / "data")
    assert stat.S_IMODE(first.path.stat().st_mode) == 0o700
    assert all(stat.S_IMODE((first.path / "secrets" / name).stat().st_mode) == 0o600 for name in first.secrets)
    assert all(len(value) == 64 for value in first.secrets.values())
    first.lock.close()
    again = open_data_folder(first.path)
    assert again.secrets == first.secrets
    again.lock.close()


def test_a_second_start_is_told_who_holds_the_folder(tmp_path: Path) -> None:
    first = open_data_folder(tmp_path / "data")
    assert find_owner_pid(first.path) == os.getpid()
    with pytest.raises(CannotStart, match=str(os.getpid())):
        open_data_folder(first.path)
    first.lock.close()
    assert find_owner_pid(first.path) is None


@pytest.mark.parametrize(
    ("content", "says"), [(f"{FORMAT + 1}\n", "newer"), (f"{FORMAT - 1}\n", "older")], ids=["newer", "older"]
)
def test_another_version_s_folder_is_left_alone(tmp_path: Path, content: str, says: str) -> None:
    (tmp_path / "format").write_text(content)
    with pytest.raises(CannotStart, match=says):
        open_data_folder(tmp_path)
    assert [entry.name for entry in tmp_path.iterdir()] == ["format"]


def test_a_folder_with_other_files_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.odt").touch()
    with pytest.raises(CannotStart, match="not a data folder"):
        open_data_folder(tmp_path)
    assert [entry.name for entry in tmp_path.iterdir()] == ["thesis.odt"]


def test_a_full_disk_is_refused_before_anything_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=50 * 1024**2))
    with pytest.raises(CannotStart, match="50 MB are free"):
        open_data_folder(tmp_path / "data")
    assert not (tmp_path / "data").exists()


def test_a_path_too_long_for_a_socket_gets_a_short_run_folder(tmp_path: Path) -> None:
    deep = tmp_path / ("x" * 60) / ("y" * 60)
    folder = open_data_folder(deep)
    try:
        assert folder.run == run_folder_of(deep)
        assert len(str(folder.run / ".s.PGSQL.5432.lock")) < 107
        assert (deep / "run.path").read_text().strip() == str(folder.run)
    finally:
        folder.lock.close()
        shutil.rmtree(folder.run)


def test_the_words_are_chinese_where_the_terminal_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    (tmp_path / "thesis.odt").touch()
    with pytest.raises(CannotStart, match="不是知音的数据目录"):
        open_data_folder(tmp_path)
