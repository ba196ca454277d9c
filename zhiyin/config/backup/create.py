"""``zhiyin backup``: everything a company would cry for, in one file, while calls go on.

The order makes it one instant. The spool is read first (what is drained meanwhile stands in both, which is harmless).
Raw recordings are linked on both sides of the database's snapshot: one that is finished while the dump runs lives on
under its link, and the restored product finishes it again. Finished recordings come last: those of the snapshot are
there, later ones are not known to it and do no harm.
"""

from __future__ import annotations

import importlib.metadata
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from zhiyin.apps.privacy.sealing_plan import PLAN
from zhiyin.config.backup import archive, database, persons
from zhiyin.config.backup.archive import ArchiveWriter, Manifest
from zhiyin.config.backup.progress import Progress
from zhiyin.config.backup.secrets_box import lock_secrets
from zhiyin.config.supervisor import folders, postgres
from zhiyin.config.supervisor.running import owner_url
from zhiyin.config.supervisor.words import CannotStart, warn
from zhiyin.contracts import person_keys

LOCKED_SECRETS = "secrets.locked"
DUMP = "database.dump"
_NAME = re.compile(r"zhiyin-\d{8}T\d{6}Z\.tar")
#: a compressed dump without indexes stays well below this part of the database's files
_DUMP_SHARE = 0.5
_LINKS = ".backup-"
#: what the copy of the persons' keys is called beside the archives
PERSON_KEYS_COPY = "zhiyin-person-keys"


@dataclass(frozen=True, slots=True)
class BackupOptions:
    """``target`` is a file, or a folder in which an archive is named after the instant and ``keep`` newest stay."""

    data: Path
    parts: Path
    target: Path
    keep: int | None
    passphrase: str | None
    has_recordings: bool
    #: where a copy of the persons' keys is kept; beside the archive when not given
    person_keys: Path | None = None
    #: of an installation of several machines, where its description says what else a data folder does
    database_url: str | None = None
    secrets: Mapping[str, bytes] | None = None


def backup(options: BackupOptions) -> Path:
    """Make the archive and return where it lies. Raises ``CannotStart``; then nothing is left behind."""
    url = options.database_url or owner_url(options.data)
    target = _target_file(options, now=datetime.now(UTC))
    if options.passphrase is None:
        warn(
            "Warning: without --passphrase-file the archive holds the installation's keys in the clear. Whoever has "
            "the file can open its recordings and take its trunks' passwords: keep it as you keep a key.",
            "警告：未使用 --passphrase-file，备份文件中的密钥未加密。任何得到该文件的人都能打开录音并获得中继密码，"
            "请像保管钥匙一样保管它。",
        )
    sealer = persons.Sealer(keys=_person_keys(options.data), salt=os.urandom(persons.SALT_BYTES))
    dump, tables = (target.with_name(f".{target.name}.{end}") for end in ("dump", "persons"))
    spool = _read_spool(options.data / "spool")
    try:
        with _linked_recordings(options.data) as links, database.held_snapshot(url) as snapshot:
            links.add_new()
            _check_space(options, target.parent, database_bytes=snapshot.size_bytes)
            programs = postgres.programs_for(parts=options.parts, major=database.server_major(url))
            database.dump(url, snapshot=snapshot, programs=programs, target=dump)
            _seal_tables(snapshot, tables, sealer)
            manifest = _manifest(options, snapshot, programs.major, sealer)
            made = _Made(manifest, dump, tables, spool, links.files(), sealer)
            _write(options, target, made)
    finally:
        dump.unlink(missing_ok=True)
        shutil.rmtree(tables, ignore_errors=True)
    _copy_person_keys(options, target)
    if options.target.is_dir() and options.keep is not None:
        _remove_older(options.target, keep=options.keep)
    return target


@dataclass(frozen=True, slots=True)
class _Made:
    """What goes into the archive beside finished recordings and prompts."""

    manifest: Manifest
    dump: Path
    #: a folder of sealed tables
    tables: Path
    spool: dict[str, bytes]
    raw: list[Path]
    sealer: persons.Sealer


