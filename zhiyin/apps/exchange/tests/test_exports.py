"""An export: small ones at once, long ones by the worker; limits, approval, rights in the file, and what is written."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from zhiyin.apps.accounts.models import Role
from zhiyin.apps.audit.models import Entry
from zhiyin.apps.conftest import Company
from zhiyin.apps.customers import services as customers
from zhiyin.apps.customers.reach import NumberChange
from zhiyin.apps.exchange import export_gate, export_limits, export_runs, exports
from zhiyin.apps.exchange.models import Export, ExportPiece, FilePart
from zhiyin.apps.exchange.tests.conftest import JSON
from zhiyin.apps.notifications.models import Notification

NUMBERS = [f"1380013800{at}" for at in range(5)]


@dataclass(frozen=True, slots=True)
class Exporter:
    """One user's exports over HTTP."""

    company: Company
    client: Client

    def order(self, *, status: int = 200, **given: object) -> Any:
        body = {"list_path": "/api/customers", "format": "csv", "query": "sort=name", **given}
        answer = self.client.post("/api/exports", body, content_type=JSON)
        assert answer.status_code == status, answer.content
        return answer.json()["export"] if status == 200 else answer.json()

    def ask(self, address: str, method: str = "get", **body: object) -> Any:
        return getattr(self.client, method)(f"/api/exports{address}", body or None, content_type=JSON)

    def work(self, export_id: int) -> Any:
        export_runs.work(tenant=self.company.tenant, export_id=export_id, is_time_over=lambda: False)
        return self.ask(f"/{export_id}").json()

    def lines(self, export_id: int, encoding: str = "utf-8-sig") -> list[list[str]]:
        answer = self.ask(f"/{export_id}/file")
        assert answer.status_code == 200, answer.content
        return list(csv.reader(io.StringIO(answer.content.decode(encoding))))


@pytest.fixture
def exporter(company: Company, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Exporter]:
    """Five customers; more than two rows are made by the worker, two at a time."""
    monkeypatch.setattr(export_gate, "BATCH", 2)
    export_limits.save_policy(actor=company.system, fields={"rows_at_once": 2})
    for name, number in zip("甲乙丙丁戊", NUMBERS, strict=True):
        customers.create_customer(
            actor=company.system, fields={"name": f"{name}客户"}, numbers=[NumberChange(number=number)]
        )
    return lambda role="administrator": Exporter(company, company.browser(role))


def set_policy(company: Company, **fields: object) -> None:
    export_limits.save_policy(actor=company.system, fields=fields)


def audited(company: Company, action: str) -> dict[str, Any]:
    entry = Entry.objects.of(company.tenant).get(action=action)
    return {**(entry.after or {}), "name": entry.subject_name}


def test_a_short_list_comes_at_once_and_is_written_down_without_whom_it_names(
    exporter: Callable[..., Exporter], company: Company
) -> None:
    answer = exporter().client.get("/api/customers", {"format": "csv", "search": "甲客户", "level": "vip"})
    assert answer.status_code == 200
    told = audited(company, "export.sent")
    assert (told["list"], told["rows"], told["format"]) == ("/api/customers", 0, "csv")
    assert told["filters"] == {"search": "*", "level": "vip"}
    assert "name" in told["columns"]
    assert "甲" not in str(list(Entry.objects.of(company.tenant).filter(subject_kind="export").values()))
    assert "甲" not in str(list(Export.objects.of(company.tenant).values()))


def test_a_long_list_is_ordered_made_piece_by_piece_and_told_of(
    exporter: Callable[..., Exporter], company: Company
) -> None:
    mine = exporter()
    at_once = mine.client.get("/api/customers", {"format": "csv"})
    assert (at_once.status_code, at_once.json()["code"]) == (409, "export_too_large")
    made = mine.order()
    assert (made["state"], made["total"], made["is_mine"]) == ("running", 5, True)
    assert export_runs.work(tenant=company.tenant, export_id=made["id"], is_time_over=lambda: True)
    assert export_runs.work(tenant=company.tenant, export_id=made["id"], is_time_over=lambda: True)
    assert mine.ask(f"/{made['id']}").json()["finished"] == 2
    done = mine.work(made["id"])
    assert (done["state"], done["finished"]) == ("ready", 5)
    lines = mine.lines(made["id"])
    at = lines[0].index("姓名")
    assert [line[at] for line in lines[1:]] == [f"{name}客户" for name in "丁丙乙戊甲"]
    assert not ExportPiece.objects.of(company.tenant).exists()
    assert Export.objects.of(company.tenant).get(pk=made["id"]).query == ""
    told = Notification.objects.of(company.tenant).get(code="export_ready")
    assert (told.user_id, told.link) == (company.users["administrator"].pk, "/exports")
    assert audited(company, "export.made")["rows"] == 5
    assert audited(company, "export.downloaded")["by"] == company.users["administrator"].name


