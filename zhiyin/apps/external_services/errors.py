"""Refusals about external services."""

from __future__ import annotations

from collections.abc import Sequence

from zhiyin.apps.refusals import Conflict, Invalid

_TITLES = {
    "bad_url": "Give a whole address that begins with https://, without spaces or a fragment (#).",
    "credentials_in_url": "An address must not hold a user name or password: the secret has its own field.",
    "needs_https": "Give an address that begins with https://, so that nobody reads along.",
    "internal_address": "This address is inside a private network; an operator can allow it.",
    "needs_tls": "Only a host inside that an operator has allowed may be asked without checking its certificate.",
    "bad_body": "The body must be JSON, with values inside of quotes, and not deeper than 30.",
    "no_text": "The body must have a place for the words: {{text}}, inside of quotes.",
    "bad_pointer": "A place in an answer is written as /name or /list/0.",
    "bad_header": "This header cannot be set.",
    "bad_path": "A path begins with / and leads nowhere else.",
    "code_twice": "Each statement needs a code of its own.",
    "bad_query": "A statement is one query with places like {{number}}.",
    "kind_fixed": "What a service is cannot be changed. Make another one.",
}


class BadService(Invalid):
    """``field``: which setting cannot be so, and by ``code`` why."""

    def __init__(self, code: str, field: str) -> None:
        super().__init__(code, title=_TITLES[code], fields={f"settings.{field}": code})


class ServiceInUse(Conflict):
    code = "in_use"

    def __init__(self, users: Sequence[str]) -> None:
        super().__init__(title=f"Still used by: {', '.join(users)}. Change that first.", facts={"used_by": list(users)})


class NotTried(Invalid):
    """A payment would be one; a message needs somebody to go to."""

    code = "not_tried"
    title = "This service cannot be tried so."


class NoSound(Invalid):
    """What was sent is no sound of the line's form."""

    code = "no_sound"
    title = "Send a WAV file of one channel, 16 bits and 8000 samples a second, with something in it."
