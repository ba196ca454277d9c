"""A backup made in mid-call, restored into a new folder: the proof is the restored product at work."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
import pytest
import pytest_asyncio

from tests.asterisk.test_failures import conversation
from tests.harness.api import LEAD, Api
from tests.harness.browser import AGENT_TONE_HZ
from tests.harness.contact import calling, contacts, has_recording, listen
from tests.harness.places import parts_folder, run_as_service_user
from tests.harness.product import Product
from tests.harness.sip_agent import SipAgent
from tests.harness.sipp import CALLER_TONE_HZ
from tests.harness.waiting import wait_until
from zhiyin.config.supervisor import postgres

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(300)]

LOUD = 1000.0
PASSPHRASE = "correct horse battery staple"


@dataclass(frozen=True)
class Backup:
    """An archive, and the contacts of which it tells: one that was over, one in mid-call."""

    folder: Path
    archive: Path
    over: dict[str, Any]
    live: str

    @property
    def passphrase_file(self) -> Path:
        return self.folder / "passphrase"


async def zhiyin(*arguments: object, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run a command; meanwhile the agent's desk goes on answering the front."""
    done = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-P", "-m", "zhiyin.config.cli", *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        cwd="/",
        env={**os.environ, "ZHIYIN_PARTS": str(parts_folder()), "LC_ALL": "C.UTF-8", **environ},
    )
    assert done.returncode == 0, f"{arguments}: {done.stdout}\n{done.stderr}"
    return done


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def made(
    product: Product, only_agent: SipAgent, lead: Api, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Backup]:
    """Two calls, the second live while the backup is made."""
    folder = product.folder / "backups"
    folder.mkdir()
    folder.chmod(0o755)
    (folder / "passphrase").write_text(f"{PASSPHRASE}\n")
    await only_agent.be_ready()
    async with conversation(product, only_agent) as (call, contact, _):
        await call.hears_tone(AGENT_TONE_HZ, lasting_s=2)
        await call.hang_up()
    await only_agent.desk.is_in("wrap_up")
    await only_agent.be_ready()
    over = await contact.record(lead, when=lambda record: has_recording(record) and record["wrap_up_s"] > 0)
    async with conversation(product, only_agent) as (call, contact, _):
        await call.hears_tone(AGENT_TONE_HZ, lasting_s=3)  # Asterisk keeps a second before it writes
        for _time in range(2):
            await zhiyin(
                "backup", folder, "--keep", 1, "--data", product.data, "--passphrase-file", folder / "passphrase"
            )
        await call.hears_tone(AGENT_TONE_HZ)
        await call.hang_up()
    live = contact.id
    assert (await contact.record(lead, when=has_recording))["outcome"] == "answered"
    await only_agent.be_ready()
    (archive,) = folder.glob("*.tar")
    for file in (archive, folder / "passphrase", folder / "zhiyin-person-keys"):
        file.chmod(0o644)  # the service user reads it
    yield Backup(folder, archive, over, live)


async def test_it_says_what_it_holds(made: Backup) -> None:
    said = (await zhiyin("restore", made.archive, "--list")).stdout
    assert "every checksum is right" in said
    assert "locked by a passphrase" in said


async def test_a_restored_product_goes_on_where_the_backup_was_made(made: Backup) -> None:
    copy = Product()
    try:
        copy.folder.chmod(0o755)
        restored = await zhiyin("restore", made.archive, "--data", copy.data, "--passphrase-file", made.passphrase_file)
        said = restored.stdout
        assert "let only one of them run" in said
        await asyncio.to_thread(copy.start)
        before = contacts(copy)
        assert {made.over["id"], made.live} <= before
        _walls_stand(copy)
        with Api(copy, LEAD) as lead:
            await _records_are_whole(copy, lead, made)
            async with calling(copy) as (call, contact):
                await call.hears_sound()
                await call.hang_up()
            assert (await contact.record(lead))["id"] not in before
        _numbers_go_on(copy)
    finally:
        await asyncio.to_thread(copy.remove)


