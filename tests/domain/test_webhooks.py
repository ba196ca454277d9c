"""Webhook signatures and waits."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiyin.domain.security.public_addresses import is_public
from zhiyin.domain.security.webhooks import (
    TOLERANCE,
    WAITS,
    BadSecret,
    BadSignature,
    is_dead,
    secret_of,
    sign,
    verify,
    wait_before_next,
)

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
KEYS = st.binary(min_size=24, max_size=64)


def test_the_specifications_own_example_is_signed_as_it_says() -> None:
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    at = datetime.fromtimestamp(1614265330, UTC)
    signature = sign(secret=secret, message_id="msg_p5jXN8AQM9LWM0D4loKWxJek", at=at, body=b'{"test": 2432232314}')
    assert signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@given(key=KEYS, body=st.binary(max_size=200), message_id=st.uuids().map(str))
def test_what_is_signed_verifies_and_nothing_else_does(key: bytes, body: bytes, message_id: str) -> None:
    secret = secret_of(key)
    signature = sign(secret=secret, message_id=message_id, at=NOON, body=body)
    said = {"message_id": message_id, "timestamp": str(int(NOON.timestamp())), "now": NOON}
    assert verify(secrets=[secret], signatures=f"v1,x {signature}", body=body, **said) == NOON  # type: ignore[arg-type]
    other = secret_of(bytes(byte ^ 1 for byte in key))
    for wrong in ({"body": body + b"x"}, {"signatures": "v1," + "A" * 43 + "="}, {"secrets": [other]}):
        given = {"secrets": [secret], "signatures": signature, "body": body} | said | wrong
        with pytest.raises(BadSignature):
            verify(**given)  # type: ignore[arg-type]


@pytest.mark.parametrize("secret", ["whsec_", "whsec_c2hvcnQ=", "whsec_not base64", "whsec_" + "A" * 200])
def test_a_secret_that_is_none_is_refused(secret: str) -> None:
    with pytest.raises(BadSecret):
        sign(secret=secret, message_id="m", at=NOON, body=b"")


@pytest.mark.parametrize("off_by", [TOLERANCE + timedelta(seconds=1), -TOLERANCE - timedelta(seconds=1)])
def test_an_old_message_is_a_replay(off_by: timedelta) -> None:
    secret = secret_of(b"k" * 32)
    signature = sign(secret=secret, message_id="m", at=NOON, body=b"")
    with pytest.raises(BadSignature):
        verify(
            secrets=[secret], message_id="m", timestamp=str(int(NOON.timestamp())), signatures=signature, body=b"",
            now=NOON + off_by,
        )  # fmt: skip


@pytest.mark.parametrize("timestamp", ["", "abc", "-1", "1e9", "９", "9" * 40])
def test_a_timestamp_that_is_no_number_is_refused(timestamp: str) -> None:
    with pytest.raises(BadSignature):
        verify(secrets=[], message_id="m", timestamp=timestamp, signatures="", body=b"", now=NOON)


@given(tries=st.integers(1, 30), asked_s=st.none() | st.floats(-10, 1e9))
def test_waits_grow_and_end(tries: int, asked_s: float | None) -> None:
    wait = wait_before_next(tries, asked_s=asked_s)
    if tries > len(WAITS):
        assert wait is None
        return
    assert wait is not None
    assert WAITS[tries - 1] <= wait <= WAITS[-1]
    assert list(WAITS) == sorted(WAITS)


def test_an_address_is_dead_after_five_days() -> None:
    assert not is_dead(failing_since=None, now=NOON)
    assert not is_dead(failing_since=NOON - timedelta(days=4), now=NOON)
    assert is_dead(failing_since=NOON - timedelta(days=5), now=NOON)


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.1.1.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0"),
        *("224.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1", "100.100.100.200"),
        *("::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fec0::1", "ff02::1", "2001:db8::1"),
        *("::ffff:127.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "2001:0:53aa::1"),
        *("", "example.com", "1.2.3", "8.8.8.8%eth0"),
    ],
)
def test_what_is_not_the_public_internet_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "114.114.114.114", "2606:4700::1111", "::ffff:8.8.8.8"])
def test_the_public_internet_is_public(address: str) -> None:
    assert is_public(address)


@given(st.ip_addresses(v=4))
def test_an_address_inside_another_is_judged_as_itself(address: object) -> None:
    assert is_public(f"::ffff:{address}") == is_public(str(address))
