"""Files exchanged by plan, with real folders and a real HTTP server; jobs are done in the test's own thread."""

from __future__ import annotations

import base64
import os
import time as wall
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from zhiyin.apps.accounts import services as accounts
from zhiyin.apps.audit.models import Entry
from zhiyin.apps.conftest import Company
from zhiyin.apps.customers import services as customers
from zhiyin.apps.exchange.models import Export, ExportPolicy, FilePlan, FileRun, Import, StoredFile
from zhiyin.apps.exchange.plans import services
from zhiyin.apps.exchange.plans.work import plans_with_work, work
from zhiyin.apps.notifications.models import Notification
from zhiyin.apps.testing.receiver import Receiver, Said, receiving

JSON = "application/json"
EIGHT = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
OUT = {
    "name": "每日客户", "direction": "out", "list_path": "/api/customers", "columns": ["name", "company"],
    "place": "folder", "file_name": "客户-{date}.csv", "every": "daily", "at": "02:30",
}  # fmt: skip
IN = {
    "name": "新客户", "direction": "in", "kind": "customers", "mapping": {"姓名": "name", "电话": "numbers"},
    "place": "folder", "file_name": "new-*.csv", "every": "hourly", "at": "00:05",
}  # fmt: skip


@pytest.fixture
def base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(settings, "EXCHANGE_FOLDER", str(tmp_path))
    return tmp_path


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    with receiving() as receiver:
        monkeypatch.setattr(settings, "INTERNAL_HOSTS", frozenset({receiver.host}))
        yield receiver


@pytest.fixture
def own(base: Path, company: Company) -> Path:
    folder = base / company.tenant.code
    folder.mkdir()
    return folder


def plan(company: Company, body: dict[str, Any], status: int = 201, **more: Any) -> Any:
    answer = company.browser("administrator").post("/api/file-plans", body | more, content_type=JSON)
    assert answer.status_code == status, answer.content
    return answer.json()


def carry_out(company: Company, made: dict[str, Any], at: datetime) -> list[FileRun]:
    """Do what is due, as the worker's jobs one after another; return the plan's log, newest first."""
    FilePlan.objects.of(company.tenant).filter(pk=made["id"], next_at__isnull=False, stopped_why="").update(next_at=at)
    jobs = 0
    while work(tenant=company.tenant, plan_id=made["id"], clock=lambda: at, is_time_over=lambda: True):
        jobs += 1
        assert jobs < 100, "it never ends"
    return list(FileRun.objects.of(company.tenant).filter(plan_id=made["id"]).order_by("-pk"))


def put(folder: Path, name: str, text: str, *, encoding: str = "utf-8", age_s: float = 60) -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    at = wall.time() - age_s
    os.utime(path, (at, at))
    return path


def names(company: Company) -> list[str]:
    listed = company.browser("administrator").get("/api/customers?sort=name").json()["items"]
    return [row["name"] for row in listed]


def now() -> datetime:
    return datetime.now(UTC)


def test_a_list_goes_out_as_planned_whole_and_under_its_day(company: Company, own: Path) -> None:
    for name in ("张三", "李四"):
        customers.create_customer(actor=company.system, fields={"name": name, "company": "某公司"})
    made = plan(company, OUT, format="csv-gbk", has_marker=True)
    (run,) = carry_out(company, made, EIGHT)
    assert (run.state, run.rows, run.file_name) == ("done", 2, "客户-20260302.csv")
    told = (own / run.file_name).read_bytes().decode("gb18030").splitlines()
    assert (sorted(told[1:]), run.size_bytes) == (["张三,某公司", "李四,某公司"], (own / run.file_name).stat().st_size)
    assert sorted(path.name for path in own.iterdir()) == [run.file_name, f"{run.file_name}.done"]
    export = Export.objects.of(company.tenant).get()
    assert (export.state, export.is_planned, export.by_name) == ("removed", True, made["by_name"])
    assert not StoredFile.objects.of(company.tenant).exists(), "our own copy stays behind"
    actions = Entry.objects.of(company.tenant).filter(subject_kind="export").order_by("pk")
    assert list(actions.values_list("action", flat=True)) == ["export.ordered", "export.made", "export.delivered"]
    assert not Notification.objects.of(company.tenant).exists()
    again = FilePlan.objects.of(company.tenant).get()
    assert again.next_at == datetime(2026, 3, 2, 18, 30, tzinfo=UTC), "02:30 in Shanghai"
    assert not plans_with_work(tenant=company.tenant, now=EIGHT)
    assert plans_with_work(tenant=company.tenant, now=again.next_at) == [made["id"]]