async def _records_are_whole(copy: Product, lead: Api, made: Backup) -> None:
    record = lead.read(f"/interactions/{made.over['id']}")
    assert record == made.over
    sound = listen(lead, record["recordings"][0]["id"])
    assert sound.tones(CALLER_TONE_HZ)[0] > LOUD
    assert sound.tones(AGENT_TONE_HZ)[1] > LOUD

    def live() -> dict[str, Any]:
        found: dict[str, Any] = lead.read(f"/interactions/{made.live}")
        return found

    wait_until(lambda: live()["ended_at"], what="the call that was live in the backup is over here")
    wait_until(lambda: has_recording(live()), what="what was said until the backup can be heard")
    sound = listen(lead, live()["recordings"][0]["id"])
    assert sound.tones(CALLER_TONE_HZ)[0] > LOUD


def _walls_stand(copy: Product) -> None:
    with psycopg.connect(host=str(copy.run_folder), user="web", dbname="zhiyin") as web:
        assert web.execute("SELECT count(*) FROM interaction").fetchone() == (0,), "no company, no rows"
    open_tables = copy.rows(
        "SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id'"
        " WHERE c.relkind IN ('r', 'p') AND NOT (c.relrowsecurity AND c.relforcerowsecurity)"
    )
    assert open_tables == []


def _numbers_go_on(copy: Product) -> None:
    """Positions and transactions of new events lie after the restored ones; no event is left unread."""
    (row,) = copy.rows("SELECT count(*) AS n, count(DISTINCT position) AS positions FROM event_log")
    assert row["n"] == row["positions"]
    wait_until(
        lambda: (
            not copy.rows(
                "SELECT 1 FROM event_log e, projection_cursor c WHERE (e.txid, e.position) > (c.txid, c.position)"
            )
        ),
        what="every projection has read every event",
    )
    records = copy.rows("SELECT count(*) AS n FROM interaction")
    assert records[0]["n"] == len(contacts(copy))


@pytest.fixture
def server(reachable_folder: Path) -> Iterator[Path]:
    """A PostgreSQL that others run: the newest one at hand."""
    install = postgres.copy_wheel(parts_folder())
    assert install is not None
    run, cluster = reachable_folder / "run", reachable_folder / "pg"
    run.mkdir()
    with run_as_service_user(reachable_folder) as prefix:
        programs = install.programs
        subprocess.run([*prefix, str(programs / "initdb"), "-D", str(cluster), "-U", "postgres"], check=True)
        child = subprocess.Popen([*prefix, *postgres.server_argv(install, cluster=cluster, run=run)])
        try:
            wait_until(lambda: postgres.is_accepting(run), what="PostgreSQL accepts")
            yield run
        finally:
            child.send_signal(signal.SIGINT)
            child.wait(20)


@pytest.mark.extended
async def test_it_is_restored_into_a_newer_database_of_yours(made: Backup, server: Path) -> None:
    with psycopg.connect(host=str(server), user="postgres", dbname="postgres", autocommit=True) as admin:
        admin.execute("CREATE DATABASE crm")
    url = f"postgresql://postgres@/crm?host={quote(str(server), safe='')}"
    copy = Product(environ={"DATABASE_URL": url})
    try:
        copy.folder.chmod(0o755)
        arguments = ("restore", made.archive, "--data", copy.data, "--passphrase-file", made.passphrase_file)
        await zhiyin(*arguments, DATABASE_URL=url)
        assert not (copy.data / "pg").exists()
        with psycopg.connect(url) as database:
            found = database.execute(
                "SELECT count(*) FROM interaction WHERE id = ANY(%s)", ([made.over["id"], made.live],)
            )
            assert found.fetchone() == (2,)
        with pytest.raises(AssertionError, match="is not empty"):
            await zhiyin(*arguments, "--data", copy.folder / "other", DATABASE_URL=url)
    finally:
        await asyncio.to_thread(copy.remove)
