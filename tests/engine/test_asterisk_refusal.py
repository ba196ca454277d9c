"""What is said of an Asterisk that answers and does not take us."""

from __future__ import annotations

import pytest
from structlog.testing import capture_logs

from zhiyin.engine.adapters.asterisk.client import tell_refusal


@pytest.mark.parametrize(
    ("status", "told"),
    [(404, "asterisk_is_starting"), (503, "asterisk_is_starting"), (401, "asterisk_refuses_us")],
)
def test_only_a_wrong_password_is_told_as_one(status: int, told: str) -> None:
    """A node's first seconds were an error that named user and password: its ARI was merely not loaded yet."""
    with capture_logs() as lines:
        tell_refusal(status)
    assert [line["event"] for line in lines] == [told]
    assert ("password" in str(lines)) == (status == 401)
