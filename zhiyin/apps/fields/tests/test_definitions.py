"""Fields are made, changed and retired without code, and no value is lost by it."""

from __future__ import annotations

from typing import Any

import pytest

from zhiyin.apps.audit.models import Entry
from zhiyin.apps.conftest import Company
from zhiyin.apps.fields import queries, services
from zhiyin.apps.fields.errors import BadCustomValues
from zhiyin.apps.fields.models import FieldKey

JSON = "application/json"
CUSTOMER = "customer"


def make(company: Company, name: str, kind: str = "text", **body: Any) -> dict[str, Any]:
    sent = {"subject": CUSTOMER, "kind": kind, "name": name, **body}
    answer = company.browser("administrator").post("/api/fields", sent, content_type=JSON)
    assert answer.status_code == 201, answer.content
    found: dict[str, Any] = answer.json()
    return found


def change(company: Company, field: dict[str, Any], **body: Any) -> Any:
    return company.browser("administrator").patch(f"/api/fields/{field['id']}", body, content_type=JSON)


def refused(company: Company, given: dict[str, object], *, partial: bool = True, **more: Any) -> dict[str, str]:
    with pytest.raises(BadCustomValues) as error:
        services.clean(company.tenant, CUSTOMER, given, partial=partial, **more)
    return error.value.fields


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("会员等级", "hui_yuan_deng_ji"),
        ("VIN 码", "vin_ma"),
        ("2号电话", "field_2_hao_dian_hua"),
        ("姓名", "xing_ming"),
        ("Name", "name_2"),
    ],
    ids=["Chinese", "mixed", "digit first", "as a built-in in Chinese", "as a built-in's code"],
)
def test_the_code_is_made_from_the_name_and_stays(company: Company, name: str, code: str) -> None:
    field = make(company, name)
    assert field["code"] == code
    assert change(company, field, name="新名字").json()["code"] == code


def test_a_name_is_taken_only_by_a_field_in_use(company: Company) -> None:
    make(company, "等级")
    sent = {"subject": CUSTOMER, "kind": "text", "name": "等级"}
    answer = company.browser("administrator").post("/api/fields", sent, content_type=JSON)
    assert (answer.status_code, answer.json()["fields"]) == (409, {"name": "taken"})


def test_a_retired_field_leaves_its_name_and_its_values(company: Company) -> None:
    first = make(company, "等级")
    change(company, first, is_active=False)
    second = make(company, "等级")
    assert (first["code"], second["code"]) == ("deng_ji", "deng_ji_2")
    stored = {"deng_ji": "old"}
    assert services.clean(company.tenant, CUSTOMER, {"deng_ji": "old"}, partial=True, stored=stored) == {}
    assert refused(company, {"deng_ji": "new"}, stored=stored) == {"custom.deng_ji": "retired_field"}
    assert services.merged(stored, {"deng_ji_2": "a"}) == {"deng_ji": "old", "deng_ji_2": "a"}


def test_an_option_that_is_left_out_is_retired_and_values_keep_it(company: Company) -> None:
    field = make(company, "卡", "choice", options=[{"name": "金"}, {"name": "银", "name_en": "Silver"}])
    assert [option["code"] for option in field["options"]] == ["jin", "yin"]
    changed = change(company, field, options=[{"code": "yin", "name": "白银"}, {"name": "金"}]).json()
    assert [(one["code"], one["name"], one["is_retired"]) for one in changed["options"]] == [
        ("yin", "白银", False),
        ("jin_2", "金", False),
        ("jin", "金", True),
    ]
    kept = services.clean(company.tenant, CUSTOMER, {"ka": "jin"}, partial=True, stored={"ka": "jin"})
    assert kept == {"ka": "jin"}
    assert refused(company, {"ka": "jin"}) == {"custom.ka": "retired_option"}


