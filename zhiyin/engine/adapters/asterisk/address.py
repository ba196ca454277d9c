"""Where an Asterisk is, and how to log in."""

from __future__ import annotations

import ssl
from dataclasses import dataclass, field

from zhiyin.contracts.environment import Encryption
from zhiyin.contracts.links import LinkKeys


@dataclass(frozen=True, slots=True)
class AriAddress:
    """``url`` is ``http://host:port`` of Asterisk's HTTP server, or ``https://``; then ``tls`` says whom to trust."""

    url: str
    user: str
    password: str
    tls: ssl.SSLContext | None = None


@dataclass(frozen=True, slots=True)
class AsteriskAddress:
    """Where Asterisk is and how to log in. ``url``: its HTTP server; ``sip_host``: where SIP listens.

    ``edge`` is the SIP proxy before it, ``host:port``: by it all SIP of telephones and trunks comes and goes.
    """

    url: str
    ari_user: str
    ari_password: str = field(repr=False)
    manager_user: str
    manager_password: str = field(repr=False)
    sip_host: str = "127.0.0.1"
    edge: str = ""
    application: str = "zhiyin"
    encryption: Encryption = Encryption.OFFERED
    #: for ``https``: the parts' own certificate, which Asterisk shows too
    keys: LinkKeys | None = None

    @property
    def tls(self) -> ssl.SSLContext | None:
        return self.keys.client if self.keys else None

    @property
    def ari(self) -> AriAddress:
        return AriAddress(self.url, self.ari_user, self.ari_password, self.tls)
