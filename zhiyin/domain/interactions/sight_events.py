"""What happens to a contact whose Asterisk, one of several, goes out of sight (失联), and comes back."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SightLost:
    """From here on nobody sees what becomes of the parties; a conversation goes on all the same.

    It holds until ``SightRegained``, or the contact's end.
    """


@dataclass(frozen=True, slots=True)
class SightRegained:
    """The parties are seen again, by the same engine or the next one."""


SightEvent = SightLost | SightRegained
