"""Who may make the first company of an installation: who has read the setup code where it was started."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

import structlog
from django.conf import settings
from django.db import connection

from zhiyin.apps.accounts import throttle
from zhiyin.apps.setup.errors import SetupCodeNeeded, SetupCodeWrong
from zhiyin.contracts import setup_codes

log = structlog.get_logger(__name__)

#: where the log-in counts failures by company: one that no log-in can name, as those are in small letters
_COUNTED_AS = "SETUP CODE"


@dataclass(frozen=True, slots=True)
class FirstCaller:
    """Somebody without a login. ``needs_code``: not at the machine itself."""

    address: str
    setup_code: str = field(repr=False)
    needs_code: bool


def check(caller: FirstCaller, *, now: datetime) -> None:
    """Let the caller make the first company. Raises ``SetupCodeNeeded``, ``SetupCodeWrong``, ``TooManyLogins``.

    Failures count by address: a stranger who guesses must not be able to keep the owner out.
    """
    if not caller.needs_code:
        return
    counted = {"company": _COUNTED_AS, "username": caller.address}
    throttle.check_attempt(**counted, address=caller.address, now=now)
    if not caller.setup_code.strip():
        log.info("setup_code_missing", address=caller.address)
        raise SetupCodeNeeded
    if not setup_codes.does_match(caller.setup_code, _digest(), secret_key=settings.SECRET_KEY):
        log.warning("setup_code_wrong", address=caller.address)
        throttle.count_failure(**counted, address=caller.address, now=now)
        raise SetupCodeWrong
    throttle.forget_failures(**counted)


def _digest() -> str:
    """Return the digest of the last start's code; what no code has, where none was made."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT value FROM installation WHERE name = %s", [setup_codes.INSTALLATION_NAME])
        row = cursor.fetchone()
    return str(row[0]) if row else ""
