"""Addresses with gaps: only whole https addresses, gaps behind the host, values that cannot break out."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiyin.domain.screen_addresses import BadTemplate, check_template, fill_template, variables_of

TEMPLATE = "https://crm.example/open?phone={number}&call={call}#Contact/view/{remote_customer}"


def test_gaps_are_filled_and_named() -> None:
    check_template(TEMPLATE, plain_hosts=())
    assert variables_of(TEMPLATE) == ("number", "call", "remote_customer")
    filled = fill_template(TEMPLATE, {"number": "+8613812345678", "call": "01J", "remote_customer": "c1"})
    assert filled == "https://crm.example/open?phone=%2B8613812345678&call=01J#Contact/view/c1"


@given(st.text(st.characters(exclude_categories=["Cs"])), st.text(st.characters(exclude_categories=["Cs"])))
def test_no_value_breaks_out_of_its_gap(queue: str, agent: str) -> None:
    filled = fill_template("https://crm.example/a?queue={queue}&x=1&agent={agent}", {"queue": queue, "agent": agent})
    parts = urlsplit(filled)
    assert (parts.scheme, parts.netloc, parts.path, parts.fragment) == ("https", "crm.example", "/a", "")
    assert parse_qsl(parts.query, keep_blank_values=True) == [("queue", queue), ("x", "1"), ("agent", agent)]


@pytest.mark.parametrize(
    ("template", "code"),
    [
        ("http://crm.example/{call}", "needs_https"),
        ("javascript://crm.example/%0aalert({call})", "needs_https"),
        ("javascript:alert(1)", "bad_url"),
        ("/open?{call}", "bad_url"),
        ("https:///{call}", "bad_url"),
        ("https://{call}.example/", "variable_in_host"),
        ("https://crm.example:{call}/", "variable_in_host"),
        ("https://a:b@crm.example/{call}", "credentials_in_url"),
        ("https://crm.example/{phone}", "unknown_variable"),
        ("https://crm.example/{}", "unknown_variable"),
        ("https://crm.example/{call", "bad_url"),
        ("https://crm.example/a b", "bad_url"),
        ('https://crm.example/"{call}', "bad_url"),
        ("https://crm.example:99999/", "bad_url"),
    ],
)
def test_what_no_browser_shall_be_led_to_is_refused(template: str, code: str) -> None:
    with pytest.raises(BadTemplate) as refused:
        check_template(template, plain_hosts=())
    assert refused.value.code == code


def test_a_host_inside_may_do_without_tls_where_the_installation_says_so() -> None:
    check_template("http://crm.intern/{call}", plain_hosts={"crm.intern"})
    check_template("http://crm.intern:8080/{call}", plain_hosts={"crm.intern:8080"})
    with pytest.raises(BadTemplate):
        check_template("http://crm.intern:8081/{call}", plain_hosts={"crm.intern:8080"})
