"""Origins: read as browsers write them, and nothing gets in that would mean something in a policy."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiyin.domain.origins import BadOrigin, read_origin


@pytest.mark.parametrize(
    ("text", "origin"),
    [
        ("https://crm.example", "https://crm.example"),
        ("  https://CRM.Example/app?x=1#y ", "https://crm.example"),
        ("https://crm.example:443/", "https://crm.example"),
        ("https://crm.example:8443", "https://crm.example:8443"),
        ("https://客户.example/", "https://xn--ubt06m.example"),
        ("http://localhost:3000", "http://localhost:3000"),
        ("http://127.0.0.1:80/", "http://127.0.0.1"),
        ("http://crm.intern/x", "http://crm.intern"),
    ],
)
def test_an_address_is_read_as_the_browser_writes_its_origin(text: str, origin: str) -> None:
    assert read_origin(text, plain_hosts={"crm.intern"}) == origin


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "bad_origin"),
        ("crm.example", "bad_origin"),
        ("null", "bad_origin"),
        ("https://", "bad_origin"),
        ("https://:443", "bad_origin"),
        ("https://crm.example:99999", "bad_origin"),
        ("https://crm.example:0", "bad_origin"),
        ("https://crm.example; script-src *", "wildcard"),
        ("https://crm.example;script-src", "bad_origin"),
        ("https://a.example https://b.example", "bad_origin"),
        ("https://crm_1.example", "bad_origin"),
        ("https://[2001:db8::1]", "bad_origin"),
        ("https://-crm.example", "bad_origin"),
        ("file:///etc/passwd", "bad_origin"),
        ("javascript://crm.example/%0aalert(1)", "bad_origin"),
        ("https://*.crm.example", "wildcard"),
        ("*", "wildcard"),
        ("https://user:word@crm.example", "credentials_in_url"),
        ("http://crm.example", "needs_https"),
        ("http://localhost.evil.example", "needs_https"),
    ],
)
def test_what_is_no_trustworthy_origin_is_refused(text: str, code: str) -> None:
    with pytest.raises(BadOrigin) as refused:
        read_origin(text, plain_hosts=())
    assert refused.value.code == code


_ADDRESS_LIKE = st.tuples(
    st.sampled_from(["https://", "http://", "HTTPS://", "//", ""]),
    st.text(max_size=30),
    st.sampled_from(["", ":443", ":1", ":x", "/a", "?b", "#c", "@d"]),
).map("".join)


@given(_ADDRESS_LIKE | st.text())
def test_whatever_is_typed_becomes_one_plain_word_that_reads_as_itself_or_is_refused(text: str) -> None:
    try:
        origin = read_origin(text, plain_hosts=())
    except BadOrigin:
        return
    assert re.fullmatch(r"https?://[a-z0-9.-]+(:[0-9]{1,5})?", origin)
    assert read_origin(origin, plain_hosts=()) == origin