@pytest.mark.parametrize(
    ("kind", "body", "fields"),
    [
        ("choice", {}, {"options": "no_options"}),
        ("choice", {"options": [{"name": "a"}, {"name": "a"}]}, {"options.1.name": "taken"}),
        ("choice", {"options": [{"code": "x", "name": "a"}]}, {"options.0.code": "unknown_option"}),
        ("yes_no", {"is_unique": True}, {"is_unique": "not_for_this_kind"}),
        ("long_text", {"is_searchable": True}, {"is_searchable": "not_for_this_kind"}),
        ("number", {"rules": {"minimum": 2, "maximum": 1}}, {"rules.maximum": "less_than_minimum"}),
        ("text", {"rules": {"pattern": "99|"}}, {"rules.pattern": "bad_pattern"}),
        ("number", {"default": "many"}, {"default": "not_number"}),
    ],
)
def test_a_definition_that_contradicts_itself_is_refused_at_its_field(
    company: Company, kind: str, body: dict[str, object], fields: dict[str, str]
) -> None:
    sent = {"subject": CUSTOMER, "kind": kind, "name": "x", **body}
    answer = company.browser("administrator").post("/api/fields", sent, content_type=JSON)
    assert (answer.status_code, answer.json()["fields"]) == (400, fields)


def test_a_kind_of_record_that_nobody_registered_has_no_fields(company: Company) -> None:
    sent = {"subject": "weather", "kind": "text", "name": "x"}
    answer = company.browser("administrator").post("/api/fields", sent, content_type=JSON)
    assert (answer.status_code, answer.json()["fields"]) == (400, {"subject": "unknown_subject"})


def test_there_is_room_for_so_many_fields_in_use(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "MAX_FIELDS", 2)
    first, _second = make(company, "一"), make(company, "二")
    sent = {"subject": CUSTOMER, "kind": "text", "name": "三"}
    browser = company.browser("administrator")
    assert browser.post("/api/fields", sent, content_type=JSON).json()["code"] == "too_many_fields"
    change(company, first, is_active=False)
    assert browser.post("/api/fields", sent, content_type=JSON).status_code == 201
    assert change(company, first, is_active=True).json()["code"] == "too_many_fields"


def test_every_slip_is_named_at_once_with_its_sentence_in_both_languages(company: Company) -> None:
    make(company, "等级", is_required=True)
    make(company, "年龄", "number", rules={"maximum": 150})
    make(company, "车架号", rules={"pattern": "AA-99", "pattern_words": "两个字母加两位数字"})
    given: dict[str, object] = {"nian_ling": 200, "che_jia_hao": "x", "nothing": 1}
    with pytest.raises(BadCustomValues) as error:
        services.clean(company.tenant, CUSTOMER, given, partial=False)
    assert error.value.fields == {
        "custom.deng_ji": "required",
        "custom.nian_ling": "too_large",
        "custom.che_jia_hao": "pattern",
        "custom.nothing": "unknown_field",
    }
    words: Any = error.value.facts["words"]
    assert words["custom.nian_ling"] == {"zh": "不能大于 150", "en": "Not more than 150."}
    assert words["custom.che_jia_hao"]["zh"] == "格式应为 两个字母加两位数字"


def test_what_is_missing_takes_its_default_and_a_change_touches_only_what_it_names(company: Company) -> None:
    make(company, "来源", "choice", options=[{"name": "网站"}, {"name": "门店"}])
    assert change(company, make(company, "积分", "number"), default=10).json()["default"] == 10
    full = services.clean(company.tenant, CUSTOMER, {"lai_yuan": "门店"}, partial=False)
    assert services.merged({}, full) == {"lai_yuan": "men_dian", "ji_fen": 10}
    assert services.clean(company.tenant, CUSTOMER, {"lai_yuan": None}, partial=True) == {"lai_yuan": None}


def test_a_required_field_that_the_form_did_not_show_is_not_asked_for(company: Company) -> None:
    make(company, "驾照", is_required=True)
    assert services.clean(company.tenant, CUSTOMER, {}, partial=False, hidden={"jia_zhao"}) == {"jia_zhao": None}
    assert refused(company, {"jia_zhao": ""}) == {"custom.jia_zhao": "required"}


def test_another_companys_user_is_no_user(company: Company, other_company: Company) -> None:
    make(company, "客户经理", "user")
    stranger = other_company.users["agent"].pk
    assert refused(company, {"ke_hu_jing_li": stranger}) == {"custom.ke_hu_jing_li": "unknown_user"}
    mine = company.users["agent"].pk
    assert services.clean(company.tenant, CUSTOMER, {"ke_hu_jing_li": mine}, partial=True) == {"ke_hu_jing_li": mine}


