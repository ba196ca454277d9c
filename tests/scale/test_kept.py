"""An installation of several machines is backed up, restored and looked into by its description alone."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from tests.harness.api import ADMINISTRATOR, Api
from tests.harness.contact import has_recording
from tests.harness.machines import Installation, installation
from tests.scale.conftest import agent, as_product, line, take

CONTACT = "01a207fde149abdc54ec5c47af4b"
_TOLD = (
    "INSERT INTO event_log (tenant_id, stream, epoch, seq, stream_month, at, type, version, body)"
    f" SELECT id, 'i:{CONTACT}', 1, 1, '2026-03-01', '2026-03-01 10:00+00', 'DigitsCollected', 1,"
    ' \'{"node": "menu", "key": "1", "exit": "1"}\' FROM tenancy_tenant'
)


@pytest.fixture(scope="module")
def described() -> Iterator[Installation]:
    with installation() as found:
        found.set_up_database()
        with psycopg.connect(found.database_url, autocommit=True) as owner:
            owner.execute(_TOLD)
        yield found


def test_what_is_restored_is_opened_by_the_description_that_was_kept(described: Installation) -> None:
    """``zhiyin backup`` refused what is no data folder: of several machines nothing could be saved at all."""
    kept = described.data / "kept"
    subprocess.run([*described.drop, "mkdir", str(kept)], check=True)
    passphrase = described.folder / "passphrase"
    passphrase.write_text("correct horse battery staple\n")
    passphrase.chmod(0o644)
    described.ask("worker", "backup", str(kept), "--passphrase-file", str(passphrase))
    (archive,) = kept.glob("*.tar")
    with psycopg.connect(described.database_url, autocommit=True) as admin:
        admin.execute("CREATE DATABASE again")
    again = described.database_url.replace("/zhiyin", "/again")
    restored = described.data / "restored"
    words = ["restore", str(archive), "--data", str(restored), "--passphrase-file", str(passphrase)]
    _ask_with(described, {"DATABASE_URL": again}, *words)

    def found_in(url: str) -> list[object]:
        with psycopg.connect(url) as owner:
            return owner.execute("SELECT name, pinyin FROM customers_customer ORDER BY id").fetchall()

    assert len(found_in(again)) > 1
    assert found_in(again) == found_in(described.database_url), "what is sealed in the archive is open again"
    description = _values(described.config)
    secrets = {path.name: path.read_text() for path in (restored / "secrets").iterdir()}
    assert secrets["vault_key"] == description["ZHIYIN_VAULT_KEY"]
    elsewhere = described.folder / "etc" / "again.conf"
    elsewhere.write_text(described.config.read_text().replace("/zhiyin\n", "/again\n"))
    with psycopg.connect(_values(elsewhere)["ZHIYIN_DB_WEB"]) as web:
        assert web.execute("SELECT current_user, current_database()").fetchone() == ("web", "again")


@pytest.mark.extended
async def test_the_parts_start_on_what_was_restored_and_a_call_is_worked_there(described: Installation) -> None:
    """As the guide says it: an empty database, a new folder, the description that was kept; nothing of the old runs."""
    with _restored(described) as again:
        customers = again.rows("SELECT count(*) FROM customers_customer")
        again.ask("worker", "prepare")
        assert again.rows("SELECT count(*) FROM customers_customer") == customers
        again.ask("edge", "edge", "--out", str(again.folder / "edge"), "--ctl", str(again.folder / "edge"))
        again.start_all()
        with Api(as_product(again), ADMINISTRATOR) as administrator:
            async with agent(again, administrator, "1001", "8001") as one, line(again) as caller:
                await take(one, caller)
                await caller.call.hang_up()
                await caller.contact.tells("InteractionEnded")
                record = await caller.contact.record(administrator, when=has_recording)
        assert record["outcome"] == "answered"
        report = json.loads(again.ask("worker", "reconcile", "--json", "--since", "5m", ends_with=None))
        assert report["findings"] == []
        doctor = [json.loads(text) for text in again.ask("worker", "doctor", "--json").splitlines()]
        assert "bad" not in {finding["level"] for finding in doctor}


@contextmanager
def _restored(described: Installation) -> Iterator[Installation]:
    """The same machines with another database and other folders, into which an archive of the first was restored."""
    folder = described.folder / "again"
    words = [str(folder / name) for name in ("etc", "data", "edge", "kept")]
    subprocess.run([*described.drop, "mkdir", "-p", *words], check=True)
    passphrase = described.folder / "passphrase-of-another"
    passphrase.write_text("correct horse battery staple\n")
    passphrase.chmod(0o644)
    described.ask("worker", "backup", str(folder / "kept"), "--passphrase-file", str(passphrase))
    (archive,) = (folder / "kept").glob("*.tar")
    again = replace(described, folder=folder, running={}, database_name="elsewhere")
    with psycopg.connect(described.database_url, autocommit=True) as admin:
        admin.execute("CREATE DATABASE elsewhere")
    restored = folder / "restored"
    words = ["restore", str(archive), "--data", str(restored), "--passphrase-file", str(passphrase)]
    _ask_with(described, {"DATABASE_URL": again.database_url}, *words)
    kept = [str(path) for name in ("recordings", "person-keys") if (path := restored / name).exists()]
    subprocess.run([*described.drop, "cp", "-a", *kept, str(again.data)], check=True)
    (again.data / "prompts").symlink_to((described.data / "prompts").resolve())
    text = described.config.read_text().replace("/zhiyin\n", "/elsewhere\n")
    again.config.write_text(text.replace(str(described.data), str(again.data)))
    again.config.chmod(0o644)
    try:
        yield again
    finally:
        again.clean_up()


def test_a_contact_s_story_joins_the_log_the_nodes_and_the_journals(described: Installation) -> None:
    log = described.data / "log"
    subprocess.run([*described.drop, "mkdir", "-p", str(log)], check=True)
    (log / "asterisk-a.log").write_text(
        f"[2026-03-01 10:00:01.100] WARNING[12][C-0000000a]: chan.c:1 f: {CONTACT} is odd\n"
    )
    journal = described.folder / "journal"
    journal.write_text(
        f'{{"event": "slow", "part": "web", "interaction": "{CONTACT}", "timestamp": "2026-03-01T10:00:02Z"}}\n'
    )
    journal.chmod(0o644)
    said = described.ask("worker", "logs", "--call", CONTACT, "--lines", str(journal))
    parts = [line.split(" s ")[1][1:].split()[:2] for line in said.splitlines()]
    assert sorted(parts) == [["asterisk", "chan.c:1"], ["log", "DigitsCollected"], ["web", "slow"]]


def test_a_command_that_only_asks_makes_no_folder(described: Installation) -> None:
    """As root it made them root's own, and the part that came next could not write there."""
    other = described.folder / "etc" / "other.conf"
    nowhere = described.data / "nowhere"
    other.write_text(described.config.read_text().replace(f"ZHIYIN_DATA={described.data}", f"ZHIYIN_DATA={nowhere}"))
    described.ask("worker", "logs", "--call", CONTACT, "--config", str(other), has_config=False)
    assert not nowhere.exists()


def _values(file: Path) -> dict[str, str]:
    lines = (line.partition("=") for line in file.read_text().splitlines() if "=" in line)
    return {name: value for name, _, value in lines}


def _ask_with(described: Installation, environ: dict[str, str], *words: str) -> None:
    """A command without a description, as the service's account, with more in its environment."""
    given = [f"{name}={value}" for name, value in environ.items()]
    argv = ["env", *given, sys.executable, "-P", "-m", "zhiyin.config.cli", *words]
    there = [*described.machines["worker"].command, *described.drop, *argv]
    done = subprocess.run(there, capture_output=True, text=True, timeout=120, check=False, cwd="/")
    assert done.returncode == 0, f"{done.stdout[-2000:]}\n{done.stderr[-3000:]}"
