"""What custom fields and layouts know of customers."""

from __future__ import annotations

from zhiyin.apps.fields.subjects import BuiltIn, Subject, register

SUBJECT = "customer"

_BUILT_IN = (
    BuiltIn("name", "姓名", "Name", is_required=True),
    BuiltIn("company", "单位", "Company"),
    BuiltIn("numbers", "电话", "Telephones", is_wide=True),
    BuiltIn("gender", "性别", "Gender"),
    BuiltIn("level", "级别", "Level"),
    BuiltIn("owner_id", "负责人", "Owner"),
    BuiltIn("address", "地址", "Address", is_wide=True),
    BuiltIn("hobbies", "爱好", "Hobbies"),
    BuiltIn("product", "产品", "Product"),
    BuiltIn("purchased_on", "购买日期", "Purchased on"),
    BuiltIn("note", "备注", "Note", is_wide=True),
)


def register_customers() -> None:
    register(
        Subject(
            code=SUBJECT,
            name="客户",
            name_en="Customer",
            built_in=_BUILT_IN,
            variants={"person": ("个人", "Person"), "company": ("企业", "Company")},
            records=lambda _tenant, _after, _limit: (),
        )
    )
