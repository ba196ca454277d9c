"""A session is read in one statement, and what it holds counts as it is stored now."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from zhiyin.apps.accounts import session_store
from zhiyin.apps.accounts.session_store import SessionStore
from zhiyin.apps.conftest import Company, Database


def stored(**held: object) -> str:
    store = SessionStore()
    store.update(held)
    store.save()
    return str(store.session_key)


def tenant_of_transaction() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('app.tenant', true)")
        return str(cursor.fetchone()[0])


def test_what_another_process_stored_counts_at_once(database: Database) -> None:
    key = stored(tenant=7, user=1)
    with transaction.atomic():
        assert SessionStore(key)["tenant"] == 7
    text = SessionStore().encode({"tenant": 8, "user": 2})
    Session.objects.filter(pk=key).update(session_data=text)  # as another process would
    with transaction.atomic():
        found = SessionStore(key)
        assert (found["tenant"], found["user"]) == (8, 2)
        assert found.entered == 7  # so whoever resumes it enters the right company
    Session.objects.filter(pk=key).update(expire_date=timezone.now())
    with transaction.atomic():
        assert SessionStore(key).get("tenant") is None


def test_a_text_that_was_tampered_with_opens_nothing(database: Database) -> None:
    key = stored(tenant=7, user=1)
    assert SessionStore(key)["user"] == 1
    text = Session.objects.get(pk=key).session_data
    Session.objects.filter(pk=key).update(session_data=text[:-1] + ("a" if text[-1] != "a" else "b"))
    assert SessionStore(key).get("user") is None


def test_changing_what_was_read_changes_nothing_for_the_next_request(database: Database) -> None:
    key = stored(tenant=7, step={"name": "code"})
    SessionStore(key)["step"]["name"] = "over"
    assert SessionStore(key)["step"] == {"name": "code"}


def test_a_known_session_enters_its_company_as_it_is_read(database: Database) -> None:
    key = stored(tenant=7)
    with transaction.atomic(), CaptureQueriesContext(connection) as statements:
        assert SessionStore(key)["tenant"] == 7
        count = len(statements)
        assert tenant_of_transaction() == "7"
    assert count == 1


def test_a_process_that_never_saw_the_session_enters_the_company_too(
    database: Database, committed_company: Callable[[], Company]
) -> None:
    client = committed_company().browser("agent")
    for _ in range(2):
        assert client.get("/api/customers").status_code == 200
        session_store._unpacked.clear()
