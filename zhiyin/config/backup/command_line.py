"""The commands ``zhiyin backup`` and ``zhiyin restore``: their options and what they say."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import Protocol

from zhiyin.config.parts.description import add_config_option
from zhiyin.config.supervisor.options import default_data_folder, default_parts_folder
from zhiyin.config.supervisor.words import CannotStart, in_words, say


class _Commands(Protocol):
    """What ``add_subparsers`` gives."""

    def add_parser(self, name: str, *, help: str) -> argparse.ArgumentParser: ...  # noqa: A002 - argparse's own name


def add_commands(commands: _Commands) -> None:
    """Add both to the command line."""
    backup = commands.add_parser("backup", help=in_words("save everything in one file", "备份全部数据到一个文件"))
    backup.add_argument("target", type=Path, metavar="FILE|FOLDER", help=in_words("where to", "备份文件或目录"))
    backup.add_argument(
        "--keep", type=_count, metavar="N", help=in_words("in a folder: keep the newest N", "目录中只保留最新的 N 份")
    )
    backup.add_argument(
        "--without-recordings",
        action="store_true",
        help=in_words(
            "leave out finished recordings; they never change: copy the folder", "不含已完成的录音（可单独复制）"
        ),
    )
    add_config_option(backup)
    backup.set_defaults(do=_backup)
    restore = commands.add_parser(
        "restore", help=in_words("make a data folder from a backup", "从备份恢复到新的数据目录")
    )
    restore.add_argument("archive", type=Path, metavar="FILE")
    restore.add_argument(
        "--list", action="store_true", help=in_words("check it and say what it holds", "校验并列出内容")
    )
    restore.add_argument(
        "--erasures",
        type=Path,
        metavar="FILE",
        help=in_words(
            "erasures.jsonl of the old data folder: whom this ledger names is erased again at the start",
            "删除记录（原数据目录中的 erasures.jsonl）：其中的人在启动前会再次删除",
        ),
    )
    restore.set_defaults(do=_restore)
    for command in (backup, restore):
        command.add_argument("--data", type=Path, metavar="DIR", help=in_words("the data folder", "数据目录"))
        command.add_argument(
            "--passphrase-file",
            type=Path,
            metavar="FILE",
            help=in_words("its first line locks the keys", "其首行作为密钥的加密口令"),
        )
        command.add_argument(
            "--person-keys",
            type=Path,
            metavar="FILE",
            help=in_words(
                "the copy of the persons' keys, renewed by each backup; else beside the archives",
                "个人密钥的副本，每次备份更新；默认在备份文件旁",
            ),
        )


def _backup(given: argparse.Namespace) -> int:
    from zhiyin.config.backup.create import PERSON_KEYS_COPY, BackupOptions, backup  # noqa: PLC0415 - other commands need not wait

    described = None
    if given.config is not None:
        from zhiyin.config.parts.description import secrets_of, take_description  # noqa: PLC0415

        described = take_description(given.config, part="operator")
    data = _data(given) if described is None else described.data
    options = BackupOptions(
        data=data,
        parts=default_parts_folder(data).absolute(),
        target=given.target.expanduser().absolute(),
        keep=given.keep,
        passphrase=_passphrase(given.passphrase_file),
        has_recordings=not given.without_recordings,
        person_keys=None if given.person_keys is None else given.person_keys.expanduser().absolute(),
        database_url=None if described is None else described.db_owner,
        secrets=None if described is None else secrets_of(described),
    )
    made = backup(options)
    size = made.stat().st_size / 1024**2
    say(f"Backed up to {made} ({size:.1f} MB)", f"已备份到 {made}（{size:.1f} MB）")
    keys = options.person_keys or made.parent / PERSON_KEYS_COPY
    say(
        f"The persons' keys were renewed in {keys}: without that file no archive tells of any customer. Keep one copy, "
        "always the newest, apart from the archives.",
        f"个人密钥已更新到 {keys}：没有该文件，任何备份都无法读出客户数据。请与备份分开保存，只保留最新的一份。",
    )
    return 0


def _restore(given: argparse.Namespace) -> int:
    from zhiyin.config.backup import restore as restoring  # noqa: PLC0415 - other commands need not wait
    from zhiyin.config.supervisor.service_user import become_service_user  # noqa: PLC0415

    path = given.archive.expanduser().absolute()
    if not path.is_file():
        raise CannotStart(f"There is no file {path}.", f"文件 {path} 不存在。")
    if given.list:
        _describe(restoring.verify(path), path)
        return 0
    data = _data(given)
    parts = default_parts_folder(data).absolute()
    restoring.refuse_inhabited(data)
    keys = _person_keys_file(given.person_keys, path)
    files = (path, given.passphrase_file, given.erasures, keys)
    needed = tuple(each.expanduser().absolute() for each in files if each is not None)
    become_service_user(data=data, parts=parts, readable=needed)
    manifest = restoring.restore(
        restoring.RestoreOptions(
            data=data,
            parts=parts,
            archive=path,
            passphrase=_passphrase(given.passphrase_file),
            database_url=os.environ.get("DATABASE_URL") or None,
            person_keys=None if keys is None else keys.read_bytes(),
            erasures=None if given.erasures is None else given.erasures.expanduser().absolute(),
        )
    )
    if given.erasures is None:
        say(
            "If persons were erased since this backup was made, put the old data folder's erasures.jsonl into the new "
            "one before you start it: they are erased again then.",
            "若备份之后删除过个人数据，启动前请将原数据目录的 erasures.jsonl 放入新目录，启动时会再次删除。",
        )
    contacts, made_at = manifest.rows.get("interaction", 0), f"{manifest.made_at:%Y-%m-%d %H:%M:%S} UTC"
    say(
        f"Restored to {data}: the state of {made_at}, {contacts} contacts. Start it with: zhiyin run --data {data}\n"
        "It registers with the same trunks as the installation it was made from: let only one of them run.",
        f"已恢复到 {data}：{made_at} 的状态，共 {contacts} 次联络。启动：zhiyin run --data {data}\n"
        "它会注册与原安装相同的中继，请勿让两者同时运行。",
    )
    return 0


def _describe(manifest: object, path: Path) -> None:
    from zhiyin.config.backup.archive import Manifest  # noqa: PLC0415

    assert isinstance(manifest, Manifest)
    rows = manifest.rows
    say(f"{path}: whole, every checksum is right", f"{path}：完整，校验和全部正确")
    say(
        f"  made at        {manifest.made_at:%Y-%m-%d %H:%M:%S} UTC",
        f"  创建时间  {manifest.made_at:%Y-%m-%d %H:%M:%S} UTC",
    )
    say(
        f"  by             Zhiyin {manifest.zhiyin}, PostgreSQL {manifest.postgres_major}",
        f"  版本      知音 {manifest.zhiyin}，PostgreSQL {manifest.postgres_major}",
    )
    say(
        f"  holds          {rows.get('event_log', 0)} events, {rows.get('interaction', 0)} contacts, "
        f"{rows.get('recordings_file', 0)} recordings{'' if manifest.has_recordings else ' (their files left out)'}",
        f"  内容      {rows.get('event_log', 0)} 个事件，{rows.get('interaction', 0)} 次联络，"
        f"{rows.get('recordings_file', 0)} 条录音{'' if manifest.has_recordings else '（不含录音文件）'}",
    )
    locked = manifest.secrets == "locked"
    say(
        f"  keys           {'locked by a passphrase' if locked else 'in the clear'}",
        f"  密钥      {'已用口令加密' if locked else '未加密'}",
    )


def _data(given: argparse.Namespace) -> Path:
    return Path(given.data or default_data_folder()).expanduser().absolute()


def _passphrase(file: Path | None) -> str | None:
    if file is None:
        return None
    try:
        first = file.expanduser().read_text().split("\n", 1)[0].strip()
    except OSError as error:
        raise CannotStart(
            f"{file} cannot be read: {error.strerror}.", f"无法读取 {file}：{error.strerror}。"
        ) from error
    if not first:
        raise CannotStart(f"{file} is empty: write a passphrase in its first line.", f"{file} 为空：请在首行写入口令。")
    return first


def _person_keys_file(given: Path | None, archive: Path) -> Path | None:
    """Return the copy that was given, else the one beside the archive, if there is one."""
    from zhiyin.config.backup.create import PERSON_KEYS_COPY  # noqa: PLC0415 - other commands need not wait

    if given is None:
        beside = archive.parent / PERSON_KEYS_COPY
        return beside if beside.exists() else None
    if not given.expanduser().is_file():
        raise CannotStart(f"There is no file {given}.", f"文件 {given} 不存在。")
    return given


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(in_words("at least 1", "至少为 1"))
    return number
