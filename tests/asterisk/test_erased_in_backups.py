"""Backed up, erased, looked for in the old archive with all keys there are: nobody finds the person again.

Others restore whole, the figures stay, and an archive with today's keys makes a product that goes on.
"""

from __future__ import annotations

import asyncio
import shutil
import tarfile
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from psycopg import sql

from tests.asterisk.test_backup import PASSPHRASE, zhiyin
from tests.harness.api import ADMINISTRATOR, LEAD, Api
from tests.harness.browser import AGENT_TONE_HZ
from tests.harness.contact import Recording, calling, has_recording, listen
from tests.harness.product import Product
from tests.harness.sip_agent import SipAgent
from tests.harness.waiting import wait_until

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(580)]

CALLER, NEIGHBOUR = "13912345678", "13987651234"
NAME, MAIL, LIKES, STREET = "欧阳潇潇", "xiaoxiao.ouyang@example.com", "喜欢养两只橘猫", "幸福里八十八号"
WORDS = (NAME, "3912345678", MAIL, LIKES, STREET)


@dataclass(frozen=True)
class Archive:
    """An archive from before an erasure; ``sound`` is the erased person's recording as its file was."""

    file: Path
    passphrase: Path
    keys: Path
    customer: int
    neighbour: int
    contact: dict[str, Any]
    kept: dict[str, Any]
    heard: Recording
    sound: bytes
    figures: dict[str, Any]
    first_keys: Path


async def talk(product: Product, agent: SipAgent, lead: Api, caller: str, note: str) -> dict[str, Any]:
    """A recorded conversation of a caller with a note; return its record."""
    await agent.be_ready()
    async with calling(product, caller=caller) as (call, contact):
        call.press("1")
        await agent.answer()
        await call.hears_tone(AGENT_TONE_HZ, lasting_s=3)  # Asterisk keeps a second before it writes
        await call.hang_up()
    with Api(product, "1001") as api:
        await agent.desk.is_in("wrap_up")
        draft = api.read(f"/interactions/{contact.id}/wrap-up")
        api.ask("PUT", f"/interactions/{contact.id}/wrap-up", {"version": draft["version"], "note": note})
    await agent.be_ready()
    return await contact.record(lead, when=lambda record: has_recording(record) and record["wrap_up_s"] > 0)


def figures(api: Api) -> dict[str, Any]:
    """Return what was counted today."""
    told: dict[str, Any] = api.read("/figures/today")
    return {key: told[key] for key in ("total", "queues")}


def erase(product: Product, administrator: Api, customer: int) -> None:
    order = {"confirmation": NAME, "reason": "请求 48"}
    made = administrator.ask("POST", f"/customers/{customer}/erasure", order)["id"]
    wait_until(
        lambda: administrator.read(f"/erasures/{made}")["state"] == "done", what="the person is erased", within_s=90
    )


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def old(product: Product, only_agent: SipAgent, lead: Api, administrator: Api) -> AsyncIterator[Archive]:
    """A person with a call, and a neighbour whose note names the person; backed up, then the person is erased."""
    folder = product.folder / "archives"
    folder.mkdir()
    folder.chmod(0o755)
    (folder / "passphrase").write_text(f"{PASSPHRASE}\n")
    person = {"name": NAME, "note": LIKES, "numbers": [{"number": CALLER}], "emails": [MAIL]}
    customer = administrator.ask("POST", "/customers", {**person, "addresses": [{"line": STREET}]})["id"]
    other = {"name": "周邻", "note": "住楼上", "numbers": [{"number": NEIGHBOUR}]}
    neighbour = administrator.ask("POST", "/customers", other)["id"]
    contact = await talk(product, only_agent, lead, CALLER, f"{NAME} {LIKES}")
    kept = await talk(product, only_agent, lead, NEIGHBOUR, "要发票")
    for about, text in ((customer, f"{LIKES}，{STREET}"), (neighbour, f"{NAME}的邻居"), (neighbour, "要发票")):
        administrator.ask("POST", "/notes", {"customer_id": about, "text": text})
    sound = recording_file(product, contact).read_bytes()
    before = figures(lead)
    options = ("--data", product.data, "--passphrase-file", folder / "passphrase", "--person-keys", folder / "keys")
    await zhiyin("backup", folder / "old.tar", *options)
    shutil.copy(folder / "keys", folder / "first-keys")

    await asyncio.to_thread(erase, product, administrator, customer)
    assert figures(lead) == before, "no figure has changed"
    await zhiyin("backup", folder / "new.tar", *options)
    for file in folder.iterdir():
        file.chmod(0o644)  # the service user reads it
    yield Archive(
        folder / "old.tar", folder / "passphrase", folder / "keys", customer, neighbour, contact, kept,
        listen(lead, kept["recordings"][0]["id"]), sound, before,
        folder / "first-keys",
    )  # fmt: skip


