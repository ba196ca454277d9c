"""Secrets rest sealed; what does not open closes one telephone or trunk, not the company."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.engine.world import company
from zhiyin.contracts.sealing import TELEPHONE_SECRET, TRUNK_SECRET, CannotOpen, SecretSealer
from zhiyin.contracts.snapshots import SipAccountSetting, TenantSettings, TrunkSetting
from zhiyin.engine.adapters.postgres.sealed_settings import open_settings

SEALER = SecretSealer(b"k" * 32)


def resting(*, telephone: str, trunk: str) -> TenantSettings:
    return company(
        sip_accounts=(SipAccountSetting("desk4", telephone, 4), SipAccountSetting("desk5", sealed("five"), 5)),
        trunks=(TrunkSetting(1, "carrier", "192.0.2.1", username="u", secret=trunk),),
    )


def sealed(text: str, *, purpose: str = TELEPHONE_SECRET, tenant: int = 1) -> str:
    return SEALER.seal(text, tenant=tenant, purpose=purpose)


@given(text=st.text(max_size=200))
def test_what_was_sealed_opens_and_shows_nothing(text: str) -> None:
    closed = SEALER.seal(text, tenant=1, purpose=TRUNK_SECRET)
    assert SEALER.open(closed, tenant=1, purpose=TRUNK_SECRET) == text
    assert not text or closed != SEALER.seal(text, tenant=1, purpose=TRUNK_SECRET)


@given(position=st.integers(min_value=3, max_value=40), sign=st.sampled_from("Aa0-_="))
def test_a_changed_seal_does_not_open(position: int, sign: str) -> None:
    closed = sealed("telephone secret")
    forged = closed[:position] + sign + closed[position + 1 :]
    if forged != closed:
        with pytest.raises(CannotOpen):
            SEALER.open(forged, tenant=1, purpose=TELEPHONE_SECRET)


@pytest.mark.parametrize(
    "closed",
    [
        "clear",
        sealed("x", tenant=2),
        sealed("x", purpose=TRUNK_SECRET),
        SecretSealer(b"o" * 32).seal("x", tenant=1, purpose=TELEPHONE_SECRET),
    ],
    ids=["never sealed", "another company's", "another purpose", "another installation's"],
)
def test_a_telephone_whose_secret_does_not_open_is_left_out(closed: str) -> None:
    """With an empty secret anybody could register as it."""
    opened = open_settings(resting(telephone=closed, trunk=""), SEALER)
    assert [(each.name, each.secret) for each in opened.sip_accounts] == [("desk5", "five")]
    assert opened.trunks[0].is_enabled


def test_a_trunk_whose_secret_does_not_open_is_off() -> None:
    settings = resting(telephone=sealed("four"), trunk=sealed("x", purpose=TRUNK_SECRET, tenant=2))
    opened = open_settings(settings, SEALER)
    assert [(trunk.secret, trunk.is_enabled) for trunk in opened.trunks] == [("", False)]
    assert "four" not in msgspec.json.encode(settings).decode()
