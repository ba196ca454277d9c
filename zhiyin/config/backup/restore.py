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

from zhiyin.config.backup import archive, database, persons
from zhiyin.config.backup.archive import ArchiveReader, Manifest, NotAnArchive
from zhiyin.config.backup.create import DUMP, LOCKED_SECRETS
from zhiyin.config.backup.progress import Progress
from zhiyin.config.backup.secrets_box import WrongPassphrase, is_locked, unlock_secrets
from zhiyin.config.restored_erasures import LEDGER
from zhiyin.config.supervisor import folders, postgres
from zhiyin.config.supervisor.postgres import PostgresInstall
from zhiyin.config.supervisor.processes import last_lines, spawn
from zhiyin.config.supervisor.programs import postgres_program
from zhiyin.config.supervisor.words import CannotStart
from zhiyin.contracts import person_keys

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
    #: what the copy of the persons' keys holds; no archive holds them
    person_keys: bytes | None = None


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
            _fill_database(options, staging, manifest, _sealer(options, manifest))
            (staging / DUMP).unlink()
            shutil.rmtree(staging / "persons", ignore_errors=True)
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
        sealer = _sealer(options, manifest)
        for name, size_bytes, content in reader.members(on_bytes=progress.advance):
            if name == archive.MANIFEST:
                continue
            if name == DUMP:
                _check_space(options.data, needed=size + size_bytes * _DUMP_GROWS)
            if sealer is not None and name.startswith(f"{persons.FILES}/"):
                _copy_sealed(content, name, staging, sealer)
                continue
            _copy(content, staging / name)
    progress.finish()
    if sealer is not None:
        person_keys.write_whole(staging / person_keys.NAME, sealer.keys.to_bytes())
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


def _sealer(options: RestoreOptions, manifest: Manifest) -> persons.Sealer | None:
    """Return what opens the rows and recordings of persons; None where the archive does not seal them."""
    if not manifest.person_keys:
        return None
    if options.person_keys is None:
        raise CannotStart(
            "The keys of the persons in this backup are not beside it: give their copy, which each backup renews, with "
            "--person-keys FILE.",
            "备份旁没有个人密钥文件：请用 --person-keys FILE 给出每次备份时更新的那份副本。",
        )
    try:
        keys = person_keys.PersonKeys.from_bytes(_clear(options.person_keys, options.passphrase or ""))
    except (person_keys.WrongPersonKeys, WrongPassphrase) as error:
        raise CannotStart(
            "The file of person keys cannot be opened: it is another file, or locked by another passphrase.",
            "个人密钥文件无法打开：文件不符，或使用了其他口令加密。",
        ) from error
    if keys.id != manifest.person_keys:
        raise CannotStart(
            "These person keys belong to another installation than this backup.",
            "个人密钥与此备份不属于同一安装。",
        )
    return persons.Sealer(keys=keys, salt=bytes.fromhex(manifest.salt))


def _clear(content: bytes, passphrase: str) -> bytes:
    return unlock_secrets(content, passphrase)[person_keys.NAME] if is_locked(content) else content


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


def _copy_sealed(content: BinaryIO, member: str, staging: Path, sealer: persons.Sealer) -> None:
    """Unpack a recording; one whose key is forgotten is passed over."""
    target = staging / member.removeprefix(f"{persons.FILES}/")
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("wb") as file:
        is_open = persons.open_file(content, member=member, sealer=sealer, write=file.write)
        file.flush()
        os.fsync(file.fileno())
    if not is_open:
        target.unlink()


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


def _fill_database(options: RestoreOptions, staging: Path, manifest: Manifest, sealer: persons.Sealer | None) -> None:
    sealed = None if sealer is None else database.SealedTables(staging / persons.TABLES, sealer)
    if options.database_url:
        urls = postgres.ensure_external_roles(options.database_url, folders.database_passwords(staging))
        if database.has_tables(urls.owner):
            raise CannotStart(
                "The database of DATABASE_URL is not empty, and nothing is written over. Make a new one (createdb).",
                "DATABASE_URL 指向的数据库不是空库，不会覆盖。请新建一个数据库（createdb）。",
            )
        programs = postgres.programs_for(parts=options.parts, major=database.server_major(urls.owner))
        _load(urls.owner, programs, staging, manifest, sealed)
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
        _load(postgres.socket_urls(run).owner, install, staging, manifest, sealed)


def _load(
    url: str, programs: PostgresInstall, staging: Path, manifest: Manifest, sealed: database.SealedTables | None
) -> None:
    try:
        unreadable = database.load(url, programs=programs, source=staging / DUMP, sealed=sealed)
    except NotAnArchive as error:
        raise CannotStart(
            f"The backup is not whole: {error}. Take another one; nothing was kept of this one.",
            f"备份不完整：{error}。请换用其他备份；未保留其任何内容。",
        ) from error
    database.settle(url, rows=manifest.rows, walled=manifest.walled, unreadable=unreadable)


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
