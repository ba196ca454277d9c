"""An import: assigned, tried, run, told what was wrong, undone; seen by whom it concerns and nobody else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from zhiyin.apps.accounts.models import User
from zhiyin.apps.audit.models import Entry
from zhiyin.apps.conftest import Company
from zhiyin.apps.exchange import imports, queries, runs
from zhiyin.apps.exchange.kinds import KINDS
from zhiyin.apps.exchange.models import FilePart, Import, ImportRow
from zhiyin.apps.exchange.tests.conftest import JSON, Importer
from zhiyin.apps.exchange.tests.tables_in_bytes import csv_bytes, xlsx_bytes
from zhiyin.apps.queues import services as queues

FILE = csv_bytes("用户名,xingming,角色,队列", "li,李雷,座席,售后", "han,韩梅梅,班长,", "wang,,座席,", "zhao,赵,老板,")


@pytest.fixture
def admin(importer: Callable[..., Importer], company: Company, monkeypatch: pytest.MonkeyPatch) -> Importer:
    monkeypatch.setattr(KINDS["users"], "batch", 2)
    queues.create_queue(actor=company.system, fields={"name": "售后"})
    return importer()


def users(company: Company) -> dict[str, User]:
    rows = User.objects.of(company.tenant).filter(removed_at__isnull=True)
    return {user.username: user for user in rows if user.username not in company.users}


def test_columns_are_guessed_by_word_and_pinyin_and_remembered(admin: Importer) -> None:
    made = admin.upload(FILE)
    assert made["mapping"] == {"0": "username", "1": "name", "2": "role", "3": "queues"}
    admin.change(made["id"], mapping={"0": "username", "1": "name"})
    assert admin.upload(FILE)["mapping"] == {"0": "username", "1": "name"}
    assert admin.upload(csv_bytes("账号,姓名(必填)", "a,b"))["mapping"] == {"0": "username", "1": "name"}


def test_a_dry_run_changes_nothing_and_says_what_would_happen(admin: Importer, company: Company) -> None:
    made = admin.upload(FILE)
    checked = admin.step(made["id"], "check")
    assert (checked["state"], checked["total"]) == ("checked", 4)
    assert checked["counts"] == {"created": 2, "refused": 2}
    assert users(company) == {}
    refused = admin.rows(made["id"], outcome="refused")
    assert [(row["number"], row["problems"]) for row in refused] == [
        (4, {"name": "missing"}),
        (5, {"role": "unknown_choice"}),
    ]
    assert [row["explained"] for row in refused] == ["姓名：必填，不能为空", "角色：不是可选的值"]
    assert not Entry.objects.of(company.tenant).filter(action="user.created", subject_name="李雷").exists()


def test_a_run_makes_users_whose_first_passwords_are_told_once(admin: Importer, company: Company) -> None:
    done = admin.run(FILE)
    assert (done["state"], done["secrets"]) == ("done", 2)
    made = users(company)
    assert {name: user.role.code for name, user in made.items()} == {"li": "agent", "han": "lead"}
    told = admin.client.post(f"/api/imports/{done['id']}/passwords", content_type=JSON)
    lines = [line.split(",") for line in told.content.decode("utf-8-sig").splitlines()]
    assert [line[0] for line in lines] == ["用户名", "li", "han"]
    assert all(made[name].check_password(password) for name, _, password in lines[1:])
    again = admin.client.post(f"/api/imports/{done['id']}/passwords", content_type=JSON)
    assert (again.status_code, again.json()["code"]) == (409, "secrets_told")
    stored = str(list(ImportRow.objects.of(company.tenant).values()))
    assert not any(line[2] in stored for line in lines[1:])


def test_the_error_file_is_the_refused_rows_with_what_is_wrong(admin: Importer, company: Company) -> None:
    done = admin.run(FILE)
    answer = admin.client.get(f"/api/imports/{done['id']}/errors")
    assert answer.content.decode("utf-8-sig").splitlines() == [
        "用户名,xingming,角色,队列,问题,行号",
        "wang,,座席,,姓名：必填，不能为空,4",
        "zhao,赵,老板,,角色：不是可选的值,5",
    ]
    company.users["administrator"].language = "en"
    company.users["administrator"].save()
    told = admin.client.get(f"/api/imports/{done['id']}/errors").content.decode("utf-8-sig")
    assert "Name is required" in told


def test_an_error_files_formulas_are_not_run(admin: Importer) -> None:
    done = admin.run(csv_bytes("用户名,姓名", '=cmd x,"=HYPERLINK(""x"")"'))
    told = admin.client.get(f"/api/imports/{done['id']}/errors").content.decode("utf-8-sig")
    assert "'=cmd x" in told
    assert '"\'=HYPERLINK(""x"")"' in told


@pytest.mark.parametrize(("on_match", "counts"), [("skip", {"skipped": 1}), ("change", {"changed": 1})])
def test_who_is_known_is_skipped_or_changed(
    admin: Importer, company: Company, on_match: str, counts: dict[str, int]
) -> None:
    admin.run(csv_bytes("用户名,姓名,角色", "li,李雷,座席"))
    done = admin.run(csv_bytes("用户名,姓名,角色", "LI,李磊,班长"), on_match=on_match)
    assert done["counts"] == counts
    li = next(iter(users(company).values()))
    assert (li.name, li.role.code) == (("李雷", "agent") if on_match == "skip" else ("李磊", "lead"))


def test_importing_the_same_again_changes_nothing(admin: Importer) -> None:
    content = csv_bytes("用户名,姓名,角色,队列", "li,李雷,座席,售后")
    assert admin.run(content)["counts"] == {"created": 1}
    assert admin.run(content, on_match="change")["counts"] == {"unchanged": 1}


def test_a_name_twice_in_the_file_is_made_once(admin: Importer, company: Company) -> None:
    done = admin.run(csv_bytes("用户名,姓名", "u1,甲", "u2,乙", "u3,丙", "u1,又一个", "U3,又一个"))
    assert done["counts"] == {"created": 3, "skipped": 2}
    assert len(users(company)) == 3


def test_undo_removes_what_was_made_and_restores_what_was_changed(admin: Importer, company: Company) -> None:
    admin.run(csv_bytes("用户名,姓名,角色", "li,李雷,座席"))
    done = admin.run(csv_bytes("用户名,姓名,角色", "li,李磊,班长", "han,韩梅梅,座席"), on_match="change")
    undone = admin.step(done["id"], "undo")
    assert (undone["state"], undone["counts"]) == ("undone", {"changed": 1, "created": 1, "undone": 2})
    assert {name: (user.name, user.role.code) for name, user in users(company).items()} == {"li": ("李雷", "agent")}


def test_undo_keeps_and_names_what_was_changed_since(admin: Importer, company: Company) -> None:
    done = admin.run(csv_bytes("用户名,姓名", "li,李雷", "han,韩梅梅", "wang,王"))
    made = users(company)
    User.objects.of(company.tenant).filter(pk=made["li"].pk).update(name="李磊")
    User.objects.of(company.tenant).filter(pk=made["han"].pk).update(last_login=timezone.now())
    undone = admin.step(done["id"], "undo")
    assert undone["counts"] == {"created": 3, "kept": 2, "undone": 1}
    kept = admin.rows(done["id"], state="kept")
    assert [(row["subject_name"], row["problems"]) for row in kept] == [
        ("李雷", {"name": "changed_since"}),
        ("韩梅梅", {"last_login": "changed_since"}),
    ]
    assert set(users(company)) == {"li", "han"}


def test_a_cancelled_run_keeps_what_it_did_and_can_be_undone(admin: Importer, company: Company) -> None:
    made = admin.upload(csv_bytes("用户名,姓名", "u1,甲", "u2,乙", "u3,丙"))
    admin.step(made["id"], "check")
    admin.client.post(f"/api/imports/{made['id']}/run", content_type=JSON)
    assert runs.work(tenant=company.tenant, import_id=made["id"], is_time_over=lambda: True)
    cancelled = admin.step(made["id"], "cancel")
    assert (cancelled["state"], cancelled["counts"], len(users(company))) == ("cancelled", {"created": 2}, 2)
    assert admin.step(made["id"], "undo")["counts"] == {"created": 2, "undone": 2}
    assert users(company) == {}


def test_a_spreadsheet_goes_the_same_way(admin: Importer, company: Company) -> None:
    done = admin.run(xlsx_bytes(["账号", "姓名"], [1001, "李雷"]), name="a.xlsx")
    assert (done["format"], done["counts"], list(users(company))) == ("xlsx", {"created": 1}, ["1001"])


def test_another_encoding_reads_the_file_anew(admin: Importer) -> None:
    made = admin.upload(csv_bytes("姓名,username", "張三,li", encoding="big5"))
    assert made["encoding"] == "gb18030"
    read = admin.change(made["id"], encoding="big5")
    assert (read["titles"], read["sample"]) == (["姓名", "username"], [["張三", "li"]])


def test_a_mapping_without_what_is_required_is_refused_by_name(admin: Importer) -> None:
    made = admin.upload(FILE)
    answer = admin.client.patch(
        f"/api/imports/{made['id']}", {"mapping": {"0": "role", "1": "role", "9": "name"}}, content_type=JSON
    )
    assert (answer.status_code, answer.json()["fields"]) == (
        400,
        {
            "mapping.1": "assigned_twice",
            "mapping.9": "unknown_field",
            "field.username": "missing",
        },
    )


def test_steps_out_of_their_order_are_refused(admin: Importer) -> None:
    made = admin.upload(FILE)
    for step in ("run", "undo", "cancel"):
        answer = admin.client.post(f"/api/imports/{made['id']}/{step}", content_type=JSON)
        assert (answer.status_code, answer.json()["code"]) == (409, "wrong_stage")


def test_leads_import_no_users_and_see_no_import_of_another(admin: Importer, importer: Callable[..., Importer]) -> None:
    made = admin.upload(FILE)
    lead = importer("lead")
    assert lead.upload(FILE, status=404)["code"] == "not_found"
    assert lead.client.get(f"/api/imports/{made['id']}").status_code == 404
    assert lead.client.get("/api/imports").json()["total"] == 0
    assert "users" not in [kind["code"] for kind in lead.client.get("/api/imports/kinds").json()["kinds"]]


def test_whoever_left_imports_nothing_any_more(admin: Importer, company: Company) -> None:
    made = admin.upload(FILE)
    admin.step(made["id"], "check")
    admin.client.post(f"/api/imports/{made['id']}/run", content_type=JSON)
    boss = company.users["administrator"]
    User.objects.of(company.tenant).filter(pk=boss.pk).update(is_active=False)
    runs.work(tenant=company.tenant, import_id=made["id"], is_time_over=lambda: False)
    found = Import.objects.of(company.tenant).get(pk=made["id"])
    assert (found.state, found.problem, users(company)) == ("cancelled", "user_gone", {})


def test_what_stands_still_is_found_and_what_is_old_forgotten(admin: Importer, company: Company) -> None:
    made = admin.upload(FILE)
    admin.client.post(f"/api/imports/{made['id']}/check", content_type=JSON)
    now = timezone.now()
    assert queries.standing_still(tenant=company.tenant, before=now - timedelta(minutes=2)) == []
    assert queries.standing_still(tenant=company.tenant, before=now + timedelta(seconds=1)) == [made["id"]]
    imports.forget_old(tenant=company.tenant, now=now + imports.KEEP_IMPORTS + timedelta(days=1))
    assert not FilePart.objects.of(company.tenant).exists()
    assert Import.objects.of(company.tenant).get(pk=made["id"]).sample == []


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_template_can_be_sent_back_as_it_is(admin: Importer, form: str) -> None:
    content = admin.client.get("/api/imports/template", {"kind": "users", "format": form}).content
    done = admin.run(content, name=f"a.{form}")
    # its example names a queue that this company may lack
    assert (done["total"], set(done["counts"])) == (1, {"refused"})
