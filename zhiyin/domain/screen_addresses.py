"""Addresses of another system's pages with gaps for what is known of a contact: ``https://crm.example/?phone={number}``.

Gaps stand in the path, the query or the fragment, never in the host: where an agent is led is the company's choice
alone.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from urllib.parse import quote, urlsplit

#: what may stand in a gap
VARIABLES = (
    "number",  # +8613812345678
    "national_number",  # 13812345678
    "call",  # the contact's id
    "customer",  # the customer's id here
    "remote_customer",  # the customer's id over there, as a connector knows it
    "direction",  # inbound, outbound or internal
    "queue",
    "agent",
)
_GAP = re.compile(r"\{([^{}]*)\}")
_HOST = re.compile(r"[a-z]+://([^/?#]*)", re.IGNORECASE)


class BadTemplate(ValueError):
    """``code``: bad_url needs_https credentials_in_url unknown_variable variable_in_host."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


def variables_of(template: str) -> tuple[str, ...]:
    """Return what a template needs, each once, in its order."""
    return tuple(dict.fromkeys(_GAP.findall(template)))


def check_template(template: str, *, plain_hosts: Collection[str]) -> None:
    """Raise ``BadTemplate`` for what no browser shall be led to. ``plain_hosts`` may be asked without TLS."""
    if not set(variables_of(template)) <= set(VARIABLES):
        raise BadTemplate("unknown_variable")
    host = _HOST.match(template)
    if host is None or any(sign.isspace() or ord(sign) < 32 or sign in '"<>\\' for sign in template):
        raise BadTemplate("bad_url")
    if "{" in host[1]:
        raise BadTemplate("variable_in_host")
    filled = _GAP.sub("0", template)
    if "{" in filled or "}" in filled:
        raise BadTemplate("bad_url")
    try:
        parts = urlsplit(filled)
        port = parts.port
    except ValueError as error:
        raise BadTemplate("bad_url") from error
    if not parts.hostname:
        raise BadTemplate("bad_url")
    if parts.username is not None or parts.password is not None:
        raise BadTemplate("credentials_in_url")
    is_plain = parts.scheme == "http" and not {parts.hostname, f"{parts.hostname}:{port}"}.isdisjoint(plain_hosts)
    if parts.scheme != "https" and not is_plain:
        raise BadTemplate("needs_https")


def fill_template(template: str, values: Mapping[str, str]) -> str:
    """Return the address; every sign of a value that means something in addresses is written as a code."""
    return _GAP.sub(lambda gap: quote(values[gap[1]], safe=""), template)
