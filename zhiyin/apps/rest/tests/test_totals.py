"""How many there are, on every page of a list; and narrowing to what was found, few or many."""

from __future__ import annotations

import pytest

from zhiyin.apps.conftest import Company
from zhiyin.apps.customers.models import Tag
from zhiyin.apps.rest import listing
from zhiyin.apps.tenancy import finding
from zhiyin.apps.tenancy.finding import among


@pytest.fixture
def tags(company: Company) -> list[int]:
    rows = Tag.objects.of(company.tenant)
    return [rows.create(tenant=company.tenant, name=f"T{number}").pk for number in range(7)]


@pytest.mark.parametrize(("page", "size"), [(1, 3), (2, 3), (3, 3), (4, 3), (1, 7), (1, 50), (2, 50)])
def test_every_page_knows_the_total(company: Company, tags: list[int], page: int, size: int) -> None:
    answer = company.browser("administrator").get(f"/api/tags?page={page}&page_size={size}").json()
    assert answer["total"] == len(tags)


def test_more_than_anybody_counts_is_not_counted(
    company: Company, tags: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "COUNTED_UP_TO", 5)
    client = company.browser("administrator")
    assert client.get("/api/tags?page_size=2").json()["total"] == 5
    assert len(client.get("/api/tags?page_size=2&page=3").json()["items"]) == 2


@pytest.mark.parametrize("few", [1, 2, 3, 100])
def test_what_was_found_is_the_same_named_one_by_one_or_not(
    company: Company, tags: list[int], few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "FEW", few)
    rows = Tag.objects.of(company.tenant)
    found = among(rows.filter(name="T1").values("pk"), ("SELECT %s::bigint", (tags[4],)), rows.none().values("pk"))
    assert set(rows.filter(found).values_list("pk", flat=True)) == {tags[1], tags[4]}
    assert not rows.filter(among(rows.filter(pk__in=[]).values("pk"))).exists()
