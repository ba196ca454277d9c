"""Calendars over HTTP: their own time zone, what they say of now, and a year's holidays from a file."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from zhiyin.apps.audit.models import Entry
from zhiyin.apps.conftest import Company
from zhiyin.apps.flows import queries

JSON = "application/json"
OFFICE = [["09:00", "12:00"], ["13:00", "18:00"]]
YEAR = """日期,类型,名称,时间
2026-10-01,节假日,国庆节,
2026-10-02,节假日,国庆节,
2026-10-10,调休,国庆补班,
2026-10-11,调休,,10:00-16:00
"""


def make(client: Client, **body: object) -> dict[str, object]:
    answer = client.post("/api/hours", {"name": "客服", "weekly": [OFFICE] * 5 + [[], []]} | body, content_type=JSON)
    assert answer.status_code == 201, answer.content
    made: dict[str, object] = answer.json()
    return made


def bring(client: Client, calendar: object, table: str) -> tuple[int, dict[str, object]]:
    answer = client.post(f"/api/hours/{calendar}/days", {"csv": table}, content_type=JSON)
    return answer.status_code, answer.json()


@pytest.mark.parametrize("table", [YEAR, "\ufeff" + YEAR.replace(",", "\t")], ids=["commas", "tabs"])
def test_a_years_holidays_come_from_a_table(company: Company, table: str) -> None:
    client = company.browser("administrator")
    calendar = make(client, dates={"2026-05-01": [], "2026-10-01": OFFICE})["id"]
    status, shown = bring(client, calendar, table)
    assert status == 200
    assert shown["dates"] == {
        "2026-05-01": [],
        "2026-10-01": [],
        "2026-10-02": [],
        "2026-10-10": OFFICE,
        "2026-10-11": [["10:00", "16:00"]],
    }
    assert shown["names"] == {"2026-10-01": "国庆节", "2026-10-02": "国庆节", "2026-10-10": "国庆补班"}
    assert Entry.objects.of(company.tenant).filter(action="hours.changed", subject_id=str(calendar)).count() == 1
    setting = queries.engine_section(company.tenant)["hours"][0]
    assert setting.dates["2026-10-10"] == (("09:00", "12:00"), ("13:00", "18:00"))


@pytest.mark.parametrize(
    ("table", "rows"),
    [("", []), ("2026-10-01,holiday\nsoon,holiday\n2026-10-03,maybe", [(2, "date"), (3, "kind")])],
)
def test_a_file_that_says_no_days_changes_nothing(company: Company, table: str, rows: list[tuple[int, str]]) -> None:
    client = company.browser("administrator")
    calendar = make(client)["id"]
    status, problem = bring(client, calendar, table)
    assert (status, problem["code"], problem["fields"]) == (400, "bad_days", {"csv": "bad_days"})
    assert problem["facts"]["rows"] == [{"row": row, "code": code} for row, code in rows]  # type: ignore[index]
    assert client.get(f"/api/hours/{calendar}").json()["dates"] == {}


def test_a_calendar_says_whether_it_is_open_now_in_its_own_time_zone(company: Company) -> None:
    client = company.browser("administrator")
    always = make(client, name="全天", weekly=[[["00:00", "24:00"]]] * 7)
    assert (always["is_open"], always["next_change_at"]) == (True, None)
    local = timezone.now().astimezone(timezone.get_fixed_timezone(timedelta(hours=9)))
    begins = f"{local.hour:02}:00"
    ends = "24:00" if local.hour == 23 else f"{local.hour + 1:02}:00"
    tokyo = make(client, name="东京", weekly=[[[begins, ends]]] * 7, time_zone="Asia/Tokyo")
    assert tokyo["is_open"] is True
    until = datetime.fromisoformat(str(tokyo["next_change_at"])) - timezone.now()
    assert timedelta() < until <= timedelta(hours=1)
    answer = client.patch(f"/api/hours/{tokyo['id']}", {"time_zone": "Asia/Nowhere"}, content_type=JSON)
    assert (answer.status_code, answer.json()["fields"]) == (400, {"time_zone": "unknown_time_zone"})