def recording_file(product: Product, record: dict[str, Any]) -> Path:
    (found,) = (product.data / "recordings" / "done").rglob(f"{record['recordings'][0]['id']}.zyr")
    return found


def tables_that_tell(product: Product, words: tuple[str, ...]) -> list[str]:
    """Return the tables of the database in which a word stands."""
    told = []
    for row in product.rows(
        "SELECT c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT c.relispartition"
    ):
        patterns = [f"%{form}%" for word in words for form in (word, word.encode().hex())]
        table = sql.Identifier(row["name"])
        query = sql.SQL("SELECT 1 AS found FROM {} t WHERE t::text LIKE ANY (%s) LIMIT 1").format(table)
        told += [row["name"]] if product.rows(query, patterns) else []
    return told


async def test_an_old_archive_with_todays_keys_tells_nothing_of_the_erased_and_all_of_the_others(old: Archive) -> None:
    raw = old.file.read_bytes()
    assert [word for word in WORDS if word.encode() in raw] == []
    assert old.sound[20:4096] not in raw, "a recording's pieces are sealed once more"
    with tarfile.open(old.file) as archive:
        assert not [name for name in archive.getnames() if name.endswith("keys")]
    copy = Product()
    try:
        copy.folder.chmod(0o755)
        options = ("--data", copy.data, "--passphrase-file", old.passphrase, "--person-keys", old.keys)
        await zhiyin("restore", old.file, *options)
        await asyncio.to_thread(copy.start, within_s=300)
        assert tables_that_tell(copy, WORDS) == []
        assert old.sound not in [path.read_bytes() for path in (copy.data / "recordings").rglob("*.zyr")]
        with Api(copy, LEAD) as lead:
            assert figures(lead) == old.figures
            assert lead.read(f"/interactions/{old.kept['id']}") == old.kept
            assert listen(lead, old.kept["recordings"][0]["id"]) == old.heard
            neighbour = lead.read(f"/customers/{old.neighbour}")
            assert (neighbour["name"], neighbour["note"]) == ("周邻", "住楼上")
            assert neighbour["numbers"][0]["number"].endswith(NEIGHBOUR)
            notes = {each["text"] for each in lead.items("/notes", customer=old.neighbour)}
            assert notes == {"要发票", ""}, "what named the person cannot be read any more"
        with Api(copy, ADMINISTRATOR) as administrator:
            _chain_is_whole(administrator)
    finally:
        await asyncio.to_thread(copy.remove)


@pytest.mark.extended
async def test_whoever_kept_the_old_keys_too_restores_a_product_that_erases_again(
    old: Archive, product: Product
) -> None:
    """Old keys are a mistake of whoever keeps them; the ledger of erasures still brings nobody back."""
    copy = Product()
    try:
        copy.folder.chmod(0o755)
        ledger = old.file.parent / "erasures.jsonl"
        shutil.copy(product.data / "erasures.jsonl", ledger)
        ledger.chmod(0o644)
        options = ("--data", copy.data, "--passphrase-file", old.passphrase, "--person-keys", old.first_keys)
        await zhiyin("restore", old.file, *options, "--erasures", ledger)
        await asyncio.to_thread(copy.start, within_s=300)
        assert tables_that_tell(copy, WORDS) == []
        assert old.sound not in [path.read_bytes() for path in (copy.data / "recordings").rglob("*.zyr")]
        with Api(copy, LEAD) as lead:
            assert figures(lead) == old.figures
        with Api(copy, ADMINISTRATOR) as administrator:
            states = {row["state"] for row in administrator.items("/erasures", customer=old.customer)}
            assert states == {"done"}
            _chain_is_whole(administrator)
        forgotten = await zhiyin("backup", copy.folder / "again.tar", "--data", copy.data)
        assert "renewed" in forgotten.stdout
    finally:
        await asyncio.to_thread(copy.remove)


def _chain_is_whole(administrator: Api) -> None:
    began = administrator.read("/audit/verification")
    administrator.ask("POST", "/audit/verification")

    def is_checked() -> bool:
        told = administrator.read("/audit/verification")
        return bool(told != began and told.get("ended_at"))

    wait_until(is_checked, what="the audit's chain was walked", within_s=60)
    assert administrator.read("/audit/verification")["findings"] == []


async def test_without_the_persons_keys_nothing_is_restored(old: Archive) -> None:
    alone = old.file.parent / "alone"
    alone.mkdir()
    with pytest.raises(AssertionError, match="--person-keys"):
        await zhiyin(
            "restore", shutil.copy(old.file, alone), "--data", alone / "data", "--passphrase-file", old.passphrase
        )
    assert not (alone / "data" / "format").exists()
