"""The chain of the audit: whatever is changed, removed or put elsewhere behind the product's back is found."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.db import ProgrammingError, connection
from django.utils import timezone

from zhiyin.apps.audit import queries, services, tasks
from zhiyin.apps.audit.chain import chain_key, seal_entries
from zhiyin.apps.audit.heads import read_heads, write_heads
from zhiyin.apps.audit.models import Entry, Seal
from zhiyin.apps.audit.sealer import seal_all
from zhiyin.apps.conftest import Company, Database, connected_as
from zhiyin.apps.tenancy.scope import inside

#: runs a statement as the owner of the database, behind the product's back
Forge = Callable[..., int]


@pytest.fixture
def company(as_engine: Database, committed_company: Callable[[], Company]) -> Company:
    """A company whose making was sealed, and five acts after it."""
    company = committed_company()
    seal_all()
    with connected_as(as_engine.web), inside(company.tenant):
        for number in range(5):
            services.record(
                actor=company.actor("lead"),
                action="queue.changed",
                kind="queue",
                subject=number,
                name=f"技能组{number}",
                before={"wait": 1.5, "names": ["甲", None]},
                after={"wait": number + 0.25, "names": ["乙"]},
            )
    seal_all()
    return company


@pytest.fixture
def forge(database: Database) -> Forge:
    def run(statement: str, *values: object) -> int:
        with psycopg.connect(database.owner, autocommit=True) as owner:
            return owner.execute(statement.encode(), values).rowcount

    return run


def found(company: Company) -> list[str]:
    """Look through the chain; return the codes of what is wrong."""
    tasks.verify_chain(tenant_id=company.tenant.pk)
    verification = queries.last_verification(tenant=company.tenant)
    assert verification is not None
    assert verification.found == len(verification.findings)
    return [finding["code"] for finding in verification.findings]


def newest(company: Company) -> Entry:
    entry = Entry.objects.of(company.tenant).order_by("-pk").first()
    assert entry is not None
    return entry


def test_an_untouched_chain_has_every_entry_once(company: Company) -> None:
    assert found(company) == []
    entries = Entry.objects.of(company.tenant).count()
    assert Seal.objects.of(company.tenant).count() == entries >= 5
    verification = queries.last_verification(tenant=company.tenant)
    assert verification is not None
    assert verification.sealed == entries


@pytest.mark.parametrize(
    "change",
    [
        "user_name = 'somebody else'",
        "user_id = 1",
        "at = at - interval '1 microsecond'",
        "address = ''",
        "action = 'queue.removed'",
        "subject_id = '77'",
        "subject_name = ''",
        "before = NULL",
        """after = '{"wait": 0, "names": []}'""",
    ],
)
def test_a_changed_entry_is_found(company: Company, forge: Forge, change: str) -> None:
    assert forge(f"UPDATE audit_entry SET {change} WHERE id = %s", newest(company).pk) == 1
    assert found(company) == ["entry_changed"]


def test_a_removed_entry_is_found(company: Company, forge: Forge) -> None:
    forge("DELETE FROM audit_entry WHERE id = %s", newest(company).pk)
    assert found(company) == ["entry_missing"]


def test_an_entry_that_is_removed_with_its_seal_is_found(company: Company, forge: Forge) -> None:
    victim = newest(company).pk - 1
    forge("DELETE FROM audit_entry WHERE id = %s", victim)
    forge("DELETE FROM audit_seal WHERE entry_id = %s", victim)
    assert found(company) == ["number_missing", "link_broken"]


def test_entries_in_another_order_are_found(company: Company, forge: Forge) -> None:
    """Both their contents and their places in the chain."""
    last = newest(company).pk
    swap = "UPDATE audit_entry SET id = %s WHERE id = %s"
    for new, old in ((-1, last), (last, last - 1), (last - 1, -1)):
        forge(swap, new, old)
    assert found(company) == ["entry_changed", "entry_changed"]
    for new, old in ((-1, last), (last, last - 1), (last - 1, -1)):
        forge(swap, new, old)
    swap = "UPDATE audit_seal SET number = %s WHERE tenant_id = %s AND number = %s"
    top = Seal.objects.of(company.tenant).count()
    for new, old in ((-1, top), (top, top - 1), (top - 1, -1)):
        forge(swap, new, company.tenant.pk, old)
    assert set(found(company)) == {"link_broken"}


def test_a_chain_that_lost_its_end_is_found_by_the_file(company: Company, forge: Forge) -> None:
    entry = newest(company).pk
    forge("DELETE FROM audit_entry WHERE id = %s", entry)
    forge("DELETE FROM audit_seal WHERE entry_id = %s", entry)
    assert found(company) == ["end_missing"]


def test_an_entry_written_far_below_is_found(company: Company, forge: Forge) -> None:
    """As if it had always been there."""
    forge("UPDATE audit_seal SET sealed_at = sealed_at - interval '2 hours' WHERE tenant_id = %s", company.tenant.pk)
    forge(
        "INSERT INTO audit_entry (id, tenant_id, at, user_name, address, action, subject_kind, subject_id, "
        "subject_name) VALUES (-%s, %s, now() - interval '1 day', 'lead', '', 'login', '', '', '')",
        company.tenant.pk,
        company.tenant.pk,
    )
    assert found(company) == ["entry_unsealed"]


def test_a_chain_made_anew_with_another_key_is_found(company: Company, forge: Forge) -> None:
    """Whoever has the database and not the vault key can break the chain, and not mend it."""
    forge("UPDATE audit_entry SET user_name = 'x' WHERE id = %s", newest(company).pk)
    forge("DELETE FROM audit_seal WHERE tenant_id = %s", company.tenant.pk)
    seal_entries(tenant=company.tenant, key=chain_key(bytes(32)), now=timezone.now())
    assert "link_broken" in found(company)


def test_an_entry_that_commits_late_is_sealed_all_the_same(company: Company, database: Database) -> None:
    with psycopg.connect(database.web) as late, psycopg.connect(database.web) as early:
        for session in (late, early):
            session.execute("SELECT set_config('app.tenant', %s, true)", [str(company.tenant.pk)])
            session.execute(
                "INSERT INTO audit_entry (tenant_id, at, user_name, address, action, subject_kind, subject_id, "
                "subject_name) VALUES (%s, now(), 'lead', '', 'login', '', '', '')",
                [company.tenant.pk],
            )
        early.commit()
        seal_all()
        late.commit()
    seal_all()
    assert found(company) == []
    assert Seal.objects.of(company.tenant).count() == Entry.objects.of(company.tenant).count()


def test_the_web_role_can_neither_seal_nor_change(company: Company, as_engine: Database) -> None:
    for statement in (
        (
            "INSERT INTO audit_seal (tenant_id, number, entry_id, content_hash, link, sealed_at) "
            "VALUES (%(tenant)s, 99, 99, '', '', now())"
        ),
        "UPDATE audit_seal SET number = 99 WHERE tenant_id = %(tenant)s",
        "DELETE FROM audit_seal WHERE tenant_id = %(tenant)s",
        "UPDATE audit_entry SET user_name = '' WHERE tenant_id = %(tenant)s",
        "DELETE FROM audit_entry WHERE tenant_id = %(tenant)s",
    ):
        with (
            connected_as(as_engine.web),
            pytest.raises(ProgrammingError, match="permission denied"),
            inside(company.tenant),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement, {"tenant": company.tenant.pk})


def test_a_head_of_another_chain_is_found(company: Company) -> None:
    data = Path(settings.DATA_DIR)
    heads = read_heads(data)
    head = heads[company.tenant.pk]
    write_heads(data, heads | {company.tenant.pk: type(head)(head.number, "00" * 32)})
    try:
        assert found(company) == ["link_broken"]
    finally:
        write_heads(data, heads)


def test_the_page_orders_a_look_and_reads_what_it_found(company: Company, as_engine: Database, forge: Forge) -> None:
    with connected_as(as_engine.web):
        browser = company.browser("administrator")
        page = browser.get("/api/audit/verification")
        assert (page.status_code, page.json()["ended_at"]) == (200, None)
        for _ in range(2):  # the second finds the first one waiting
            assert browser.post("/api/audit/verification", content_type="application/json").status_code == 202
        assert company.browser("lead").get("/api/audit/verification").status_code == 403
    assert forge("DELETE FROM procrastinate_jobs WHERE task_name = 'audit.verify_chain'") == 1
    forge("DELETE FROM audit_entry WHERE id = %s", newest(company).pk)
    assert "entry_missing" in found(company)
    with connected_as(as_engine.web):
        page = company.browser("administrator").get("/api/audit/verification").json()
    assert page["found"] == 1
    assert page["findings"][0]["code"] == "entry_missing"


def test_the_audit_is_searched_by_field_and_subject(company: Company, as_engine: Database) -> None:
    with connected_as(as_engine.web):
        browser = company.browser("administrator")
        assert browser.get("/api/audit?field=wait&kind=queue").json()["total"] == 5
        assert browser.get("/api/audit?field=names&subject=3&kind=queue").json()["total"] == 1
        assert browser.get("/api/audit?field=nothing").json()["total"] == 0
