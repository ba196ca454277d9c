"""Setup codes: typed as people type, worth nothing without the installation's key, needed wherever others may come."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiyin.contracts.setup_codes import ALPHABET, digest_of, does_match, is_needed, make_code

KEY = "k" * 64
CODES = st.text(alphabet=ALPHABET, min_size=10, max_size=10).map(lambda text: f"{text[:5]}-{text[5:]}")


def test_a_code_has_fifty_bits_in_groups_that_can_be_typed() -> None:
    made = {make_code() for _ in range(200)}
    assert len(made) == 200
    assert len(ALPHABET) == len(set(ALPHABET)) == 32
    assert not set("0O1I") & set(ALPHABET)
    assert all(len(code) == 11 and code[5] == "-" and set(code) <= {*ALPHABET, "-"} for code in made)


@given(code=CODES, between=st.sampled_from(["", " ", "-", "－", "—", "  - ", "\u3000"]), is_small=st.booleans())
def test_case_and_what_stands_between_do_not_count(code: str, between: str, is_small: bool) -> None:
    typed = between.join(code.split("-"))
    digest = digest_of(code, secret_key=KEY)
    assert does_match(typed.lower() if is_small else typed, digest, secret_key=KEY)
    assert not does_match(code, digest_of(code, secret_key="o" * 64), secret_key=KEY), "another installation's"
    assert not does_match(code, "", secret_key=KEY), "none was made"


@given(code=CODES, typed=st.text(max_size=60))
def test_any_other_text_is_refused(code: str, typed: str) -> None:
    if "".join(sign for sign in typed.upper() if sign in ALPHABET) != code.replace("-", ""):
        assert not does_match(typed, digest_of(code, secret_key=KEY), secret_key=KEY)


@pytest.mark.parametrize(
    ("listens_on", "opened_at", "needed"),
    [
        ("127.0.0.1", "localhost:8080", False),
        ("127.0.0.1", "LOCALHOST", False),
        ("::1", "[::1]:8080", False),
        ("127.0.0.2", "127.0.0.2:80", False),
        ("127.0.0.1", "cc.example.com", True),
        ("127.0.0.1", "localhost.example.com:8080", True),
        ("127.0.0.1", "127.0.0.1.example.com", True),
        ("127.0.0.1", "", True),
        ("127.0.0.1", "[", True),
        ("127.0.0.1", "192.0.2.1@127.0.0.1.example.com", True),
        ("0.0.0.0", "localhost:8080", True),
        ("::", "[::1]:8080", True),
        ("192.0.2.5", "192.0.2.5:8080", True),
        ("cc.example.com", "localhost", True),
        ("", "localhost", True),
    ],
)
def test_a_code_is_needed_unless_all_stays_on_this_machine(listens_on: str, opened_at: str, needed: bool) -> None:
    assert is_needed(listens_on=listens_on, opened_at=opened_at, is_passed_on=False) is needed
    assert is_needed(listens_on=listens_on, opened_at=opened_at, is_passed_on=True)


@given(opened_at=st.text(max_size=80))
def test_whatever_a_host_header_holds_is_judged(opened_at: str) -> None:
    assert is_needed(listens_on="0.0.0.0", opened_at=opened_at, is_passed_on=False)
    assert is_needed(listens_on="127.0.0.1", opened_at=opened_at, is_passed_on=False) in {True, False}