def test_a_worker_that_died_leaves_an_export_that_goes_on(exporter: Callable[..., Exporter], company: Company) -> None:
    mine = exporter()
    made = mine.order()
    for _ in range(2):
        export_runs.work(tenant=company.tenant, export_id=made["id"], is_time_over=lambda: True)
    later = timezone.now() + timedelta(minutes=3)
    assert exports.standing_still(tenant=company.tenant, before=later) == [made["id"]]
    assert mine.work(made["id"])["state"] == "ready"
    assert len(mine.lines(made["id"])) == 6
    assert exports.standing_still(tenant=company.tenant, before=later) == []


def test_excel_on_a_chinese_windows_can_be_given_its_own_encoding(exporter: Callable[..., Exporter]) -> None:
    mine = exporter()
    for form, encoding in (("csv", "utf-8-sig"), ("csv-gbk", "gb18030")):
        made = mine.order(format=form)
        mine.work(made["id"])
        assert "丁客户" in mine.lines(made["id"], encoding)[1]


def test_only_the_columns_asked_for_leave(exporter: Callable[..., Exporter]) -> None:
    mine = exporter()
    made = mine.order(columns=["name", "owner_name", "no_such"])
    mine.work(made["id"])
    assert {len(line) for line in mine.lines(made["id"])} == {len(made["columns"])}
    assert "no_such" not in made["columns"]


@pytest.mark.parametrize("limit", ["rows_per_export", "rows_per_day"])
def test_beyond_a_limit_somebody_else_decides(exporter: Callable[..., Exporter], company: Company, limit: str) -> None:
    set_policy(company, **{limit: 4})
    lead, admin = exporter("lead"), exporter()
    made = lead.order(reason="月报")
    assert (made["state"], made["beyond"]) == ("waiting", [limit])
    told = Notification.objects.of(company.tenant).get(code="export_waits")
    assert told.user_id == company.users["administrator"].pk
    assert lead.ask(f"/{made['id']}/decision", "post", is_approved=True).status_code == 403
    assert lead.work(made["id"])["state"] == "waiting"
    assert admin.ask(f"/{made['id']}/decision", "post", is_approved=True).json()["state"] == "running"
    done = lead.work(made["id"])
    assert (done["state"], done["decided_by_name"]) == ("ready", company.users["administrator"].name)


def test_nobody_approves_an_own_export(exporter: Callable[..., Exporter], company: Company) -> None:
    set_policy(company, rows_per_export=4)
    admin = exporter()
    made = admin.order()
    answer = admin.ask(f"/{made['id']}/decision", "post", is_approved=True)
    assert (answer.status_code, answer.json()["code"]) == (403, "own_export")


def test_what_was_refused_is_told_and_cannot_be_made(exporter: Callable[..., Exporter], company: Company) -> None:
    set_policy(company, rows_per_export=4)
    lead, admin = exporter("lead"), exporter()
    made = lead.order()
    assert admin.ask(f"/{made['id']}/decision", "post", is_approved=False).json()["state"] == "refused"
    assert lead.work(made["id"])["state"] == "refused"
    assert Notification.objects.of(company.tenant).get(code="export_refused").user_id == company.users["lead"].pk


def test_a_company_may_refuse_all_beyond_its_limits(exporter: Callable[..., Exporter], company: Company) -> None:
    set_policy(company, rows_per_day=6, over_limit="refuse")
    mine = exporter()
    mine.order()
    told = mine.order(status=409)
    assert (told["code"], told["facts"]["beyond"]) == ("export_limit", ["rows_per_day"])


def test_one_without_the_right_exports_nothing(exporter: Callable[..., Exporter]) -> None:
    agent = exporter("agent")
    answer = agent.client.get("/api/customers", {"format": "csv", "search": "甲"})
    assert (answer.status_code, answer.json()["facts"]) == (403, {"right": "customers.export"})
    assert agent.order(status=403)["code"] == "not_allowed"


def test_what_is_no_list_is_not_exported(exporter: Callable[..., Exporter]) -> None:
    mine = exporter()
    for path in ("/api/nothing", "/api/session", "/admin", "/api/exports/../keys", "//evil/api"):
        assert mine.order(status=400, list_path=path)["fields"] == {"list_path": "no_list"}, path


def test_a_misspelt_filter_is_refused_and_not_left_out(exporter: Callable[..., Exporter]) -> None:
    """Left out, it would have sent every customer."""
    told = exporter().order(status=400, query="serach=甲&sort=name")
    assert (told["code"], told["facts"], told["fields"]) == (
        "unknown_filter",
        {"names": "serach"},
        {"filters": "unknown_filter"},
    )


