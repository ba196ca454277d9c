"""External services: other systems that a company lets its flows ask, and by which messages are sent."""

from __future__ import annotations

import msgspec


class HttpServiceSetting(msgspec.Struct, frozen=True):
    """An HTTP interface. ``base_url``: what a flow asks lies below it; the ``secret`` is sent in ``secret_header``."""

    id: int
    name: str
    base_url: str
    headers: dict[str, str] = {}
    secret_header: str = ""
    secret: str = ""


class DatabaseSetting(msgspec.Struct, frozen=True):
    """A PostgreSQL database that is only read. ``tls``: as libpq's ``sslmode``."""

    id: int
    name: str
    host: str
    port: int
    database: str
    username: str
    secret: str = ""
    tls: str = "verify-full"


class StatementSetting(msgspec.Struct, frozen=True):
    """A question to a database: a query with places ``{{name}}`` for its parameters. ``key`` names it in flows."""

    key: str
    database: int
    name: str
    query: str


class PaymentServiceSetting(msgspec.Struct, frozen=True):
    """Who takes payments. ``body`` is the JSON that is sent; the answer's value at ``status_pointer`` says what came
    of it, the one at ``reference_pointer`` by what number it is found again."""

    id: int
    name: str
    base_url: str
    path: str
    body: str
    status_pointer: str
    paid: tuple[str, ...]
    refused: tuple[str, ...]
    reference_pointer: str = ""
    secret_header: str = ""
    secret: str = ""


class SynthesisSetting(msgspec.Struct, frozen=True):
    """Who makes texts into sound. ``body`` is the JSON that is sent, with places for ``{{text}}`` and ``{{language}}``;
    the answer is a WAV file. ``languages``: those that it speaks ("zh", "en")."""

    id: int
    name: str
    base_url: str
    path: str
    body: str
    languages: tuple[str, ...]
    headers: dict[str, str] = {}
    secret_header: str = ""
    secret: str = ""


class RecognitionSetting(msgspec.Struct, frozen=True):
    """Who understands what callers say. ``protocol``: "wav" (an utterance is posted as a WAV file), "form" (as the file
    of a form, with ``fields`` besides), where the answer is JSON with the words at ``text_pointer``; or "funasr" and
    "sherpa", the websockets of these, which hear it as it is said."""

    id: int
    name: str
    protocol: str
    base_url: str
    path: str
    languages: tuple[str, ...]
    fields: dict[str, str] = {}
    text_pointer: str = "/text"
    headers: dict[str, str] = {}
    secret_header: str = ""
    secret: str = ""


class MessageServiceSetting(msgspec.Struct, frozen=True):
    """By whom the worker sends messages: ``kind`` is "sms" or "mail"."""

    id: int
    kind: str
    name: str


class ExternalServices(msgspec.Struct, frozen=True):
    """All that a company's flows may ask outside."""

    http: tuple[HttpServiceSetting, ...] = ()
    databases: tuple[DatabaseSetting, ...] = ()
    statements: tuple[StatementSetting, ...] = ()
    payments: tuple[PaymentServiceSetting, ...] = ()
    messages: tuple[MessageServiceSetting, ...] = ()
    synthesis: tuple[SynthesisSetting, ...] = ()
    recognition: tuple[RecognitionSetting, ...] = ()
