"""What automatic service learns of a caller and keeps to from then on: the language, and whether it may be recorded."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Consent(StrEnum):
    """Whether the caller agreed to be recorded. Who did not answer did not agree."""

    GIVEN = "given"
    REFUSED = "refused"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class LanguageSet:
    """From here on the contact hears ``language`` ("zh", "en")."""

    node: str
    language: str


@dataclass(frozen=True, slots=True)
class ConsentAnswered:
    """The caller was asked whether the conversation may be recorded; the last answer counts."""

    node: str
    outcome: Consent


@dataclass(frozen=True, slots=True)
class UtteranceHeard:
    """The customer said something that a node of the flow listened for; its words stand behind ``words_ref``."""

    node: str
    words_ref: str


ServiceEvent = LanguageSet | ConsentAnswered | UtteranceHeard
