"""The SIP half of the generated configuration: transports, the anonymous caller, and where dynamic objects live."""

from __future__ import annotations

import ipaddress
import os
import ssl
from pathlib import Path
from typing import TYPE_CHECKING

from zhiyin.contracts.environment import Encryption

if TYPE_CHECKING:
    from zhiyin.config.supervisor.asterisk.configuration import AsteriskSettings

# ``config`` first, so that what stands in pjsip.conf cannot be shadowed; creating goes to the first wizard that can
# write, which is ``memory``. Registrations of telephones (contacts) live in Asterisk's own database and survive it.
SORCERY_CONF = """
[res_pjsip]
endpoint = config,pjsip.conf,criteria=type=endpoint
endpoint = memory
auth = config,pjsip.conf,criteria=type=auth
auth = memory
aor = config,pjsip.conf,criteria=type=aor
aor = memory
contact = astdb,registrar
[res_pjsip_endpoint_identifier_ip]
identify = config,pjsip.conf,criteria=type=identify
identify = memory
; the refused addresses (res_pjsip_acl calls its section after its only type)
[acl]
acl = config,pjsip.conf,criteria=type=acl
acl = memory
[res_pjsip_outbound_registration]
registration = config,pjsip.conf,criteria=type=registration
registration = memory
"""


def sip_ports(settings: AsteriskSettings) -> dict[str, str]:
    """Return the transports that listen for SIP, by name, with their ports for people ("5060/UDP")."""
    ports = {f"transport-{protocol}": f"{settings.sip_port}/{protocol.upper()}" for protocol in _in_clear(settings)}
    return ports | ({"transport-tls": f"{settings.sip_port + 1}/TCP (TLS)"} if settings.has_certificate else {})


def _in_clear(settings: AsteriskSettings) -> tuple[str, ...]:
    """Where everything is encrypted, nobody listens for anything else: what is not there cannot be spoken to."""
    return () if settings.encryption is Encryption.REQUIRED else ("udp", "tcp")


def pjsip_conf(settings: AsteriskSettings) -> str:
    """Return pjsip.conf: global settings, the transports, and the endpoint of callers nobody knows."""
    nat = _nat_lines(settings)
    transports = [
        *(_transport(protocol, settings.host, settings.sip_port, nat) for protocol in _in_clear(settings)),
        # Its address is Asterisk's HTTP server's; this line only names the transport.
        _transport("ws", "127.0.0.1", None, []),
    ]
    if settings.has_certificate:
        certificate = [f"cert_file = {settings.tls_cert}", f"priv_key_file = {settings.tls_key}", "method = tlsv1_2"]
        if settings.encryption is not Encryption.OFFERED and (authorities := _known_authorities()):
            certificate += ["verify_server = yes", f"ca_list_file = {authorities}"]
        transports.append(_transport("tls", settings.host, settings.sip_port + 1, [*nat, *certificate]))
    return _GLOBAL + _peers(settings) + "".join(transports) + _anonymous(settings)


# Behind an edge the header in which it names the sender comes before addresses; alone nothing is matched by header.
# Names before addresses: an agent's browser and a trunk may share an address (127.0.0.1 behind ``live``). So no
# endpoint's name may look like a telephone number, or a trunk's caller of that number would be taken for it.
_GLOBAL = """
[global]
type = global
user_agent = Zhiyin
max_forwards = 70
keep_alive_interval = 30
endpoint_identifier_order = username,header,ip,anonymous
disable_multi_domain = yes
[system]
type = system
threadpool_initial_size = 4
threadpool_auto_increment = 4
threadpool_idle_timeout = 60
threadpool_max_size = 50
"""


def _known_authorities() -> Path | None:
    """Return the list of authorities: a carrier to whom we connect must prove who it is.

    The system's, or the one that ``SSL_CERT_FILE`` names, as everywhere: for a carrier with an authority of its own.
    """
    paths = ssl.get_default_verify_paths()
    named = os.environ.get(paths.openssl_cafile_env, "")
    usual = Path("/etc/ssl/certs/ca-certificates.crt")
    return next((file for file in (Path(named), usual, Path(paths.openssl_cafile)) if file.is_file()), None)


def _transport(protocol: str, host: str, port: int | None, more: list[str]) -> str:
    bracketed = f"[{host}]" if ":" in host else host
    bind = bracketed if port is None else f"{bracketed}:{port}"
    lines = [f"[transport-{protocol}]", "type = transport", f"protocol = {protocol}", f"bind = {bind}", *more]
    return "\n".join(lines) + "\n"


def _peers(settings: AsteriskSettings) -> str:
    """A node behind an edge believes what the edge writes into requests: so nobody else may send it any."""
    if not settings.sip_peers:
        return ""
    permitted = "".join(f"permit = {peer}\n" for peer in settings.sip_peers)
    return f"[peers]\ntype = acl\ndeny = 0.0.0.0/0.0.0.0\n{permitted}"


def _nat_lines(settings: AsteriskSettings) -> list[str]:
    if settings.public_address is None:
        return []
    networks = {local.network for local in settings.local_addresses} | {"127.0.0.0/8"}
    return [
        f"external_media_address = {settings.public_address}",
        f"external_signaling_address = {settings.public_address}",
        *(f"local_net = {network}" for network in sorted(networks)),
    ]


def _anonymous(settings: AsteriskSettings) -> str:
    """Callers without identity reach ``direct`` only, where the engine decides; nothing can be called through it."""
    lines = [
        "[anonymous]",
        "type = endpoint",
        "context = direct",
        "disallow = all",
        "allow = alaw,ulaw",
        "incoming_call_offer_pref = remote_first",  # one codec per call: the caller's first that we know
        "direct_media = no",
        "rtp_symmetric = yes",
        "force_rport = yes",
        f"rewrite_contact = {'no' if settings.node else 'yes'}",  # an edge wrote where the caller is
        "dtmf_mode = rfc4733",
        "send_connected_line = no",
        "allow_transfer = no",
        "allow_subscribe = no",
        "rtp_timeout = 120",
        "rtp_timeout_hold = 3600",
        *(["media_encryption = sdes"] if settings.encryption is not Encryption.OFFERED else []),
    ]
    if ipaddress.ip_address(settings.host).is_loopback:
        lines += [f"media_address = {settings.host}", "bind_rtp_to_media_address = yes"]
    return "\n".join(lines) + "\n"
