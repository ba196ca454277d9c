"""What runs by the clock, as the worker's role may do it."""

from __future__ import annotations

from datetime import date, timedelta

import psycopg
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils import timezone
from django.utils.module_loading import import_string
from psycopg import sql

from zhiyin.apps.accounts import throttle
from zhiyin.apps.accounts.models import LoginFailure
from zhiyin.apps.channels.models import GuestCall
from zhiyin.apps.conftest import Database
from zhiyin.apps.tenancy.row_security import unsecured_tables


def test_the_coming_months_have_their_part_of_the_log_behind_the_wall(as_engine: Database) -> None:
    for _ in range(2):
        import_string("zhiyin.config.upkeep.make_log_months").func(timestamp=0)
    following = (timezone.now().date().replace(day=1) + timedelta(days=62)).replace(day=1)
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [f"event_log_{following:%Y_%m}"])
        assert cursor.fetchone() == (True,)
    assert unsecured_tables() == []


def test_an_event_of_a_month_without_a_part_is_kept_all_the_same(as_engine: Database) -> None:
    insert = (
        "INSERT INTO event_log (tenant_id, stream, epoch, seq, stream_month, at, type, version, body) "
        "VALUES (1, 'x:early', 1, 1, '2001-01-01', '2001-01-01', 'EngineStarted', 1, '{}')"
    )
    with psycopg.connect(as_engine.engine, autocommit=True) as engine:
        engine.execute(insert)
        assert engine.execute("SELECT make_event_log_month('2001-01-15')").fetchone() == (False,)
        assert engine.execute("SELECT count(*) FROM event_log_default WHERE stream = 'x:early'").fetchone() == (1,)
        engine.execute("DELETE FROM event_log WHERE stream = 'x:early'")
        assert engine.execute("SELECT make_event_log_month('2001-01-15')").fetchone() == (True,)


def test_what_no_longer_counts_is_forgotten(as_engine: Database) -> None:
    now = timezone.now()
    old = now - timedelta(days=1)
    LoginFailure.objects.create(company="old", username="u", address="a", at=old)
    LoginFailure.objects.create(company="new", username="u", address="a", at=now)
    GuestCall.objects.create(address="old", at=old)
    Session.objects.create(session_key="old-session", session_data="", expire_date=old)
    assert timedelta(days=1) > throttle.WINDOW
    import_string("zhiyin.config.upkeep.forget").func(timestamp=0)
    assert set(LoginFailure.objects.values_list("company", flat=True)) >= {"new"}
    assert not LoginFailure.objects.filter(company="old").exists()
    assert not GuestCall.objects.filter(address="old").exists()
    assert not Session.objects.filter(session_key="old-session").exists()


def test_a_new_part_of_the_log_does_not_wait_behind_a_backup(as_engine: Database) -> None:
    """It asks for the log alone: waiting for that behind a long dump would hold up every writer behind it."""
    following = (timezone.now().date().replace(day=1) + timedelta(days=62)).replace(day=1)
    part = sql.Identifier(f"event_log_{following:%Y_%m}")
    make = import_string("zhiyin.config.upkeep.make_log_months").func
    with psycopg.connect(as_engine.owner, autocommit=True) as owner:
        owner.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(part))
    with psycopg.connect(as_engine.owner) as backup:
        backup.execute("LOCK TABLE event_log IN ACCESS SHARE MODE")
        make(timestamp=0)
        assert not _exists(following)
    make(timestamp=0)
    assert _exists(following)


def _exists(month: date) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [f"event_log_{month:%Y_%m}"])
        return bool(cursor.fetchone()[0])
