"""Shapes of numbers, trunks, telephones and the outbound policy at HTTP."""

from typing import Annotated, Any, Literal

from django.conf import settings
from ninja import Schema
from pydantic import Field, StringConstraints

from zhiyin.apps.channels.models import Telephone, Trunk
from zhiyin.apps.rest.schemas import Page

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
Label = Annotated[str, StringConstraints(strip_whitespace=True, max_length=60)]
NumberText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=32)]
OptionalNumber = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=32, pattern=r"^(\+?[0-9][0-9 -]*)?$")
]
Host = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=255, pattern=r"^[A-Za-z0-9._:\[\]-]+$")
]
Port = Annotated[int, Field(ge=1, le=65535)]
#: goes into SIP configuration: no line breaks, no separators
SipText = Annotated[str, StringConstraints(max_length=100, pattern=r"^[^\s;,\\\"<>]*$")]
Prefix = Annotated[str, StringConstraints(pattern=r"^\+?[0-9]{1,18}$")]
Extension = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]{2,20}$")]


class NumberOut(Schema):
    id: int
    number: str
    name: str
    flow_id: int
    is_vip: bool


class NumberPage(Page[NumberOut]):
    pass


class NumberIn(Schema):
    number: NumberText
    name: Label = ""
    flow_id: int
    #: admitted from a reserve when not all calls can be taken
    is_vip: bool = False


class NumberPatchIn(Schema):
    number: NumberText | None = None
    name: Label | None = None
    flow_id: int | None = None
    is_vip: bool | None = None


class TrunkOut(Schema):
    id: int
    name: str
    host: str
    port: int
    transport: Literal["udp", "tcp", "tls"]
    username: str
    #: the secret itself is never shown
    has_secret: bool
    does_register: bool
    caller_number: str
    is_enabled: bool
    is_encrypted: bool


class TrunkPage(Page[TrunkOut]):
    pass


class TrunkIn(Schema):
    name: Name
    host: Host
    port: Port = 5060
    transport: Literal["udp", "tcp", "tls"] = "udp"
    username: SipText = ""
    secret: SipText = ""
    does_register: bool = False
    caller_number: OptionalNumber = ""
    is_enabled: bool = True
    is_encrypted: bool = False


class TrunkPatchIn(Schema):
    """A ``secret`` that is left out stays as it is; an empty one is taken away."""

    name: Name | None = None
    host: Host | None = None
    port: Port | None = None
    transport: Literal["udp", "tcp", "tls"] | None = None
    username: SipText | None = None
    secret: SipText | None = None
    does_register: bool | None = None
    caller_number: OptionalNumber | None = None
    is_enabled: bool | None = None
    is_encrypted: bool | None = None


class TrunkTestOut(Schema):
    state: Literal["ok", "unreachable", "refused", "unknown"]
    detail: str = ""
    rtt_ms: float | None = None


class TelephoneOut(Schema):
    id: int
    #: the SIP user name
    account: str
    extension: str
    label: str
    agent_id: int | None


class TelephonePage(Page[TelephoneOut]):
    pass


class TelephoneSecretOut(TelephoneOut):
    """Shown once, when made: what to enter in the telephone."""

    secret: str
    #: empty: the address at which the page was opened
    server: str
    port: int
    #: SIP over TLS; null where no certificate was given
    tls_port: int | None

    @staticmethod
    def resolve_server(_row: Any) -> str:
        return str(settings.SIP_ADDRESS)

    @staticmethod
    def resolve_port(_row: Any) -> int:
        """Where everything is encrypted, only the port of TLS is open."""
        return int(settings.SIP_PORT) + int(settings.SIP_IS_ENCRYPTED)

    @staticmethod
    def resolve_tls_port(_row: Any) -> int | None:
        return int(settings.SIP_PORT) + 1 if settings.SIP_HAS_TLS else None


class TelephoneIn(Schema):
    extension: Extension
    label: Label = ""
    agent_id: int | None = None


class TelephonePatchIn(Schema):
    """``agent_id`` null takes it from its agent; left out, it stays."""

    label: Label | None = None
    agent_id: int | None = None


#: stay where they are left out
_KEPT = frozenset(
    {
        "max_minutes_per_day",
        "max_international_minutes_per_day",
        "max_premium_minutes_per_day",
        "wrap_up_mode",
        "wrap_up_extensions",
        "wrap_up_extension_s",
    }
)
WrapUpModeOfCalls = Literal["none", "optional", "timed", "extendable", "mandatory"]
Minutes = Annotated[int, Field(ge=0, le=1_000_000)]


class OutboundOut(Schema):
    allowed_prefixes: list[str]
    denied_prefixes: list[str]
    max_concurrent: int
    max_per_hour_per_agent: int
    caller_number: str
    wrap_up_s: int
    wrap_up_mode: WrapUpModeOfCalls
    wrap_up_extensions: int
    wrap_up_extension_s: int
    is_recorded: bool
    is_internal_recorded: bool
    trunks: list[int]
    max_minutes_per_day: int | None
    max_international_minutes_per_day: int | None
    max_premium_minutes_per_day: int | None


class OutboundIn(Schema):
    allowed_prefixes: list[Prefix] = Field(max_length=200)
    denied_prefixes: list[Prefix] = Field(default=[], max_length=200)
    max_concurrent: int = Field(ge=0, le=10_000)
    max_per_hour_per_agent: int = Field(ge=0, le=10_000)
    caller_number: OptionalNumber = ""
    wrap_up_s: int = Field(default=60, ge=0, le=3600)
    #: these, too, are left out to leave them as they are
    wrap_up_mode: WrapUpModeOfCalls = "extendable"
    wrap_up_extensions: int = Field(default=3, ge=1, le=20)
    wrap_up_extension_s: int = Field(default=60, ge=10, le=600)
    is_recorded: bool = True
    #: calls between colleagues
    is_internal_recorded: bool = False
    trunks: list[int] = Field(default=[], max_length=50)
    #: caps of a day's minutes: null for none, left out to leave them as they are
    max_minutes_per_day: Minutes | None = None
    max_international_minutes_per_day: Minutes | None = None
    max_premium_minutes_per_day: Minutes | None = None

    def fields_given(self) -> dict[str, Any]:
        """Return what is to be written: a cap, and a wrap-up, that was left out stays."""
        given = self.dict()
        return {name: value for name, value in given.items() if name in self.model_fields_set or name not in _KEPT}


def shape_trunk(row: Trunk) -> TrunkOut:
    names = [name for name in TrunkOut.model_fields if name != "has_secret"]
    return TrunkOut(has_secret=bool(row.sealed_secret), **{name: getattr(row, name) for name in names})


def shape_telephone(row: Telephone) -> TelephoneOut:
    return TelephoneOut(**_telephone(row))


def shape_telephone_secret(row: Telephone, secret: str) -> TelephoneSecretOut:
    return TelephoneSecretOut(**_telephone(row), secret=secret)


def _telephone(row: Telephone) -> dict[str, Any]:
    extension = row.account.rpartition("-")[2]
    return {"id": row.pk, "account": row.account, "extension": extension, "label": row.label, "agent_id": row.user_id}
