"""External PostgreSQL of the oldest and the newest major version: migrations, and what the event log promises."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, LiteralString

import pytest

from tests.engine import test_postgres_log
from tests.engine.test_postgres_log import *  # noqa: F403 - the same tests on other servers
from tests.harness.machines import Installation, installation

assert test_postgres_log.__doc__


@dataclass
class Server:
    """What the log's tests ask of a product."""

    installation: Installation

    @property
    def run_folder(self) -> Path:
        return self.installation.folder

    def rows(self, query: LiteralString, *values: object) -> list[dict[str, Any]]:
        return self.installation.rows(query, *values)


@pytest.fixture(scope="module", params=[pytest.param(15, marks=pytest.mark.extended), 18])
def product(request: pytest.FixtureRequest) -> Iterator[Server]:
    with installation(major=request.param) as found:
        found.set_up_database()
        yield Server(found)


def test_migrations_ran_on_the_version_that_was_meant(product: Server) -> None:
    (row,) = product.rows("SELECT current_setting('server_version_num')::int / 10000 AS major")
    assert row["major"] == product.installation.major
    (row,) = product.rows("SELECT count(*) AS companies FROM tenancy_tenant")
    assert row["companies"] == 1
