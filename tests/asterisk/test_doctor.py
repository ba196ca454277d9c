"""The doctor beside a running product: it sees the database, and a carrier that refuses us, with the reason."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from tests.harness.api import Api
from tests.harness.product import Product
from tests.harness.waiting import wait_until


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
    assert not {code for code, finding in well.items() if finding["level"] == "bad"}
    made = administrator.ask(
        "POST", "/trunks", {"name": "旧中继", "host": "sip.no-such-carrier.invalid", "username": "u", "secret": "s"}
    )
    try:
        wait_until(lambda: "trunk_name_unknown" in examine(product), what="the doctor tells of the trunk")
    finally:
        administrator.ask("DELETE", f"/trunks/{made['id']}")