def test_masked_numbers_stay_masked_and_scopes_hold_in_the_file(
    exporter: Callable[..., Exporter], company: Company
) -> None:
    role = Role.objects.of(company.tenant).create(
        code="clerk", name="文员", rights={"customers.read": "all", "customers.export": "all"}
    )
    lead = company.users["lead"]
    lead.role = role
    lead.save()
    clerk = exporter("lead")
    made = clerk.order()
    clerk.work(made["id"])
    text = str(clerk.lines(made["id"]))
    assert "138****" in text
    assert not any(number in text for number in NUMBERS)


def test_a_file_made_of_more_than_its_owner_may_see_now_is_not_handed_over(
    exporter: Callable[..., Exporter], company: Company
) -> None:
    role = Role.objects.of(company.tenant).create(
        code="clerk", name="文员", rights={"customers.read": "all", "customers.export": "all", "numbers.clear": "all"}
    )
    lead = company.users["lead"]
    lead.role = role
    lead.save()
    mine = exporter("lead")
    made = mine.order()
    mine.work(made["id"])
    assert mine.ask(f"/{made['id']}/file").status_code == 200
    role.rights = {"customers.read": "all", "customers.export": "all"}
    role.save()
    answer = mine.ask(f"/{made['id']}/file")
    assert (answer.status_code, answer.json()["code"]) == (403, "rights_changed")
    role.rights = {"customers.read": "all"}
    role.save()
    assert mine.ask(f"/{made['id']}/file").json()["code"] == "not_allowed"


def test_a_file_is_its_owners_and_administrators_alone(exporter: Callable[..., Exporter], company: Company) -> None:
    admin, lead = exporter(), exporter("lead")
    made = admin.order()
    admin.work(made["id"])
    assert lead.ask(f"/{made['id']}/file").status_code == 404
    assert lead.ask("").json()["total"] == 0
    own = lead.order()
    lead.work(own["id"])
    assert admin.ask(f"/{own['id']}/file").status_code == 200
    assert admin.ask("").json()["total"] == 2
    assert admin.ask("?mine=true").json()["total"] == 1


def test_files_go_when_their_time_is_over_or_their_owner_deletes_them(
    exporter: Callable[..., Exporter], company: Company
) -> None:
    set_policy(company, keep_hours=2)
    mine = exporter()
    kept, deleted = (mine.order()["id"] for _ in range(2))
    for each in (kept, deleted):
        mine.work(each)
    assert mine.ask(f"/{deleted}", "delete").status_code == 204
    now = timezone.now()
    assert exports.remove_old(tenant=company.tenant, now=now + timedelta(hours=1)) == 0
    assert exports.remove_old(tenant=company.tenant, now=now + timedelta(hours=3)) == 1
    assert not FilePart.objects.of(company.tenant).exists()
    assert [mine.ask(f"/{each}/file").json()["code"] for each in (kept, deleted)] == ["no_file"] * 2


def test_one_that_is_cancelled_stops_and_leaves_nothing(exporter: Callable[..., Exporter], company: Company) -> None:
    mine = exporter()
    made = mine.order()
    export_runs.work(tenant=company.tenant, export_id=made["id"], is_time_over=lambda: True)
    assert mine.ask(f"/{made['id']}/cancel", "post").json()["state"] == "cancelled"
    assert mine.work(made["id"])["state"] == "cancelled"
    assert not ExportPiece.objects.of(company.tenant).exists()


@pytest.mark.parametrize("mark", ["line", "column"])
def test_a_file_can_say_who_exported_it(exporter: Callable[..., Exporter], company: Company, mark: str) -> None:
    set_policy(company, watermark=mark)
    mine = exporter()
    made = mine.order()
    mine.work(made["id"])
    lines = mine.lines(made["id"])
    name = company.users["administrator"].name
    marked = [line[-1] for line in lines[1:]] if mark == "column" else [lines[-1][0]]
    assert all(f"由 {name} 于" in words for words in marked)


def test_limits_are_the_administrators_and_audited(exporter: Callable[..., Exporter], company: Company) -> None:
    client = exporter().client
    answer = client.patch("/api/export-policy", {"rows_per_day": 9}, content_type=JSON)
    assert (answer.status_code, answer.json()["rows_per_day"]) == (200, 9)
    entry = Entry.objects.of(company.tenant).filter(action="export_policy.changed").latest("pk")
    assert (entry.before, entry.after) == ({"rows_per_day": 100_000}, {"rows_per_day": 9})
    assert client.patch("/api/export-policy", {"keep_hours": 0}, content_type=JSON).status_code == 422
