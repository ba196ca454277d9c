"""Which PJSIP objects a telephone's identity or a trunk consists of, and how one is rung.

Every field is set here: dynamic objects know no templates.

Pure: returns what has to be put; ``provisioning`` puts it.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from zhiyin.contracts.environment import Encryption
from zhiyin.engine.adapters.asterisk.registrations import EXPIRES_S
from zhiyin.engine.ports import Refused, SipIdentity, Trunk

_DIALLABLE = re.compile(r"[0-9+*#]{1,32}")
#: In it the edge says which address a request came from; it takes away what the outside wrote there.
SOURCE_HEADER = "X-Zhiyin-Source"
_HEADER_NAME = re.compile(r"[A-Za-z0-9-]+")

#: One G.711 codec a call: the one asked for when we ring, the first of the caller's when a call comes in.
_ONE_CODEC = {
    "disallow": "all",
    "allow": "alaw,ulaw",
    "incoming_call_offer_pref": "remote_first",
    "outgoing_call_offer_pref": "remote_first",
    "codec_prefs_outgoing_offer": "prefer:pending,operation:intersect,keep:first,transcode:allow",
}
#: What every endpoint of ours has: media through Asterisk, no transfers behind our back, no subscriptions.
_EVERY_ENDPOINT = {
    **_ONE_CODEC,
    "direct_media": "no",
    "rtp_symmetric": "yes",
    "force_rport": "yes",
    "rewrite_contact": "yes",
    "allow_transfer": "no",
    "allow_subscribe": "no",
    "allow_overlap": "no",
    "send_connected_line": "no",
    "trust_connected_line": "no",
    "moh_suggest": "default",
    # The last resort against legs that nobody ends: a party that vanished without a word.
    "rtp_timeout": "120",
    "rtp_timeout_hold": "3600",
}


#: Voices encrypted, their keys exchanged in the SDP: which TLS must hide. Nothing else is taken.
SRTP = {"media_encryption": "sdes", "media_encryption_optimistic": "no"}


@dataclass(frozen=True, slots=True)
class SipObject:
    """One object of Asterisk's dynamic configuration."""

    kind: str
    id: str
    fields: Mapping[str, str]

    @property
    def path(self) -> str:
        # "res_pjsip" owns the objects of its helper modules too.
        return f"asterisk/config/dynamic/res_pjsip/{self.kind}/{self.id}"


@dataclass(frozen=True, slots=True)
class MediaRules:
    """Where browsers' media lies. ``sip_host``: the address the product listens on; ``0.0.0.0`` is every one.

    ``edge`` is the SIP proxy (``host:port``) by which telephones and trunks are reached, if there is one.
    """

    sip_host: str = "127.0.0.1"
    edge: str = ""
    encryption: Encryption = Encryption.OFFERED

    def telephone_fields(self) -> dict[str, str]:
        """What a SIP telephone must do. Where carriers may come in clear, a telephone is rung over TLS only: one that
        registered otherwise does not answer the question whether it is there, and counts as away."""
        if self.encryption is Encryption.OFFERED:
            return {}
        over_tls = {"transport": "transport-tls"} if self.encryption is Encryption.EXCEPT_TRUNKS else {}
        return {**SRTP, **over_tls}

    def check_trunk(self, trunk: Trunk) -> None:
        """Raises ``Refused`` where the trunk is not what it must be."""
        if self.encryption is Encryption.REQUIRED and trunk.transport != "tls":
            raise Refused("only encrypted trunks (TLS) are taken: this installation runs with --secure")

    def is_trunk_encrypted(self, trunk: Trunk) -> bool:
        return trunk.transport == "tls" and (trunk.is_encrypted or self.encryption is Encryption.REQUIRED)

    def fields(self) -> dict[str, str]:
        """Bind a browser's media to the one address we listen on, else leave every interface as a candidate.

        Without it a product on loopback would offer the machine's other addresses, which must stay closed.
        """
        try:
            address = ipaddress.ip_address(self.sip_host)
        except ValueError:
            return {}
        if address.is_unspecified:
            return {}
        return {"media_address": self.sip_host, "bind_rtp_to_media_address": "yes"}


def identity_objects(identity: SipIdentity, media: MediaRules) -> tuple[SipObject, ...]:
    """Return the objects of a telephone, in the order in which they must be made."""
    account = identity.account
    is_browser = identity.kind in ("browser", "guest")
    endpoint = {
        **_EVERY_ENDPOINT,
        "context": "inbound" if identity.kind == "guest" else "telephone",
        "aors": account,
        "auth": account,
        "identify_by": "username,auth_username",
        "callerid": caller_id(number=account, name=identity.display_name),
        "dtmf_mode": "auto_info" if is_browser else "rfc4733",
    }
    if identity.kind == "sip":
        endpoint["allow_transfer"] = "yes"  # REFER comes to us, not to the dialplan: ``TELEPHONE_VARIABLES``
    if is_browser:
        endpoint |= {"webrtc": "yes", "dtls_auto_generate_cert": "yes", **media.fields()}
    else:
        endpoint |= media.telephone_fields()
    if media.edge and not is_browser:
        endpoint |= edge_fields(media.edge)
    aor = {
        "max_contacts": str(identity.max_contacts),
        "remove_existing": "yes",
        "remove_unavailable": "yes",
        "minimum_expiration": "30",
        "maximum_expiration": "3600",
        # A browser's contact ends with its socket; a telephone that lost its power says nothing.
        "qualify_frequency": "0" if is_browser else "30",
    }
    if media.edge and not is_browser:
        aor |= {"maximum_expiration": str(EXPIRES_S), "outbound_proxy": edge_uri(media.edge)}
    return (
        SipObject("auth", account, {"auth_type": "userpass", "username": account, "password": identity.secret}),
        SipObject("aor", account, aor),
        SipObject("endpoint", account, endpoint),
    )


