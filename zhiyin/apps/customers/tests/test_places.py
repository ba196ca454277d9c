"""Where numbers are from."""

from __future__ import annotations

import pytest

from zhiyin.apps.customers.pinyin import search_keys
from zhiyin.apps.customers.places import place_of


@pytest.mark.parametrize(
    ("number", "kind", "chinese", "english"),
    [
        ("+8613812345678", "mobile", "江苏 连云港", "Lianyungang, Jiangsu"),
        ("+861088886666", "landline", "北京", "Beijing"),
        ("+8675588886666", "landline", "广东 深圳", "Shenzhen, Guangdong"),
        ("+862988886666", "landline", "陕西 咸阳/西安", "Xianyang / Xi'an, Shaanxi"),
        ("+85223456789", "foreign", "中国香港", "Hong Kong, China"),
        ("+14155550123", "foreign", "美国", "United States"),
        ("110", "emergency", "紧急号码", "Emergency"),
        ("4008001234", "service", "企业热线", "Company hotline"),
        ("95588", "service", "全国客服号码", "National service number"),
        ("10086", "service", "运营商客服", "Carrier"),
        ("12345", "service", "公共服务号码", "Public service"),
        ("1001", "other", "", ""),
    ],
)
def test_a_number_has_its_place(number: str, kind: str, chinese: str, english: str) -> None:
    place = place_of(number)
    assert (place.kind, place.named("zh"), place.named("en")) == (kind, chinese, english)


def test_a_mobile_range_that_nobody_knows_has_no_place() -> None:
    assert place_of("+8610000000000").named("zh") == ""


@pytest.mark.parametrize(
    ("name", "keys"),
    [("张三", {"zs", "zhangsan"}), ("单雄信", {"sxx", "dxx"}), ("Lee 李", {"leel", "leeli"}), ("", set())],
)
def test_a_name_is_found_by_initials_and_by_whole_pinyin(name: str, keys: set[str]) -> None:
    assert keys <= set(search_keys(name).split())