def _write(options: BackupOptions, target: Path, made: _Made) -> None:
    finished = list(_finished_recordings(options.data)) if options.has_recordings else []
    tables = sorted(made.tables.iterdir())
    total = sum(_size(path) for path in (made.dump, *tables, *finished, *made.raw))
    progress = Progress(total, en="Backing up", zh="正在备份")
    with ArchiveWriter(target, on_bytes=progress.advance) as written:
        written.add_bytes(archive.MANIFEST, msgspec.json.format(msgspec.json.encode(made.manifest)))
        _write_secrets(written, options)
        written.add_file(DUMP, made.dump)
        for path in tables:
            written.add_file(f"{persons.TABLES}/{path.name}", path)
        for name, content in made.spool.items():
            written.add_bytes(f"spool/{name}", content)
        for path in sorted((options.data / "prompts" / "company").rglob("*")):
            if path.is_file():
                written.add_file(str(path.relative_to(options.data)), path)
        for path in made.raw:
            _write_sealed(written, path, name=f"recordings/raw/{path.name}", sealer=made.sealer)
        for path in finished:
            if path.exists():  # its time may have come meanwhile
                _write_sealed(written, path, name=str(path.relative_to(options.data)), sealer=made.sealer)
    progress.finish()


def _write_sealed(written: ArchiveWriter, path: Path, *, name: str, sealer: persons.Sealer) -> None:
    """Add as much of a recording as its file holds now, sealed by the key of its own."""
    with path.open("rb") as source:
        size = os.fstat(source.fileno()).st_size
        sealed = persons.SealedFile(source, name=name, size_bytes=size, sealer=sealer)
        written.add_stream(persons.sealed_name(name), sealed, sealed.size_bytes)


def _seal_tables(snapshot: database.Snapshot, folder: Path, sealer: persons.Sealer) -> None:
    folder.mkdir(mode=0o700)
    for number in range(len(PLAN)):
        target = folder / Path(persons.member_of(number)).name
        persons.seal_table(snapshot.connection, number, sealer=sealer, target=target)


def _person_keys(data: Path) -> person_keys.PersonKeys:
    keys = person_keys.read(data)
    if keys is None:
        raise CannotStart(
            f"There is no {data / person_keys.NAME}: it is made when this version of Zhiyin starts. Restart it first. "
            "Of several machines, the worker's has it: back up there.",
            f"缺少 {data / person_keys.NAME}：它在此版本启动时生成。请先重新启动知音。"
            "多机安装请在 worker 所在机器上备份。",
        )
    return keys


def _copy_person_keys(options: BackupOptions, target: Path) -> None:
    """Replace the copy: what was erased until now is unreadable in older archives too."""
    copy = options.person_keys or target.parent / PERSON_KEYS_COPY
    content = _person_keys(options.data).to_bytes()
    if options.passphrase is not None:
        content = lock_secrets({person_keys.NAME: content}, options.passphrase)
    person_keys.write_whole(copy, content)


def _write_secrets(written: ArchiveWriter, options: BackupOptions) -> None:
    secrets = options.secrets
    if secrets is None:
        folder = options.data / "secrets"
        secrets = {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if not path.name.startswith(".")}
    if options.passphrase is not None:
        written.add_bytes(LOCKED_SECRETS, lock_secrets(dict(secrets), options.passphrase))
        return
    for name, content in secrets.items():
        written.add_bytes(f"secrets/{name}", content)


def _manifest(options: BackupOptions, snapshot: database.Snapshot, major: int, sealer: persons.Sealer) -> Manifest:
    return Manifest(
        format=archive.FORMAT,
        made_at=datetime.now(UTC),
        zhiyin=importlib.metadata.version("zhiyin"),
        data_format=folders.FORMAT,
        postgres_major=major,
        secrets="clear" if options.passphrase is None else "locked",
        has_recordings=options.has_recordings,
        rows=snapshot.rows,
        walled=snapshot.walled,
        person_keys=sealer.keys.id,
        salt=sealer.salt.hex(),
    )


