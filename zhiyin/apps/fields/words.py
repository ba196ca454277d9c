"""The sentences that a value's refusal is told in: by forms, and by the error file of an import. Pure."""

from __future__ import annotations

from collections.abc import Mapping

_SENTENCES: dict[str, tuple[str, str]] = {
    "required": ("必填", "Fill this in."),
    "taken": ("已有其他记录使用此值", "Another record has this already."),
    "unknown_field": ("没有这个字段", "There is no such field."),
    "retired_field": ("该字段已停用，不能再修改", "This field is retired; its value stays as it is."),
    "not_text": ("请填写文字", "Write text here."),
    "too_long": ("最多 {most} 个字", "At most {most} characters."),
    "pattern": ("格式应为 {shape}", "It should look like this: {shape}"),
    "not_number": ("请填写数字", "Write a number here."),
    "too_many_digits": ("整数部分最多 {most} 位", "At most {most} digits before the point."),
    "too_many_decimals": ("最多 {most} 位小数", "At most {most} decimals."),
    "too_small": ("不能小于 {least}", "Not less than {least}."),
    "too_large": ("不能大于 {most}", "Not more than {most}."),
    "not_date": ("请填写日期，如 2026-01-31", "Write a date, such as 2026-01-31."),
    "not_instant": (
        "请填写带时区的日期和时间，如 2026-01-31T09:30:00+08:00",
        "Write date and time with their offset, such as 2026-01-31T09:30:00+08:00.",
    ),
    "not_yes_no": ("请填写“是”或“否”", 'Write "yes" or "no".'),
    "unknown_option": ("没有此选项", "There is no such option."),
    "retired_option": ("此选项已停用，请选择其他选项", "This option is retired. Choose another."),
    "not_choices": ("请从选项中选择", "Choose from the options."),
    "unknown_user": ("没有此用户", "There is no such user."),
    "bad_number": ("不是有效的电话号码", "This is not a telephone number."),
    "bad_email": ("不是有效的邮箱地址", "This is not an e-mail address."),
    "bad_link": (
        "不是有效的网址（以 http:// 或 https:// 开头）",
        "This is not a web address (http:// or https://).",
    ),
}


def sentence(code: str, facts: Mapping[str, object], language: str) -> str:
    """Return why a value was refused, in Chinese or English."""
    is_chinese = language.startswith("zh")
    words = _SENTENCES.get(code, ("填写有误", "This cannot stand here."))[0 if is_chinese else 1]
    shape = (facts.get("words") if is_chinese else facts.get("words_en") or facts.get("words")) or facts.get("pattern")
    return words.format_map({name: _plain(value) for name, value in facts.items()} | {"shape": shape})


def _plain(value: object) -> object:
    return int(value) if isinstance(value, float) and value.is_integer() else value
