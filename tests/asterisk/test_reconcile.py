"""The audit: nothing to say after real calls, and every kind of disagreement is seen when it is planted."""

from __future__ import annotations

import asyncio
import base64
import json
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
import pytest_asyncio

from tests.harness.api import Api
from tests.harness.browser import AGENT_TONE_HZ
from tests.harness.contact import calling, has_recording
from tests.harness.places import parts_folder
from tests.harness.product import Product
from tests.harness.sip_agent import SipAgent
from tests.harness.waiting import until
from zhiyin.config.reconcile import audit as audits
from zhiyin.config.reconcile.asterisk_checks import AsteriskDoor, Stock, compare
from zhiyin.config.reconcile.audit import Subject, audit
from zhiyin.config.reconcile.books import read_books
from zhiyin.config.reconcile.contact_checks import read_stories
from zhiyin.config.reconcile.findings import SENTENCES, Finding
from zhiyin.config.supervisor import postgres

pytestmark = pytest.mark.asyncio(loop_scope="session")

SINCE = datetime.now(UTC) - timedelta(minutes=2)


@dataclass
class Books:
    """A copy of the product's database and recordings, made when all was quiet."""

    run: Path
    recordings: Path

    def subject(self, name: str, *, has_figures: bool = False) -> Subject:
        return Subject(database_url=self.url(name), recordings=self.recordings, has_figures=has_figures)

    def url(self, name: str) -> str:
        return f"postgresql://postgres@/{name}?host={quote(str(self.run), safe='')}"

    def copy(self, name: str, template: str = "books") -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}"'.encode())
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY'.encode())

    def drop(self, name: str) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'.encode())


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def day(product: Product, only_agent: SipAgent, lead: Api) -> str:
    """Two calls: one missed by the agent and given up, one talked, held, wrapped up; then signed out and in again.

    Returns the id of the first of them; ids are in the order of time.
    """
    await only_agent.be_ready()
    async with calling(product) as (call, contact):
        first = contact.id
        call.press("1")
        await only_agent.rings()
        offer = (await contact.tells("Offered")).body["offer"]
        await only_agent.desk.do("RejectOffer", interaction=contact.id, offer=offer)
        await contact.tells("OfferEnded")
        await call.hang_up()
    await contact.tells("InteractionEnded")
    await only_agent.desk.do("SetReady")
    async with calling(product) as (call, contact):
        call.press("1")
        await only_agent.answer()
        await call.hears_tone(AGENT_TONE_HZ)
        await only_agent.desk.do("Hold", interaction=contact.id)
        await only_agent.desk.is_in("hold")
        await only_agent.desk.do("Resume", interaction=contact.id)
        await call.hears_tone(AGENT_TONE_HZ)
        await call.hang_up()
    await contact.record(lead, when=has_recording)
    await only_agent.desk.is_in("wrap_up")
    await only_agent.desk.do("CompleteWrapUp", interaction=contact.id, then_ready=False)
    await only_agent.desk.do("SignOut")
    await only_agent.desk.is_in("logged_out")
    return first


def of_the_day(findings: Iterable[Finding], day: str) -> tuple[Finding, ...]:
    """Leave out other tests' calls of which a machine that stood still for half a second recorded less."""
    return tuple(
        found for found in findings if found.code not in {"recording_short", "recording_long"} or found.subject >= day
    )


@pytest.fixture(scope="module")
def books(product: Product, day: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Books]:
    install = postgres.provision_postgres(parts=parts_folder(), cluster=product.data / "pg")
    recordings = tmp_path_factory.mktemp("recordings")
    shutil.copytree(product.data / "recordings", recordings, dirs_exist_ok=True)
    found = Books(product.run_folder, recordings)
    found.copy("books", "template0")
    dump = subprocess.run(
        [install.programs / "pg_dump", "-h", product.run_folder, "-U", "postgres", "zhiyin"],
        capture_output=True, check=True,
    )  # fmt: skip
    with psycopg.connect(found.url("books"), autocommit=True) as connection:
        _load(connection, dump.stdout.decode())
    yield found
    found.drop("books")


