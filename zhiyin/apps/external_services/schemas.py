"""Shapes of external services at HTTP: each kind has settings of its own."""

from datetime import datetime
from typing import Annotated, Literal

from ninja import Schema
from pydantic import Field, StringConstraints

from zhiyin.apps.rest.schemas import Page

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
Url = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
Host = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=255, pattern=r"^[A-Za-z0-9._:\[\]-]+$")
]
Port = Annotated[int, Field(ge=1, le=65535)]
HeaderName = Annotated[str, StringConstraints(max_length=40, pattern=r"^([A-Za-z0-9][A-Za-z0-9-]*)?$")]
HeaderText = Annotated[str, StringConstraints(max_length=300, pattern=r"^[\x20-\x7e]*$")]
Pointer = Annotated[str, StringConstraints(max_length=200)]
Word = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,29}$")]
Secret = Annotated[str, StringConstraints(max_length=2000, pattern=r"^[^\r\n]*$")]
Address = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=254, pattern=r"^[^@\s<>\",;]+@[^@\s<>\",;]+$")
]


class HttpSettings(Schema):
    """An HTTP interface; the secret is sent in ``secret_header``."""

    kind: Literal["http"] = "http"
    base_url: Url
    headers: dict[HeaderName, HeaderText] = Field(default={}, max_length=20)
    secret_header: HeaderName = ""


class Statement(Schema):
    """A question that flows may ask; ``query`` has places like {{number}}."""

    code: Code
    name: Name
    query: str = Field(min_length=1, max_length=4000)


class DatabaseSettings(Schema):
    """A PostgreSQL database, only read; the secret is its password."""

    kind: Literal["database"] = "database"
    host: Host
    port: Port = 5432
    database: Word
    username: Word
    tls: Literal["verify-full", "require", "disable"] = "verify-full"
    statements: list[Statement] = Field(default=[], max_length=50)


class PaymentSettings(Schema):
    """Who takes payments: what is sent, and which answers mean that it was paid or refused."""

    kind: Literal["payment"] = "payment"
    base_url: Url
    path: str = Field(default="/payments", max_length=300)
    body: str = Field(min_length=2, max_length=4000)
    status_pointer: Pointer = "/status"
    paid: list[Word] = Field(min_length=1, max_length=10)
    refused: list[Word] = Field(min_length=1, max_length=10)
    reference_pointer: Pointer = ""
    secret_header: HeaderName = "Authorization"  # noqa: S105 - where the secret goes


class SmsSettings(Schema):
    """Who sends text messages: ``body`` is JSON with {{to}}, {{text}} and {{key}}.

    Where ``ok_pointer`` is given, an answer counts as taken only with one of ``ok_values`` there.
    """

    kind: Literal["sms"] = "sms"
    base_url: Url
    body: str = Field(min_length=2, max_length=4000)
    headers: dict[HeaderName, HeaderText] = Field(default={}, max_length=20)
    secret_header: HeaderName = "Authorization"  # noqa: S105 - where the secret goes
    ok_pointer: Pointer = ""
    ok_values: list[Word] = Field(default=[], max_length=10)


class MailSettings(Schema):
    """A mail server that sends; the secret is its password."""

    kind: Literal["mail"] = "mail"
    host: Host
    port: Port = 465
    security: Literal["tls", "starttls", "none"] = "tls"
    username: str = Field(default="", max_length=254)
    from_address: Address
    from_name: str = Field(default="", max_length=60, pattern=r"^[^\r\n]*$")


Language = Literal["zh", "en"]


class SynthesisSettings(Schema):
    """Who makes texts into sound at calls: ``body`` is JSON with {{text}} and {{language}}, the answer a WAV file."""

    kind: Literal["synthesis"] = "synthesis"
    base_url: Url
    path: str = Field(default="/v1/audio/speech", max_length=300)
    body: str = Field(min_length=2, max_length=4000)
    languages: list[Language] = Field(min_length=1, max_length=2)
    headers: dict[HeaderName, HeaderText] = Field(default={}, max_length=20)
    secret_header: HeaderName = "Authorization"  # noqa: S105 - where the secret goes


class RecognitionSettings(Schema):
    """Who understands what callers say: an utterance is posted as a WAV file ("wav"), or as the file of a form with
    ``fields`` besides ("form", as OpenAI's interface has it); the answer is JSON with the words at ``text_pointer``.
    Or it is heard as it is said, by the websocket of FunASR's runtime or of sherpa-onnx's online server."""

    kind: Literal["recognition"] = "recognition"
    protocol: Literal["wav", "form", "funasr", "sherpa"] = "form"
    base_url: Url
    path: str = Field(default="/v1/audio/transcriptions", max_length=300)
    fields: dict[Code, HeaderText] = Field(default={}, max_length=20)
    text_pointer: Pointer = "/text"
    languages: list[Language] = Field(min_length=1, max_length=2)
    headers: dict[HeaderName, HeaderText] = Field(default={}, max_length=20)
    secret_header: HeaderName = "Authorization"  # noqa: S105 - where the secret goes


ServiceSettings = Annotated[
    HttpSettings
    | DatabaseSettings
    | PaymentSettings
    | SmsSettings
    | MailSettings
    | SynthesisSettings
    | RecognitionSettings,
    Field(discriminator="kind"),
]
ServiceKind = Literal["http", "database", "payment", "sms", "mail", "synthesis", "recognition"]


class ExternalServiceOut(Schema):
    id: int
    kind: ServiceKind
    name: str
    settings: ServiceSettings
    #: the secret itself is never shown
    has_secret: bool
    is_enabled: bool


class ExternalServicePage(Page[ExternalServiceOut]):
    pass


class ExternalServiceIn(Schema):
    name: Name
    settings: ServiceSettings
    secret: Secret = ""
    is_enabled: bool = True


class ExternalServicePatchIn(Schema):
    """A ``secret`` that is left out stays as it is, unless the service moved to another host; an empty one goes."""

    name: Name | None = None
    settings: ServiceSettings | None = None
    secret: Secret | None = None
    is_enabled: bool | None = None


class TryServiceIn(Schema):
    """``path``: below an interface's address. ``statement``: the code of a database's. ``to``: who gets a message.
    ``text``, ``language``: what is said."""

    path: str = Field(default="/", max_length=300)
    statement: str = Field(default="", max_length=40)
    to: str = Field(default="", max_length=254)
    text: str = Field(default="", max_length=100)
    language: Language = "zh"


class TriedServiceOut(Schema):
    """``outcome``: "found", "missing", "sent" or "failed", then ``cause`` says why. ``sound``: what was said, as a WAV
    file in base64."""

    outcome: str
    cause: str
    duration_ms: int
    sound: str = ""


class FlowMessageOut(Schema):
    id: int
    interaction: str
    service_id: int
    service_name: str
    state: Literal["waiting", "sent", "failed", "erased"]
    tries: int
    cause: str
    ordered_at: datetime
    due_at: datetime | None
    ended_at: datetime | None


class FlowMessagePage(Page[FlowMessageOut]):
    pass
