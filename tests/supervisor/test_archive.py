"""A backup's file: whole or refused. What it says to whoever gives it the wrong thing."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from zhiyin.config.backup import archive
from zhiyin.config.backup.archive import CHECKSUMS, MANIFEST, ArchiveReader, ArchiveWriter, Manifest, NotAnArchive
from zhiyin.config.backup.create import BackupOptions, backup
from zhiyin.config.backup.restore import RestoreOptions, restore, verify
from zhiyin.config.backup.secrets_box import WrongPassphrase, lock_secrets, unlock_secrets
from zhiyin.config.supervisor.words import CannotStart

MADE = Manifest(
    format=archive.FORMAT,
    made_at=datetime(2026, 3, 1, tzinfo=UTC),
    zhiyin="1",
    data_format=1,
    postgres_major=15,
    secrets="clear",
    has_recordings=True,
    rows={"event_log": 7},
    walled=("event_log",),
)


def write(target: Path, *, manifest: Manifest = MADE) -> Path:
    with ArchiveWriter(target, on_bytes=lambda _size: None) as written:
        written.add_bytes(MANIFEST, msgspec.json.encode(manifest))
        written.add_bytes("secrets/vault_key", b"0123")
        written.add_bytes("recordings/done/1/a.zyr", os.urandom(300_000))
    return target


def read(path: Path) -> dict[str, bytes]:
    with path.open("rb") as file:
        reader = ArchiveReader(file)
        assert reader.read_manifest() == MADE
        return {name: content.read() for name, _size, content in reader.members(on_bytes=lambda _size: None)}


def test_what_goes_in_comes_out_and_tar_and_sha256sum_agree(tmp_path: Path) -> None:
    path = write(tmp_path / "a.tar")
    found = read(path)
    assert found["secrets/vault_key"] == b"0123"
    assert len(found["recordings/done/1/a.zyr"]) == 300_000
    assert path.stat().st_mode & 0o077 == 0, "it is its owner's alone"
    subprocess.run(["tar", "xf", str(path)], cwd=tmp_path, check=True)
    subprocess.run(["sha256sum", "--check", "--quiet", CHECKSUMS], cwd=tmp_path, check=True)


def test_a_changed_byte_is_noticed_by_name(tmp_path: Path) -> None:
    path = write(tmp_path / "a.tar")
    content = bytearray(path.read_bytes())
    content[content.index(b"0123")] ^= 1
    path.write_bytes(content)
    with pytest.raises(NotAnArchive, match="secrets/vault_key was changed"):
        read(path)


@pytest.mark.parametrize("part", [0.2, 0.9, 0.99], ids=["begun", "nearly", "without its end"])
def test_a_cut_archive_is_never_taken_for_a_whole_one(tmp_path: Path, part: float) -> None:
    path = write(tmp_path / "a.tar")
    whole = path.read_bytes()
    path.write_bytes(whole[: int((whole.index(CHECKSUMS.encode())) * part)])
    with pytest.raises(NotAnArchive):
        read(path)
    with pytest.raises(CannotStart, match="not a whole backup"):
        verify(path)


def test_an_interrupted_backup_leaves_nothing_that_looks_like_one(tmp_path: Path) -> None:
    def is_interrupted(_size: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), ArchiveWriter(tmp_path / "a.tar", on_bytes=is_interrupted) as written:
        written.add_bytes(MANIFEST, b"{}")
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_leads_outside_is_refused(tmp_path: Path) -> None:
    with ArchiveWriter(tmp_path / "a.tar", on_bytes=lambda _size: None) as written:
        written.add_bytes(MANIFEST, msgspec.json.encode(MADE))
        written.add_bytes("../../etc/cron.d/x", b"* * * * *")
    data = tmp_path / "data"
    with pytest.raises(CannotStart, match="which no backup holds"):
        restore(
            RestoreOptions(data=data, parts=tmp_path, archive=tmp_path / "a.tar", passphrase=None, database_url=None)
        )
    assert {entry.name for entry in data.iterdir()} == {"lock"}


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"format": archive.FORMAT + 1}, "its format is"),
        ({"data_format": 99}, "with that version"),
        ({"secrets": "locked"}, "--passphrase-file"),
    ],
    ids=["newer archive", "other data format", "locked"],
)
def test_what_cannot_be_restored_says_what_to_do(tmp_path: Path, changed: dict[str, object], says: str) -> None:
    path = write(tmp_path / "a.tar", manifest=msgspec.structs.replace(MADE, **changed))
    with pytest.raises(CannotStart, match=says):
        restore(
            RestoreOptions(data=tmp_path / "data", parts=tmp_path, archive=path, passphrase=None, database_url=None)
        )
    assert not (tmp_path / "data" / "format").exists()


def test_a_restore_leaves_the_process_its_way_of_making_files(tmp_path: Path) -> None:
    """It closed every folder that was made later, too: packages built then were refused for their folders' bits."""
    path = write(tmp_path / "a.tar", manifest=msgspec.structs.replace(MADE, data_format=99))
    data = tmp_path / "data"
    before = os.umask(0o022)
    try:
        with pytest.raises(CannotStart):
            restore(RestoreOptions(data=data, parts=tmp_path, archive=path, passphrase=None, database_url=None))
        assert os.umask(0o022) == 0o022
        assert data.stat().st_mode & 0o077 == 0, "what is restored is its owner's alone"
    finally:
        os.umask(before)


def test_nothing_that_lives_is_written_over(tmp_path: Path) -> None:
    path, data = write(tmp_path / "a.tar"), tmp_path / "data"
    (data / "recordings").mkdir(parents=True)
    with pytest.raises(CannotStart, match="is not empty"):
        restore(RestoreOptions(data=data, parts=tmp_path, archive=path, passphrase=None, database_url=None))
    options = BackupOptions(data=data, parts=tmp_path, target=path, keep=None, passphrase="x", has_recordings=True)
    with pytest.raises(CannotStart, match="not a data folder"):
        backup(options)


def test_secrets_open_by_their_passphrase_alone() -> None:
    box = lock_secrets({"vault_key": b"\x00\xff"}, "四个 words")
    assert b"vault_key" not in box
    assert unlock_secrets(box, "四个 words") == {"vault_key": b"\x00\xff"}
    with pytest.raises(WrongPassphrase):
        unlock_secrets(box, "other")
    with pytest.raises(WrongPassphrase):
        unlock_secrets(box[:-1] + bytes([box[-1] ^ 1]), "四个 words")


def test_the_command_line_says_that_nothing_runs(tmp_path: Path) -> None:
    (tmp_path / "format").write_text("1\n")
    command = [sys.executable, "-m", "zhiyin.config.cli", "backup", str(tmp_path), "--data", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ | {"LC_ALL": "C.UTF-8"})
    assert done.returncode == 2
    assert "Nothing runs on" in done.stderr