def _load(connection: psycopg.Connection, dump: str) -> None:
    """Run a plain dump: statements, and COPY blocks with their lines."""
    lines = iter(dump.splitlines(keepends=True))
    statements: list[str] = []
    for line in lines:
        if line.startswith("\\"):
            continue
        if line.startswith("COPY "):
            connection.execute("".join(statements).encode())
            statements = []
            with connection.cursor().copy(line.rstrip(";\n").encode()) as copy:
                while (row := next(lines)) != "\\.\n":
                    copy.write(row)
        else:
            statements.append(line)
    connection.execute("".join(statements).encode())


async def test_after_real_calls_all_adds_up(product: Product, day: str) -> None:
    """By the command, beside the running product, with Asterisk, the reports and the live board."""
    command = [sys.executable, "-m", "zhiyin.config.cli", "reconcile", "--data", str(product.data), "--json"]
    done = await asyncio.to_thread(
        subprocess.run,
        [*command, "--since", f"{(datetime.now(UTC) - SINCE).seconds // 60 + 1}m"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    report = json.loads(done.stdout or "{}")
    found = [Finding(one["code"], one["subject"], one["detail"]) for one in report["findings"]]
    assert (of_the_day(found, day), report["left_out"]) == ((), []), done.stderr
    assert done.returncode == (1 if found else 0)
    assert report["contacts"] >= 2


TALKED = "(SELECT stream FROM event_log WHERE type = 'SegmentStarted' ORDER BY at DESC LIMIT 1)"
CONTACT = "(SELECT substr(stream, 3) FROM event_log WHERE type = 'SegmentStarted' ORDER BY at DESC LIMIT 1)"
AGENT = "(SELECT (body->>'agent')::bigint FROM event_log WHERE type = 'SegmentStarted' ORDER BY at DESC LIMIT 1)"
COLUMNS = "tenant_id, stream, epoch, seq, stream_month, number, at, type, version, body"


def again(kind: str, *, seq: str = "seq + 1000", number: str = "number + 100000", at: str = "at", epoch: str = "epoch",
          stream: str = "stream", body: str = "body", where: str = "true") -> str:  # fmt: skip
    """One event of the talked contact once more, with changes."""
    return (
        f"INSERT INTO event_log ({COLUMNS}) SELECT tenant_id, {stream}, {epoch}, {seq}, stream_month, {number}, {at}, "
        f"type, version, {body} FROM event_log WHERE type = '{kind}' AND stream = {TALKED} AND {where} LIMIT 1"
    )


def without(kind: str) -> str:
    return f"DELETE FROM event_log WHERE type = '{kind}' AND stream = {TALKED}"


def dated(kind: str, shift: str) -> str:
    return f"UPDATE event_log SET at = at + interval '{shift}' WHERE type = '{kind}' AND stream = {TALKED}"


#: code -> what is done to the books so that it must be found
PLANTED: dict[str, str] = {
    "sequence_hole": without("SegmentStarted"),
    "number_hole": without("QueueEntered"),
    "epoch_not_leased": "UPDATE engine_lease SET epoch = 0",
    "late_event": again("InteractionEnded", stream="'s:later'", epoch="epoch + 1", seq="1") + ";" + again(
        "InteractionEnded", stream="'s:late'", seq="1"),
    "time_reversed": dated("SegmentStarted", "-1 hour"),
    "personal_missing": "DELETE FROM event_personal",
    "personal_orphan": "INSERT INTO event_personal VALUES (1, 'nobody:1', 'i:nobody', 'number', '1')",
    "projection_behind": "UPDATE projection_cursor SET txid = '0', position = 0;"
                         "UPDATE event_log SET at = at - interval '1 minute'",
    "contact_without_start": without("InteractionStarted"),
    "contact_started_twice": again("InteractionStarted"),
    "contact_ended_twice": again("InteractionEnded"),
    "contact_after_end": again("NodeEntered"),
    "record_missing": f"DELETE FROM interaction WHERE id = {CONTACT}",
    "record_without_contact": "INSERT INTO interaction SELECT (jsonb_populate_record(i, '{\"id\": \"ghost\"}')).* "
                              "FROM interaction i LIMIT 1",
    "record_differs": f"UPDATE interaction SET answered_at = answered_at + interval '1 ms' WHERE id = {CONTACT}",
    "open_stream_missing": without("InteractionEnded"),
    "open_stream_stale": f"INSERT INTO open_stream SELECT tenant_id, stream, stream_month, at FROM event_log "
                         f"WHERE stream = {TALKED} AND type = 'InteractionStarted'",
    "segment_not_ended": without("SegmentEnded"),
    "segment_ended_twice": again("SegmentEnded"),
    "segment_differs": f"UPDATE segment SET hold_s = hold_s + 1 WHERE interaction_id = {CONTACT} AND kind = 'talk'",
    "queue_not_left": without("QueueLeft"),
    "party_not_ended": f"UPDATE event_log SET type = 'Parked', body = '{{\"by_agent\": 1, \"slot\": 701}}' "
                       f"WHERE type = 'NodeEntered' AND stream = {TALKED}",
    "offer_not_ended": without("OfferEnded"),
    "offer_ended_twice": again("OfferEnded"),
    "offered_twice": again("InteractionStarted", stream="'i:twin'", seq="1") + ";" + again(
        "Offered", stream="'i:twin'", seq="2", body="jsonb_set(body, '{offer}', '\"twin-o\"')"),
    "in_two_contacts": again("InteractionStarted", stream="'i:twin'", seq="1") + ";" + again(
        "SegmentStarted", stream="'i:twin'", seq="2"),
    "span_differs": f"UPDATE agent_state_span SET ended_at = ended_at - interval '2 ms' WHERE state = 'talking' "
                    f"AND interaction_id = {CONTACT}",
    "span_overlap": f"UPDATE agent_state_span SET ended_at = ended_at + interval '2 ms' WHERE state = 'talking' "
                    f"AND interaction_id = {CONTACT}",
    "span_hole": f"DELETE FROM agent_state_span WHERE state = 'hold' AND interaction_id = {CONTACT}",
    "day_does_not_add_up": f"DELETE FROM agent_state_span WHERE state = 'hold' AND interaction_id = {CONTACT}",
    "checkpoint_differs": f"UPDATE agent_checkpoint SET seq = seq - 1 WHERE agent = {AGENT}",
    "agent_stuck": f"DELETE FROM event_log WHERE type = 'AgentStateChanged' AND (body->>'agent')::bigint = {AGENT} "
                   "AND at > (SELECT max(at) FROM event_log WHERE type = 'AgentStateChanged' AND "
                   "body->>'state' = 'talking');UPDATE event_log SET at = at - interval '1 hour'",
    "wrap_up_overdue": f"DELETE FROM event_log WHERE type = 'AgentStateChanged' AND (body->>'agent')::bigint = {AGENT} "
                       f"AND at > (SELECT max(at) FROM event_log WHERE type = 'AgentStateChanged' AND "
                       "body->>'state' = 'wrap_up'); UPDATE event_log SET body = jsonb_set(body, '{until}', "
                       "'\"2026-01-01T00:00:00Z\"') WHERE body->>'state' = 'wrap_up'",
    "agent_elsewhere": f"{without('InteractionEnded')};{without('SegmentEnded')}",
    "recording_unlisted": "DELETE FROM recording",
    "recording_lost": "DELETE FROM recordings_file; UPDATE event_log SET at = at - interval '2 minutes'",
    "recording_broken": "UPDATE recordings_file SET size_bytes = size_bytes + 1",
    "recording_short": "UPDATE recordings_file SET duration_s = duration_s - 1",
    "recording_long": "UPDATE recordings_file SET duration_s = duration_s + 1",
    "recording_orphan": without("RecordingStarted"),
    "deletion_differs": "UPDATE recording SET state = 'deleted'",
    "recording_undeleted": f"DELETE FROM recordings_file; UPDATE recording SET state = 'deleted'; "
                           f"INSERT INTO event_log ({COLUMNS}) SELECT tenant_id, 'd:' || (body->>'recording'), 0, 1, "
                           "stream_month, 0, at, 'RecordingDeleted', 1, body FROM event_log "
                           "WHERE type = 'RecordingStarted'",
    "figures_differ": f"UPDATE segment SET outcome = 'overflowed' WHERE kind = 'queue' AND interaction_id = {CONTACT}",
}  # fmt: skip


async def test_the_copy_of_the_books_adds_up(books: Books, day: str) -> None:
    """Else a planted fault would prove nothing."""
    assert of_the_day(audit(books.subject("books", has_figures=True), since=SINCE).findings, day) == ()


@pytest.mark.parametrize(
    "code", [pytest.param(code, marks=[] if at % 6 == 0 else [pytest.mark.extended]) for at, code in enumerate(PLANTED)]
)
async def test_a_planted_disagreement_is_found(books: Books, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audits, "LOOK_AGAIN_AFTER_S", 0)
    name = f"books_{code}"
    books.copy(name)
    raw = books.recordings / "raw" / "nobody-r1.raw"
    if code == "recording_orphan":
        raw.write_bytes(b"\0" * 4)
    try:
        with psycopg.connect(books.url(name), autocommit=True) as connection:
            connection.execute(PLANTED[code].encode())
        subject = books.subject(name, has_figures=code == "figures_differ")
        findings = audit(subject, since=SINCE - timedelta(hours=2)).findings
    finally:
        raw.unlink(missing_ok=True)
        books.drop(name)
    assert code in {finding.code for finding in findings}
    assert all(finding.en and finding.zh for finding in findings)


async def test_a_loose_bridge_in_asterisk_is_found(product: Product, day: str) -> None:
    door = AsteriskDoor.of_folder(product.data / "asterisk")
    assert door is not None
    _ask(door, "POST", "bridges/nobody-b?type=mixing")
    try:
        found = audit(replace(_subject(product), asterisk=door), since=SINCE).findings
    finally:
        _ask(door, "DELETE", "bridges/nobody-b")
    assert [(finding.code, finding.subject) for finding in of_the_day(found, day)] == [("bridge_orphan", "nobody-b")]


async def test_legs_and_contacts_that_have_lost_each_other_are_found(product: Product, agent: SipAgent) -> None:
    """Against the books of a call that is going on."""
    async with calling(product) as (call, contact):
        call.press("1")
        await agent.answer()
        with psycopg.connect(_subject(product).database_url) as connection:
            read = read_books(connection, SINCE)
        later = replace(read, now=read.now + timedelta(minutes=1))
        stories = read_stories(later)
        leg = contact.find("SegmentStarted").body["leg"]
        whole = Stock(frozenset({leg}), frozenset({leg}), frozenset({f"{contact.id}-b"}))
        assert list(compare(later, stories, whole)) == []
        stray = Stock(frozenset({"nobody-1"}), frozenset({"nobody-1"}), frozenset())
        codes = {finding.code for finding in compare(later, stories, stray)}
        assert codes == {"leg_orphan", "leg_missing"}
        nothing = Stock(frozenset(), frozenset(), frozenset())
        assert {finding.code for finding in compare(later, stories, nothing)} == {"contact_stays_open"}
        await call.hang_up()
    await contact.tells("InteractionEnded")
    await until(lambda: agent.desk.state == "wrap_up", what="the call is over")


async def test_an_asterisk_that_does_not_answer_is_told(product: Product, day: str) -> None:
    door = AsteriskDoor(f"http://127.0.0.1:{product.http_port}", "nobody", "nothing")
    found = audit(replace(_subject(product), asterisk=door), since=SINCE).findings
    assert {finding.code for finding in of_the_day(found, day)} == {"asterisk_silent"}


async def test_every_finding_was_seen_to_be_found() -> None:
    by_asterisk = {"leg_missing", "leg_orphan", "bridge_orphan", "contact_stays_open", "asterisk_silent"}
    assert set(PLANTED) | by_asterisk == set(SENTENCES)


def _subject(product: Product) -> Subject:
    return Subject(database_url=postgres.socket_urls(product.run_folder).owner, recordings=product.data / "recordings")


def _ask(door: AsteriskDoor, method: str, path: str) -> None:
    login = base64.b64encode(f"{door.user}:{door.password}".encode()).decode()
    request = urllib.request.Request(
        f"{door.url}/ari/{path}", method=method, headers={"Authorization": f"Basic {login}"}
    )
    urllib.request.urlopen(request, timeout=10).close()
