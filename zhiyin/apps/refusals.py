"""Why something that was asked for is not done: the roots of every app's errors.

A refusal is a noun with a stable ``code`` that the front end translates, and ``facts`` that fill its sentence.
It knows no HTTP: ``config/api.py`` alone gives each root its status.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar


class Refusal(Exception):
    """The root. ``title`` is the English sentence for logs and for callers without a translation."""

    code: str = "refused"
    title: str = "This cannot be done."
    #: whether what was written before stays written (a counted failed login must)
    keeps_writes: ClassVar[bool] = False

    def __init__(
        self,
        code: str | None = None,
        *,
        title: str | None = None,
        facts: Mapping[str, object] | None = None,
        fields: Mapping[str, str] | None = None,
    ) -> None:
        self.code = code or self.code
        self.title = title or self.title
        self.facts: dict[str, object] = dict(facts or {})
        #: field name -> code, for a form to show beside the field
        self.fields: dict[str, str] = dict(fields or {})
        super().__init__(f"{self.code}: {self.title}")


class NotLoggedIn(Refusal):
    code = "not_logged_in"
    title = "Log in first."


class NotAllowed(Refusal):
    """The user's role lacks the right."""

    code = "not_allowed"
    title = "Your role does not allow this. Ask an administrator."


class NotFound(Refusal):
    """No such thing, or it is another company's: the two are never told apart."""

    code = "not_found"
    title = "This does not exist, or not any more."


class Invalid(Refusal):
    """What was sent cannot be accepted as it is; ``fields`` says where."""

    code = "invalid"
    title = "Some fields need correction."


class Malformed(Refusal):
    """It was understood as a request, but what it holds is not what belongs there."""

    code = "invalid"
    title = "Some fields need correction."


class Conflict(Refusal):
    """It was right once, but the state of things is another by now."""

    code = "conflict"
    title = "Somebody else changed this meanwhile. Reload and try again."


class TooMany(Refusal):
    code = "too_many_attempts"
    title = "Too many attempts. Wait and try again."
    keeps_writes = True


class PartAway(Refusal):
    """Another part of the product does not answer now."""

    code = "engine_away"
    title = "The call engine cannot be reached at the moment. Try again in a few seconds."
