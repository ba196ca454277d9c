"""Shapes that all routes share."""

from datetime import UTC, datetime, time
from typing import Annotated, Any, Generic, Literal, Self, TypeVar

from ninja import Schema
from ninja.schema import DjangoGetter
from pydantic import (
    AfterValidator,
    AwareDatetime,
    Field,
    ModelWrapValidatorHandler,
    ValidationInfo,
    WithJsonSchema,
    model_validator,
)

T = TypeVar("T")


def _in_utc(at: datetime) -> datetime:
    """PostgreSQL knows no offset beyond 16 hours, Python those up to 24; the calendar ends in the year 9999."""
    try:
        return at.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("beyond the calendar") from error


#: an instant in a request
Instant = Annotated[AwareDatetime, AfterValidator(_in_utc)]


#: a time of the company's day; JSON Schema's "time" would have an offset
LocalTime = Annotated[time, WithJsonSchema({"type": "string", "pattern": r"^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?$"})]


class Shape(Schema):
    """What we make ourselves, by name and from shapes: taken as it is, and checked once.

    ``Schema`` looks at every field through a wrapper that knows rows, managers and resolvers, and does so again for
    what is part of something larger. A third of what a screen pop cost was that.
    """

    @model_validator(mode="wrap")
    @classmethod
    def _run_root_validator(cls, values: Any, handler: ModelWrapValidatorHandler[Self], info: ValidationInfo) -> Any:
        if isinstance(values, cls):
            return values
        return handler(values if type(values) is dict else DjangoGetter(values, cls, info.context))


class ProblemOut(Schema):
    """``application/problem+json``. ``code`` is stable and translated by the front end; ``facts`` fill its sentence."""

    code: str
    title: str
    facts: dict[str, Any] = {}
    #: field -> code
    fields: dict[str, str] = {}


class Page(Schema, Generic[T]):
    items: list[T]
    #: counted up to 10,000, which stands for as many or more
    total: int


class ListIn(Schema):
    """How every list is searched, sorted and cut. ``sort`` is a field's name, with "-" in front: descending."""

    search: str = Field(default="", max_length=100)
    sort: str = Field(default="", max_length=40)
    page: int = Field(default=1, ge=1, le=100_000)
    page_size: int = Field(default=50, ge=1, le=200)
    #: "csv-gbk": for an Excel that takes every CSV for GBK
    format: Literal["json", "csv", "csv-gbk", "xlsx"] = "json"


def problems(*statuses: int) -> dict[int, type[ProblemOut]]:
    """Return the documented refusals of a route beside those that every route has."""
    return dict.fromkeys((401, 403, 422, *statuses), ProblemOut)


class TelephoneIdentityOut(Schema):
    """What a JsSIP telephone needs: register ``sip:username@domain`` at ``path`` of this origin, then call ``call``."""

    username: str
    password: str
    domain: str
    path: str
    call: str | None
    expires_at: datetime | None
