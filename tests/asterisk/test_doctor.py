"""The doctor beside a running product: it sees the database, and a carrier that refuses us, with the reason."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import psycopg
import pytest

from tests.harness.api import Api
from tests.harness.product import Product
from tests.harness.waiting import wait_until
from zhiyin.config.doctor import database
from zhiyin.config.supervisor import postgres


def examine(product: Product) -> dict[str, dict[str, str]]:
    command = ["doctor", "--json", *product.command[product.command.index("run") + 1 :]]
    done = subprocess.run(
        [sys.executable, "-m", "zhiyin.config.cli", *command],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"LC_ALL": "C.UTF-8", "ZHIYIN_NTP": "127.0.0.1"},
    )
    assert done.returncode in (0, 1), done.stderr
    return {finding["code"]: finding for finding in map(json.loads, done.stdout.splitlines())}


@pytest.mark.timeout(120)
def test_it_sees_the_database_and_a_trunk_that_leads_nowhere(product: Product, administrator: Api) -> None:
    well = examine(product)
    assert well["database_answers"]["level"] == "ok"
    assert well["clock_off_database"]["level"] == "ok"
    assert {"engine_lease", "asterisk_modules"} <= well.keys(), {
        code: finding["en"] for code, finding in well.items() if finding["level"] != "ok"
    }
    assert not {code for code, finding in well.items() if finding["level"] == "bad"}
    made = administrator.ask(
        "POST", "/trunks", {"name": "旧中继", "host": "sip.no-such-carrier.invalid", "username": "u", "secret": "s"}
    )
    try:
        wait_until(lambda: "trunk_name_unknown" in examine(product), what="the doctor tells of the trunk")
    finally:
        administrator.ask("DELETE", f"/trunks/{made['id']}")


def look_at_database(product: Product) -> dict[str, str]:
    """As the doctor looks, without the rest of it."""
    url = postgres.socket_urls(product.run_folder).owner
    return {finding.code: finding.level for finding in database.examine_database(url, [])}


def test_faults_of_the_database_are_found(product: Product, monkeypatch: pytest.MonkeyPatch) -> None:
    """A table without its wall, a role that is gone, a transaction that nobody ends: each planted, seen, and undone."""
    superuser = postgres.socket_urls(product.run_folder).owner.replace("owner@", "postgres@")
    with psycopg.connect(superuser, autocommit=True) as connection:
        connection.execute("CREATE TABLE without_wall (tenant_id bigint)")
        try:
            assert look_at_database(product)["database_walls"] == "bad"
        finally:
            connection.execute("DROP TABLE without_wall")
        connection.execute("ALTER ROLE web RENAME TO web_for_a_moment")
        try:
            assert look_at_database(product)["database_roles"] == "bad"
        finally:
            connection.execute("ALTER ROLE web_for_a_moment RENAME TO web")
        monkeypatch.setattr(database, "_LONG_TRANSACTION_S", -1)
        with psycopg.connect(superuser) as forgotten:
            forgotten.execute("SELECT 1")
            assert look_at_database(product)["database_long_transaction"] == "warn"
        monkeypatch.undo()
    assert not {"database_walls", "database_roles", "database_long_transaction"} & look_at_database(product).keys()
