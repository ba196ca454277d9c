"""Refusals about custom fields and layouts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from zhiyin.apps.fields.words import sentence
from zhiyin.apps.refusals import Conflict, Invalid
from zhiyin.domain.fields.layouts import Fault


@dataclass(frozen=True, slots=True)
class Slip:
    """Why one value cannot stand: a stable code, and what its sentence needs."""

    code: str
    facts: Mapping[str, object] = field(default_factory=dict)

    def words(self, language: str) -> str:
        return sentence(self.code, self.facts, language)


class BadCustomValues(Invalid):
    """Values that their fields refuse. ``fields`` names each as ``custom.CODE``, ``facts.words`` says why."""

    code = "invalid"

    def __init__(self, slips: Mapping[str, Slip]) -> None:
        self.slips = dict(slips)
        english = "; ".join(f"{name}: {slip.words('en')}" for name, slip in slips.items())
        super().__init__(
            title=f"Some fields need correction. {english}",
            facts={
                "words": {
                    f"custom.{name}": {"zh": slip.words("zh"), "en": slip.words("en")} for name, slip in slips.items()
                }
            },
            fields={f"custom.{name}": slip.code for name, slip in slips.items()},
        )


class TooManyFields(Conflict):
    code = "too_many_fields"

    def __init__(self, most: int) -> None:
        super().__init__(
            title=f"There can be {most} fields in use. Retire one that is no longer needed.", facts={"most": most}
        )


class BadDefinition(Invalid):
    """A field's own description contradicts itself. ``fields`` says where."""

    code = "bad_field"
    title = "This field cannot be made like this."


class HasDuplicates(Conflict):
    code = "has_duplicates"
    title = "Several records hold the same value already. Correct these first, then make the field unique."

    def __init__(self) -> None:
        super().__init__(fields={"is_unique": "has_duplicates"})


class NotIndexedYet(Conflict):
    code = "not_indexed_yet"
    title = "Make the field searchable first and wait until that is done, then make it unique."

    def __init__(self) -> None:
        super().__init__(fields={"is_unique": "not_indexed_yet"})


class BadLayout(Invalid):
    """A layout that no form can be made of. ``fields`` names each field that is wrong."""

    code = "bad_layout"
    title = "This layout cannot be used. Correct the fields that are marked."

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(fields={fault.field: fault.code for fault in faults})


class StaleLayout(Conflict):
    """Somebody else saved the layout since it was read."""

    code = "stale_version"
