"""A company at work, and a person in it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from zhiyin.apps.conftest import Company, Database
from zhiyin.apps.privacy.tests.persons import NUMBER, House, make_person, project, talk, write_about


@pytest.fixture
def house(as_engine: Database, committed_company: Callable[[], Company]) -> House:
    return House(committed_company(), as_engine)


@pytest.fixture
def person(house: House) -> int:
    """A person of whom the product has written wherever it can."""
    with house.web() as company:
        customer = make_person(company)
        contact = talk(company, NUMBER)
    project()
    with house.web() as company:
        write_about(company, customer, contact)
    return customer