def test_a_file_comes_in_once_and_is_put_away_with_what_was_refused_of_it(company: Company, own: Path) -> None:
    made = plan(company, IN, encoding="gb18030")
    table = "备注,电话,姓名\nx,13800000001,张三\ny,abc,李四\n"
    put(own, "new-1.csv", table, encoding="gb18030", age_s=90)
    put(own, "new-2.csv", "姓名,电话\n王五,13800000003\n", encoding="gb18030")
    put(own, "other.csv", table)
    log = carry_out(company, made, now())
    assert [(run.file_name, run.state, run.rows, run.refused, run.trigger) for run in log] == [
        ("new-2.csv", "done", 1, 0, "next_file"),
        ("new-1.csv", "done", 2, 1, "schedule"),
    ]
    assert names(company) == ["张三", "王五"]
    assert sorted(path.name for path in (own / "done").iterdir()) == ["new-1.csv", "new-2.csv"]
    (errors,) = (own / "failed").iterdir()
    assert (errors.name, "abc,李四" in errors.read_text("utf-8-sig")) == ("new-1.csv.errors.csv", True)
    assert sorted(path.name for path in own.iterdir()) == ["done", "failed", "other.csv"]
    put(own, "new-1.csv", table, encoding="gb18030")
    assert carry_out(company, made, now())[0].state == "nothing"
    assert Import.objects.of(company.tenant).count() == 2, "the same file was taken twice"
    assert sorted(path.name for path in (own / "done").iterdir()) == ["new-1-2.csv", "new-1.csv", "new-2.csv"]


def test_a_file_that_is_still_written_is_left_until_it_rests_or_its_marker_is_there(
    company: Company, own: Path
) -> None:
    resting, marked = plan(company, IN), plan(company, IN, name="b", file_name="m-*.csv", has_marker=True)
    put(own, "new-1.csv", "姓名,电话\n张三,13800000001\n", age_s=0)
    put(own, "m-1.csv", "姓名,电话\n李四,13800000002\n")
    assert carry_out(company, resting, now())[0].state == "nothing"
    assert carry_out(company, marked, now())[0].state == "nothing"
    (own / "m-1.csv.done").touch()
    assert carry_out(company, marked, now())[0].state == "done"
    assert carry_out(company, resting, now() + timedelta(seconds=20))[0].state == "done"
    assert names(company) == ["张三", "李四"]
    assert not (own / "m-1.csv.done").exists()


@pytest.mark.parametrize(
    ("text", "more", "problem"),
    [
        ("名字,电话\n张三,13800000001\n", {}, "columns_missing"),
        ("姓名,电话\n张三,13800000001\n李四,abc\n", {"on_problems": "refuse_file"}, "rows_refused"),
        ("", {}, "empty_table"),
    ],
)
def test_a_file_that_cannot_be_taken_over_goes_to_failed_and_nothing_of_it_is_imported(
    company: Company, own: Path, text: str, more: dict[str, Any], problem: str
) -> None:
    put(own, "new-1.csv", text)
    log = carry_out(company, plan(company, IN, **more), now())
    assert [(run.state, run.problem) for run in log] == [("failed", problem)]
    assert (own / "failed" / "new-1.csv").exists()
    assert names(company) == []
    told = Notification.objects.of(company.tenant).get(user_id=company.users["administrator"].pk)
    assert (told.code, told.facts["problem"]) == ("file_run_failed", problem)


