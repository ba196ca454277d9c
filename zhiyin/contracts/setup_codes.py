"""The setup code: who names the company of an installation that has none yet, and becomes its administrator.

``prepare`` makes one at each start while there is no company, says it at the terminal, and keeps its digest in
``installation``; ``web`` compares (decision 81). Beside a company no code counts.
"""

from __future__ import annotations

import hmac
import ipaddress
import secrets
import unicodedata
from urllib.parse import urlsplit

#: the front's word to ``web`` that somebody else's proxy passed the request on; said by a stranger it does no good
PASSED_ON_HEADER = "x-zhiyin-passed-on"
#: what proxies add on their way
PROXIES_HEADERS = frozenset(
    {"forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip"}
)
#: under which name ``installation`` holds the digest
INSTALLATION_NAME = "setup_code"
#: 32 signs, five bits each; without 0 and O, 1 and I, which are taken for each other
ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_GROUPS, _GROUP_SIGNS = 2, 5
#: who types by a Chinese keyboard may give these for the hyphen; full-width signs are made plain before
_BETWEEN = str.maketrans(dict.fromkeys("-‐‑‒–—―−_·、。 \t\r\n\u200b"))


def make_code() -> str:
    """Return a new code of 50 bits, "ABCDE-FGHJK"."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(_GROUP_SIGNS)) for _ in range(_GROUPS))


def digest_of(code: str, *, secret_key: str) -> str:
    """Return what is stored of a code: without ``secret_key``, which no database holds, it tells nothing."""
    typed = unicodedata.normalize("NFKC", code).translate(_BETWEEN).upper()
    return hmac.digest(secret_key.encode(), f"zhiyin setup code {typed}".encode(), "sha256").hex()


def does_match(code: str, digest: str, *, secret_key: str) -> bool:
    """Whether this is the code, however it is spaced and written, compared in constant time."""
    return hmac.compare_digest(digest_of(code, secret_key=secret_key), digest)


def is_needed(*, listens_on: str, opened_at: str, is_passed_on: bool) -> bool:
    """Whether a code must be shown: not by who sits at the machine itself.

    ``listens_on``: the front's address. ``opened_at``: the request's ``Host``; another name than this machine's own
    for itself means a proxy before the front, or a page that points its own name here. ``is_passed_on``: a proxy
    said so, whatever name it asks by.
    """
    return is_passed_on or not (is_loopback(listens_on) and is_loopback(_host_of(opened_at)))


def is_loopback(host: str) -> bool:
    """Whether nobody but this machine reaches the address; a name that is not known to be so is not."""
    if host.lower().rstrip(".") == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _host_of(opened_at: str) -> str:
    """Return the host of "host:port", with the brackets of an IPv6 address taken off."""
    try:
        return urlsplit(f"//{opened_at}").hostname or ""
    except ValueError:
        return ""
