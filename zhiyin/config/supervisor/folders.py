"""The data folder: its layout, its format, its secrets, and the rule that one start owns it."""

from __future__ import annotations

import fcntl
import hashlib
import os
import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from zhiyin.config.supervisor.words import CannotStart, warn

#: raised when the layout changes so that an older program cannot read it, or a newer one must convert it
FORMAT = 1
LEAST_FREE_BYTES = 300 * 1024**2
COMFORTABLE_FREE_BYTES = 2 * 1024**3
#: a unix socket's path may have 107 bytes; PostgreSQL adds ".s.PGSQL.5432" and ".lock"
_LONGEST_RUN_PATH = 80
_SUBFOLDERS = ("asterisk", "prompts", "spoken", "recordings/raw", "recordings/done", "spool", "secrets", "log")
_SECRETS = ("secret_key", "ticket_key", "vault_key")
_DATABASE_PASSWORDS = ("owner", "engine", "web")


@dataclass(frozen=True, slots=True)
class DataFolder:
    """An opened data folder. While ``lock`` stays open, no other start can use it."""

    path: Path
    run: Path
    secrets: dict[str, str]
    lock: IO[str]

    @property
    def log(self) -> Path:
        return self.path / "log"


def open_data_folder(path: Path) -> DataFolder:
    """Make or open the folder and take it for this process. Raises ``CannotStart``; then nothing was changed."""
    _check_writable(path)
    _check_format(path)
    check_free_space(path)
    path.mkdir(parents=True, exist_ok=True)
    lock = take_data_folder(path)
    path.chmod(0o700)
    for name in _SUBFOLDERS:
        (path / name).mkdir(parents=True, exist_ok=True)
    (path / "format").write_text(f"{FORMAT}\n")
    return DataFolder(
        path=path, run=make_run_folder(path), secrets=_read_or_make_secrets(path / "secrets", _SECRETS), lock=lock
    )


def run_folder_of(path: Path) -> Path:
    """Where a data folder's sockets lie, by the same rule as at its start."""
    if len(os.fsencode(path / "run")) <= _LONGEST_RUN_PATH:
        return path / "run"
    return Path("/tmp") / f"zhiyin-{hashlib.sha256(os.fsencode(path)).hexdigest()[:16]}"  # noqa: S108 - owner is checked


def find_owner_pid(path: Path) -> int | None:
    """Return the process that holds the folder, or ``None`` when nobody does."""
    try:
        with (path / "lock").open("r") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return int(file.read().strip() or 0) or None
    except (FileNotFoundError, PermissionError):
        return None
    return None


def database_passwords(path: Path) -> dict[str, str]:
    """Return the passwords of the three roles in a PostgreSQL that others run, made once and kept."""
    made = _read_or_make_secrets(path / "secrets", tuple(f"database_{role}" for role in _DATABASE_PASSWORDS))
    return {role: made[f"database_{role}"] for role in _DATABASE_PASSWORDS}


def check_free_space(path: Path) -> None:
    existing = next(folder for folder in (path, *path.parents) if folder.exists())
    free = shutil.disk_usage(existing).free
    if free < LEAST_FREE_BYTES:
        raise CannotStart(
            f"The disk of {existing} is full: {free // 1024**2} MB are free, {LEAST_FREE_BYTES // 1024**2} MB are "
            "needed to start. Remove something, or give another folder with --data.",
            f"{existing} 所在磁盘已满：剩余 {free // 1024**2} MB，启动至少需要 {LEAST_FREE_BYTES // 1024**2} MB。"
            "请清理空间，或用 --data 指定其他目录。",
        )
    if free < COMFORTABLE_FREE_BYTES:
        warn(
            f"Warning: only {free // 1024**2} MB are free on the disk of {existing}; a recording takes 1 MB a minute.",
            f"警告：{existing} 所在磁盘仅剩 {free // 1024**2} MB；录音每分钟约占 1 MB。",
        )


def _check_writable(path: Path) -> None:
    existing = next(folder for folder in (path, *path.parents) if folder.exists())
    if existing.is_dir() and os.access(existing, os.W_OK | os.X_OK):
        return
    raise CannotStart(
        f"{existing} cannot be written by this user (uid {os.geteuid()}). Give another folder with --data, or change "
        "its owner.",
        f"当前用户（uid {os.geteuid()}）无法写入 {existing}。请用 --data 指定其他目录，或更改其所有者。",
    )


def _check_format(path: Path) -> None:
    if not path.exists() or not any(path.iterdir()):
        return
    try:
        found = int((path / "format").read_text())
    except (OSError, ValueError):
        if {entry.name for entry in path.iterdir()} <= {"parts", "lock"}:
            return
        raise CannotStart(
            f"{path} holds other files and is not a data folder of Zhiyin. Give an empty or new folder with --data.",
            f"{path} 中有其他文件，不是知音的数据目录。请用 --data 指定一个空目录或新目录。",
        ) from None
    if found > FORMAT:
        raise CannotStart(
            f"{path} was written by a newer Zhiyin (format {found}, this one reads {FORMAT}). Start that version "
            "again, or give another folder with --data.",
            f"{path} 由更新版本的知音写入（格式 {found}，本版本支持 {FORMAT}）。"
            "请使用该版本启动，或用 --data 指定其他目录。",
        )
    if found < FORMAT:
        raise CannotStart(
            f"{path} was written by an older Zhiyin (format {found}, this one reads {FORMAT}). Start the version that "
            "wrote it, or give another folder with --data.",
            f"{path} 由较旧版本的知音写入（格式 {found}，本版本支持 {FORMAT}）。"
            "请使用写入它的版本启动，或用 --data 指定其他目录。",
        )


def take_data_folder(path: Path) -> IO[str]:
    """Hold the folder for this process, as long as the file stays open. Raises ``CannotStart``."""
    lock = (path / "lock").open("a+")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.seek(0)
        holder = lock.read().strip()
        lock.close()
        raise CannotStart(
            f"Zhiyin already runs on {path} (process {holder}). Stop it first, or give another folder with --data.",
            f"知音已在使用 {path} 运行（进程 {holder}）。请先停止它，或用 --data 指定其他目录。",
        ) from None
    lock.truncate(0)
    lock.write(f"{os.getpid()}\n")
    lock.flush()
    return lock


def make_run_folder(path: Path) -> Path:
    """Make the folder of a data folder's sockets, private to its owner. Raises ``CannotStart``."""
    run = run_folder_of(path)
    run.mkdir(mode=0o700, exist_ok=True)
    if run.is_symlink() or run.stat().st_uid != os.geteuid():
        raise CannotStart(
            f"{run} belongs to somebody else. Remove it, or give a shorter --data folder.",
            f"{run} 属于其他用户。请删除它，或用 --data 指定路径更短的目录。",
        )
    run.chmod(0o700)
    if run.parent != path:
        (path / "run.path").write_text(f"{run}\n")
    return run


def _read_or_make_secrets(folder: Path, names: tuple[str, ...]) -> dict[str, str]:
    folder.chmod(0o700)
    found = {}
    for name in names:
        file = folder / name
        if not file.exists():
            fresh = folder / f".{name}.new"
            fresh.touch(mode=0o600)
            fresh.write_text(secrets.token_hex(32))
            fresh.rename(file)
        found[name] = file.read_text().strip()
    return found