# --- where from, where to ---------------------------------------------------------------------------------------


def _target_file(options: BackupOptions, *, now: datetime) -> Path:
    target = options.target
    if target.is_dir():
        return target / f"zhiyin-{now:%Y%m%dT%H%M%SZ}.tar"
    if options.keep is not None:
        raise CannotStart(
            f"--keep counts the archives of a folder, and {target} is none. Make it (mkdir), or leave out --keep.",
            f"--keep 针对目录中的备份文件，而 {target} 不是目录。请先创建目录，或去掉 --keep。",
        )
    if target.exists():
        raise CannotStart(
            f"{target} exists already and is not overwritten. Give another name, or a folder.",
            f"{target} 已存在，不会覆盖。请换一个文件名，或给出目录。",
        )
    if not target.parent.is_dir():
        raise CannotStart(
            f"The folder {target.parent} does not exist. Make it first (mkdir).",
            f"目录 {target.parent} 不存在，请先创建（mkdir）。",
        )
    return target


def _check_space(options: BackupOptions, folder: Path, *, database_bytes: int) -> None:
    finished = sum(_size(path) for path in _finished_recordings(options.data)) if options.has_recordings else 0
    raw = sum(_size(path) for path in (options.data / "recordings" / "raw").glob("*.raw"))
    # dump and sealed rows lie beside the archive meanwhile
    needed = int(2 * _DUMP_SHARE * database_bytes) + finished + raw
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise CannotStart(
            f"The disk of {folder} has {free // 1024**2} MB free; about {needed // 1024**2} MB are needed. Make room, "
            "give another folder, or leave the recordings out (--without-recordings) and copy them by themselves.",
            f"{folder} 所在磁盘剩余 {free // 1024**2} MB，约需 {needed // 1024**2} MB。请清理空间、换一个目录，"
            "或用 --without-recordings 不含录音备份并单独复制录音。",
        )


def _remove_older(folder: Path, *, keep: int) -> None:
    """Leave the newest ``keep`` archives that were named by us; names sort by time."""
    archives = sorted(path for path in folder.iterdir() if _NAME.fullmatch(path.name))
    for path in archives[:-keep]:
        path.unlink()


# --- files that change meanwhile --------------------------------------------------------------------------------


def _read_spool(folder: Path) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for path in sorted(folder.glob("events-*.jsonl")):
        try:
            found[path.name] = path.read_bytes()
        except FileNotFoundError:
            continue  # drained into the database, which is dumped after this
    return found


class _Links:
    """Second names of the raw recordings, beside them: what is finished and removed meanwhile stays readable."""

    def __init__(self, raw: Path) -> None:
        self._raw = raw
        self._folder = raw / f"{_LINKS}{os.getpid()}"

    def add_new(self) -> None:
        self._folder.mkdir(mode=0o700, exist_ok=True)
        for path in self._raw.glob("*.raw"):
            try:
                (self._folder / path.name).hardlink_to(path)
            except (FileExistsError, FileNotFoundError):
                continue  # linked before, or finished in between

    def files(self) -> list[Path]:
        return sorted(self._folder.iterdir())

    def remove(self) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)


@contextmanager
def _linked_recordings(data: Path) -> Iterator[_Links]:
    raw = data / "recordings" / "raw"
    for left in raw.glob(f"{_LINKS}*"):
        if not Path(f"/proc/{left.name.removeprefix(_LINKS)}").exists():
            shutil.rmtree(left, ignore_errors=True)
    links = _Links(raw)
    links.add_new()
    try:
        yield links
    finally:
        links.remove()


def _finished_recordings(data: Path) -> Iterator[Path]:
    for folder, below, names in os.walk(data / "recordings" / "done"):
        below.sort()
        yield from (Path(folder, name) for name in sorted(names) if not name.startswith("."))


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0
