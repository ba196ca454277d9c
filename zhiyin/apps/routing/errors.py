"""Refusals about the router's rules."""

from __future__ import annotations

from collections.abc import Iterable

from zhiyin.apps.refusals import Conflict, Invalid


class UnknownReference(Invalid):
    """An id in the request names nothing of this company. ``field``: where it stood."""

    code = "unknown_reference"
    title = "Something that was chosen does not exist any more. Reload and choose again."

    def __init__(self, field: str) -> None:
        super().__init__(fields={field: "unknown_reference"})


class CodeTwice(Invalid):
    """Two classes of one code: flows could not tell them apart."""

    code = "taken"
    title = "Two classes have the same code. Give each its own."

    def __init__(self, field: str) -> None:
        super().__init__(fields={field: "taken"})


class NotPutBack(Conflict):
    """What the change made is not there any more: somebody changed it again."""

    code = "changed_since"
    title = "This was changed again since. Put back the later change first."

    def __init__(self, fields: Iterable[str]) -> None:
        super().__init__(facts={"changed": sorted(fields)})


class NotReversible(Conflict):
    code = "not_reversible"
    title = "This entry cannot be put back; only changes can."