def identity_ids(account: str) -> tuple[SipObject, ...]:
    """Return the objects of a telephone, without fields, in the order in which they are taken away."""
    return tuple(SipObject(kind, account, {}) for kind in ("endpoint", "aor", "auth"))


def trunk_account(trunk: int) -> str:
    """Return the name of a trunk's endpoint, as ``CallArrived.endpoint`` shows it."""
    return f"trunk-{trunk}"


def edge_uri(edge: str) -> str:
    return f"sip:{edge};lr"


def edge_fields(edge: str) -> dict[str, str]:
    """Everything goes out by the edge, which has written into each contact where its telephone really is."""
    return {"outbound_proxy": edge_uri(edge), "rewrite_contact": "no"}


def trunk_objects(
    trunk: Trunk, edge: str = "", addresses: Sequence[str] = (), *, is_encrypted: bool = False
) -> tuple[SipObject, ...]:
    """Return the objects of a trunk, in the order in which they must be made.

    Behind an ``edge`` every call has the edge's address: the trunk is known by the header in which the edge says from
    which of the trunk's ``addresses`` it came.
    """
    account = trunk_account(trunk.id)
    host = f"[{trunk.host}]" if ":" in trunk.host else trunk.host
    uri = f"sip:{host}:{trunk.port}" + ("" if trunk.transport == "udp" else f";transport={trunk.transport}")
    endpoint = {
        **_EVERY_ENDPOINT,
        "context": "inbound",
        "transport": f"transport-{trunk.transport}",
        "aors": account,
        "identify_by": "ip",
        "dtmf_mode": "auto",
        "trust_id_inbound": "yes",
        "from_domain": trunk.host,
    }
    aor = {"contact": uri, "qualify_frequency": "30", "qualify_timeout": "3.0"}
    identify = {"endpoint": account, "match": trunk.host}
    if is_encrypted:
        endpoint |= SRTP
    if edge:
        aor |= {"outbound_proxy": edge_uri(edge)}
        endpoint |= {**edge_fields(edge), "identify_by": "header"}
        either = "|".join(re.escape(address) for address in addresses)
        identify = {"endpoint": account, "match_header": f"{SOURCE_HEADER}: /^({either})$/"}
    objects = [SipObject("aor", account, aor)]
    if trunk.username:
        endpoint["outbound_auth"] = account
        secret = {"auth_type": "userpass", "username": trunk.username, "password": trunk.secret}
        objects.insert(0, SipObject("auth", account, secret))
    objects.append(SipObject("endpoint", account, endpoint))
    objects.append(SipObject("identify", account, identify))
    if trunk.does_register:
        registration = {
            "server_uri": uri,
            "client_uri": f"sip:{trunk.username}@{host}:{trunk.port}",
            "contact_user": trunk.username,
            "transport": f"transport-{trunk.transport}",
            # Asterisk's own default waits up to ten seconds before the first try.
            "max_random_initial_delay": "1",
            "retry_interval": "20",
            "forbidden_retry_interval": "60",
            "fatal_retry_interval": "60",
            "max_retries": "1000000",
            "auth_rejection_permanent": "no",
            "expiration": "300",
            "line": "yes",
            "endpoint": account,
        }
        if trunk.username:
            registration["outbound_auth"] = account
        if edge:
            registration["outbound_proxy"] = edge_uri(edge)
        objects.append(SipObject("registration", account, registration))
    return tuple(objects)


def trunk_ids(trunk: int) -> tuple[SipObject, ...]:
    """Return all objects a trunk may have, without fields, in the order in which they are taken away."""
    account = trunk_account(trunk)
    return (
        SipObject("registration", account, {}),
        SipObject("identify", account, {}),
        *identity_ids(account),
    )


def caller_id(*, number: str, name: str) -> str:
    """Return ``"name" <number>`` as SIP and Asterisk write it; quotes and line ends in the name are dropped."""
    clean = "".join(sign for sign in name if sign.isprintable() and sign not in '"\\<>')
    return f'"{clean}" <{number}>'


def to_target(to: str) -> tuple[str, str]:
    """Return the SIP identity and Asterisk's word for what to ring. Raises ``Refused`` for an impossible number."""
    kind, _, rest = to.partition(":")
    if kind == "account" and rest:
        return rest, f"PJSIP/{rest}"
    if kind == "contact" and rest:
        account, _, uri = rest.partition(":")
        return account, f"PJSIP/{account}/{uri}"
    trunk, _, number = rest.partition(":")
    if kind == "trunk" and trunk.isdecimal() and _DIALLABLE.fullmatch(number):
        account = trunk_account(int(trunk))
        return account, f"PJSIP/{number}@{account}"
    raise Refused("unknown_number")


def trunk_of(to: str) -> int | None:
    """Return the trunk by which this target is rung; None for a telephone."""
    kind, _, rest = to.partition(":")
    trunk = rest.partition(":")[0]
    return int(trunk) if kind == "trunk" and trunk.isdecimal() else None


#: A telephone's REFER is told to us, and Asterisk does nothing of its own about it. The dialplan sets the same for
#: calls that come from telephones.
TELEPHONE_VARIABLES = {"PJSIP_TRANSFER_HANDLING()": "ari-only"}


def to_variables(headers: Mapping[str, str]) -> dict[str, str]:
    """Return the channel variables that put headers into an INVITE. Raises ``ValueError`` for one that breaks it."""
    for name, value in headers.items():
        if not _HEADER_NAME.fullmatch(name) or not value.isprintable():
            raise ValueError(f"not a SIP header: {name}")
    return {f"PJSIP_HEADER(add,{name})": value for name, value in headers.items()}
