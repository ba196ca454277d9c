"""What a form for an unknown caller can be filled with."""

from __future__ import annotations

from zhiyin.domain.caller_details import CallerDetails, read_details


def test_details_are_found_under_the_names_that_others_give_them() -> None:
    data = {"Customer-Name": " 周芳 ", "单位": "连云港机械厂", "order": "A-17"}
    assert read_details(data) == CallerDetails(name="周芳", company="连云港机械厂")


def test_nothing_is_invented() -> None:
    assert read_details({"order": "A-17", "name": "  "}) == CallerDetails()


def test_what_no_field_could_hold_is_cut() -> None:
    assert len(read_details({"name": "长" * 200}).name) == 100