def test_no_path_leads_out_of_the_companys_folder(company: Company, base: Path, own: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    secret = put(outside, "new-1.csv", "姓名,电话\n张三,13800000001\n")
    (own / "link").symlink_to(outside)
    (own / "new-1.csv").symlink_to(secret)
    (own / "客户-20260302.csv").symlink_to(secret)
    for folder in ("..", "../outside", "/tmp", "a/../../x"):
        assert plan(company, OUT, 400, folder=folder)["fields"] == {"folder": "bad_folder"}
    (run,) = carry_out(company, plan(company, OUT, name="l", folder="link"), EIGHT)
    assert (run.state, run.problem) == ("failed", "not_a_folder")
    assert carry_out(company, plan(company, IN), now())[0].state == "nothing"
    assert carry_out(company, plan(company, OUT), EIGHT)[0].state == "done"
    assert not (own / "客户-20260302.csv").is_symlink(), "the link's target would be written"
    assert secret.read_text().startswith("姓名")
    assert [path.name for path in outside.iterdir()] == ["new-1.csv"]


def test_without_the_operators_folder_nobody_plans_one(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "EXCHANGE_FOLDER", "")
    assert plan(company, OUT, 400)["fields"] == {"place": "no_base_folder"}
    assert company.browser("administrator").get("/api/file-plans/sources").json()["has_folder"] is False


def test_a_file_is_put_to_an_address_with_credentials_that_nobody_sees(company: Company, site: Receiver) -> None:
    customers.create_customer(actor=company.system, fields={"name": "张三"})
    more: dict[str, Any] = {
        "place": "https",
        "url": f"{site.url}/in/",
        "auth": "basic",
        "username": "me",
        "secret": "s3cret",
    }
    made = plan(company, OUT, **more, format="xlsx", file_name="客户 {date}.xlsx")
    (run,) = carry_out(company, made, EIGHT)
    (asked,) = site.asked
    assert (asked.method, asked.path) == ("PUT", "/in/%E5%AE%A2%E6%88%B7%2020260302.xlsx")
    assert asked.headers["authorization"] == "Basic " + base64.b64encode(b"me:s3cret").decode()
    assert (asked.body[:2], len(asked.body), run.state) == (b"PK", run.size_bytes, "done")
    audited = repr(list(Entry.objects.of(company.tenant).values("before", "after")))
    assert "s3cret" not in audited + repr(made) + FilePlan.objects.of(company.tenant).get().sealed_secret
    answer = company.browser("administrator").patch(
        f"/api/file-plans/{made['id']}", {"url": f"{site.url}/elsewhere"}, content_type=JSON
    )
    assert answer.json()["fields"] == {"secret": "secret_needed"}


@pytest.mark.parametrize("url", ["https://127.0.0.1/", "https://10.0.0.1/x", "http://example.com/", "https://a:b@c.d/"])
def test_an_internal_or_open_address_is_refused(company: Company, url: str) -> None:
    assert "url" in plan(company, OUT, 400, place="https", url=url)["fields"]


def test_a_file_is_fetched_from_an_address_and_taken_once(company: Company, site: Receiver) -> None:
    body = "姓名,电话\n张三,13800000001\n".encode()
    site.answer = lambda _asked: Said(200, body)
    made = plan(company, IN, place="https", url=f"{site.url}/out", file_name="new-{date}.csv", every="daily")
    assert carry_out(company, made, EIGHT)[0].state == "done"
    assert site.asked[0].path == "/out/new-20260302.csv"
    assert carry_out(company, made, EIGHT + timedelta(hours=1))[0].state == "nothing"
    site.answer = lambda _asked: Said(404)
    assert carry_out(company, made, EIGHT + timedelta(days=1))[0].state == "nothing"
    assert names(company) == ["张三"]


def test_what_fails_is_tried_again_soon_and_told_once(company: Company, site: Receiver) -> None:
    site.answer = lambda _asked: Said(503)
    made = plan(company, OUT, place="https", url=site.url)
    at, waits = EIGHT, []
    for _ in range(4):
        run = carry_out(company, made, at)[0]
        assert (run.state, run.problem, run.facts) == ("failed", "server_error", {"status": 503})
        stored = FilePlan.objects.of(company.tenant).get()
        assert stored.next_at is not None
        waits.append(stored.next_at - at)
        at = stored.next_at
    assert waits[:3] == [timedelta(minutes=5), timedelta(minutes=15), timedelta(hours=1)]
    assert at == datetime(2026, 3, 2, 18, 30, tzinfo=UTC), "then its own time is waited for"
    assert Notification.objects.of(company.tenant).filter(code="file_run_failed").count() == 1
    policy_rows = Export.objects.of(company.tenant).exclude(state="failed")
    assert not policy_rows.exists(), "what never left counts for the day's limit"
    site.answer = lambda _asked: Said(201)
    log = carry_out(company, made, at)
    assert [run.trigger for run in reversed(log)] == ["schedule", *["retry"] * 4]
    assert (log[0].state, FilePlan.objects.of(company.tenant).get().failures) == ("done", 0)


def test_a_dismissed_planner_stops_the_plan_until_somebody_else_saves_it(company: Company, own: Path) -> None:
    made = plan(company, OUT)
    planner = company.users["administrator"]
    other = company.users["lead"]
    other.role = planner.role
    other.save()
    planner.is_active = False
    planner.save()
    (run,) = carry_out(company, made, EIGHT)
    stored = FilePlan.objects.of(company.tenant).get()
    assert (run.state, run.problem, stored.stopped_why, stored.next_at) == (
        "failed", "planner_gone", "planner_gone", None,
    )  # fmt: skip
    assert list(own.iterdir()) == []
    told = Notification.objects.of(company.tenant).get()
    assert (told.user_id, told.code) == (other.pk, "file_plan_stopped")
    second = accounts.actor_at_work(tenant=company.tenant, user_id=other.pk)
    assert second is not None
    services.update_plan(actor=second, plan_id=made["id"], fields={"is_enabled": True}, now=EIGHT)
    log = carry_out(company, made, EIGHT)
    assert (log[0].state, log[0].planner_name) == ("done", other.name)


def test_limits_hold_for_plans_and_what_is_beyond_waits_for_somebody_else(company: Company, own: Path) -> None:
    for n in range(3):
        customers.create_customer(actor=company.system, fields={"name": f"客户{n}"})
    ExportPolicy.objects.of(company.tenant).create(rows_per_export=2)
    made = plan(company, OUT)
    (run,) = carry_out(company, made, EIGHT)
    assert (run.state, list(own.iterdir())) == ("waiting", [])
    browser = company.browser("administrator")
    again = browser.post(f"/api/file-plans/{made['id']}/run", content_type=JSON)
    assert (again.status_code, again.json()["code"]) == (409, "run_goes_on")
    decided = browser.post(f"/api/exports/{run.export_id}/decision", {"is_approved": True}, content_type=JSON)
    assert decided.json()["code"] == "own_export", "nobody approves what works as himself"
    Export.objects.of(company.tenant).update(state="running")  # as somebody else's approval does
    assert carry_out(company, made, EIGHT)[0].state == "done"
    ExportPolicy.objects.of(company.tenant).update(over_limit="refuse")
    assert carry_out(company, made, EIGHT + timedelta(days=1))[0].problem == "export_limit"


def test_a_worker_that_died_anywhere_leaves_nothing_done_twice(company: Company, own: Path) -> None:
    """After each single step another worker takes the run up."""
    put(own, "new-1.csv", "姓名,电话\n张三,13800000001\n")
    made = plan(company, IN)
    FilePlan.objects.of(company.tenant).update(next_at=now())
    at, steps = now() + timedelta(seconds=1), 0

    def died() -> bool:
        return True

    while work(tenant=company.tenant, plan_id=made["id"], clock=lambda: at, is_time_over=died):
        steps += 1
        assert FileRun.objects.of(company.tenant).filter(ended_at=None).count() == 1
    assert steps > 3
    assert (names(company), Import.objects.of(company.tenant).count()) == (["张三"], 1)


def test_the_dry_run_shows_what_would_be_written_and_writes_nothing(company: Company, own: Path) -> None:
    customers.create_customer(actor=company.system, fields={"name": "张三", "company": "某公司"})
    browser = company.browser("administrator")
    shown = browser.post("/api/file-plans/preview", OUT, content_type=JSON).json()
    assert (shown["rows"], shown["sample"], shown["fault"]) == (1, [["张三", "某公司"]], "")
    assert shown["place"].startswith(f"{company.tenant.code}/客户-")
    assert list(own.iterdir()) == []
    put(own, "new-1.csv", "姓名,手机\n张三,13800000001\n")
    shown = browser.post("/api/file-plans/preview", IN | {"mapping": {"电话": "numbers"}}, content_type=JSON).json()
    assert (shown["files"], shown["titles"], shown["missing"]) == (["new-1.csv"], ["姓名", "手机"], ["电话"])
    assert shown["guess"]["姓名"] == "name"
    away = browser.post("/api/file-plans/preview", OUT | {"folder": "nowhere"}, content_type=JSON).json()
    assert away["fault"] == "no_folder"
    assert not FilePlan.objects.of(company.tenant).exists()
    assert not Export.objects.of(company.tenant).exists()


def test_the_log_and_the_list_say_how_it_went(company: Company, own: Path) -> None:
    made = plan(company, OUT)
    browser = company.browser("administrator")
    ordered = browser.post(f"/api/file-plans/{made['id']}/run", content_type=JSON).json()
    assert (ordered["trigger"], ordered["state"], ordered["ordered_by_name"] != "") == ("person", "running", True)
    carry_out(company, made, EIGHT - timedelta(days=365))
    (row,) = browser.get("/api/file-plans").json()["items"]
    assert (row["last_run"]["state"], row["last_run"]["id"]) == ("done", ordered["id"])
    logged = browser.get(f"/api/file-plans/runs?plan={made['id']}&state=done").json()
    assert [each["plan_name"] for each in logged["items"]] == ["每日客户"]
    assert browser.get("/api/file-plans/runs?format=csv").status_code == 200
    assert browser.delete(f"/api/file-plans/{made['id']}").status_code == 204
    assert browser.get("/api/file-plans/runs").json()["total"] == 0


def test_contacts_of_yesterday_are_asked_for_on_the_companys_clock(company: Company, own: Path) -> None:
    made = plan(company, OUT, list_path="/api/interactions", columns=[], period="yesterday", query="?direction=inbound")
    stored = FilePlan.objects.of(company.tenant).get(pk=made["id"])
    asked = services.query_of(stored, EIGHT)
    assert asked == "direction=inbound&from=2026-03-01T00:00:00%2B08:00&to=2026-03-02T00:00:00%2B08:00"
    assert carry_out(company, made, EIGHT)[0].state == "done"


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"file_name": "x.xlsx"}, "file_name"),
        ({"file_name": "*.csv"}, "file_name"),
        ({"list_path": ""}, "list_path"),
        ({"list_path": "/api/nothing"}, "list_path"),
        ({"place": "https", "url": "https://example.com/", "auth": "bearer"}, "secret"),
    ],
)
def test_what_cannot_be_is_refused_by_its_field(company: Company, own: Path, more: dict[str, Any], field: str) -> None:
    assert field in plan(company, OUT, 400, **more)["fields"]


def test_a_mapping_must_fill_what_is_required_and_nothing_twice(company: Company, own: Path) -> None:
    for mapping in ({}, {"电话": "numbers"}, {"a": "name", "b": "name"}, {"姓名": "name", "x": "no_field"}):
        assert plan(company, IN, 400, mapping=mapping)["fields"] == {"mapping": "bad_mapping"}
