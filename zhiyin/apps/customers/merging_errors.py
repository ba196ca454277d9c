"""Refusals about merging customers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from zhiyin.apps.refusals import Conflict, Invalid


class BadMerge(Invalid):
    """These two cannot be merged like this; ``code`` says why."""

    code = "bad_merge"
    title = "These two cannot be merged like this."

    def __init__(self, code: str, *, fields: Mapping[str, str] | None = None) -> None:
        titles = {
            "same_customer": "Choose two different customers.",
            "other_kind": "A person and a company cannot be merged. Relate them instead.",
        }
        super().__init__(code, title=titles.get(code), fields=fields)


class ChangedSinceMerge(Conflict):
    """``facts.fields``: what somebody changed after the merge, so that it cannot be undone by itself."""

    code = "changed_since_merge"
    title = "The customer was changed after the merge, which therefore cannot be undone by itself."

    def __init__(self, fields: Sequence[str]) -> None:
        super().__init__(facts={"fields": list(fields)})
        self.fields_changed = tuple(fields)
