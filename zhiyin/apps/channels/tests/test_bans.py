"""Bans over HTTP: the engine's words shown, a lift audited, a stranger's ban unknown."""

from __future__ import annotations

from datetime import UTC, datetime

from zhiyin.apps.audit.models import Entry
from zhiyin.apps.conftest import Company
from zhiyin.apps.testing.engine_double import engine_that
from zhiyin.contracts.commands import Command, LiftBan, ListBans
from zhiyin.contracts.frames import BanRow, Problem

AT = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
ROW = BanRow("203.0.113.66", "203.0.113.66", None, "unknown_account", AT, AT, 2)


def test_an_administrator_sees_who_is_refused(company: Company) -> None:
    with engine_that(lambda _: [ROW]) as heard:
        answer = company.browser("administrator").get("/api/bans").json()
    assert [request.command for request in heard] == [ListBans()]
    assert answer["total"] == 1
    assert (answer["items"][0]["address"], answer["items"][0]["times"]) == ("203.0.113.66", 2)


def test_a_lift_is_audited_once_it_is_done(company: Company) -> None:
    def engine(command: Command) -> object:
        return None if command == LiftBan("desk@2001:db8::1") else Problem("unknown_ban")

    client = company.browser("administrator")
    with engine_that(engine):
        assert client.delete("/api/bans/203.0.113.9").status_code == 404
        assert client.delete("/api/bans/desk@2001:db8::1").status_code == 204
    (entry,) = Entry.objects.of(company.tenant).filter(action="ban.lifted")
    assert (entry.subject_id, entry.user_name) == ("desk@2001:db8::1", company.users["administrator"].name)