def test_a_telephone_is_canonical_and_whoever_sees_it_masked_sends_it_back_unchanged(company: Company) -> None:
    make(company, "备用电话", "telephone")
    stored = services.clean(company.tenant, CUSTOMER, {"bei_yong_dian_hua": "138 1234 5678"}, partial=True)
    assert stored == {"bei_yong_dian_hua": "+8613812345678"}
    fields = queries.definitions(company.tenant, CUSTOMER)
    masked = queries.shown(company.actor("agent"), fields, stored)
    assert masked == {"bei_yong_dian_hua": "138****5678"}
    assert services.clean(company.tenant, CUSTOMER, masked, partial=True, stored=stored) == stored
    assert "13812345678" not in str(queries.audited(fields, stored))


def test_a_unique_value_is_taken_by_one_record_alone(company: Company) -> None:
    make(company, "身份证", is_unique=True)
    values = services.clean(company.tenant, CUSTOMER, {"shen_fen_zheng": "A1"}, partial=True)
    services.enter(company.tenant, CUSTOMER, 1, values)
    assert refused(company, {"shen_fen_zheng": "a1"}) == {"custom.shen_fen_zheng": "taken"}
    again = services.clean(company.tenant, CUSTOMER, {"shen_fen_zheng": "A1"}, partial=True, record_id=1)
    assert again == values
    services.forget(company.tenant, CUSTOMER, [1])
    assert services.clean(company.tenant, CUSTOMER, {"shen_fen_zheng": "a1"}, partial=True)


def test_a_field_becomes_unique_only_where_no_two_hold_the_same(company: Company) -> None:
    field = make(company, "车牌", is_searchable=True)
    for record, plate in enumerate(("A1", "A2", "a1"), start=1):
        services.enter(company.tenant, CUSTOMER, record, {"che_pai": plate})
    answer = change(company, field, is_unique=True)
    assert (answer.status_code, answer.json()["code"]) == (409, "has_duplicates")
    services.enter(company.tenant, CUSTOMER, 3, {"che_pai": "A3"})
    assert change(company, field, is_unique=True).json()["is_unique"] is True
    assert refused(company, {"che_pai": "A2"}) == {"custom.che_pai": "taken"}
    plain = make(company, "工号")
    assert change(company, plain, is_unique=True).json()["code"] == "not_indexed_yet"


def test_a_field_that_is_no_longer_searchable_leaves_the_index(company: Company) -> None:
    field = make(company, "车型", is_searchable=True)
    services.enter(company.tenant, CUSTOMER, 1, {"che_xing": "Model X-200"})
    assert FieldKey.objects.of(company.tenant).count() == 4  # the whole, its beginning, X-200, 200
    assert change(company, field, is_searchable=False).json()["is_searchable"] is False
    assert FieldKey.objects.of(company.tenant).count() == 0
    assert change(company, field, is_searchable=True).json()["is_ready"] is False


def test_fields_are_put_in_order_and_everything_is_audited(company: Company) -> None:
    first, second, third = (make(company, name) for name in ("一", "二", "三"))
    browser = company.browser("administrator")
    body = {"subject": CUSTOMER, "ids": [third["id"], first["id"]]}
    assert browser.put("/api/fields/order", body, content_type=JSON).status_code == 204
    listed = browser.get("/api/fields", {"subject": CUSTOMER, "state": "active"}).json()["items"]
    assert [item["id"] for item in listed] == [third["id"], first["id"], second["id"]]
    change(company, first, help="说明", is_required=True)
    entries = Entry.objects.of(company.tenant).filter(subject_kind="field")
    assert sorted(entries.values_list("action", flat=True)) == [
        "field.changed",
        *["field.created"] * 3,
        "field.ordered",
    ]
    changed = entries.get(action="field.changed")
    assert (changed.before, changed.after) == (
        {"help": "", "is_required": False},
        {"help": "说明", "is_required": True},
    )
