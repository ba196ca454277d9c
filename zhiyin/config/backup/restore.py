"""``zhiyin restore``: an archive becomes a data folder (and, with DATABASE_URL, a database) that was not there before.

Everything is made in ``DATA/.restore`` and moves up when it is whole and compared; ``format`` moves last, and without
it a folder is no data folder. What lives is never written over.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from zhiyin.config.backup import archive, database
from zhiyin.config.backup.archive import ArchiveReader, Manifest, NotAnArchive
from zhiyin.config.backup.create import DUMP, LOCKED_SECRETS
from zhiyin.config.backup.progress import Progress
from zhiyin.config.backup.secrets_box import WrongPassphrase, unlock_secrets
from zhiyin.config.restored_erasures import LEDGER
from zhiyin.config.supervisor import folders, postgres
from zhiyin.config.supervisor.postgres import PostgresInstall
from zhiyin.config.supervisor.processes import last_lines, spawn
from zhiyin.config.supervisor.programs import postgres_program
from zhiyin.config.supervisor.words import CannotStart

STAGING = ".restore"
_PIECE_BYTES = 1024 * 1024
_SERVER_WITHIN_S = 60
#: the dump, the database that is made of it, and its indexes
_DUMP_GROWS = 8
_HARMLESS = {"parts", "lock", STAGING}


@dataclass(frozen=True, slots=True)
class RestoreOptions:
    """``data`` is a folder that does not exist or is empty; an external database is given by ``database_url``."""

    data: Path
    parts: Path
    archive: Path
    passphrase: str | None
    database_url: str | None
    #: the ledger of erasures; no backup holds it
    erasures: Path | None = None


def refuse_inhabited(data: Path) -> None:
    """Raise ``CannotStart`` where something lies already."""
    if data.exists() and not {entry.name for entry in data.iterdir()} <= _HARMLESS:
        raise CannotStart(
            f"{data} is not empty, and nothing is written over. Give a new folder with --data; the old one can be "
            "removed or renamed once it is surely not needed.",
            f"{data} 不是空目录，不会覆盖已有内容。请用 --data 指定新目录；确认不再需要旧目录后再删除或改名。",
        )


def verify(path: Path) -> Manifest:
    """Read the whole archive and return its manifest. Raises ``CannotStart`` where it is not whole."""
    progress = Progress(path.stat().st_size, en="Checking", zh="正在校验")
    with _opened(path) as reader:
        manifest = reader.read_manifest()
        for _name, _size, _content in reader.members(on_bytes=progress.advance):
            pass
    progress.finish()
    return manifest


@contextmanager
def _for_owner_only() -> Iterator[None]:
    """Let no other account read what is written; whoever called writes as before afterwards."""
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)


@_for_owner_only()
def restore(options: RestoreOptions) -> Manifest:
    """Make the data folder anew from the archive. Raises ``CannotStart``; then the folder is as empty as before."""
    refuse_inhabited(options.data)
    options.data.mkdir(parents=True, exist_ok=True)
    with folders.take_data_folder(options.data):
        staging = options.data / STAGING
        shutil.rmtree(staging, ignore_errors=True)
        staging.mkdir()
        try:
            manifest = _unpack(options, staging)
            _fill_database(options, staging, manifest)
            (staging / DUMP).unlink()
            for entry in sorted(staging.iterdir()):
                entry.rename(options.data / entry.name)
            if options.erasures is not None:
                _copy_ledger(options.erasures, options.data)
            (options.data / "format").write_text(f"{manifest.data_format}\n")
        finally:
            shutil.rmtree(staging, ignore_errors=True)
    return manifest


@contextmanager
def _opened(path: Path) -> Iterator[ArchiveReader]:
    try:
        with path.open("rb") as file:
            yield ArchiveReader(file)
    except FileNotFoundError as error:
        raise CannotStart(f"There is no file {path}.", f"文件 {path} 不存在。") from error
    except NotAnArchive as error:
        raise CannotStart(
            f"{path} is not a whole backup: {error}. Take another one; nothing was kept of this one.",
            f"{path} 不是完整的备份：{error}。请换用其他备份；未保留其任何内容。",
        ) from error


def _unpack(options: RestoreOptions, staging: Path) -> Manifest:
    size = options.archive.stat().st_size if options.archive.exists() else 0
    progress = Progress(size, en="Unpacking", zh="正在解包")
    with _opened(options.archive) as reader:
        manifest = reader.read_manifest()
        _check(options, manifest)
        for name, size_bytes, content in reader.members(on_bytes=progress.advance):
            if name == archive.MANIFEST:
                continue
            if name == DUMP:
                _check_space(options.data, needed=size + size_bytes * _DUMP_GROWS)
            _copy(content, staging / name)
    progress.finish()
    if manifest.secrets == "locked":
        _unlock(staging, options.passphrase or "")
    return manifest


def _check(options: RestoreOptions, manifest: Manifest) -> None:
    if manifest.data_format != folders.FORMAT:
        raise CannotStart(
            f"This backup was made by Zhiyin {manifest.zhiyin} (data format {manifest.data_format}); this program "
            f"reads {folders.FORMAT}. Restore it with that version, then upgrade.",
            f"此备份由知音 {manifest.zhiyin} 创建（数据格式 {manifest.data_format}），本程序支持 {folders.FORMAT}。"
            "请用该版本恢复后再升级。",
        )
    if manifest.secrets == "locked" and options.passphrase is None:
        raise CannotStart(
            "The keys in this backup are locked: give the passphrase with --passphrase-file FILE.",
            "此备份中的密钥已加密：请用 --passphrase-file FILE 给出口令。",
        )


def _check_space(folder: Path, *, needed: int) -> None:
    free = shutil.disk_usage(folder).free
    if free < needed + folders.LEAST_FREE_BYTES:
        raise CannotStart(
            f"The disk of {folder} has {free // 1024**2} MB free; about {needed // 1024**2} MB are needed.",
            f"{folder} 所在磁盘剩余 {free // 1024**2} MB，约需 {needed // 1024**2} MB。",
        )


def _copy_ledger(ledger: Path, data: Path) -> None:
    try:
        (data / LEDGER).write_bytes(ledger.read_bytes())
    except FileNotFoundError as error:
        raise CannotStart(f"There is no file {ledger}.", f"文件 {ledger} 不存在。") from error


def _copy(content: BinaryIO, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("wb") as file:
        while piece := content.read(_PIECE_BYTES):
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())


def _unlock(staging: Path, passphrase: str) -> None:
    box = staging / LOCKED_SECRETS
    try:
        secrets = unlock_secrets(box.read_bytes(), passphrase)
    except WrongPassphrase as error:
        raise CannotStart(
            "The passphrase does not open this backup's keys. Without them its recordings cannot be heard.",
            "口令无法打开此备份的密钥。没有密钥就无法收听录音。",
        ) from error
    (staging / "secrets").mkdir(exist_ok=True)
    for name, content in secrets.items():
        (staging / "secrets" / Path(name).name).write_bytes(content)
    box.unlink()


# --- the database -----------------------------------------------------------------------------------------------


def _fill_database(options: RestoreOptions, staging: Path, manifest: Manifest) -> None:
    if options.database_url:
        urls = postgres.ensure_external_roles(options.database_url, folders.database_passwords(staging))
        if database.has_tables(urls.owner):
            raise CannotStart(
                "The database of DATABASE_URL is not empty, and nothing is written over. Make a new one (createdb).",
                "DATABASE_URL 指向的数据库不是空库，不会覆盖。请新建一个数据库（createdb）。",
            )
        programs = postgres.programs_for(parts=options.parts, major=database.server_major(urls.owner))
        _load(urls.owner, programs, staging, manifest)
        return
    install = postgres.provision_postgres(parts=options.parts, cluster=staging / "pg")
    if install.major < manifest.postgres_major:
        raise CannotStart(
            f"This backup was made with PostgreSQL {manifest.postgres_major}; this machine has {install.major}, and a "
            f"dump does not go backwards. Set ZHIYIN_PG_BIN to a PostgreSQL {manifest.postgres_major} or later.",
            f"此备份由 PostgreSQL {manifest.postgres_major} 创建，本机为 {install.major}，不能恢复到更旧的版本。"
            f"请将 ZHIYIN_PG_BIN 设为 PostgreSQL {manifest.postgres_major} 或更高版本。",
        )
    with _server(install, staging) as run:
        postgres.ensure_roles(run)
        _load(postgres.socket_urls(run).owner, install, staging, manifest)


def _load(url: str, programs: PostgresInstall, staging: Path, manifest: Manifest) -> None:
    database.load(url, programs=programs, source=staging / DUMP)
    database.settle(url, rows=manifest.rows, walled=manifest.walled)


@contextmanager
def _server(install: PostgresInstall, staging: Path) -> Iterator[Path]:
    """Make a new cluster in ``staging`` and run its server for as long as this lasts; gives its socket's folder."""
    postgres.make_cluster(install, staging / "pg")
    run = folders.make_run_folder(staging)
    program = postgres_program(install, data=staging, run=run)
    child = spawn(program)
    try:
        _wait_for(child, run, log=program.log)
        yield run
    finally:
        child.send_signal(signal.SIGINT)
        child.wait(_SERVER_WITHIN_S)
        shutil.rmtree(run, ignore_errors=True)
        (staging / "run.path").unlink(missing_ok=True)


def _wait_for(child: subprocess.Popen[bytes], run: Path, *, log: Path) -> None:
    deadline = time.monotonic() + _SERVER_WITHIN_S
    while not postgres.is_accepting(run):
        if child.poll() is not None or time.monotonic() > deadline:
            raise CannotStart(
                f"PostgreSQL does not start on the new files. It says:\n{last_lines(log)}",
                f"PostgreSQL 无法在新的数据文件上启动：\n{last_lines(log)}",
                exit_code=1,
            )
        time.sleep(0.05)
