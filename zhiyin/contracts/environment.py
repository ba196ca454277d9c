"""What the supervisor tells each process it starts, as environment variables.

One frozen value, written by the supervisor (``to_environ``) and read once by each child (``from_environ``). It
stands among the contracts because it crosses a process boundary: engine and front may read it without knowing
``config``. Secrets travel in it; never log it whole.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from zhiyin.contracts.links import LinkKeys, PartLink, part_link

#: ARI's application name, and the name under which the engine subscribes.
ARI_APPLICATION = "zhiyin"


class Encryption(StrEnum):
    """What of SIP and voices must be encrypted. Pages follow the certificate; browsers' voices always are."""

    OFFERED = "offered"  # over TLS where there is a certificate; nobody has to
    REQUIRED = "required"  # telephones and trunks: no clear SIP is even listened for
    EXCEPT_TRUNKS = "except-trunks"  # telephones; carriers that can do no better stay clear


class EnvironmentIncomplete(Exception):
    """A variable the process needs is missing or malformed; the text names it and says how to start instead."""


@dataclass(frozen=True, slots=True)
class Environment:
    """Folders, addresses and secrets of one installation. Paths are absolute."""

    data: Path
    run: Path
    parts: Path
    #: libpq URLs, one database role each
    db_owner: str = field(repr=False)
    db_engine: str = field(repr=False)
    db_web: str = field(repr=False)
    #: "http://127.0.0.1:PORT": ARI, the SIP websocket (``/ws``) and the manager interface (``/rawman``)
    ari_url: str
    ari_user: str
    ari_password: str = field(repr=False)
    ami_user: str
    ami_password: str = field(repr=False)
    http_host: str
    http_port: int
    tls_cert: Path | None
    tls_key: Path | None
    sip_host: str
    sip_port: int
    #: the address under which the outside reaches this machine, when it differs from ``sip_host`` (NAT)
    public_address: str | None
    #: hex, 32 bytes each: Django's signing key, the socket tickets' key, the key that encrypts recordings and secrets
    secret_key: str = field(repr=False)
    ticket_key: str = field(repr=False)
    vault_key: str = field(repr=False)
    #: where engine and web are reached from other machines, "host:port host:port"; empty: their unix sockets here
    engine_at: str = ""
    web_at: str = ""
    #: where this machine's engine (beside its socket) and web listen for others, "host:port"
    listen: str = ""
    #: the folder with the certificate of all parts (contracts/links.py)
    link_keys: str = ""
    encryption: Encryption = Encryption.OFFERED
    #: several Asterisk nodes instead of the one at ``ari_url``: "a=http://10.0.0.11:8088 b=http://10.0.0.12:8088"
    nodes: str = ""
    #: seconds after which the calls of a node out of sight count as lost
    node_lost_s: int = 600
    #: "host:port" of the SIP proxy before the nodes
    edge: str = ""
    #: "host host:port": inside private networks, yet users may let the product call them (webhooks, connectors)
    internal_hosts: str = ""
    #: below it companies exchange files by plan, each in a folder of its own; empty: none may
    exchange_folder: str = ""

    @property
    def keys(self) -> LinkKeys | None:
        return LinkKeys(Path(self.link_keys)) if self.link_keys else None

    @property
    def engine_link(self) -> PartLink:
        return part_link(self.to_environ(), "engine")

    @property
    def web_link(self) -> PartLink:
        return part_link(self.to_environ(), "web")

    @property
    def node_urls(self) -> dict[str, str]:
        """The nodes' HTTP servers by name; empty where there is one Asterisk. Raises as ``from_environ``."""
        urls = dict(pair.partition("=")[::2] for pair in self.nodes.split())
        if bad := [
            name for name, url in urls.items() if not (name.isalnum() and url.startswith(("http://", "https://")))
        ]:
            raise EnvironmentIncomplete(
                f"ZHIYIN_NODES: {', '.join(bad)} must be NAME=http://HOST:PORT, with letters and digits in the name."
            )
        return urls

    @property
    def prompts(self) -> Path:
        """Spoken prompts and hold music: ``standard/{zh,en}/KEY.alaw``, ``music/``, companies' own beside them."""
        return self.data / "prompts"

    @property
    def spoken(self) -> Path:
        """Sounds of texts that are said at calls, for as long as their contacts last; emptied by each new engine."""
        return self.data / "spoken"

    @property
    def recordings_raw(self) -> Path:
        """Where Asterisk writes stereo signed linear while the call lasts."""
        return self.data / "recordings" / "raw"

    @property
    def recordings_done(self) -> Path:
        return self.data / "recordings" / "done"

    @property
    def spool(self) -> Path:
        """Where the engine keeps events while PostgreSQL is away."""
        return self.data / "spool"

    @property
    def log(self) -> Path:
        return self.data / "log"

    @property
    def engine_socket(self) -> Path:
        return self.run / "engine.sock"

    @property
    def web_socket(self) -> Path:
        return self.run / "web.sock"

    @property
    def parts_status(self) -> Path:
        """The supervisor's own view of its children, rewritten at each change (``supervisor/status.py``)."""
        return self.run / "parts.json"

    @property
    def is_tls(self) -> bool:
        """Whether the front speaks HTTPS (and Asterisk SIP-TLS on ``sip_port`` + 1)."""
        return self.tls_cert is not None and self.tls_key is not None

    @property
    def media_address(self) -> str | None:
        """The address media must be bound to, or ``None`` for any: a loopback-only installation keeps media there."""
        return None if self.sip_host in {"0.0.0.0", "::"} else self.sip_host  # noqa: S104 - compared, not bound

    def to_environ(self) -> dict[str, str]:
        """Return the variables; an absent value is an empty string."""
        return {
            name: "" if (value := getattr(self, attribute)) is None else str(value)
            for attribute, name in _NAMES.items()
        }

    @classmethod
    def from_environ(cls, environ: Mapping[str, str] | None = None) -> Environment:
        """Read what the supervisor set. Raises ``EnvironmentIncomplete``."""
        given = os.environ if environ is None else environ

        def need(attribute: str) -> str:
            if value := given.get(_NAMES[attribute], ""):
                return value
            raise EnvironmentIncomplete(
                f"{_NAMES[attribute]} is not set: this program is started by `zhiyin run`, not by hand."
            )

        def need_port(attribute: str) -> int:
            text = need(attribute)
            if text.isdecimal() and 0 < int(text) < 65536:
                return int(text)
            raise EnvironmentIncomplete(f"{_NAMES[attribute]}={text!r} is not a port number (1 to 65535).")

        def path_or_none(attribute: str) -> Path | None:
            value = given.get(_NAMES[attribute], "")
            return Path(value) if value else None

        def seconds(attribute: str, default: int) -> int:
            text = given.get(_NAMES[attribute]) or str(default)
            if text.isdecimal() and int(text) > 0:
                return int(text)
            raise EnvironmentIncomplete(f"{_NAMES[attribute]}={text!r} is not a number of seconds, such as {default}.")

        return cls(
            data=Path(need("data")),
            run=Path(need("run")),
            parts=Path(need("parts")),
            db_owner=need("db_owner"),
            db_engine=need("db_engine"),
            db_web=need("db_web"),
            ari_url=need("ari_url"),
            ari_user=need("ari_user"),
            ari_password=need("ari_password"),
            ami_user=need("ami_user"),
            ami_password=need("ami_password"),
            http_host=need("http_host"),
            http_port=need_port("http_port"),
            tls_cert=path_or_none("tls_cert"),
            tls_key=path_or_none("tls_key"),
            sip_host=need("sip_host"),
            sip_port=need_port("sip_port"),
            public_address=given.get(_NAMES["public_address"]) or None,
            secret_key=need("secret_key"),
            ticket_key=need("ticket_key"),
            vault_key=need("vault_key"),
            encryption=Encryption(given.get(_NAMES["encryption"]) or Encryption.OFFERED),
            engine_at=given.get(_NAMES["engine_at"], ""),
            web_at=given.get(_NAMES["web_at"], ""),
            listen=given.get(_NAMES["listen"], ""),
            internal_hosts=given.get(_NAMES["internal_hosts"], ""),
            exchange_folder=given.get(_NAMES["exchange_folder"], ""),
            link_keys=given.get(_NAMES["link_keys"], ""),
            nodes=given.get(_NAMES["nodes"], ""),
            node_lost_s=seconds("node_lost_s", 600),
            edge=given.get(_NAMES["edge"], ""),
        )


_NAMES = {
    attribute: f"ZHIYIN_{attribute.upper()}"
    for attribute in Environment.__dataclass_fields__  # the variables are named after the fields
}
