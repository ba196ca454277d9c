"""What stands in files that people download: outcomes and what is wrong with a row, in Chinese and English."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from zhiyin.apps.exchange.kinds.base import ImportField
from zhiyin.apps.fields.words import sentence

#: code -> Chinese, English
PROBLEMS: dict[str, tuple[str, str]] = {
    "missing": ("必填，不能为空", "is required"),
    "unknown_choice": ("不是可选的值", "is not one of the choices"),
    "unknown_queue": ("没有这个技能组", "names a queue that does not exist"),
    "unknown_user": ("没有这个用户", "names a user who does not exist"),
    "unknown_reference": ("指向的内容不存在", "names something that does not exist"),
    "bad_number": ("不是有效的电话号码", "is not a telephone number"),
    "bad_email": ("不是有效的邮箱地址", "is not an e-mail address"),
    "bad_date": ("不是有效的日期，应如 2026-01-31", "is not a date such as 2026-01-31"),
    "bad_amount": ("不是有效的数字", "is not a number"),
    "string_too_long": ("太长", "is too long"),
    "string_too_short": ("太短", "is too short"),
    "string_pattern_mismatch": ("含有不允许的字符", "has characters that are not allowed"),
    "not_number": ("不是数字", "is not a number"),
    "not_date": ("不是有效的日期，应如 2026-01-31", "is not a date such as 2026-01-31"),
    "too_many_decimals": ("小数位数过多", "has too many decimals"),
    "too_many_digits": ("位数过多", "has too many digits"),
    "too_small": ("小于允许的最小值", "is less than allowed"),
    "too_large": ("大于允许的最大值", "is more than allowed"),
    "too_long": ("太长", "is too long"),
    "pattern": ("格式不符", "does not have the form that is asked for"),
    "bad_birthday": ("不是有效的日期", "is not a day that exists"),
    "customer_in_use": ("已有联络记录或其他记录", "has contacts or other records"),
    "taken": ("已被占用", "is taken already"),
    "weak_password": ("密码太短或太常见（至少 8 位）", "is too short or too common (at least 8 characters)"),
    "last_administrator": ("这是最后一个管理员", "is the last administrator"),
    "several_matches": ("与多条已有记录相符，无法确定是哪一条", "fits several records that exist already"),
    "changed_since": ("导入后又被修改", "was changed after the import"),
    "in_use": ("已被其他记录使用", "is used by other records"),
    "not_allowed": ("您没有这项权限", "needs a right that you lack"),
}
_WHOLE_ROW = ("整行", "The row")


def sentence_or_code(code: str, language: str) -> str:
    """Return the sentence of a custom field's refusal; one whose facts are not here anymore is told by its code."""
    try:
        return sentence(code, {}, language)
    except KeyError:
        return code


def explain(problems: Mapping[str, str], fields: Sequence[ImportField], *, language: str) -> str:
    """Return what is wrong with a row, as one sentence for each field."""
    at = 0 if language.startswith("zh") else 1
    titles = {field.code: (field.zh, field.en)[at] for field in fields}
    said = []
    for name, code in problems.items():
        title = titles.get(name) or (name if name else _WHOLE_ROW[at])
        words = PROBLEMS[code][at] if code in PROBLEMS else sentence_or_code(code, language)
        said.append(f"{title}：{words}" if at == 0 else f"{title} {words}")
    return ("；" if at == 0 else "; ").join(said)
